import { describe, expect, it } from 'vitest';
import type { StateCall } from '../../src/app/calls.ts';
import { runStage } from '../../src/app/run-stage.ts';
import { openWorkflow } from '../../src/app/workflow.ts';
import { endWorkflow } from '../../src/app/workflow-ends.ts';
import { type StateDependencies, workflowState } from '../../src/app/workflow-state.ts';
import { TO_PERSON } from '../../src/domain/next-words.ts';
import { createEngine } from '../../src/engine/local.ts';
import { ownIdentity } from '../../src/platform/process-identity.ts';
import { createBudget } from '../../src/store/budget.ts';
import type { Store } from '../../src/store/open.ts';
import { OUTPUTS, PASSED } from '../domain/story.ts';
import { heldFlow } from '../engine/engines.ts';
import { putRun } from '../store/held-run.ts';
import { opened } from '../store/state-file.ts';
import { context, workspace } from './stage-calls.ts';

interface Place {
  readonly store: Store;
  readonly cwd: string;
}
const place = async (): Promise<Place> => ({ store: await opened(), cwd: workspace() });
const state = (at: Place, call: StateCall = {}, more: Partial<StateDependencies> = {}, signal = context().signal) =>
  workflowState(call, { signal }, { ...at, ...more });
const stage = (at: Place, call: Parameters<typeof runStage>[0]) => runStage(call, context(), { ...at, pack: null });
const spec = ({ cwd }: Place, workflowId?: string) => ({
  kind: 'consult',
  key: 'k',
  workspace: cwd,
  request: null,
  ...(workflowId === undefined ? {} : { workflowId }),
});

describe('maestro_workflow_state', () => {
  it('says how to begin where no task is open', async () => {
    const at = await place();
    expect(await state(at)).toEqual({
      workflow_id: null,
      workspace: at.cwd,
      task: null,
      status: 'none',
      stage: null,
      visit: 0,
      iteration: 0,
      history: [],
      budget: null,
      running: [],
      run: null,
      efficiency: null,
      next: expect.stringContaining('maestro_run_stage(stage: "analyze", task: …)'),
    });
  });

  it('tells a host that knows nothing where the work stands and what the next call is', async () => {
    const at = await place();
    await stage(at, { stage: 'analyze', task: 'mend the pages' });
    await stage(at, { stage: 'analyze', output: OUTPUTS.analyze, host_turns: 3 });
    await stage(at, { stage: 'hypothesize' });
    const shown = await state(at);
    expect(shown).toMatchObject({
      workflow_id: expect.stringMatching(/^w-/),
      task: 'mend the pages',
      status: 'open',
      stage: 'hypothesize',
      visit: 1,
      iteration: 1,
      history: [{ stage: 'analyze', visit: 1, outcome: 'done', summary: 'the last page is empty' }],
      budget: { used: { stage: 0, workflow: 0 }, left: { stage: 2, workflow: 6 } },
      efficiency: { value: null, basis: 'none', reason: 'no workflow whose host turns are known has finished' },
    });
    expect(shown.next).toContain(
      `maestro_run_stage(workflow_id: "${shown.workflow_id}", stage: "hypothesize", output: …`,
    );
  });

  it.each([
    ['a stage that is done', 'maestro_run_stage(workflow_id: "ID", stage: "debug")', []],
    ['debugging', 'of iteration 2: maestro_run_stage(workflow_id: "ID", stage: "debug", output: …', [OUTPUTS.debug]],
    [
      'the work given to a person',
      'Stop and show the summary to a person',
      [1, 2, 3, 4, 5].map((iteration) => ({ ...OUTPUTS.debug, iteration })),
    ],
  ] as const)('names the next call for %s', async (_, next, rounds) => {
    const at = await place();
    for (const id of ['analyze', 'hypothesize', 'implement'] as const)
      await stage(at, { stage: id, output: OUTPUTS[id] });
    for (const output of rounds) await stage(at, { stage: 'debug', output });
    const shown = await state(at);
    expect(shown.next).toContain(next.replace('ID', shown.workflow_id!));
  });

  it('knows a finished workflow by its id, with the efficiency', async () => {
    const at = await place();
    for (const id of ['analyze', 'hypothesize'] as const)
      await stage(at, { stage: id, output: OUTPUTS[id], host_turns: 1 });
    await stage(at, { stage: 'implement', output: { ...OUTPUTS.implement, test_result: PASSED }, host_turns: 2 });
    const end = await stage(at, { stage: 'improve', output: OUTPUTS.improve, test_result: PASSED, host_turns: 1 });
    expect(await state(at)).toMatchObject({ status: 'none' });
    expect(await state(at, { workflow_id: end.workflow_id })).toMatchObject({
      status: 'finished',
      efficiency: { value: 1, basis: 'reported', met: true },
      next: expect.stringMatching(/^Nothing: this task is done/),
    });
    await expect(state(at, { workflow_id: 'w-0' })).rejects.toMatchObject({ code: 'usage' });
  });

  it('shows what was used and what runs, in this workspace', async () => {
    const at = await place();
    const { id } = await openWorkflow(at.store, { workspace: at.cwd, task: null });
    await stage(at, { stage: 'analyze' });
    await putRun(at.store, 'elsewhere');
    const { flow, begun, letGo } = heldFlow();
    const done = createEngine(at.store).start(spec(at, id), flow);
    const run = await begun;
    const limits = [
      { scope: `workflow:${id}/stage:analyze`, limit: 2 },
      { scope: `workflow:${id}`, limit: 6 },
    ];
    await createBudget(at.store).reserve(run.id, limits, 1);
    const shown = await state(at);
    expect(shown.running).toEqual([{ run_id: run.id, kind: 'consult', since_ms: expect.any(Number) }]);
    expect(shown.budget).toEqual({ used: { stage: 1, workflow: 1 }, left: { stage: 1, workflow: 5 } });
    expect(shown.next).toContain(`maestro_workflow_state(wait_for: "${run.id}"`);
    letGo();
    await done;
    expect((await state(at)).running).toEqual([]);
  });
});

