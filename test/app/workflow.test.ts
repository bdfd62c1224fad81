import { describe, expect, it } from 'vitest';
import { budgetOf, findWorkflow, openWorkflow, taskAsKept } from '../../src/app/workflow.ts';
import { createBudget } from '../../src/store/budget.ts';
import { appendEvents, readEvents } from '../../src/store/events.ts';
import { putRun } from '../store/held-run.ts';
import { opened } from '../store/state-file.ts';

const HERE = { workspace: '/project' };
const end = (outcome: 'fixed' | 'not_fixed') => ({
  type: 'workflow_finished',
  payload: { outcome, passed: outcome === 'fixed', ms: 1 },
});
const originOf = (id: string) => ({ ...HERE, runId: id, workflowId: id });

describe('finding a workflow', () => {
  it('finds none where none was opened', async () => {
    expect(await findWorkflow(await opened(), HERE)).toBeNull();
  });

  it('finds the open one of the workspace, and only of that workspace', async () => {
    const store = await opened();
    const { id } = await openWorkflow(store, { ...HERE, task: 'mend it' });
    expect(await findWorkflow(store, HERE)).toMatchObject({ id, task: 'mend it', status: 'open', stage: null });
    expect(await findWorkflow(store, { workspace: '/project/sub' })).toBeNull();
  });

  it('opens one only where none is open', async () => {
    const store = await opened();
    const first = await openWorkflow(store, { ...HERE, task: null });
    expect((await openWorkflow(store, { ...HERE, task: 'other' })).id).toBe(first.id);
    expect(await readEvents(store.queries)).toHaveLength(1);
  });

  it('takes the newest one that is not done; one given up for a person is not done', async () => {
    const store = await opened();
    for (const [id, outcome] of [
      ['w-old', null],
      ['w-given-up', 'not_fixed'],
      ['w-done', 'fixed'],
    ] as const) {
      await appendEvents(store.queries, originOf(id), [{ type: 'workflow_opened', payload: {} }], 1);
      if (outcome) await appendEvents(store.queries, originOf(id), [end(outcome)], 2);
    }
    expect((await findWorkflow(store, HERE))?.id).toBe('w-given-up');
    await appendEvents(store.queries, originOf('w-given-up'), [end('fixed')], 3);
    expect((await findWorkflow(store, HERE))?.id).toBe('w-old');
  });

  it('finds by id also what is done', async () => {
    const store = await opened();
    const { id } = await openWorkflow(store, { ...HERE, task: null });
    await appendEvents(store.queries, originOf(id), [end('fixed')], 2);
    expect(await findWorkflow(store, HERE)).toBeNull();
    expect(await findWorkflow(store, { ...HERE, workflow_id: id })).toMatchObject({ id, status: 'finished' });
  });

  it('keeps of a long task what tells it from another, and nothing secret', async () => {
    const store = await opened();
    const key = ['sk-ant-api03-', 'a1B2c3D4'.repeat(12)].join('');
    const [one, other] = ['x', 'y'].map((last) => `mend it with ${key} ${'页'.repeat(150_000)}${last}`);
    const { id, task } = await openWorkflow(store, { ...HERE, task: one! });
    expect(task).toHaveLength(8_000);
    expect(task).toMatch(/^mend it with \[redacted:.*\] 页+… \(cut: 150\d+ characters, [0-9a-f]{8}\)$/);
    expect(taskAsKept(one!)).toBe(task);
    expect(taskAsKept(task!)).toBe(task);
    expect(taskAsKept(other!)).not.toBe(task);
    expect((await findWorkflow(store, { ...HERE, workflow_id: id }))!.task).toBe(task);
  });

  it('says what to do about an id that nobody knows', async () => {
    const store = await opened();
    await expect(findWorkflow(store, { ...HERE, workflow_id: 'w-0' })).rejects.toMatchObject({
      code: 'usage',
      remedy: expect.stringContaining('leave workflow_id out'),
    });
  });
});

describe('the budget of a workflow', () => {
  const entered = (visit: number, stage = 'implement') => ({ type: 'stage_entered', payload: { stage, visit } });

  it('is what is used and left in the visit to the stage and in the workflow', async () => {
    const store = await opened();
    const { id } = await openWorkflow(store, { ...HERE, task: null });
    await appendEvents(store.queries, originOf(id), [entered(1, 'analyze')], 1);
    const view = (await findWorkflow(store, HERE))!;
    expect(await budgetOf(store, view)).toEqual({ used: { stage: 0, workflow: 0 }, left: { stage: 2, workflow: 6 } });
    await putRun(store, 'r');
    const scopes = [
      { scope: `workflow:${id}/stage:analyze`, limit: 2 },
      { scope: `workflow:${id}`, limit: 6 },
    ];
    await createBudget(store).reserve('r', scopes, 1);
    expect(await budgetOf(store, view)).toEqual({ used: { stage: 1, workflow: 1 }, left: { stage: 1, workflow: 5 } });
  });

  it('keeps to the smaller of the limit and what the stage allows, and is new in a new visit', async () => {
    const store = await opened();
    const { id } = await openWorkflow(store, { ...HERE, task: null });
    await appendEvents(store.queries, originOf(id), [entered(1)], 1);
    const first = (await findWorkflow(store, HERE))!;
    expect((await budgetOf(store, first)).left).toEqual({ stage: 1, workflow: 6 });
    expect((await budgetOf(store, first, { stage: 0, workflow: 3 })).left).toEqual({ stage: 0, workflow: 3 });
    await putRun(store, 'r');
    await createBudget(store).reserve('r', [{ scope: `workflow:${id}/stage:implement`, limit: 1 }], 1);
    expect((await budgetOf(store, first)).left.stage).toBe(0);
    await appendEvents(store.queries, originOf(id), [entered(2)], 2);
    expect((await budgetOf(store, (await findWorkflow(store, HERE))!)).left.stage).toBe(1);
  });

  it('is that of the hinted stage before any was opened', async () => {
    const store = await opened();
    const view = await openWorkflow(store, { ...HERE, task: null });
    expect((await budgetOf(store, view, undefined, 'implement')).left.stage).toBe(1);
    expect((await budgetOf(store, view)).left.stage).toBe(2);
  });
});
