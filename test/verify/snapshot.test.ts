import { execFileSync, spawnSync } from 'node:child_process';
import {
  appendFileSync,
  chmodSync,
  existsSync,
  lstatSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  readlinkSync,
  renameSync,
  rmSync,
  statSync,
  symlinkSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { changedPaths, takeSnapshot } from '../../src/verify/snapshot.ts';
import { git, newFolder, project, repository, signal, snapshotOf, temporaryFolder, write } from './project.ts';

const refused = (folder: string) =>
  takeSnapshot(folder, { signal }).then(
    () => 'taken',
    (error) => [error.code, error.exitStatus, error.message],
  );

describe('what a snapshot holds', () => {
  it('is the tree as it stands: tracked, changed and untracked files, not deleted ones', async () => {
    const folder = repository({ 'kept.js': 'a', 'changed.js': 'a', 'deleted.js': 'a', '.gitignore': 'ignored.js\n' });
    write(folder, { 'changed.js': 'b', 'new dir/new.js': 'c', 'ignored.js': 'd' });
    rmSync(join(folder, 'deleted.js'));
    const snapshot = await snapshotOf(folder);
    expect(snapshot.files).toEqual(['.gitignore', 'changed.js', 'kept.js', 'new dir/new.js']);
    expect(await snapshot.read('changed.js')).toBe('b');
    expect(snapshot.root).toBe(folder);
  });

  it('needs no git repository', async () => {
    const folder = project({
      'b.py': '1',
      'a/c.py': '2',
      '__pycache__/b.pyc': 'x',
      '.venv/pyvenv.cfg': '',
      'node_modules/p/index.js': '',
    });
    const snapshot = await snapshotOf(folder);
    expect(snapshot.files).toEqual(['a/c.py', 'b.py']);
    expect(snapshot.dependencies).toEqual(['.venv', 'node_modules']);
    expect(existsSync(join(snapshot.dir, '__pycache__'))).toBe(false);
  });

  it('copies the whole repository when the user is in a folder of it', async () => {
    const folder = repository({ 'lib/a.js': 'a', 'app/b.js': 'b' });
    const snapshot = await snapshotOf(join(folder, 'app'));
    expect([snapshot.root, snapshot.folder, snapshot.files]).toEqual([folder, 'app', ['app/b.js', 'lib/a.js']]);
  });

  it('holds what is in submodules and in repositories within the tree', async () => {
    const library = repository({ 'lib.js': 'lib' });
    const folder = repository({ 'main.js': 'main' });
    git(folder, 'submodule', '--quiet', 'add', library, 'sub module');
    write(folder, { 'sub module/untracked.js': 'u' });
    git(folder, 'init', '-q', 'nested');
    write(folder, { 'nested/inner.js': 'i' });
    const snapshot = await snapshotOf(folder);
    expect(snapshot.files).toEqual([
      '.gitmodules',
      'main.js',
      'nested/inner.js',
      'sub module/lib.js',
      'sub module/untracked.js',
    ]);
    expect(readFileSync(join(snapshot.dir, 'sub module/lib.js'), 'utf8')).toBe('lib');
  });

  it('copies small ignored files that tests may need, but does not offer them for editing', async () => {
    const folder = repository({ 'a.js': 'a', '.gitignore': 'dist\n.env\n*.log\ncoverage\n' });
    write(folder, {
      'dist/a.js': 'built',
      '.env': 'A=1',
      'coverage/x': 'x',
      'src/__pycache__/x.pyc': 'x',
      'src/s.js': '',
    });
    mkdirSync(join(folder, 'dist/empty'));
    const snapshot = await snapshotOf(folder);
    expect(snapshot.files).toEqual(['.gitignore', 'a.js', 'src/s.js']);
    expect(readFileSync(join(snapshot.dir, 'dist/a.js'), 'utf8')).toBe('built');
    expect(
      ['.env', 'dist/empty', 'coverage', 'src/__pycache__'].map((path) => existsSync(join(snapshot.dir, path))),
    ).toEqual([true, true, true, false]);
    expect(await snapshot.read('dist/a.js')).toBeNull();
  });

  it('shares large ignored folders and dependency folders instead of copying them', async () => {
    const folder = repository({ 'a.js': 'a', '.gitignore': 'target\nnode_modules\nvendor\n', 'packages/b/b.js': 'b' });
    write(folder, {
      'target/big.bin': Buffer.alloc(65 * 1024 * 1024),
      'packages/b/node_modules/p/i.js': '',
      'vendor/modules.txt': '',
      'node_modules/q/i.js': '',
    });
    const snapshot = await snapshotOf(folder);
    expect([snapshot.dependencies, snapshot.bulky]).toEqual([
      ['node_modules', 'packages/b/node_modules', 'vendor'],
      ['target'],
    ]);
    expect(readdirSync(join(snapshot.dir, 'node_modules'))).toEqual([]);
    expect(existsSync(join(snapshot.dir, 'target'))).toBe(false);
  });

  it('treats fixtures in a tracked node_modules as files, and an unignored installation as dependencies', async () => {
    const folder = repository({ 'test/fixtures/node_modules/p/index.js': 'p', 'a.js': 'a' });
    mkdirSync(join(folder, 'node_modules'));
    for (let n = 0; n < 1_001; n++) writeFileSync(join(folder, 'node_modules', `${n}.js`), '');
    const snapshot = await snapshotOf(folder);
    expect(snapshot.files).toEqual(['a.js', 'test/fixtures/node_modules/p/index.js']);
    expect(snapshot.dependencies).toEqual(['node_modules']);
  });
});

describe('how a snapshot keeps files', () => {
  it('keeps CRLF, a missing newline at the end, byte order marks and binary content byte for byte', async () => {
    const files = {
      'crlf.js': 'a\r\nb\r\n',
      'open.js': 'a\nb',
      'bom.js': '\ufeffa\n',
      'binary.bin': Buffer.from([0, 255, 13, 10, 0]),
      'latin1.txt': Buffer.from([0x63, 0xe9]),
      empty: '',
    };
    const snapshot = await snapshotOf(repository({ ...files, '.gitattributes': '* text=auto eol=lf\n' }));
    for (const [path, content] of Object.entries(files))
      expect(readFileSync(join(snapshot.dir, path))).toEqual(Buffer.from(content));
    const texts = await Promise.all(
      ['crlf.js', 'open.js', 'bom.js', 'binary.bin', 'latin1.txt', 'empty', 'missing'].map((path) =>
        snapshot.read(path),
      ),
    );
    expect(texts).toEqual(['a\r\nb\r\n', 'a\nb', '\ufeffa\n', null, null, '', null]);
  });

  it('keeps names with spaces, newlines, quotes and non-ASCII letters', async () => {
    const names = [
      'a b.js',
      'line\nbreak.js',
      'quote".js',
      'tab\t.js',
      'ünï/日本.js',
      '-dash.js',
      '$(id).js',
      'back\\slash.js',
    ];
    const files = Object.fromEntries(names.map((name) => [name, name]));
    for (const folder of [repository(files), project(files)]) {
      const snapshot = await snapshotOf(folder);
      expect(snapshot.files).toEqual([...names].sort());
      for (const name of names) expect(await snapshot.read(name)).toBe(name);
    }
  });

  it('keeps modes and modification times', async () => {
    const folder = project({ 'run.sh': '#!/bin/sh\n', 'read-only.txt': 'x' });
    chmodSync(join(folder, 'run.sh'), 0o755);
    chmodSync(join(folder, 'read-only.txt'), 0o444);
    utimesSync(join(folder, 'run.sh'), 1_000_000_000, 1_000_000_000.25);
    const { dir } = await snapshotOf(folder);
    expect([statSync(join(dir, 'run.sh')).mode & 0o777, statSync(join(dir, 'read-only.txt')).mode & 0o777]).toEqual([
      0o755, 0o444,
    ]);
    expect(statSync(join(dir, 'run.sh')).mtimeMs).toBe(1_000_000_000_250);
  });

  it('keeps a file of 50 MB but does not read it as text', async () => {
    const folder = project({ 'big.txt': Buffer.alloc(50 * 1024 * 1024, 'a'), 'small.txt': 's' });
    const snapshot = await snapshotOf(folder);
    expect(statSync(join(snapshot.dir, 'big.txt')).size).toBe(50 * 1024 * 1024);
    expect([await snapshot.read('big.txt'), await snapshot.read('small.txt')]).toEqual([null, 's']);
  });

  it('reads no file that is not of the tree', async () => {
    const snapshot = await snapshotOf(project({ 'a.js': 'a' }));
    expect(
      await Promise.all(['../tree/a.js', '/etc/passwd', '', '.', 'a.js/'].map((path) => snapshot.read(path))),
    ).toEqual([null, null, null, null, null]);
  });
});

describe('links in a tree', () => {
  it('copies links that stay inside as links, whatever loops they make', async () => {
    const folder = project({ 'src/a.js': 'a' });
    symlinkSync('src/a.js', join(folder, 'link.js'));
    symlinkSync('..', join(folder, 'src/up'));
    symlinkSync('loop-b', join(folder, 'loop-a'));
    symlinkSync('loop-a', join(folder, 'loop-b'));
    symlinkSync('missing.js', join(folder, 'dangling'));
    symlinkSync(join(folder, 'src'), join(folder, 'absolute'));
    const snapshot = await snapshotOf(folder);
    expect(snapshot.files).toEqual(['absolute', 'dangling', 'link.js', 'loop-a', 'loop-b', 'src/a.js', 'src/up']);
    expect(
      ['absolute', 'dangling', 'link.js', 'loop-a', 'src/up'].map((path) => readlinkSync(join(snapshot.dir, path))),
    ).toEqual(['src', 'missing.js', 'src/a.js', 'loop-b', '..']);
    expect(await snapshot.read('link.js')).toBeNull();
    expect(snapshot.notes).toEqual([]);
  });

  it('leaves out links that lead outside, in one hop or several, with a note', async () => {
    const outside = project({ secret: 's' });
    for (const folder of [repository({ 'a/deep/x.js': 'a' }), project({ 'a/deep/x.js': 'a' })]) {
      symlinkSync(join(outside, 'secret'), join(folder, 'absolute'));
      symlinkSync('../elsewhere', join(folder, 'relative'));
      symlinkSync('../..', join(folder, 'a/deep/top'));
      symlinkSync(`top/../${outside.split('/').at(-1)}`, join(folder, 'a/deep/two-hops'));
      const snapshot = await snapshotOf(folder);
      expect(snapshot.files).toEqual(['a/deep/top', 'a/deep/x.js']);
      expect(snapshot.notes.map((note) => note.split(' is left out: ')[0])).toEqual([
        'a/deep/two-hops',
        'absolute',
        'relative',
      ]);
      expect(existsSync(join(snapshot.dir, 'absolute'))).toBe(false);
    }
  });

  it('leaves out sockets and pipes with a note instead of waiting for them', async () => {
    const folder = project({ 'a.js': 'a' });
    execFileSync('mkfifo', [join(folder, 'pipe')]);
    const snapshot = await snapshotOf(folder);
    expect([snapshot.files, snapshot.notes]).toEqual([
      ['a.js'],
      ['pipe is left out: neither a file, a folder nor a link'],
    ]);
  });
});

describe('fingerprint and later changes', () => {
  it('has the same fingerprint for the same paths, modes and contents, and another for any other', async () => {
    const files = { 'a.js': 'a', 'b.js': 'b' };
    const fingerprint = async (folder: string) => (await snapshotOf(folder)).fingerprint;
    const first = await fingerprint(project(files));
    expect(await fingerprint(repository(files))).toBe(first);
    const changed = project(files);
    chmodSync(join(changed, 'a.js'), 0o755);
    const others = [
      changed,
      project({ 'a.js': 'ab', 'b.js': '' }),
      project({ 'a.js': 'b', 'b.js': 'a' }),
      project({ ...files, c: '' }),
    ];
    expect(new Set([first, ...(await Promise.all(others.map(fingerprint)))]).size).toBe(5);
  });

  it('tells which paths differ now: changed, deleted, added, made executable, replaced by a link', async () => {
    const folder = project(Object.fromEntries('abcdef'.split('').map((name) => [name, name])));
    const snapshot = await snapshotOf(folder);
    expect(await changedPaths(snapshot, signal)).toEqual([]);
    appendFileSync(join(folder, 'a'), 'x');
    rmSync(join(folder, 'b'));
    write(folder, { new: 'n' });
    chmodSync(join(folder, 'c'), 0o755);
    rmSync(join(folder, 'd'));
    symlinkSync('a', join(folder, 'd'));
    const { mtime } = statSync(join(folder, 'e'));
    writeFileSync(join(folder, 'e'), 'E');
    utimesSync(join(folder, 'e'), mtime, mtime);
    expect(await changedPaths(snapshot, signal)).toEqual(['a', 'b', 'c', 'd', 'e', 'new']);
  });

  it('does not mind a file that was written again with the same content, nor what it left out', async () => {
    const folder = repository({ 'a.js': 'a', '.gitignore': 'dist\n' });
    symlinkSync('/etc/passwd', join(folder, 'outside'));
    const snapshot = await snapshotOf(folder);
    write(folder, { 'a.js': 'a', 'dist/x.js': 'x' });
    expect(await changedPaths(snapshot, signal)).toEqual([]);
  });
});

describe('what no snapshot can be taken of', () => {
  it('refuses a folder that is not there, and a file', async () => {
    const folder = project({ file: '' });
    expect(await refused(join(folder, 'none'))).toEqual(['workspace_missing', 2, `${folder}/none does not exist`]);
    expect(await refused(join(folder, 'file'))).toEqual(['workspace_missing', 2, `${folder}/file is not a folder`]);
  });

  it('refuses an empty folder and one with nothing but caches and dependencies', async () => {
    const [folder, temporary] = [newFolder(), temporaryFolder()];
    expect(await refused(folder)).toEqual(['workspace_empty', 3, `${folder} has no files`]);
    write(folder, { 'node_modules/p/i.js': '', '__pycache__/x.pyc': '' });
    expect(await refused(folder)).toEqual(['workspace_empty', 3, `${folder} has no files`]);
    expect(readdirSync(temporary)).toEqual([]);
  });

  it('refuses a bare repository', async () => {
    const folder = newFolder();
    git(folder, 'init', '-q', '--bare');
    expect((await refused(folder)).slice(0, 2)).toEqual(['workspace_bare', 2]);
    expect((await refused(join(folder, 'refs'))).slice(0, 2)).toEqual(['workspace_bare', 2]);
  });

  const canDropRights = process.getuid?.() !== 0 || spawnSync('setpriv', ['--version']).status === 0;
  it.skipIf(!canDropRights)(
    'refuses a folder without read permission, and leaves out a part without (needs setpriv when run as root)',
    () => {
      const closed = project({ 'a.js': 'a' });
      const partly = project({ 'a.js': 'a', 'closed.js': 'x', 'closed/b.js': 'b' });
      chmodSync(closed, 0o000);
      chmodSync(partly, 0o755);
      chmodSync(join(partly, 'closed.js'), 0o000);
      chmodSync(join(partly, 'closed'), 0o000);
      const module = fileURLToPath(new URL('../../src/verify/snapshot.ts', import.meta.url));
      const script = `const { takeSnapshot } = await import(${JSON.stringify(module)});
for (const folder of process.argv.slice(1)) await takeSnapshot(folder, { signal: new AbortController().signal }).then(
  async (s) => { console.log(JSON.stringify([s.files, s.notes])); await s.dispose(); }, (e) => console.log(JSON.stringify([e.code, e.message])));`;
      const node = [process.execPath, '--input-type=module', '-e', script, closed, partly];
      const argv =
        process.getuid?.() === 0
          ? ['setpriv', '--reuid=65534', '--regid=65534', '--clear-groups', '--', ...node]
          : node;
      const end = spawnSync(argv[0]!, argv.slice(1), {
        encoding: 'utf8',
        cwd: '/',
        env: { PATH: process.env.PATH, TMPDIR: tmpdir() },
      });
      chmodSync(closed, 0o755);
      expect(end.stderr).toBe('');
      expect(
        end.stdout
          .trim()
          .split('\n')
          .map((line) => JSON.parse(line)),
      ).toEqual([
        ['workspace_unreadable', `${closed} cannot be read`],
        [['a.js'], ['closed is left out: it cannot be read', 'closed.js is left out: it cannot be read']],
      ]);
    },
  );

  const canMount = spawnSync('unshare', ['-Urm', 'mount', '-t', 'tmpfs', 'tmpfs', '/mnt']).status === 0;
  it.skipIf(!canMount)('says that the disk is full and leaves nothing on it (needs mounts)', () => {
    const folder = project({ 'a.js': 'a', 'big.bin': Buffer.alloc(3 * 1024 * 1024, 1) });
    const module = fileURLToPath(new URL('../../src/verify/snapshot.ts', import.meta.url));
    const script = `const { takeSnapshot } = await import(${JSON.stringify(module)});
const error = await takeSnapshot(${JSON.stringify(folder)}, { signal: new AbortController().signal }).catch((e) => e);
console.log(JSON.stringify([error.code, error.exitStatus, (await import('node:fs')).readdirSync(process.env.TMPDIR)]));`;
    const disk = newFolder();
    const inside = 'mount -t tmpfs -o size=1m tmpfs "$1" && cd / && TMPDIR="$1" exec "$2" --input-type=module -e "$3"';
    const end = spawnSync('unshare', ['-Urm', 'sh', '-c', inside, 'sh', disk, process.execPath, script], {
      encoding: 'utf8',
    });
    expect(end.stdout).toBe('["disk_full",3,[]]\n');
  });

  it('stops when it is told to', async () => {
    const aborted = AbortSignal.abort();
    await expect(takeSnapshot(project({ a: 'a' }), { signal: aborted })).rejects.toThrow();
  });

  it('is gone from the disk once disposed of', async () => {
    const snapshot = await takeSnapshot(project({ a: 'a' }), { signal });
    expect(lstatSync(snapshot.dir).isDirectory()).toBe(true);
    await snapshot.dispose();
    expect(existsSync(snapshot.dir)).toBe(false);
  });

  it('takes a tree that is renamed while it is used', async () => {
    const folder = project({ a: 'a' });
    const snapshot = await snapshotOf(folder);
    renameSync(join(folder, 'a'), join(folder, 'b'));
    expect(await snapshot.read('a')).toBe('a');
  });
});
