import { existsSync, statSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { behindLinks, factsOf, realPath } from '../../../src/context/collect/facts.ts';
import { indexFolder } from '../../../src/context/collect/index-folder.ts';
import { workspaceKey, workspaceRoot } from '../../../src/context/collect/workspace.ts';
import { folder, plainFolder } from '../workspace-of.ts';

describe('what lies at a path', () => {
  it('is told of files, folders, and links as themselves', () => {
    const root = plainFolder({ 'a/b.txt': 'b' });
    symlinkSync('a', join(root, 'link'));
    expect(factsOf(join(root, 'a/b.txt'))!.isFile()).toBe(true);
    expect(factsOf(join(root, 'a'))!.isDirectory()).toBe(true);
    expect(factsOf(join(root, 'link'))!.isSymbolicLink()).toBe(true);
  });

  it('is nothing for a path that is missing, leads through a file, is far too long, or is none', () => {
    const root = plainFolder({ 'a.txt': '' });
    for (const name of ['none', 'a.txt/b', 'x'.repeat(5_000), 'a\0b']) {
      expect(factsOf(join(root, name)), name).toBeUndefined();
      expect(realPath(join(root, name)), name).toBeNull();
    }
  });

  it('is behind a link where any folder on the way is one, not where the file itself is', () => {
    const root = plainFolder({ 'a/b/c.txt': '', 'top.txt': '' });
    symlinkSync('a', join(root, 'door'));
    symlinkSync('top.txt', join(root, 'file'));
    const isBehind = behindLinks(root);
    expect(['door/x', 'door/b/c.txt', 'door/b/none/x'].map(isBehind)).toEqual([true, true, true]);
    expect(['a/b/c.txt', 'top.txt', 'file', 'door', 'none/x', ''].map(isBehind)).toEqual(Array(6).fill(false));
  });

  it('is nowhere for a loop of links', () => {
    const root = folder();
    symlinkSync('loop', join(root, 'loop'));
    expect(factsOf(join(root, 'loop'))!.isSymbolicLink()).toBe(true);
    expect(realPath(join(root, 'loop'))).toBeNull();
  });
});

describe('the folder for an index', () => {
  it('is made for its user alone, and stays', async () => {
    const indexes = join(folder(), 'not', 'there');
    const { path, temporary, dispose } = indexFolder(indexes, 'key', () => expect.unreachable());
    expect([path, temporary]).toEqual([join(indexes, 'key'), false]);
    expect(statSync(path).mode & 0o777).toBe(0o700);
    await dispose();
    expect(existsSync(path)).toBe(true);
  });

  it('is a temporary one where none can be made, which is said, and goes with dispose', async () => {
    const blocked = join(folder(), 'file');
    writeFileSync(blocked, '');
    const warnings: string[] = [];
    const { path, temporary, dispose } = indexFolder(blocked, 'key', (line) => void warnings.push(line));
    expect([existsSync(path), temporary, warnings.length]).toEqual([true, true, 1]);
    await dispose();
    expect(existsSync(path)).toBe(false);
  });

  it('is named by the real path of its workspace: the same over a link, another for another', () => {
    const [one, other] = [folder(), folder()];
    const link = join(folder(), 'link');
    symlinkSync(one, link);
    const key = (path: string): string => workspaceKey(workspaceRoot(path));
    expect(key(link)).toBe(key(one));
    expect(key(other)).not.toBe(key(one));
    expect(key(one)).toMatch(/^[0-9a-f]{24}$/);
  });
});
