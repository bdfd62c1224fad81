import { mkdirSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { listWorkspace } from '../../../src/context/collect/listing.ts';
import { commit, folder, git, plainFolder, repository, write } from '../workspace-of.ts';

const signal = new AbortController().signal;
const paths = async (root: string): Promise<string[]> =>
  (await listWorkspace(root, signal)).files.map(({ path }) => path);
const refusals = async (root: string): Promise<Record<string, string>> =>
  Object.fromEntries((await listWorkspace(root, signal)).refused);

describe('listing a repository', () => {
  it('gives tracked and new files, and nothing that git ignores', async () => {
    const root = repository({ 'src/a.ts': 'a', '.gitignore': 'out/\n*.log\n' });
    write(root, { 'src/new.ts': 'n', 'out/b.js': 'b', 'x.log': 'l' });
    expect(await paths(root)).toEqual(['.gitignore', 'src/a.ts', 'src/new.ts']);
  });

  it('of a part of it gives that part alone, relative to it', async () => {
    const root = repository({ 'packages/a/x.ts': '', 'packages/b/y.ts': '' });
    expect(await paths(join(root, 'packages/a'))).toEqual(['x.ts']);
  });

  it('counts tracked files that are not on disk', async () => {
    const root = repository({ 'a.ts': '', 'b.ts': '' });
    rmSync(join(root, 'b.ts'));
    const { files, absent } = await listWorkspace(root, signal);
    expect([files.length, absent]).toEqual([1, 1]);
  });

  it('takes names as they are: spaces, quotes, beyond ASCII, line ends', async () => {
    const names = ['a b.ts', 'ünï.ts', '"q".ts', 'new\nline.ts'];
    const root = repository(Object.fromEntries(names.map((name) => [name, 'x'])));
    expect(await paths(root)).toEqual([...names].sort());
  });

  it('goes into submodules', async () => {
    const inner = repository({ 'lib/inner.ts': 'x' });
    const root = repository({ 'outer.ts': 'x' });
    git(root, 'submodule', 'add', '-q', inner, 'deps/inner');
    commit(root, 'add it');
    expect(await paths(root)).toContain('deps/inner/lib/inner.ts');
  });

  it('works in a sparse checkout and in a shallow clone', async () => {
    const root = repository({ 'a/x.ts': 'x', 'b/y.ts': 'y', 'top.ts': 't' });
    commit(root, 'second');
    const clone = join(folder(), 'clone');
    git(root, 'clone', '-q', '--depth', '1', `file://${root}`, clone);
    expect(await paths(clone)).toEqual(['a/x.ts', 'b/y.ts', 'top.ts']);
    git(clone, 'sparse-checkout', 'set', 'a');
    const { files, absent } = await listWorkspace(clone, signal);
    expect(files.map(({ path }) => path)).toEqual(['a/x.ts', 'top.ts']);
    expect(absent).toBe(1);
  });

  it('starts no program that the repository configures', async () => {
    const root = repository({ 'a.ts': '' });
    const trap = join(root, 'trap.sh');
    writeFileSync(trap, `#!/bin/sh\ntouch ${join(root, 'sprung')}\n`, { mode: 0o755 });
    git(root, 'config', 'core.fsmonitor', trap);
    expect(await paths(root)).not.toContain('sprung');
  });
});

describe('listing a folder that is no repository', () => {
  it('walks it and honours .gitignore files, each for its own part', async () => {
    const root = plainFolder({
      'a.py': '',
      'sub/b.py': '',
      'sub/skip.py': '',
      'sub/.gitignore': 'skip.py\n',
      'skip.py': '',
      'node_modules/x/index.js': '',
      '__pycache__/a.pyc': '',
    });
    expect(await paths(root)).toEqual(['a.py', 'skip.py', 'sub/.gitignore', 'sub/b.py']);
    expect((await listWorkspace(root, signal)).repository).toBe(false);
  });

  it('of nothing is nothing', async () => {
    expect(await paths(folder())).toEqual([]);
  });
});

describe('what must not be looked at', () => {
  it('is every file whose name says secrets, with the reason', async () => {
    const secret = [
      '.env',
      '.env.production',
      'deploy/id_rsa',
      'server.pem',
      'tls.key',
      '.npmrc',
      '.aws/credentials',
      'credentials.json',
      'prod.tfvars',
      'store.p12',
      '.netrc',
      'a/.git-credentials',
    ];
    const root = repository(
      Object.fromEntries([...secret, 'src/key.ts', '.env.example', 'keys.py'].map((path) => [path, 'x'])),
    );
    expect(await paths(root)).toEqual(['.env.example', 'keys.py', 'src/key.ts']);
    const reasons = await refusals(root);
    expect(Object.keys(reasons).sort()).toEqual([...secret].sort());
    expect(reasons['.env']).toMatch(/secret/);
    expect(reasons['server.pem']).toMatch(/key/);
  });

  it('is what .maestroignore excludes, in the form of .gitignore', async () => {
    const root = repository({
      '.maestroignore': 'private/\n*.sql\n!keep.sql\n',
      'private/a.ts': '',
      'b.sql': '',
      'keep.sql': '',
      'c.ts': '',
    });
    expect(await paths(root)).toEqual(['.maestroignore', 'c.ts', 'keep.sql']);
    expect((await refusals(root))['private/a.ts']).toMatch(/\.maestroignore/);
  });

  it('is a link that leaves, and one that leads nowhere', async () => {
    const outside = plainFolder({ 'secret.ts': 'x' });
    const root = repository({ 'a.ts': '' });
    symlinkSync(join(outside, 'secret.ts'), join(root, 'out.ts'));
    symlinkSync('missing.ts', join(root, 'gone.ts'));
    symlinkSync('a.ts', join(root, 'inside.ts'));
    commit(root, 'links');
    expect(await paths(root)).toEqual(['a.ts']);
    expect(await refusals(root)).toEqual({
      'out.ts': 'a link that leads out of the workspace',
      'gone.ts': 'a link that leads nowhere',
    });
  });

  it('is what lies behind a folder that is a link, and a loop of links ends', async () => {
    const outside = plainFolder({ 'secret.ts': 'x' });
    const root = plainFolder({ 'a.ts': '' });
    symlinkSync(outside, join(root, 'door'));
    symlinkSync(root, join(root, 'loop'));
    expect(await paths(root)).toEqual(['a.ts']);
  });

  it('is a folder, whatever its name', async () => {
    const root = plainFolder({ 'a.ts': '' });
    mkdirSync(join(root, 'b.ts'));
    expect(await paths(root)).toEqual(['a.ts']);
  });
});
