import { describe, expect, it } from 'vitest';
import { patchesOf } from '../../src/app/patches.ts';

const files: Record<string, string> = { 'a.js': 'one\ntwo\nthree\n', 'b.js': 'alpha\nbeta\n' };
const reads: string[] = [];
const snapshot = {
  root: '/r',
  fingerprint: 'f',
  files: Object.keys(files),
  read: async (path: string) => {
    reads.push(path);
    return files[path] ?? null;
  },
};
const edit = (path: string, before: string, after: string) =>
  `--- a/${path}\n+++ b/${path}\n@@ -1,1 +1,1 @@\n-${before}\n+${after}\n`;

describe('patches of a snapshot', () => {
  it('come back as what they do to each file', async () => {
    const text = edit('a.js', 'one', 'uno') + edit('b.js', 'alpha', 'alfa');
    expect(await patchesOf(snapshot).parse(text)).toEqual({
      ok: true,
      change: [
        { path: 'a.js', content: 'uno\ntwo\nthree\n' },
        { path: 'b.js', content: 'alfa\nbeta\n' },
      ],
    });
  });

  it('are rendered and read again as the same change', async () => {
    const patches = patchesOf(snapshot);
    const change = [{ path: 'a.js', content: 'one\n2\nthree\nfour\n' }];
    expect(await patches.parse(await patches.render(change))).toEqual({ ok: true, change });
  });

  it('read a file once, however many patches name it', async () => {
    const patches = patchesOf(snapshot);
    reads.length = 0;
    for (const word of ['x', 'y', 'z']) await patches.parse(edit('a.js', 'one', word));
    expect(reads).toContain('a.js');
    expect(new Set(reads).size).toBe(reads.length);
  });

  it('say why a text is no patch of this tree', async () => {
    expect(await patchesOf(snapshot).parse(edit('a.js', 'nowhere', 'x'))).toMatchObject({
      ok: false,
      problem: expect.stringContaining('a.js'),
    });
    expect(await patchesOf(snapshot).parse(edit('../out.js', 'one', 'x'))).toMatchObject({ ok: false });
    expect(await patchesOf(snapshot).parse('just prose')).toMatchObject({ ok: false });
  });

  it('are taken apart into hunks', async () => {
    const change = [
      { path: 'a.js', content: 'uno\ntwo\ntres\n' },
      { path: 'b.js', content: 'alfa\nbeta\n' },
    ];
    expect(await patchesOf(snapshot).withoutEachHunk(change)).toHaveLength(3);
  });

  it('made from redacted files bring the secrets around the change back', async () => {
    const secret = `ghp_${'a1B2c3D4e5F6'.repeat(3)}`;
    const text = `const token = '${secret}';\nconst size = 1;\n`;
    const secretive = patchesOf({ ...snapshot, read: async () => text });
    const shown =
      "--- a/c.js\n+++ b/c.js\n@@ -1,2 +1,2 @@\n const token = '[redacted:github-token]';\n-const size = 1;\n+const size = 2;\n";
    expect(await secretive.parse(shown)).toEqual({
      ok: true,
      change: [{ path: 'c.js', content: text.replace('size = 1', 'size = 2') }],
    });
    const wrong = shown
      .replace('-const size = 1;\n+const size = 2;', " const size = 1;\n+use('[redacted:github-token]');")
      .replace('+1,2', '+1,3');
    expect(await secretive.parse(wrong)).toMatchObject({
      ok: false,
      problem: expect.stringContaining('was not shown'),
    });
  });

  it('of a file that holds the marks of redaction itself are taken as they stand', async () => {
    const text = "const mark = '[redacted:github-token]';\nconst size = 1;\n";
    const marked = patchesOf({ ...snapshot, read: async () => text });
    const patch =
      "--- a/c.js\n+++ b/c.js\n@@ -1,2 +1,2 @@\n const mark = '[redacted:github-token]';\n-const size = 1;\n+const size = 2;\n";
    expect(await marked.parse(patch)).toMatchObject({ ok: true });
  });
});
