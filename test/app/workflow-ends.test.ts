import { beforeEach, describe, expect, it } from 'vitest';
import { giveWord, waitingIn } from '../../src/app/approve.ts';
import { metrics } from '../../src/app/metrics.ts';
import { runStage, type StageDependencies } from '../../src/app/run-stage.ts';
import { findWorkflow } from '../../src/app/workflow.ts';
import { beginWorkflow, endWorkflow } from '../../src/app/workflow-ends.ts';
import { WORKFLOW_LIMITS } from '../../src/domain/stage-limits.ts';
import { readEvents } from '../../src/store/events.ts';
import type { Store } from '../../src/store/open.ts';
import { FAILED, OUTPUTS, PASSED } from '../domain/story.ts';
import { opened } from '../store/state-file.ts';
import { context, workspace } from './stage-calls.ts';

const DAYS = 24 * 60 * 60 * 1000;

describe('a task that a person begins and ends', () => {
  let store: Store;
  let project: string;
  beforeEach(async () => {
    store = await opened();
    project = workspace();
  });
  const stage = (call: Parameters<typeof runStage>[0], more: Partial<StageDependencies> = {}) =>
    runStage(call, context(), { store, cwd: project, pack: null, ...more });
  const end = (outcome: 'solved' | 'abandoned', workflow_id?: string) =>
    endWorkflow(store, { workspace: project, workflow_id }, outcome);
  const facts = async () => (await readEvents(store.queries)).map(({ type, payload }) => ({ type, payload }));

  it('is open with what it is about, until it is ended, and then the next one begins', async () => {
    const { id } = await beginWorkflow(store, project, 'mend the pages');
    expect(await findWorkflow(store, { workspace: project })).toMatchObject({ id, task: 'mend the pages' });
    expect((await end('abandoned')).status).toBe('finished');
    expect(await findWorkflow(store, { workspace: project })).toBeNull();
    expect((await beginWorkflow(store, project, null)).id).not.toBe(id);
  });

  it('is not begun where one is open, which is named with how to end it', async () => {
    const { id } = await beginWorkflow(store, project, 'mend\nthe pages');
    await expect(beginWorkflow(store, project, 'other')).rejects.toMatchObject({
      code: 'usage',
      message: `workflow ${id} is open here: mend`,
      remedy: expect.stringContaining('maestro workflow end'),
    });
    expect(await facts()).toHaveLength(1);
  });

  it('that was abandoned is on the ledger as that, with its stage left undone', async () => {
    await stage({ stage: 'analyze', task: 'mend the pages' });
    await end('abandoned');
    expect((await facts()).slice(-2)).toMatchObject([
      {
        type: 'stage_left',
        payload: { stage: 'analyze', outcome: 'gave_up', summary: 'ended by a person: abandoned' },
      },
      { type: 'workflow_finished', payload: { outcome: 'abandoned', passed: null, basis: null } },
    ]);
    const { efficiency } = await metrics({}, { store, cwd: project });
    expect(efficiency.value).toBeNull();
  });

  it.each([
    ['nobody spoke of tests', undefined, 'reported'],
    ['the host said that they fail', FAILED, 'reported'],
    ['the host said that they pass', PASSED, 'reported'],
  ] as const)('that was solved counts as passed, on their word where %s', async (_, test_result, basis) => {
    await stage({ stage: 'analyze', task: 'mend the pages', ...(test_result && { test_result }) });
    await end('solved');
    expect((await facts()).at(-1)).toMatchObject({
      type: 'workflow_finished',
      payload: { outcome: 'fixed', passed: true, basis },
    });
  });

  it('that was handed over to them ends as they say; giving it up does not undo that it failed', async () => {
    for (const id of ['analyze', 'hypothesize', 'implement'] as const)
      await stage({ stage: id, output: OUTPUTS[id], host_turns: 1 });
    for (const iteration of [1, 2, 3, 4, 5])
      await stage({ stage: 'debug', output: { ...OUTPUTS.debug, iteration }, host_turns: 1 });
    const before = (await metrics({}, { store, cwd: project })).efficiency;
    expect(before.value).toBe(0);
    expect((await end('abandoned')).status).toBe('finished');
    expect((await metrics({}, { store, cwd: project })).efficiency).toEqual(before);
  });

  it('waits for no approval any more once it has ended', async () => {
    const { workflow_id: id } = await stage({ stage: 'analyze', output: OUTPUTS.analyze }, { approval: 'stage' });
    const shown = await waitingIn(store, id);
    await end('abandoned');
    await expect(giveWord(store, shown, { answer: 'yes', reason: null }, WORKFLOW_LIMITS)).rejects.toMatchObject({
      code: 'usage',
    });
    const after = await stage({ stage: 'hypothesize', workflow_id: id });
    expect(after).toMatchObject({ status: 'gate_closed' });
  });

  it('is not ended twice, nor where none is open, nor from another project', async () => {
    await expect(end('solved')).rejects.toMatchObject({ code: 'usage', message: 'no workflow is open here' });
    const { id } = await beginWorkflow(store, project, null);
    await expect(endWorkflow(store, { workspace: workspace(), workflow_id: id }, 'solved')).rejects.toMatchObject({
      message: `workflow ${id} is of another workspace: ${project}`,
    });
    await end('solved', id);
    await expect(end('abandoned', id)).rejects.toMatchObject({ message: `workflow ${id} has ended already` });
    await expect(end('abandoned', 'w-0')).rejects.toMatchObject({ code: 'usage' });
  });

  it('left alone for a week is asked about when analyze is opened in it, and goes on all the same', async () => {
    const first = await stage({ stage: 'analyze', task: 'mend the pages' });
    const later = { now: () => Date.now() + 8 * DAYS };
    const again = await stage({ stage: 'analyze' }, later);
    expect(again).toMatchObject({ status: 'opened', workflow_id: first.workflow_id });
    expect(again.next).toMatch(/^Nothing happened in this task for 8 days\./);
    const other = await stage({ stage: 'analyze', task: 'mend the footer' });
    expect(other.workflow_id).not.toBe(first.workflow_id);
    expect(other.next).not.toContain('Nothing happened');
  });
});
