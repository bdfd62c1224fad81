import { execFileSync } from 'node:child_process';
import {
  chmodSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  realpathSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { gitRoot, isBareRepository, listFiles } from '../../src/platform/git.ts';

let folder: string;
let repository: string;
beforeEach(() => {
  folder = realpathSync(mkdtempSync(join(tmpdir(), 'maestro-git-test-')));
  repository = join(folder, 'repo');
  init(repository);
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

function git(dir: string, ...args: string[]): string {
  const identity = ['-c', 'user.name=T', '-c', 'user.email=t@example.org', '-c', 'protocol.file.allow=always'];
  return execFileSync('git', [...identity, ...args], { cwd: dir, encoding: 'utf8', stdio: ['ignore', 'pipe', 'pipe'] });
}

function init(dir: string, ...args: string[]): void {
  mkdirSync(dir, { recursive: true });
  git(dir, 'init', '-q', ...args);
}

function write(dir: string, ...paths: string[]): void {
  for (const path of paths) {
    mkdirSync(dirname(join(dir, path)), { recursive: true });
    writeFileSync(join(dir, path), `${path}\n`);
  }
}

function commit(dir: string): void {
  git(dir, 'add', '-A');
  git(dir, 'commit', '-q', '-m', 'x');
}

describe('the root of a working tree', () => {
  it('is found from anywhere below it, with its real path', async () => {
    write(repository, 'a/b/x');
    symlinkSync(repository, join(folder, 'link'));
    for (const dir of ['repo', 'repo/a/b', 'link/a']) expect(await gitRoot(join(folder, dir))).toBe(repository);
  });

  it('is none outside of one, in a folder that is not there, in .git and in a bare repository', async () => {
    init(join(folder, 'bare'), '--bare');
    for (const dir of ['', 'nowhere', 'repo/.git', 'bare']) expect(await gitRoot(join(folder, dir))).toBeNull();
  });

  it('is found as soon as a repository is made around a folder that was in none', async () => {
    const dir = join(folder, 'later/a');
    mkdirSync(dir, { recursive: true });
    for (let times = 0; times < 2; times++) expect(await gitRoot(dir)).toBeNull();
    init(join(folder, 'later'));
    expect(await gitRoot(dir)).toBe(join(folder, 'later'));
  });

  it('is none where the configuration of a repository claims a tree elsewhere', async () => {
    write(folder, 'private/file');
    git(repository, 'config', 'core.worktree', join(folder, 'private'));
    expect(await gitRoot(repository)).toBeNull();
    expect(await listFiles(repository)).toBeNull();
  });

  it('is that of the folder, whatever GIT_DIR says', async () => {
    init(join(folder, 'other'));
    process.env.GIT_DIR = join(folder, 'other', '.git');
    try {
      expect(await gitRoot(repository)).toBe(repository);
    } finally {
      delete process.env.GIT_DIR;
    }
  });
});

describe('the files of a working tree', () => {
  it('are the tracked and the untracked ones that exist and are not ignored', async () => {
    write(repository, 'tracked', 'gone', 'sub/inner', 'forced.log');
    writeFileSync(join(repository, '.gitignore'), '*.log\nbuild/\n');
    commit(repository);
    git(repository, 'add', '-f', 'forced.log');
    write(repository, 'untracked', 'sub/new', 'noise.log', 'build/out');
    rmSync(join(repository, 'gone'));
    expect(await listFiles(repository)).toEqual([
      '.gitignore',
      'forced.log',
      'sub/inner',
      'sub/new',
      'tracked',
      'untracked',
    ]);
    expect(await listFiles(join(repository, 'sub'))).toEqual(['inner', 'new']);
  });

  it('may have any name', async () => {
    const names = ['a b', 'two\nlines', 'ü', '"quoted"', '-dash', ' lead', 'tab\tname', '$(x)'];
    write(repository, ...names);
    expect(await listFiles(repository)).toEqual([...names].sort());
  });

  it('are listed once when a merge left several versions of them', async () => {
    write(repository, 'x');
    commit(repository);
    git(repository, 'checkout', '-q', '-b', 'other');
    writeFileSync(join(repository, 'x'), 'theirs');
    commit(repository);
    git(repository, 'checkout', '-q', '-');
    writeFileSync(join(repository, 'x'), 'ours');
    commit(repository);
    expect(() => git(repository, 'merge', 'other')).toThrow();
    expect(await listFiles(repository)).toEqual(['x']);
  });

  it('include those of submodules and of repositories inside, and none of a submodule that is not there', async () => {
    const library = join(folder, 'library');
    init(library);
    write(library, 'lib.c');
    commit(library);
    git(repository, 'submodule', '--quiet', 'add', library, 'deps/library');
    git(repository, 'submodule', '--quiet', 'add', library, 'deps/empty');
    commit(repository);
    git(repository, 'submodule', '--quiet', 'deinit', '-f', 'deps/empty');
    write(join(repository, 'deps/library'), 'new.c');
    init(join(repository, 'nested'));
    write(join(repository, 'nested'), 'n');
    expect(await listFiles(repository)).toEqual([
      '.gitmodules',
      'deps/library/lib.c',
      'deps/library/new.c',
      'nested/n',
    ]);
  });

  it('are those at or below some paths, where only these are asked for, whatever characters are in them', async () => {
    write(repository, 'a', 'd/x', 'd/y', 'e/x', '*', ':(top)a', 'q?', 'qq', 'no.log');
    writeFileSync(join(repository, '.gitignore'), '*.log\n');
    git(repository, 'add', 'a', 'd/x', 'e/x');
    const only = (...paths: string[]) => listFiles(repository, undefined, paths);
    expect(await only('d', 'a')).toEqual(['a', 'd/x', 'd/y']);
    expect(await only('e/x', 'gone', 'no.log')).toEqual(['e/x']);
    expect(await only('*', ':(top)a', 'q?')).toEqual(['*', ':(top)a', 'q?']);
    expect(await only()).toEqual([]);
    expect(await listFiles(join(repository, 'd'), undefined, ['x'])).toEqual(['x']);
  });

  it('are those of repositories inside too, where only these are asked for', async () => {
    const nested = join(repository, 'in/nested');
    init(nested);
    write(nested, 'n', 'm', 'deeper/still/x');
    init(join(nested, 'deeper/still'));
    git(nested, 'add', 'n');
    const only = (...paths: string[]) => listFiles(repository, undefined, paths);
    expect(await only('in/nested/n', 'in/nested/gone')).toEqual(['in/nested/n']);
    expect(await only('in/nested/deeper/still/x')).toEqual(['in/nested/deeper/still/x']);
    expect(await only('in')).toEqual(['in/nested/deeper/still/x', 'in/nested/m', 'in/nested/n']);
    expect(await only('in/nested', 'in/nested/n')).toEqual(await only('in'));
  });

  it('include links, and nothing that lies behind one', async () => {
    write(folder, 'outside/x');
    write(repository, 'dir/x', 'file');
    commit(repository);
    rmSync(join(repository, 'dir'), { recursive: true });
    symlinkSync(join(folder, 'outside'), join(repository, 'dir'));
    symlinkSync('loop', join(repository, 'loop'));
    expect(await listFiles(repository)).toEqual(['dir', 'file', 'loop']);
  });

  it('are none outside a repository, and an empty list in an empty one', async () => {
    expect(await listFiles(folder)).toBeNull();
    expect(await listFiles(repository)).toEqual([]);
  });

  it('cannot be listed from a broken index: that is an error with a remedy', async () => {
    writeFileSync(join(repository, '.git', 'index'), 'nonsense');
    await expect(listFiles(repository)).rejects.toMatchObject({ code: 'workspace_unreadable' });
  });

  it('are not listed once that is cancelled', async () => {
    await expect(listFiles(repository, AbortSignal.abort())).resolves.toBeNull();
  });
});

describe('a bare repository', () => {
  it('is told from a working tree and from a folder that is none', async () => {
    init(join(folder, 'bare'), '--bare');
    expect(await isBareRepository(join(folder, 'bare'))).toBe(true);
    expect(await isBareRepository(join(folder, 'bare', 'refs'))).toBe(true);
    expect(await isBareRepository(repository)).toBe(false);
    expect(await isBareRepository(folder)).toBe(false);
  });
});

describe('a hostile repository', () => {
  it('executes nothing, whatever its configuration, hooks and attributes say', async () => {
    const trap = join(folder, 'trap.sh');
    const sprung = join(folder, 'sprung');
    writeFileSync(trap, `#!/bin/sh\necho "$0 $@" >> ${sprung}\ncat\n`);
    chmodSync(trap, 0o755);
    write(repository, 'x', 'y', 'sub/z');
    writeFileSync(join(repository, '.gitattributes'), '* filter=evil diff=evil\n');
    commit(repository);
    for (const hook of [
      'post-index-change',
      'fsmonitor-watchman',
      'post-checkout',
      'pre-commit',
      'reference-transaction',
    ]) {
      symlinkSync(trap, join(repository, '.git', 'hooks', hook));
    }
    for (const name of [
      'core.fsmonitor',
      'core.pager',
      'core.editor',
      'core.sshCommand',
      'core.askPass',
      'core.gitProxy',
      'core.alternateRefsCommand',
      'diff.external',
      'filter.evil.clean',
      'filter.evil.smudge',
      'filter.evil.process',
      'diff.evil.textconv',
      'diff.evil.command',
      'credential.helper',
      'pager.ls-files',
      'pager.rev-parse',
      'sequence.editor',
      'gpg.program',
      'uploadpack.packObjectsHook',
    ])
      git(repository, 'config', name, trap);
    git(repository, 'config', 'alias.ls-files', `!${trap}`);
    git(repository, 'config', 'remote.origin.url', `ext::${trap} %S`);
    git(repository, 'config', 'remote.origin.promisor', 'true');
    git(repository, 'config', 'protocol.ext.allow', 'always');
    write(repository, 'new');
    writeFileSync(join(repository, 'x'), 'changed');
    rmSync(sprung, { force: true });
    expect(await gitRoot(repository)).toBe(repository);
    expect(await isBareRepository(repository)).toBe(false);
    expect(await listFiles(repository)).toEqual(['.gitattributes', 'new', 'sub/z', 'x', 'y']);
    expect(existsSync(sprung)).toBe(false);
    git(repository, 'status');
    expect(existsSync(sprung), 'the traps work: plain git springs them').toBe(true);
  });

  it('cannot bring its own git along', async () => {
    const bin = join(repository, 'node_modules', '.bin');
    mkdirSync(bin, { recursive: true });
    writeFileSync(join(bin, 'git'), `#!/bin/sh\ntouch ${folder}/sprung\n`);
    chmodSync(join(bin, 'git'), 0o755);
    const before = process.env.PATH;
    process.env.PATH = `${bin}:.:${before}`;
    try {
      expect(await gitRoot(repository)).toBe(repository);
    } finally {
      process.env.PATH = before;
    }
    expect(existsSync(join(folder, 'sprung'))).toBe(false);
  });

  it.runIf(process.getuid?.() === 0)('may belong to another user', async () => {
    write(repository, 'x');
    execFileSync('chown', ['-R', '65534:65534', repository]);
    expect(await listFiles(repository)).toEqual(['x']);
  });
});
