import { spawnSync } from 'node:child_process';
import {
  chmodSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  statSync,
  symlinkSync,
  utimesSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, describe, expect, it } from 'vitest';
import type { ChangeSet } from '../../src/domain/change.ts';
import type { Sandbox } from '../../src/platform/sandbox.ts';
import { openWorkspaces, type Workspace, type Workspaces } from '../../src/verify/workspace.ts';
import { project, repository, SANDBOXES, snapshotOf, temporaryFolder, write } from './project.ts';

const open: Workspaces[] = [];
afterEach(async () => {
  for (const workspaces of open.splice(0)) await workspaces.close();
});

async function workspacesOf(folder: string, sandbox: Sandbox): Promise<Workspaces> {
  const workspaces = openWorkspaces(await snapshotOf(folder), sandbox);
  open.push(workspaces);
  return workspaces;
}

/** Runs a script in a workspace, which is closed then. */
async function sh(workspace: Workspace, script: string, keep = false): Promise<string> {
  const { argv, cwd } = workspace.wrap(['sh', '-c', script]);
  const { stdout, stderr } = spawnSync(argv[0]!, argv.slice(1), {
    cwd,
    env: { PATH: process.env.PATH, ...workspace.env },
    encoding: 'utf8',
  });
  if (!keep) await workspace.close();
  return stdout + stderr;
}

const ALL = 'find . -type f -o -type l | sort | while read -r f; do printf "%s:" "$f"; cat "$f"; echo; done';

