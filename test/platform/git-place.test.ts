import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, realpathSync, renameSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { beforeEach, describe, expect, it, onTestFinished } from 'vitest';
import { type FindPlace, type GitPlace, rememberPlaces } from '../../src/platform/git-place.ts';

const LATER_MS = 10_000;
let root: string;
let asked: string[];
let says: GitPlace;
/** How far the clock is ahead, in ms: what was just made is then not new any more. */
let ahead: number;
let place: FindPlace;
beforeEach(() => {
  root = realpathSync(mkdtempSync(join(tmpdir(), 'maestro-place-test-')));
  onTestFinished(() => rmSync(root, { recursive: true, force: true }));
  execFileSync('git', ['init', '-q'], { cwd: root });
  mkdirSync(join(root, 'a/b'), { recursive: true });
  asked = [];
  says = { root, bare: false };
  ahead = LATER_MS;
  const find: FindPlace = async (dir) => {
    asked.push(dir);
    return says;
  };
  place = rememberPlaces(find, () => Date.now() + ahead);
});

describe('the place of a folder', () => {
  it('is asked for once as long as nothing it is found by changes', async () => {
    expect(await place(root)).toEqual(says);
    writeFileSync(join(root, 'a/new'), 'x');
    writeFileSync(join(root, 'package.json'), '{}');
    expect(await place(root)).toEqual(says);
    expect(asked).toEqual([root]);
  });

  it('is that of each folder, by its real path', async () => {
    symlinkSync(join(root, 'a/b'), join(root, 'link'));
    await place(join(root, 'a/b'));
    await place(join(root, 'link'));
    await place(join(root, 'a'));
    expect(asked).toEqual([join(root, 'a/b'), join(root, 'a')]);
  });

  it.each<[string, () => void]>([
    ['the configuration is written', () => execFileSync('git', ['config', 'core.worktree', '/x'], { cwd: root })],
    ['it is made bare', () => execFileSync('git', ['config', 'core.bare', 'true'], { cwd: root })],
    ['the repository goes', () => rmSync(join(root, '.git'), { recursive: true })],
    ['its objects go', () => rmSync(join(root, '.git/objects'), { recursive: true })],
    ['another takes its place', () => replaced()],
    ['a repository is made in between', () => execFileSync('git', ['init', '-q'], { cwd: join(root, 'a') })],
    ['the folder becomes one', () => execFileSync('git', ['init', '-q'], { cwd: join(root, 'a/b') })],
    ['the folder becomes a bare one', () => execFileSync('git', ['init', '-q', '--bare'], { cwd: join(root, 'a/b') })],
    ['a link to another comes in between', () => writeFileSync(join(root, 'a/.git'), 'gitdir: ../.git\n')],
    ['it has a configuration for each tree', () => writeFileSync(join(root, '.git/config.worktree'), '')],
  ])('is asked for again when %s', async (_, change) => {
    await place(join(root, 'a/b'));
    change();
    says = { root: null, bare: true };
    expect(await place(join(root, 'a/b'))).toEqual(says);
    expect(asked).toHaveLength(2);
  });

  function replaced(): void {
    renameSync(join(root, '.git'), join(root, 'old'));
    execFileSync('git', ['init', '-q'], { cwd: root });
  }

  it('is asked for again after a minute', async () => {
    await place(root);
    ahead += 59_000;
    await place(root);
    expect(asked).toHaveLength(1);
    ahead += 1_100;
    await place(root);
    expect(asked).toHaveLength(2);
  });

  it('is asked for every time while what it is found by has just changed', async () => {
    ahead = 0;
    await place(root);
    await place(root);
    expect(asked).toHaveLength(2);
  });

  it.each<[string, GitPlace]>([
    ['git failed', { root: null, bare: false }],
    ['the repository is bare', { root: null, bare: true, outside: false }],
  ])('is asked for every time where %s', async (_, said) => {
    says = said;
    await place(root);
    await place(root);
    expect(asked).toHaveLength(2);
  });

  it('is asked for once outside of all repositories, until one is made, there or above, or a minute is over', async () => {
    const outside = realpathSync(mkdtempSync(join(tmpdir(), 'maestro-outside-test-')));
    mkdirSync(join(outside, 'a/b'), { recursive: true });
    onTestFinished(() => rmSync(outside, { recursive: true, force: true }));
    says = { root: null, bare: false, outside: true };
    const twice = async () => {
      asked.length = 0;
      expect([await place(join(outside, 'a/b')), await place(join(outside, 'a/b'))]).toEqual([says, says]);
      return asked.length;
    };
    expect(await twice()).toBe(1);
    writeFileSync(join(outside, 'a/file'), 'x');
    expect(await twice()).toBe(0);
    execFileSync('git', ['init', '-q'], { cwd: join(outside, 'a') });
    expect(await twice()).toBe(1);
    execFileSync('git', ['init', '-q', '--bare'], { cwd: join(outside, 'a/b') });
    expect(await twice()).toBe(1);
    ahead += 61_000;
    expect(await twice()).toBe(1);
  });

  it('is asked for every time where .git is a file that leads elsewhere', async () => {
    renameSync(join(root, '.git'), join(root, 'elsewhere'));
    writeFileSync(join(root, '.git'), 'gitdir: elsewhere\n');
    await place(root);
    await place(root);
    expect(asked).toHaveLength(2);
  });

  it('is not kept when it changed while git was asked', async () => {
    const meanwhile = rememberPlaces(
      async (dir) => {
        asked.push(dir);
        if (asked.length === 1) execFileSync('git', ['config', 'core.worktree', '/x'], { cwd: root });
        return says;
      },
      () => Date.now() + ahead,
    );
    await meanwhile(root);
    await meanwhile(root);
    expect(asked).toHaveLength(2);
  });

  it('is what git says where the folder is not there', async () => {
    says = { root: null, bare: false };
    expect(await place(join(root, 'nowhere'))).toEqual(says);
  });

  it('keeps nothing of a failure', async () => {
    let fails = true;
    const once = rememberPlaces(async () => {
      if (fails) throw new Error('no git');
      return says;
    });
    await expect(once(root)).rejects.toThrow('no git');
    fails = false;
    expect(await once(root)).toEqual(says);
  });
});
