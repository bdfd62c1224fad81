import { symlinkSync, truncateSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { trackedIn } from '../../src/platform/git-index.ts';
import { git, newFolder, project, repository, write } from '../verify/project.ts';

const FILES = { a: 'a', 'src/add.js': 'x', 'deep/src/add.js': 'x', 'ü ber.txt': 'x', 'b.js': '', 'c/d/e/f': 'x' };
const found = async (root: string, ...paths: string[]): Promise<string[]> => [...(await trackedIn(root, paths))];

/** Everything git names as a regular file of its index. */
function filesOf(root: string): string[] {
  const entries = git(root, 'ls-files', '-z', '--stage').split('\0');
  return entries.filter((entry) => entry.startsWith('100')).map((entry) => entry.slice(entry.indexOf('\t') + 1));
}

describe('what an index says is tracked', () => {
  it('is every regular file that git says is, and nothing else', async () => {
    const root = repository(FILES);
    write(root, { untracked: 'x', 'src/untracked.js': 'x' });
    symlinkSync('a', join(root, 'link'));
    git(root, 'add', 'link');
    const others = ['src', 'src/', 'add.js', 'rc/add.js', 'b.j', '.js', 'untracked', 'src/untracked.js', 'link', ''];
    expect((await found(root, ...others, ...Object.keys(FILES))).sort()).toEqual(filesOf(root).sort());
  });

  it('holds for names of every length: entries are filled up to eight bytes', async () => {
    const names = Array.from({ length: 40 }, (_, length) => 'n'.repeat(length + 1));
    const root = repository(Object.fromEntries(names.map((name) => [name, name])));
    expect(await found(root, ...names)).toEqual(names);
  });

  it('holds for entries with more flags, and for those that are not there', async () => {
    const root = repository(FILES);
    write(root, { 'later.js': 'x', 'no.js': 'x' });
    git(root, 'add', '--intent-to-add', 'later.js');
    git(root, 'update-index', '--skip-worktree', 'b.js');
    expect(git(root, 'ls-files', '-t', 'b.js')).toContain('S b.js');
    const paths = [...Object.keys(FILES), 'later.js'];
    expect(await found(root, ...paths, 'no.js')).toEqual(paths);
  });

  it('is as git left it last', async () => {
    const root = repository(FILES);
    write(root, { 'new.js': 'x' });
    expect(await found(root, 'a', 'new.js')).toEqual(['a']);
    git(root, 'add', 'new.js');
    git(root, 'rm', '-q', '--cached', 'a');
    expect(await found(root, 'a', 'new.js')).toEqual(['new.js']);
  });

  it('is nothing where the index is of a form that is not known, damaged, or not there', async () => {
    const compressed = repository(FILES);
    git(compressed, 'update-index', '--index-version', '4');
    const long = newFolder();
    git(long, 'init', '-q', '--object-format=sha256');
    write(long, FILES);
    git(long, 'add', '-A');
    const broken = repository(FILES);
    truncateSync(join(broken, '.git/index'), 40);
    const foreign = repository(FILES);
    writeFileSync(join(foreign, '.git/index'), `TEXT${'\0'.repeat(70)}src/add.js\0`);
    const elsewhere = newFolder();
    git(compressed, 'worktree', 'add', '-q', join(elsewhere, 'tree'));
    for (const root of [compressed, long, broken, foreign, join(elsewhere, 'tree'), project(FILES)])
      expect(await found(root, ...Object.keys(FILES))).toEqual([]);
  });

  it('is what was changed last where the rest is in a shared index', async () => {
    const root = repository(FILES);
    git(root, 'update-index', '--split-index');
    write(root, { 'new.js': 'x' });
    git(root, 'add', 'new.js');
    const tracked = await found(root, ...Object.keys(FILES), 'new.js', 'never.js');
    for (const path of tracked) expect(filesOf(root)).toContain(path);
  });
});