describe.each(SANDBOXES)('a workspace (sandbox: %s)', (kind, sandbox) => {
  const inTree = async (folder: string, change: ChangeSet, script: string) =>
    sh(await (await workspacesOf(folder, sandbox)).open(change), script);

  it('is the tree with the change applied: written, added in new folders, deleted', async () => {
    const folder = project({ 'a.txt': 'a', 'b.txt': 'b', 'c/d.txt': 'd' });
    const change = [
      { path: 'a.txt', content: 'A\r\n' },
      { path: 'b.txt', content: null },
      { path: 'new folder/ü\n.txt', content: 'n' },
    ];
    const seen = await inTree(folder, change, 'cat a.txt; ls; ls "new folder" | wc -l; cat c/d.txt');
    expect(seen).toBe(`A\r\na.txt\nc\nnew folder\n${2}\nd`);
    expect(readdirSync(folder)).toEqual(['a.txt', 'b.txt', 'c']);
    expect(readFileSync(join(folder, 'a.txt'), 'utf8')).toBe('a');
  });

  it('runs in the folder the user was in', async () => {
    const folder = repository({ 'app/a.txt': 'a', 'lib/b.txt': 'b' });
    expect(await inTree(join(folder, 'app'), [{ path: 'lib/b.txt', content: 'B' }], 'cat a.txt ../lib/b.txt')).toBe(
      'aB',
    );
  });

  it('is fresh every time, whatever the last one did', async () => {
    const folder = project({ 'a.txt': 'a', 'b.txt': 'b', 'd/e.txt': 'e', 'run.sh': 'echo hi' });
    chmodSync(join(folder, 'run.sh'), 0o755);
    symlinkSync('a.txt', join(folder, 'link'));
    const before = new Date(1_600_000_000_000);
    utimesSync(join(folder, 'b.txt'), before, before);
    const workspaces = await workspacesOf(folder, sandbox);
    const look = `${ALL}; ls -l run.sh | cut -c1-10; stat -c %Y b.txt`;
    const first = await sh(await workspaces.open([]), look);
    const damage = [
      'echo x >> a.txt; rm b.txt; mkdir -p new/er; echo y > new/er/f; chmod 600 run.sh; rm link; ln -s d link; rm -r d; echo now-a-file > d; : > .hidden',
      'printf B > b.txt; touch -d @1600000000 b.txt; mv a.txt z.txt; mkdir link-dir; ln -s / root; mkdir closed; touch closed/f; chmod 000 closed; chmod 500 d',
      'cp -p b.txt copy; printf X > copy; touch -r b.txt copy; mv copy b.txt',
    ];
    for (const script of damage) {
      await sh(
        await workspaces.open([
          { path: 'a.txt', content: 'changed' },
          { path: 'd/e.txt', content: null },
        ]),
        script,
      );
      expect(await sh(await workspaces.open([]), look)).toBe(first);
    }
    expect(readdirSync(folder).sort()).toEqual(['a.txt', 'b.txt', 'd', 'link', 'run.sh']);
  });

  it('does not see what another one does at the same time', async () => {
    const workspaces = await workspacesOf(project({ 'a.txt': 'a' }), sandbox);
    const [one, two] = await Promise.all([
      workspaces.open([{ path: 'a.txt', content: '1' }]),
      workspaces.open([{ path: 'a.txt', content: '2' }]),
    ]);
    await sh(one, 'echo x > x', true);
    expect([await sh(one, 'cat a.txt; ls'), await sh(two, 'cat a.txt; ls')]).toEqual(['1a.txt\nx\n', '2a.txt\n']);
  });

  it('shows dependency folders, keeps what is written into node_modules to itself, and copies nothing', async () => {
    const folder = project({
      'a.js': '',
      'node_modules/dep/index.js': "module.exports = 'dep'",
      'node_modules/@s/p/index.js': "module.exports = 'p'",
      'packages/own/index.js': "module.exports = 'old'",
      '.venv/pyvenv.cfg': 'home',
    });
    mkdirSync(join(folder, 'node_modules/.cache'));
    symlinkSync('../packages/own', join(folder, 'node_modules/own'));
    symlinkSync('../../packages/own', join(folder, 'node_modules/@s/own'));
    const change = [{ path: 'packages/own/index.js', content: "module.exports = 'new'" }];
    const script = `node -p "[require('dep'), require('@s/p'), require('own'), require('@s/own')].join()"; cat .venv/pyvenv.cfg; (mkdir -p node_modules/.vite && echo x > node_modules/.vite/x) 2>/dev/null; echo`;
    expect(await inTree(folder, change, script)).toBe('dep,p,new,new\nhome\n');
    expect(readdirSync(join(folder, 'node_modules')).sort()).toEqual(['.cache', '@s', 'dep', 'own']);
    expect(readFileSync(join(folder, 'packages/own/index.js'), 'utf8')).toContain('old');
  });

  it('finds packages in a folder above the tree', async () => {
    const above = project({ 'node_modules/dep/index.js': 'module.exports = 1', 'app/a.js': '' });
    const seen = await inTree(join(above, 'app'), [], 'node -p "require(\'dep\')"');
    expect(seen).toBe(sandbox.kind === 'none' ? '1\n' : seen);
    const elsewhere = project(
      { 'node_modules/dep/index.js': 'module.exports = 1', 'app/a.js': '' },
      kind === 'none' ? tmpdir() : '/var/tmp',
    );
    expect(await inTree(join(elsewhere, 'app'), [], 'node -p "require(\'dep\')"')).toBe('1\n');
  });

  it('keeps the mode of a file that is changed', async () => {
    const folder = project({ 'run.sh': '#!/bin/sh\necho old\n' });
    chmodSync(join(folder, 'run.sh'), 0o755);
    expect(await inTree(folder, [{ path: 'run.sh', content: '#!/bin/sh\necho new\n' }], './run.sh')).toBe('new\n');
  });

  it('writes through a link to a folder of the tree, and replaces a link in the place of a file', async () => {
    const folder = project({ 'real/a.txt': 'a', 'b.txt': 'b' });
    symlinkSync('real', join(folder, 'alias'));
    symlinkSync('b.txt', join(folder, 'c.txt'));
    const change = [
      { path: 'alias/a.txt', content: 'A' },
      { path: 'c.txt', content: 'C' },
    ];
    expect(await inTree(folder, change, 'cat real/a.txt alias/a.txt b.txt c.txt; test -L alias && echo link')).toBe(
      'AAbClink\n',
    );
  });

  it.each(['../x', '/etc/x', 'a/../../x', 'up/x', ''])('refuses a change of %j', async (path) => {
    const folder = project({ 'a/b.txt': 'b' });
    const workspaces = await workspacesOf(folder, sandbox);
    if (path.startsWith('up')) symlinkSync('..', join((await snapshotOf(folder)).root, 'up'));
    const attempt = path.startsWith('up')
      ? (await workspacesOf(folder, sandbox)).open([{ path: 'a/../../x', content: 'x' }])
      : workspaces.open([{ path, content: 'x' }]);
    await expect(attempt).rejects.toMatchObject({ code: 'bad_candidates' });
  });

  it('has a temporary folder of its own and a report folder that both sides see', async () => {
    const workspaces = await workspacesOf(project({ 'a.txt': 'a' }), sandbox);
    const workspace = await workspaces.open([]);
    const script = `echo t > "$TMPDIR/maestro-test-file"; echo r > '${workspace.reportDir}/r'; ls "$TMPDIR" | grep -c maestro-test-file`;
    expect(await sh(workspace, script, true)).toBe('1\n');
    expect(readFileSync(join(workspace.reportDir, 'r'), 'utf8')).toBe('r\n');
    expect(existsSync(join(tmpdir(), 'maestro-test-file'))).toBe(false);
    await workspace.close();
    const next = await workspaces.open([]);
    expect(readdirSync(next.reportDir)).toEqual([]);
    expect(await sh(next, 'ls "$TMPDIR" | grep -c maestro-test-file')).toBe('0\n');
  });

  it('shows history where the original can not be written, and hides it elsewhere', async () => {
    const folder = repository({ 'a.txt': 'a' });
    const head = readFileSync(join(folder, '.git/HEAD'), 'utf8');
    const seen = await inTree(folder, [], 'test -e .git/HEAD && echo history; echo broken > .git/HEAD; exit 0');
    expect(seen.startsWith('history')).toBe(sandbox.holds.writes);
    expect(readFileSync(join(folder, '.git/HEAD'), 'utf8')).toBe(head);
  });

  it('leaves nothing on the disk', async () => {
    const temporary = temporaryFolder();
    const workspaces = await workspacesOf(project({ 'a.txt': 'a' }), sandbox);
    await sh(await workspaces.open([]), 'mkdir closed; touch closed/f; chmod 000 closed');
    await workspaces.open([]);
    const left = () => readdirSync(temporary).filter((name) => name.startsWith('maestro-workspace'));
    expect(left().length).toBeGreaterThan(0);
    await workspaces.close();
    expect(left()).toEqual([]);
  });

  it('locates paths of the tree from outside', async () => {
    const folder = project({ 'a.txt': 'a', 'node_modules/.bin/tool': 't', 'b.txt': 'b' });
    const workspace = await (await workspacesOf(folder, sandbox)).open([
      { path: 'a.txt', content: 'A' },
      { path: 'new.txt', content: 'n' },
    ]);
    const text = (path: string) => readFileSync(workspace.locate(path)!, 'utf8');
    expect([text('a.txt'), text('new.txt'), text('b.txt'), text('node_modules/.bin/tool')]).toEqual([
      'A',
      'n',
      'b',
      't',
    ]);
    expect(workspace.locate('none')).toBeNull();
    expect(statSync(workspace.locate('a.txt')!).isFile()).toBe(true);
    await workspace.close();
  });
});

describe('large ignored folders', () => {
  it.each(SANDBOXES)(
    'are there where what is written to them can be thrown away (sandbox: %s)',
    async (_kind, sandbox) => {
      const folder = repository({ 'a.txt': 'a', '.gitignore': 'out\n' });
      write(folder, { 'out/big.bin': Buffer.alloc(65 * 1024 * 1024), 'out/x': 'x' });
      const workspace = await (await workspacesOf(folder, sandbox)).open([]);
      const seen = await sh(workspace, 'cat out/x 2>/dev/null && echo changed > out/x; echo');
      expect(seen).toBe(sandbox.overlays ? 'x\n' : '\n');
      expect(readFileSync(join(folder, 'out/x'), 'utf8')).toBe('x');
    },
  );
});
