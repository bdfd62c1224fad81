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

  it('that lead out of the tree are refused from any folder', async () => {
    const { parse } = candidatesIn(tree('pkg'));
    expect(await parse(replacing('../a.js', 'top'))).toMatchObject({ ok: false });
  });
});
