import { execFileSync, spawn } from 'node:child_process';
import { chmodSync, existsSync, mkdirSync, readFileSync, rmSync, statSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { Client } from '@modelcontextprotocol/client';
import { StdioClientTransport } from '@modelcontextprotocol/client/stdio';
import { describe, expect, it, onTestFinished } from 'vitest';
import { runProcess } from '../../src/platform/process.ts';
import { advisor, home, model, repository } from '../app/world.ts';
import { example, folder, maestro, project } from './maestro.ts';

const MAESTRO = fileURLToPath(new URL('../../bin/maestro.mjs', import.meta.url));
const TREE = { 'a.js': 'export const a = 1;\n' };

interface Served {
  readonly call: (name: string, args?: Record<string, unknown>) => Promise<{ ok: boolean; text: string }>;
  readonly log: () => string;
  readonly pid: number;
}

/** The built server as a host starts it, in a shell that this script prepares. */
async function served(cwd: string, state: string, prepare = ':', env: Record<string, string> = {}): Promise<Served> {
  let log = '';
  const transport = new StdioClientTransport({
    command: 'sh',
    args: ['-c', `${prepare}; exec "$0" "$@"`, process.execPath, MAESTRO, 'mcp'],
    cwd,
    env: { PATH: process.env.PATH!, HOME: folder(), MAESTRO_HOME: state, ...env },
    stderr: 'pipe',
  });
  transport.stderr?.on('data', (chunk: Buffer) => {
    log += chunk.toString();
  });
  const client = new Client({ name: 'hostile', version: '1' });
  await client.connect(transport);
  onTestFinished(() => client.close());
  return {
    pid: transport.pid!,
    log: () => log,
    call: async (name, args = {}) => {
      const { content, isError } = await client.callTool({ name, arguments: args });
      const [first] = content as Array<{ text?: string }>;
      return { ok: isError !== true, text: first?.text ?? '' };
    },
  };
}

/** A failure that a host can act on: a code, one line, what to do; nothing of how the program looks inside. */
function expectPlain(answer: { ok: boolean; text: string }, says: RegExp): void {
  expect([answer.ok, answer.text]).toEqual([false, expect.stringMatching(/^[a-z_]+: [^\n]+\nWhat to do: [^\n]+$/)]);
  expect(answer.text).toMatch(says);
  expect(answer.text).not.toContain('defect');
}

describe('a server', () => {
  it('goes on when its state folder is deleted under it: nothing that is recorded from then on is lost', async () => {
    const [root, state] = [project(TREE), join(folder(), 'state')];
    const server = await served(root, state);
    const begin = (task: string) => server.call('maestro_run_stage', { stage: 'analyze', task });
    expect((await begin('before')).ok).toBe(true);
    rmSync(state, { recursive: true });
    const after = await begin('after');
    expect(after.text).toContain('"task":"after"');
    expect(existsSync(join(state, 'maestro.db'))).toBe(true);
    expect((await server.call('maestro_consult', { prompt: 'why?', provider: 'embedded' })).ok).toBe(true);
    const other = await served(root, state);
    expect((await other.call('maestro_workflow_state')).text).toContain('"task":"after"');
    expect(server.log()).toBe(
      'maestro: the state file was deleted, moved or replaced while this server ran: it goes on with the one there is now\n',
    );
  });

  it('says what is in the way when its state folder turned into a file, and goes on once it is away', async () => {
    const [root, state] = [project(TREE), join(folder(), 'state')];
    const server = await served(root, state);
    await server.call('maestro_run_stage', { stage: 'analyze', task: 'before' });
    rmSync(state, { recursive: true });
    writeFileSync(state, '');
    for (const name of ['maestro_workflow_state', 'maestro_get_metrics'])
      expectPlain(await server.call(name), /^store_unwritable: .*a file is in the way/);
    rmSync(state);
    expect((await server.call('maestro_workflow_state')).text).toContain('"status":"none"');
  });

  it.skipIf(process.platform === 'win32')(
    'says so when no more can be written, stays alive, and loses nothing',
    async () => {
      const [root, state] = [project(TREE), join(folder(), 'state')];
      const first = await served(root, state);
      expect((await first.call('maestro_run_stage', { stage: 'analyze', task: 'kept' })).ok).toBe(true);
      const blocks = Math.ceil(statSync(join(state, 'maestro.db')).size / 512);
      const server = await served(root, state, `ulimit -f ${blocks}`);
      const fails = async (task: string) => server.call('maestro_run_stage', { stage: 'analyze', task });
      let answer = await fails('x'.repeat(7_000));
      for (let n = 1; n < 60 && answer.ok; n++) answer = await fails(`${n}${'x'.repeat(7_000)}`);
      expectPlain(answer, /^(store_unwritable|disk_full): /);
      expect((await server.call('maestro_workflow_state')).ok).toBe(true);
      expect((await first.call('maestro_run_stage', { stage: 'analyze', task: 'more' })).ok).toBe(true);
      expect(execFileSync('kill', ['-0', String(server.pid)]).toString()).toBe('');
    },
  );

  it('starts in a folder that is not there any more, and asks for the workspace', async () => {
    const [root, state, gone] = [project(TREE), join(folder(), 'state'), join(folder(), 'gone')];
    mkdirSync(gone);
    const server = await served(gone, state, 'rmdir ../gone');
    expectPlain(await server.call('maestro_workflow_state'), /^workspace_missing: no workspace was named/);
    expect((await server.call('maestro_workflow_state', { workspace: root })).ok).toBe(true);
  });

  it.each([
    ['without a home folder', 'unset HOME'],
    ['without git on the PATH', 'PATH=/nonexistent'],
    ['without a PATH', 'unset PATH'],
  ])('does its work %s', async (_, prepare) => {
    const server = await served(project(TREE), join(folder(), 'state'), prepare);
    for (const [name, args] of [
      ['maestro_run_stage', { stage: 'analyze', task: 'mend a' }],
      ['maestro_pack_context', { task: 'what is a?' }],
      ['maestro_consult', { prompt: 'why?', provider: 'embedded' }],
      ['maestro_workflow_state', {}],
    ] as const)
      expect(await server.call(name, args)).toMatchObject({ ok: true });
  });

  it('answers what makes no sense in a line, and the next call as if nothing had been', async () => {
    const root = project(TREE);
    const server = await served(root, join(folder(), 'state'));
    const candidates = [{ id: 'a', files: { 'a.js': '1' } }];
    const refusals: ReadonlyArray<readonly [string, Record<string, unknown>, RegExp]> = [
      ['maestro_workflow_state', { workspace: join(root, 'a.js') }, /^workspace_missing/],
      ['maestro_workflow_state', { workspace: `${root}\0` }, /^workspace_missing/],
      ['maestro_workflow_state', { workspace: `/${'a'.repeat(4_000)}` }, /^workspace_missing/],
      ['maestro_workflow_state', { workspace: '/' }, /^workspace_missing: \/ is the root of the file system/],
      ['maestro_pack_context', { workspace: 'file:///%00', task: 'x' }, /^workspace_missing/],
      ['maestro_run_stage', { stage: 'plan' }, /^usage: stage/],
      ['maestro_run_stage', { stage: 'analyze', task: '  ' }, /^usage: task/],
      ['maestro_consult', { prompt: 7 }, /^usage: prompt/],
      ['maestro_select_best', { candidates, test_command: 'a\0b' }, /^usage: test_command holds a NUL/],
      ['maestro_get_metrics', { workflow_id: 'w-0' }, /^usage: there is no workflow w-0/],
    ];
    for (const [name, args, says] of refusals) expectPlain(await server.call(name, args), says);
    expect((await server.call('maestro_workflow_state')).text).toContain('"status":"none"');
    expectPlain(
      await server.call('maestro_select_best', { candidates, test_command: 'no-such-program' }),
      /^command_not_found/,
    );
    expect(server.log()).toBe('');
  });
});

describe('at a terminal', () => {
  it.skipIf(process.platform === 'win32')('a folder that is not there any more is told in a line', async () => {
    const at = join(folder(), 'gone');
    mkdirSync(at);
    const argv = ['sh', '-c', `rmdir ../gone; exec "$0" "$@"`, process.execPath, MAESTRO, 'status'];
    const limits = { timeLimitMs: 60_000, outputCapBytes: 10_000, signal: new AbortController().signal };
    const env = { PATH: process.env.PATH!, HOME: folder() };
    const { exitCode, stderr } = await runProcess({ argv, cwd: at, env }, limits);
    expect([exitCode, stderr]).toEqual([
      2,
      'maestro: the folder this runs in is not there any more\n  → change to one that is\n',
    ]);
  });

  it('a consult that was killed is shown as interrupted, with the command that takes it up', async () => {
    let asked = (): void => undefined;
    const isAsked = new Promise<void>((resolve) => {
      asked = resolve;
    });
    const server = await model((_, n) => {
      asked();
      return n === 0 ? { text: 'too late', delayMs: 60_000 } : { text: 'in time' };
    });
    const [root, env] = [repository(), home({ advisors: [advisor(server)], order: ['local'] })];
    const child = spawn(process.execPath, [MAESTRO, 'consult', 'why?'], { cwd: root, env, stdio: 'ignore' });
    await isAsked;
    const ended = new Promise((resolve) => child.once('exit', resolve));
    child.kill('SIGKILL');
    await ended;
    const at = { state: env.MAESTRO_HOME!, env };
    const shown = await maestro(['status'], root, at);
    expect(shown.stdout).toMatch(/interrupted: consult (consult-\w+), begun \d+ s ago/);
    expect(shown.stdout).toMatch(/→ Run consult-\w+ was interrupted: its process is gone\. The same command/);
    expect(shown.stdout).not.toContain('maestro_');
    const again = await maestro(['consult', 'why?'], root, at);
    expect(again.stderr).toContain('it may have been paid, so it was not asked again');
    expect((await maestro(['status'], root, at)).stdout).not.toContain('interrupted');
  });

  it('a patch is printed where it cannot be written, so that an hour of work is not lost', async () => {
    const root = example('bookings');
    const at = folder();
    const args = ['fix', '--out', at, '--', 'node', '--test'];
    const refused = await maestro(args, root);
    expect([refused.status, refused.stderr]).toEqual([2, expect.stringContaining(`--out: ${at} is a folder`)]);
    mkdirSync(join(at, 'closed'), { mode: 0o500 });
    symlinkSync(join(at, 'nowhere', 'x'), join(at, 'closed.patch'));
    const file = process.getuid?.() === 0 ? '/proc/maestro.patch' : join(at, 'closed', 'x.patch');
    const { status, stdout, stderr } = await maestro(['fix', '--out', file, '--', 'node', '--test'], root);
    expect(status).toBe(3);
    expect(stdout).toMatch(/^(diff --git|--- a\/)/);
    expect(stderr).toMatch(
      /--out: .* cannot be written \(\w+\)\n {2}→ the patch is on standard output; nothing is lost/,
    );
    expect(stderr).not.toMatch(/\n\s+at /);
    chmodSync(join(at, 'closed'), 0o700);
  });

  it('what is asked of a folder under a file, of no folder or of an empty name is refused in two lines', async () => {
    const root = project(TREE);
    for (const args of [
      ['consult', 'why?', '--cwd', 'a.js'],
      ['consult', 'why?', '--cwd', 'gone'],
      ['consult', ' '],
      ['consult', '@gone.txt'],
      ['consult', 'why?', '--workflow', ''],
      ['consult', 'why?', '--provider', ''],
      ['ensemble', 'why?', '--confidence', '7'],
      ['workflow', 'end', '--workflow', 'w-0'],
      ['status', '--workflow', ''],
    ]) {
      const { status, stdout, stderr } = await maestro(args, root);
      expect([args, status, stdout]).toEqual([args, 2, '']);
      expect(stderr).toMatch(/^maestro: [^\n]+\n {2}→ [^\n]+\n$/);
    }
    expect(readFileSync(join(root, 'a.js'), 'utf8')).toBe(TREE['a.js']);
  });
});
