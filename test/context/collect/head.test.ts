import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { readHead } from '../../../src/context/collect/head.ts';
import { commit, folder, git, plainFolder, repository } from '../workspace-of.ts';

const said = (root: string): string => git(root, 'rev-parse', 'HEAD').trim();

describe('the last commit, read without git', () => {
  it('is what git says: on a branch, packed or not, of any name, and detached', () => {
    const root = repository({ 'a.py': 'x' });
    expect(readHead(root)).toBe(said(root));
    git(root, 'pack-refs', '--all');
    expect(readHead(root)).toBe(said(root));
    commit(root, 'on top of a packed one');
    expect(readHead(root)).toBe(said(root));
    git(root, 'checkout', '-q', '-b', 'feature/with-a/slash');
    commit(root, 'there');
    expect(readHead(root)).toBe(said(root));
    git(root, 'checkout', '-q', '--detach', 'main');
    expect(readHead(root)).toBe(said(root));
  });

  it('is what git says in a part of a repository, in a linked working tree, and in a submodule', () => {
    const main = repository({ 'pkg/a.py': 'x' });
    expect(readHead(join(main, 'pkg'))).toBe(said(main));
    const tree = join(folder(), 'tree');
    git(main, 'worktree', 'add', '-q', tree);
    commit(tree, 'only there');
    expect(readHead(tree)).toBe(said(tree));
    expect(readHead(tree)).not.toBe(said(main));
    const outer = repository({ 'b.py': 'x' });
    git(outer, 'submodule', 'add', '-q', main, 'inner');
    commit(join(outer, 'inner'), 'in the submodule');
    expect(readHead(join(outer, 'inner'))).toBe(said(join(outer, 'inner')));
  });

  it('is nothing before the first commit, and outside of a repository', () => {
    const root = plainFolder({ 'a.py': 'x' });
    expect(readHead(root)).toBe('');
    git(root, 'init', '-q');
    expect(readHead(root)).toBe('');
  });

  it('is left to git where the files do not plainly say it', () => {
    const SAYINGS: Record<string, string> = {
      garbage: 'garbage',
      'a reference out of the folder': 'ref: refs/heads/../../../x',
      'a reference that is no branch': 'ref: refs/tags/v1',
      'half an id': 'abcdef',
    };
    for (const [what, text] of Object.entries(SAYINGS)) {
      const root = repository({ 'a.py': 'x' });
      writeFileSync(join(root, '.git/HEAD'), `${text}\n`);
      expect(readHead(root), what).toBeNull();
    }
    const other = repository({ 'a.py': 'x' });
    mkdirSync(join(other, '.git/reftable'));
    expect(readHead(other)).toBeNull();
    const broken = plainFolder({ '.git': 'gitdir: /nowhere/at/all\n' });
    expect(readHead(broken)).toBeNull();
  });
});
