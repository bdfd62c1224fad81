import { describe, expect, it } from 'vitest';
import { giveWord, waitingIn } from '../../src/app/approve.ts';
import { runStage } from '../../src/app/run-stage.ts';
import { findWorkflow, openWorkflow } from '../../src/app/workflow.ts';
import { WORKFLOW_LIMITS } from '../../src/domain/stage-limits.ts';
import { readEvents } from '../../src/store/events.ts';
import type { Store } from '../../src/store/open.ts';
import { OUTPUTS } from '../domain/story.ts';
import { opened } from '../store/state-file.ts';
import { context, workspace } from './stage-calls.ts';

const YES = { answer: 'yes', reason: null } as const;

/** A workflow whose first stage waits for a person. */
async function waiting(): Promise<{ store: Store; cwd: string; id: string; handIn: () => Promise<unknown> }> {
  const [store, cwd] = [await opened(), workspace()];
  const handIn = () =>
    runStage({ stage: 'analyze', output: OUTPUTS.analyze }, context(), { store, cwd, pack: null, approval: 'stage' });
  const { workflow_id: id } = await handIn();
  return { store, cwd, id, handIn };
}

describe("a person's word at a terminal", () => {
  it('is on what waits', async () => {
    const { store, id } = await waiting();
    expect((await waitingIn(store, id)).pending).toMatchObject({ stage: 'analyze', output: OUTPUTS.analyze });
  });

  it('lets the work go on', async () => {
    const { store, cwd, id } = await waiting();
    expect(await giveWord(store, await waitingIn(store, id), YES, WORKFLOW_LIMITS)).toMatchObject({
      status: 'accepted',
      next_stage: 'hypothesize',
    });
    expect(await findWorkflow(store, { workspace: cwd })).toMatchObject({
      status: 'open',
      left: true,
      outputs: { analyze: {} },
    });
    const given = (await readEvents(store.queries)).find(({ type }) => type === 'approval_given');
    expect(given?.payload).toMatchObject({ stage: 'analyze', by: 'terminal', answer: 'yes', reason: null });
  });

  it('sends the work back with the reason', async () => {
    const { store, cwd, id } = await waiting();
    await giveWord(store, await waitingIn(store, id), { answer: 'no', reason: 'too vague' }, WORKFLOW_LIMITS);
    expect(await findWorkflow(store, { workspace: cwd })).toMatchObject({
      status: 'open',
      left: false,
      objection: 'too vague',
    });
  });

  it('counts for what was shown: not for something handed in since', async () => {
    const { store, id, handIn } = await waiting();
    const shown = await waitingIn(store, id);
    await giveWord(store, shown, YES, WORKFLOW_LIMITS);
    await expect(giveWord(store, shown, YES, WORKFLOW_LIMITS)).rejects.toMatchObject({ code: 'usage' });
    await handIn();
    await expect(giveWord(store, shown, YES, WORKFLOW_LIMITS)).rejects.toMatchObject({ code: 'usage' });
  });

  it('is asked for only where something waits', async () => {
    const store = await opened();
    const { id } = await openWorkflow(store, { workspace: '/p', task: null });
    await expect(waitingIn(store, id)).rejects.toMatchObject({
      code: 'usage',
      remedy: expect.stringContaining('maestro status'),
    });
    await expect(waitingIn(store, 'w-0')).rejects.toMatchObject({ code: 'usage' });
  });
});
