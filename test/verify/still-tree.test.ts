import { chmodSync, existsSync, mkdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import { stillTree } from '../../src/verify/still-tree.ts';
import { git, newFolder, project, repository, snapshotOf, temporaryFolder, write } from './project.ts';

const IGNORING = { '.gitignore': '*.log\nbuild/\n.env\n', 'src/add.js': 'add', 'forced.log': 'x' };

/** A tree with one of everything, as far as it can be had with git or without. */
function oneOfEverything(root: string): string[] {
  write(root, {
    ...IGNORING,
    'new.js': 'new',
    'noise.log': 'noise',
    '.env': 'KEY=1',
    'build/out.js': 'built',
    'binary.bin': Buffer.from([1, 0, 2]),
    'large.txt': 'x'.repeat(1024 * 1024 + 1),
    'odd *[name].js': 'odd',
    'odd x[name].js': 'other',
    'node_modules/p/index.js': 'installed',
    'test/node_modules/q/index.js': 'fixture',
    'vendor/modules.txt': '',
    'vendor/v.go': 'vendored',
    '__pycache__/m.pyc': 'cached',
    'real/inner.js': 'inner',
  });
  symlinkSync('src/add.js', join(root, 'link.js'));
  symlinkSync('real', join(root, 'linked'));
  symlinkSync('/etc/hostname', join(root, 'outside'));
  return [
    ...['.gitignore', 'src/add.js', 'forced.log', 'new.js', 'noise.log', '.env', 'build/out.js', 'binary.bin'],
    ...['large.txt', 'odd *[name].js', 'odd x[name].js', 'node_modules/p/index.js', 'test/node_modules/q/index.js'],
    ...['vendor/v.go', '__pycache__/m.pyc', 'real/inner.js', 'link.js', 'linked/inner.js', 'outside', 'src'],
    ...['gone.js', 'src/add.js/x', '../out.js', '/etc/hostname', '.git/config', 'src//add.js', './src/add.js', ''],
  ];
}

/** What both say of each path. */
async function compared(root: string, paths: readonly string[], folder = root) {
  const snapshot = await snapshotOf(folder);
  const tree = stillTree(root);
  const copy = await Promise.all(paths.map(async (path) => [path, await snapshot.read(path)] as const));
  const still = await Promise.all(paths.map(async (path) => [path, await tree.read(path)] as const));
  return { copy, still, files: [snapshot.files, await tree.files()] as const };
}

describe('a tree that is read where it lies', () => {
  it.each<[string, (root: string) => void]>([
    ['without git', () => undefined],
    ['in a new repository', (root) => git(root, 'init', '-q')],
    [
      'with everything tracked that may be',
      (root) => {
        git(root, 'init', '-q');
        git(root, 'add', '-A');
        git(root, 'add', '-f', 'forced.log', 'node_modules/p/index.js');
      },
    ],
    [
      'with an index that only git can read',
      (root) => {
        git(root, 'init', '-q');
        git(root, 'add', '-A');
        git(root, 'add', '-f', 'forced.log');
        git(root, 'update-index', '--index-version', '4');
      },
    ],
  ])('says what a copy of it says, %s', async (_, prepare) => {
    const root = newFolder();
    const paths = oneOfEverything(root);
    prepare(root);
    const { copy, still, files } = await compared(root, paths);
    expect(still).toEqual(copy);
    const there = await Promise.all(paths.map(stillTree(root).has));
    expect(paths.filter((_, index) => there[index] && paths[index] !== 'outside')).toEqual(
      paths.filter((path) => files[0].includes(path)),
    );
    expect(files[1]).toEqual([...files[0], 'outside'].sort());
    expect(Object.fromEntries(still)['src/add.js']).toBe('add');
  });

  it('says what a copy says of repositories inside and of a folder below the root', async () => {
    const root = repository({ 'a.js': 'a', 'sub/b.js': 'b' });
    for (const nested of ['deps/one', 'deps/two']) {
      write(join(root, nested), { 'lib.js': 'lib', 'new.js': 'new', 'x.log': 'x', '.gitignore': '*.log\n' });
      git(join(root, nested), 'init', '-q');
      git(join(root, nested), 'add', 'lib.js');
    }
    const paths = ['deps/one/lib.js', 'deps/one/new.js', 'deps/one/x.log', 'deps/two/lib.js', 'deps/one', 'a.js'];
    const { copy, still } = await compared(root, paths);
    expect(still).toEqual(copy);
    expect(Object.fromEntries(still)['deps/one/lib.js']).toBe('lib');
    const below = await compared(root, ['a.js', 'sub/b.js', 'b.js'], join(root, 'sub'));
    expect(below.still).toEqual(below.copy);
    expect(below.still[1]![1]).toBe('b');
  });

  it('says what a copy says of an installation that somebody tracked', async () => {
    const files = Object.fromEntries(Array.from({ length: 1_001 }, (_, n) => [`node_modules/p/${n}.js`, 'x']));
    const root = repository({ ...files, 'a.js': 'a' });
    const { copy, still } = await compared(root, ['node_modules/p/7.js', 'a.js']);
    expect(still).toEqual(copy);
    expect(Object.fromEntries(still)).toEqual({ 'node_modules/p/7.js': null, 'a.js': 'a' });
  });

  it('reads more paths than fit on a command line', async () => {
    const root = repository({ '.gitignore': '*.log\n' });
    const names = Array.from({ length: 900 }, (_, n) => `${'long'.repeat(20)}-${n}.js`);
    write(root, Object.fromEntries([...names, 'no.log'].map((name) => [name, name])));
    const tree = stillTree(root);
    expect(await Promise.all(names.map(tree.read))).toEqual(names);
    expect(await tree.read('no.log')).toBeNull();
  });

  it('makes no copy and writes nothing', async () => {
    const root = repository({ 'a.js': 'a' });
    const before = git(root, 'status', '--porcelain=v2', '--ignored');
    const temporary = temporaryFolder();
    rmSync(temporary, { recursive: true });
    const tree = stillTree(root);
    expect(await tree.read('a.js')).toBe('a');
    expect(existsSync(temporary)).toBe(false);
    expect(git(root, 'status', '--porcelain=v2', '--ignored')).toBe(before);
  });

  it('reads a file once, and stands as it was read', async () => {
    const root = repository({ 'a.js': 'a', 'b.js': 'b' });
    const tree = stillTree(root);
    expect(await tree.read('a.js')).toBe('a');
    const stand = await tree.stand();
    writeFileSync(join(root, 'a.js'), 'changed');
    expect(await tree.read('a.js')).toBe('a');
    expect(await tree.stand()).toBe(stand);
  });

  it('stands differently when something it read does, and not when anything else does', async () => {
    const root = repository({ 'a.js': 'a', 'b.js': 'b' });
    const stand = async (...paths: string[]) => {
      const tree = stillTree(root);
      await Promise.all(paths.map(tree.read));
      return tree.stand();
    };
    const first = await stand('a.js', 'new.js');
    write(root, { 'b.js': 'changed', 'other.js': 'x' });
    expect(await stand('new.js', 'a.js')).toBe(first);
    write(root, { 'new.js': 'here' });
    const second = await stand('a.js', 'new.js');
    write(root, { '.gitignore': 'new.js\n' });
    const third = await stand('a.js', 'new.js');
    expect(new Set([first, second, third])).toHaveLength(2);
    expect(third).toBe(first);
    write(root, { 'a.js': 'changed' });
    expect(await stand('a.js', 'new.js')).not.toBe(first);
  });

  it('stands differently when a path that was only looked for comes', async () => {
    const root = repository({ 'a.js': 'a' });
    const stand = async () => {
      const tree = stillTree(root);
      const there = await tree.has('b.js');
      return { there, stand: await tree.stand() };
    };
    const before = await stand();
    write(root, { 'a.js': 'changed' });
    expect(await stand()).toEqual(before);
    write(root, { 'b.js': 'b' });
    const after = await stand();
    expect([before.there, after.there]).toEqual([false, true]);
    expect(after.stand).not.toBe(before.stand);
  });

  it('stands differently when its files were listed and one comes', async () => {
    const root = repository({ 'a.js': 'a' });
    const stand = async () => {
      const tree = stillTree(root);
      await tree.files();
      return tree.stand();
    };
    const first = await stand();
    write(root, { 'a.js': 'changed' });
    expect(await stand()).toBe(first);
    write(root, { 'b.js': 'b' });
    expect(await stand()).not.toBe(first);
  });

  it('starts git for what its index does not tell, and once for all that is asked at a time', async () => {
    const root = repository({ 'a.js': 'a', 'b.js': 'b' });
    write(root, { 'new.js': 'n', 'also.js': 'n' });
    const asked = countingGit();
    const tree = stillTree(root);
    await Promise.all(['a.js', 'b.js', 'gone.js'].map(tree.read));
    expect(asked()).not.toContain('ls-files');
    await Promise.all(['new.js', 'also.js'].map(tree.read));
    expect(asked().filter((command) => command === 'ls-files')).toHaveLength(1);
  });

  it('is read no further once its signal says so, and goes on under another with what was read', async () => {
    const root = repository({ 'a.js': 'a' });
    write(root, { 'new.js': 'new' });
    const controller = new AbortController();
    const tree = stillTree(root, controller.signal);
    expect(await tree.read('a.js')).toBe('a');
    controller.abort(new Error('enough'));
    await expect(tree.read('new.js')).rejects.toThrow();
    await expect(tree.files()).rejects.toThrow();
    writeFileSync(join(root, 'a.js'), 'changed');
    const other = tree.under(new AbortController().signal);
    expect(await other.read('a.js')).toBe('a');
    expect(await other.read('new.js')).toBe('new');
    expect(await other.has('new.js')).toBe(true);
    expect(await other.files()).toEqual(['a.js', 'new.js']);
    expect(await tree.stand()).toBe(await other.stand());
  });

  it('reads as nothing what cannot be read', async () => {
    const root = project({ 'a.js': 'a' });
    const tree = stillTree(root);
    mkdirSync(join(root, 'folder.js'));
    expect(await tree.read('folder.js')).toBeNull();
    rmSync(join(root, 'a.js'));
    expect(await tree.read('a.js')).toBeNull();
  });
});

/** Puts a git in front of the real one that notes what it is started for. */
function countingGit(): () => string[] {
  const bin = newFolder();
  const log = join(bin, 'log');
  writeFileSync(log, '');
  const real = process.env.PATH!;
  const script = `#!/bin/sh\nfor word in "$@"; do case $word in rev-parse|ls-files) echo "$word" >> '${log}';; esac; done\nPATH='${real}' exec git "$@"\n`;
  writeFileSync(join(bin, 'git'), script);
  chmodSync(join(bin, 'git'), 0o755);
  process.env.PATH = `${bin}:${real}`;
  onTestFinished(() => {
    process.env.PATH = real;
  });
  return () => readFileSync(log, 'utf8').split('\n').filter(Boolean);
}
