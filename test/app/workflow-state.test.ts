import { describe, expect, it } from 'vitest';
import type { StateCall } from '../../src/app/calls.ts';
import { runStage } from '../../src/app/run-stage.ts';
import { openWorkflow } from '../../src/app/workflow.ts';
import { type StateDependencies, workflowState } from '../../src/app/workflow-state.ts';
import { createEngine } from '../../src/engine/local.ts';
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
    await putRun(at.store, 'works');
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
