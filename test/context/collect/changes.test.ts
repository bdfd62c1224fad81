import { rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { changedLines } from '../../../src/context/collect/changes.ts';
import { commit, folder, git, repository, write } from '../workspace-of.ts';

const changed = async (root: string): Promise<Record<string, unknown>> =>
  Object.fromEntries(await changedLines(root, new AbortController().signal));
const FIVE = '1\n2\n3\n4\n5\n';

describe('the lines that changed last', () => {
  it('are those of the working tree, staged or not, as it is now', async () => {
    const root = repository({ 'a.txt': FIVE, 'b.txt': FIVE });
    write(root, { 'a.txt': '1\ntwo\nand\n3\n4\n5\n', 'b.txt': '1\n2\n3\n4\nfive\n' });
    git(root, 'add', 'b.txt');
    expect(await changed(root)).toEqual({ 'a.txt': [[2, 3]], 'b.txt': [[5, 5]] });
  });

  it('are the place where lines were taken out, and none of a file that is gone', async () => {
    const root = repository({ 'a.txt': FIVE, 'b.txt': FIVE });
    write(root, { 'a.txt': '1\n2\n5\n' });
    rmSync(join(root, 'b.txt'));
    expect(await changed(root)).toEqual({ 'a.txt': [[2, 2]] });
  });

  it('are those of the last commit when nothing is changed, and none before a second commit', async () => {
    const root = repository({ 'a.txt': FIVE });
    expect(await changed(root)).toEqual({});
    write(root, { 'a.txt': `0\n${FIVE}`, 'new.txt': 'n\n' });
    commit(root, 'second');
    expect(await changed(root)).toEqual({ 'a.txt': [[1, 1]], 'new.txt': [[1, 1]] });
  });

  it('have names as they are, relative to the part of the repository that is looked at', async () => {
    const root = repository({ 'pkg/a b.txt': FIVE, 'pkg/ü.txt': FIVE, 'x.txt': FIVE });
    for (const name of ['pkg/a b.txt', 'pkg/ü.txt', 'x.txt']) writeFileSync(join(root, name), `0\n${FIVE}`);
    expect(Object.keys(await changed(join(root, 'pkg'))).sort()).toEqual(['a b.txt', 'ü.txt']);
  });

  it('do not depend on how the user has git show differences', async () => {
    const root = repository({ 'a.txt': FIVE });
    for (const [key, value] of [
      ['diff.noprefix', 'true'],
      ['diff.mnemonicPrefix', 'true'],
      ['color.diff', 'always'],
      ['diff.context', '9'],
      ['diff.external', 'false'],
    ] as const)
      git(root, 'config', key, value);
    write(root, { 'a.txt': '1\n2\nthree\n4\n5\n' });
    expect(await changed(root)).toEqual({ 'a.txt': [[3, 3]] });
  });

  it('are none outside of a repository', async () => {
    expect(await changed(folder())).toEqual({});
  });
});