const DAYS = 24 * 60 * 60 * 1000;

describe('a run that is called running', () => {
  it.each([
    ['whose process is gone, before its lease is over', { leaseUntil: Date.now() + 10_000 }],
    ['whose lease ran out', { process: ownIdentity(), leaseUntil: 1 }],
    ['whose lease lies further ahead than any does, as after the clock was set back', { process: ownIdentity() }],
  ])('is shown as interrupted, with what to do: one %s', async (_, run) => {
    const at = await place();
    await putRun(at.store, 'left behind', run);
    await at.store.queries.updateTable('runs').set({ workspace: at.cwd, kind: 'consult' }).execute();
    const shown = await state(at);
    expect(shown.running).toEqual([
      { run_id: 'left behind', kind: 'consult', since_ms: expect.any(Number), interrupted: true },
    ]);
    expect(shown.next).toContain('this takes it up and collects it: maestro_workflow_state(wait_for: "left behind"');
    expect(shown.next).toContain('Otherwise: No task is open here.');
    const told = (await state(at, {}, { words: TO_PERSON })).next;
    expect(told).toContain('Run left behind was interrupted: its process is gone. The same command');
    expect(told).not.toContain('maestro_');
  });

  it('is not to be taken up for a task that was given up while another is open, though it is shown', async () => {
    const at = await place();
    const open = (task: string) => openWorkflow(at.store, { workspace: at.cwd, task });
    const first = await open('the first task');
    await putRun(at.store, 'left behind', { leaseUntil: 1 });
    await at.store.queries.updateTable('runs').set({ workspace: at.cwd, workflow_id: first.id }).execute();
    expect((await state(at)).next).toContain('left behind');
    await endWorkflow(at.store, { workspace: at.cwd }, 'abandoned');
    await open('the second task');
    const shown = await state(at);
    expect(shown.running).toMatchObject([{ run_id: 'left behind', interrupted: true }]);
    expect(shown.next).not.toContain('left behind');
  });

  it('is left to its owner where no server can take it up', async () => {
    const at = await place();
    await putRun(at.store, 'of a terminal', { leaseUntil: 1 });
    await at.store.queries.updateTable('runs').set({ workspace: at.cwd, kind: 'fix' }).execute();
    expect((await state(at)).next).toMatch(/^A run of the kind 'fix' was interrupted at a terminal/);
  });

  it('comes before one that was interrupted in what to do next', async () => {
    const at = await place();
    await putRun(at.store, 'gone', { leaseUntil: 1, updatedAt: 9 });
    await putRun(at.store, 'works', { process: ownIdentity(), leaseUntil: Date.now() + 10_000, updatedAt: 5 });
    await at.store.queries.updateTable('runs').set({ workspace: at.cwd }).execute();
    expect((await state(at)).next).toContain('wait_for: "works"');
    expect((await state(at, {}, { words: TO_PERSON })).next).toContain('Run works is under way in another process');
  });

  it('never began in the future, whatever the clock says', async () => {
    const at = await place();
    await putRun(at.store, 'works', { process: ownIdentity(), leaseUntil: Date.now() + 10_000, updatedAt: 9e15 });
    await at.store.queries.updateTable('runs').set({ workspace: at.cwd }).execute();
    expect((await state(at)).running[0]!.since_ms).toBe(0);
  });
});

