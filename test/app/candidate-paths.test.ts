import { describe, expect, it } from 'vitest';
import { candidatesIn } from '../../src/app/candidate-paths.ts';

const FILES: Readonly<Record<string, string>> = {
  'a.js': 'top\n',
  'both.js': 'top\n',
  'pkg/both.js': 'inner\n',
  'pkg/src/b.js': 'inner\n',
};

const tree = (folder: string) => ({
  folder,
  has: async (path: string) => FILES[path] !== undefined,
  read: async (path: string) => FILES[path] ?? null,
});

const replacing = (path: string, old: string) => `--- a/${path}\n+++ b/${path}\n@@ -1 +1 @@\n-${old}\n+new\n`;

describe('the paths of a candidate', () => {
  it.each([
    ['of the folder it was made for', 'src/b.js', 'pkg/src/b.js', 'inner'],
    ['from the top, as git writes them', 'pkg/src/b.js', 'pkg/src/b.js', 'inner'],
    ['of a file that only the top has', 'a.js', 'a.js', 'top'],
    ['of a file that both have: the folder that was named counts', 'both.js', 'pkg/both.js', 'inner'],
  ])('lead to the file meant: %s', async (_, path, found, old) => {
    const { parse, withFiles } = candidatesIn(tree('pkg'));
    const change = [{ path: found, content: 'new\n' }];
    expect(await parse(replacing(path, old))).toEqual({ ok: true, change });
    expect(await withFiles({ id: 'c', files: { [path]: 'x' } })).toEqual({ id: 'c', files: { [found]: 'x' } });
  });

  it('of a new file count from the folder, unless they name it', async () => {
    const { withFiles } = candidatesIn(tree('pkg'));
    const files = { 'new.js': '1', 'pkg/other.js': '2' };
    expect((await withFiles({ id: 'c', files })).files).toEqual({ 'pkg/new.js': '1', 'pkg/other.js': '2' });
  });

  it('stay as they are at the top, and a candidate of text stays one', async () => {
    const { parse, withFiles } = candidatesIn(tree(''));
    const change = [{ path: 'both.js', content: 'new\n' }];
    expect(await parse(replacing('both.js', 'top'))).toEqual({ ok: true, change });
    expect(await withFiles({ id: 'c', text: 'words' })).toEqual({ id: 'c', text: 'words' });
  });

  it('that begin with the name of the folder are of a file below it where there is one', async () => {
    const files = new Map([
      ['mysite/mysite/settings.py', 'inner\n'],
      ['mysite/manage.py', 'outer\n'],
    ]);
    const { parse, withFiles } = candidatesIn({
      folder: 'mysite',
      has: async (path) => files.has(path),
      read: async (path) => files.get(path) ?? null,
    });
    const moved = async (path: string) => Object.keys((await withFiles({ id: 'c', files: { [path]: 'x' } })).files!);
    const change = [{ path: 'mysite/mysite/settings.py', content: 'new\n' }];
    expect(await parse(replacing('mysite/settings.py', 'inner'))).toEqual({ ok: true, change });
    expect(await moved('mysite/settings.py')).toEqual(['mysite/mysite/settings.py']);
    expect(await moved('mysite/mysite/settings.py')).toEqual(['mysite/mysite/settings.py']);
    expect(await moved('mysite/manage.py')).toEqual(['mysite/manage.py']);
    expect(await moved('mysite/new.py')).toEqual(['mysite/new.py']);
  });

  it('of which two lead to one file are refused with both names, and such a patch does not apply', async () => {
    const { parse, withFiles } = candidatesIn(tree('pkg'));
    const both = '"both.js" and "pkg/both.js" are the same file';
    const files = { 'both.js': '1', 'src/b.js': '2', 'pkg/both.js': '3' };
    await expect(withFiles({ id: 'c', files })).rejects.toMatchObject({
      code: 'bad_candidates',
      message: `files of candidate 'c': ${both}`,
    });
    const twice = replacing('both.js', 'inner') + replacing('pkg/both.js', 'inner');
    expect(await parse(twice)).toEqual({ ok: false, problem: both });
  });

  it.each([
    ['', 'a.js/x', 'a.js/x: a.js'],
    ['', 'a.js/deep/x', 'a.js/deep/x: a.js'],
    ['pkg', 'src/b.js/x', 'pkg/src/b.js/x: pkg/src/b.js'],
  ])('that would put a file below a file do not apply: from %j, %s', async (folder, path, where) => {
    const { parse, withFiles } = candidatesIn(tree(folder));
    const problem = `${where} is a file or a link, and no folder`;
    const patch = `--- /dev/null\n+++ b/${path}\n@@ -0,0 +1 @@\n+new\n`;
    expect(await parse(patch)).toEqual({ ok: false, problem });
    for (const content of ['new\n', '']) {
      const given = await withFiles({ id: 'c', files: { 'other.js': 'x\n', [path]: content } });
      expect(given.files).toBeUndefined();
      expect(await parse(given.patch!)).toEqual({ ok: false, problem });
    }
  });

  it('may lie below what the same candidate takes away, and not below what it puts there', async () => {
    const { parse, withFiles } = candidatesIn(tree(''));
    const instead = { 'a.js': null, 'a.js/x': 'new\n' };
    expect(await withFiles({ id: 'c', files: instead })).toEqual({ id: 'c', files: instead });
    const { patch } = await withFiles({ id: 'c', files: { 'n.js': 'new\n', 'n.js/x': 'new\n' } });
    expect(await parse(patch!)).toMatchObject({
      ok: false,
      problem: expect.stringContaining('n.js/x: n.js is a file'),
    });
  });

  it('that lead out of the tree are refused from any folder', async () => {
    const { parse } = candidatesIn(tree('pkg'));
    expect(await parse(replacing('../a.js', 'top'))).toMatchObject({ ok: false });
  });
});
