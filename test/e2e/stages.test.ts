import { realpathSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { runStage } from '../../src/app/run-stage.ts';
import { findWorkflow } from '../../src/app/workflow.ts';
import { runProcess } from '../../src/platform/process.ts';
import { openStore } from '../../src/store/open.ts';
import { context } from '../app/stage-calls.ts';
import { OUTPUTS } from '../domain/story.ts';
import { folder, maestro } from './maestro.ts';

const MAESTRO = fileURLToPath(new URL('../../bin/maestro.mjs', import.meta.url));
const AT_TERMINAL = fileURLToPath(new URL('./at-terminal.py', import.meta.url));

/** A workspace whose first stage waits for a person. */
async function waiting() {
  const [root, state] = [realpathSync(folder()), join(folder(), 'state')];
  const file = join(state, 'maestro.db');
  await using store = await openStore(file);
  const call = { stage: 'analyze', task: 'mend the pages', output: OUTPUTS.analyze, host_turns: 4 } as const;
  const { workflow_id: id } = await runStage(call, context(), { store, cwd: root, pack: null, approval: 'stage' });
  const view = async () => {
    await using again = await openStore(file);
    return await findWorkflow(again, { workspace: root });
  };
  return { root, state, id, view };
}

/** Runs the command line at a terminal where this line is typed. */
async function typing(line: string, args: readonly string[], cwd: string, state: string) {
  const env = { PATH: process.env.PATH!, HOME: process.env.HOME!, MAESTRO_HOME: state, TERM: 'dumb' };
  const argv = ['python3', AT_TERMINAL, line, process.execPath, MAESTRO, ...args];
  const limits = { timeLimitMs: 60_000, outputCapBytes: 1_000_000, signal: new AbortController().signal };
  return runProcess({ argv, cwd, env }, limits);
}

describe('maestro approve', () => {
  it('shows a person what waits and takes the name of the stage, typed, as a yes', async () => {
    const { root, state, id, view } = await waiting();
    const { exitCode, stdout } = await typing('analyze', ['approve', id], root, state);
    expect([exitCode, stdout]).toEqual([0, expect.stringContaining('Approved.')]);
    expect(stdout).toContain('the last page is empty');
    expect(await view()).toMatchObject({ status: 'open', left: true });
  });

  it('takes anything else as no word at all', async () => {
    const { root, state, id, view } = await waiting();
    const { exitCode, stdout } = await typing('yes', ['approve', id], root, state);
    expect([exitCode, stdout]).toEqual([1, expect.stringContaining('Nothing was recorded.')]);
    expect(await view()).toMatchObject({ status: 'awaiting_approval' });
  });

  it('says no with a reason', async () => {
    const { root, state, id, view } = await waiting();
    const { exitCode } = await typing('analyze', ['approve', id, '--reject', 'too vague'], root, state);
    expect(exitCode).toBe(0);
    expect(await view()).toMatchObject({ status: 'open', left: false, objection: 'too vague' });
  });

  it('is refused to whoever has no terminal, such as an agent', async () => {
    const { root, state, id, view } = await waiting();
    const { status, stderr } = await maestro(['approve', id], root, { state });
    expect([status, stderr]).toEqual([2, expect.stringContaining('an agent cannot do it for you')]);
    expect(await view()).toMatchObject({ status: 'awaiting_approval' });
  });

  it('says which workflow it needs', async () => {
    const { root, state } = await waiting();
    expect((await maestro(['approve'], root, { state })).status).toBe(2);
    const { exitCode, stdout } = await typing('analyze', ['approve', 'w-0'], root, state);
    expect([exitCode, stdout]).toEqual([2, expect.stringContaining('there is no workflow w-0')]);
  });
});

describe('maestro status', () => {
  it('tells a person where the work in this folder stands and what to do', async () => {
    const { root, state, id } = await waiting();
    const { status, stdout } = await maestro(['status'], root, { state });
    expect(status).toBe(0);
    expect(stdout).toContain(`mend the pages  ${id}`);
    expect(stdout).toContain('awaiting_approval, in analyze');
    expect(stdout).toContain(`maestro approve ${id}`);
  });

  it('prints what the tool gives as JSON', async () => {
    const { root, state, id } = await waiting();
    const { json } = await maestro(['status', '--workflow', id, '--json'], root, { state });
    expect(json).toMatchObject({ workflow_id: id, workspace: root, status: 'awaiting_approval', stage: 'analyze' });
  });

  it('says so where nothing is open', async () => {
    const { status, stdout } = await maestro(['status'], folder());
    expect([status, stdout]).toEqual([1, expect.stringContaining('No task is open here.')]);
  });
});

describe('maestro metrics', () => {
  it('prints those of all, of this workspace, of one workflow, or since a time', async () => {
    const { root, state, id } = await waiting();
    await typing('analyze', ['approve', id], root, state);
    const density = async (...args: string[]) =>
      (await maestro(['metrics', '--json', ...args], root, { state })).json.message_density;
    const measured = expect.objectContaining({ value: 0, basis: 'reported' });
    for (const args of [[], ['--scope', 'workspace'], ['--workflow', id], ['--scope', 'workflow']])
      expect([args, await density(...args)]).toEqual([args, measured]);
    expect(await density('--since', '2999-01-01')).toMatchObject({ value: null, reason: 'no host turn was recorded' });
  });

  it('refuses a time that is none and a scope that is none', async () => {
    const root = folder();
    expect((await maestro(['metrics', '--since', 'yesterday'], root)).status).toBe(2);
    expect((await maestro(['metrics', '--scope', 'universe'], root)).status).toBe(2);
  });
});