describe('a task that nobody touched for a week', () => {
  it('is asked about before the next step, with how to begin afresh', async () => {
    const at = await place();
    const { workflow_id: id } = await stage(at, { stage: 'analyze', task: 'mend the pages' });
    const later = (days: number) => ({ now: () => Date.now() + days * DAYS + 1_000 });
    expect((await state(at, {}, later(6))).next).not.toContain('Nothing happened');
    const { next } = await state(at, {}, later(7));
    expect(next).toContain('Nothing happened in this task for 7 days.');
    expect(next).toContain('maestro_run_stage(stage: "analyze", task: what is wrong now');
    expect(next).toContain(`maestro workflow end --workflow ${id}`);
    expect(next).toContain("Do the steps of 'analyze'");
    const told = (await state(at, {}, { ...later(30), words: TO_PERSON })).next;
    expect(told).toContain('for 30 days. If it is over: maestro workflow end');
    expect(told).not.toContain('maestro_');
  });

  it('is not asked about once it has ended', async () => {
    const at = await place();
    const { workflow_id: id } = await stage(at, { stage: 'analyze', task: 'mend the pages' });
    await endWorkflow(at.store, { workspace: at.cwd }, 'abandoned');
    const shown = await state(at, { workflow_id: id }, { now: () => Date.now() + 90 * DAYS });
    expect(shown).toMatchObject({ status: 'finished', next: expect.stringMatching(/^Nothing: this task is done/) });
  });
});

describe('the next step at a terminal', () => {
  const told = async (at: Place, call: StateCall = {}) => (await state(at, call, { words: TO_PERSON })).next;

  it('is a command wherever the work stands, never a call of a tool', async () => {
    const at = await place();
    const seen = [await told(at)];
    const { workflow_id: id } = await stage(at, { stage: 'analyze', task: 'mend the pages' });
    seen.push(await told(at));
    for (const one of ['analyze', 'hypothesize', 'implement'] as const)
      await stage(at, { stage: one, output: OUTPUTS[one] });
    seen.push(await told(at));
    for (const iteration of [1, 2, 3, 4, 5])
      await stage(at, { stage: 'debug', output: { ...OUTPUTS.debug, iteration } });
    seen.push(await told(at));
    await endWorkflow(at.store, { workspace: at.cwd }, 'solved');
    seen.push(await told(at, { workflow_id: id }));
    expect(seen).toEqual([
      expect.stringContaining('maestro consult "…"'),
      expect.stringContaining("Your agent goes on with 'analyze'"),
      expect.stringContaining(`maestro workflow end --workflow ${id} --outcome solved, or abandoned`),
      expect.stringContaining('handed over to you'),
      expect.stringContaining('maestro workflow begin'),
    ]);
    expect(seen.join(' ')).not.toContain('maestro_');
  });

  it('is approving where a person is waited for', async () => {
    const at = await place();
    const call = { stage: 'analyze', output: OUTPUTS.analyze } as const;
    const { workflow_id: id } = await runStage(call, context(), { ...at, pack: null, approval: 'stage' });
    expect(await told(at)).toBe(`'analyze' waits for your word: maestro approve ${id}, or with --reject "why".`);
  });
});

describe('waiting for a run', () => {
  it('gives the result of one that is done at once, with its workflow, from any folder', async () => {
    const at = await place();
    const { id } = await openWorkflow(at.store, { workspace: at.cwd, task: 'mend it' });
    const finished = await createEngine(at.store).start(spec(at, id), async () => ({ text: 'x'.repeat(20_000) }));
    const shown = await state({ ...at, cwd: workspace() }, { wait_for: finished.id, wait_ms: 60_000 });
    expect(shown).toMatchObject({ workflow_id: id, workspace: at.cwd });
    expect(shown.run).toEqual({
      run_id: finished.id,
      kind: 'consult',
      status: 'done',
      result: finished.result,
      error: null,
    });
    expect(shown.next).toMatch(/^The run is done: use its result\./);
  });

  it('lasts until it is done', async () => {
    const at = await place();
    const { flow, begun, letGo } = heldFlow();
    const done = createEngine(at.store).start(spec(at), flow);
    const run = await begun;
    const shown = state(at, { wait_for: run.id, wait_ms: 60_000 });
    letGo();
    await done;
    expect((await shown).run).toMatchObject({ status: 'done', result: 'let go' });
  });

  it('ends when the time is up, or is not even begun, with the call to make again', async () => {
    const at = await place();
    const { flow, begun, letGo } = heldFlow();
    const done = createEngine(at.store).start(spec(at), flow);
    const run = await begun;
    for (const wait of [{}, { wait_ms: 30 }]) {
      const shown = await state(at, { wait_for: run.id, ...wait });
      expect(shown.run).toMatchObject({ status: 'running', result: null });
      expect(shown.next).toContain(`wait_for: "${run.id}"`);
    }
    letGo();
    await done;
  });

  it('ends when the host gives up; the run goes on', async () => {
    const at = await place();
    const { flow, begun, letGo } = heldFlow();
    const done = createEngine(at.store).start(spec(at), flow);
    const run = await begun;
    const host = new AbortController();
    const shown = state(at, { wait_for: run.id, wait_ms: 60_000 }, {}, host.signal);
    host.abort();
    expect((await shown).run?.status).toBe('running');
    letGo();
    expect((await done).result).toBe('let go');
  });

  it('says why a run failed, and that there is none of a name', async () => {
    const at = await place();
    const failing = createEngine(at.store).start(spec(at), async () => Promise.reject(new Error('no such model')));
    await expect(failing).rejects.toThrow();
    const { id } = await at.store.queries.selectFrom('runs').select('id').executeTakeFirstOrThrow();
    const failed = await state(at, { wait_for: id, wait_ms: 60_000 });
    expect(failed.run).toMatchObject({
      status: 'failed',
      result: null,
      error: expect.stringContaining('no such model'),
    });
    const unknown = await state(at, { wait_for: 'nobody', wait_ms: 60_000 });
    expect(unknown.run).toEqual({ run_id: 'nobody', kind: '', status: 'unknown', result: null, error: null });
    expect(unknown.next).toContain('check the run_id');
  });

  it.each(['running', 'cancelled'] as const)(
    'takes up a %s run whose process is gone, and waits for it',
    async (status) => {
      const at = await place();
      await putRun(at.store, 'left behind', { status, leaseUntil: 1 });
      const adopted: string[] = [];
      const adopt = async (id: string): Promise<boolean> => {
        adopted.push(id);
        await at.store.queries
          .updateTable('runs')
          .set({ status: 'done', result: '"taken up"' })
          .where('id', '=', id)
          .execute();
        return true;
      };
      await at.store.queries.updateTable('runs').set({ workspace: at.cwd }).execute();
      const shown = await state(at, { wait_for: 'left behind', wait_ms: 60_000 }, { adopt });
      expect(shown.run).toMatchObject({ status: 'done', result: 'taken up' });
      expect(adopted).toEqual(['left behind']);
    },
  );

  it('leaves a run alone that works, and shows an interrupted one that cannot be taken up', async () => {
    const at = await place();
    await putRun(at.store, 'works', { process: ownIdentity(), leaseUntil: Date.now() + 10_000 });
    await putRun(at.store, 'interrupted', { status: 'cancelled', leaseUntil: null });
    await at.store.queries.updateTable('runs').set({ workspace: at.cwd }).execute();
    const asked: string[] = [];
    const adopt = async (id: string): Promise<boolean> => asked.push(id) < 0;
    expect((await state(at, { wait_for: 'works', wait_ms: 1 }, { adopt })).run?.status).toBe('running');
    expect(asked).toEqual([]);
    const shown = await state(at, { wait_for: 'interrupted', wait_ms: 60_000 }, { adopt });
    expect(shown.run?.status).toBe('cancelled');
    expect(asked).toEqual(['interrupted']);
    expect(shown.next).toMatch(/^The run was interrupted/);
  });
});
