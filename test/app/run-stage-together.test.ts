import { describe, expect, it } from 'vitest';
import type { StageVerdict } from '../../src/app/calls.ts';
import { runStage } from '../../src/app/run-stage.ts';
import { findWorkflow } from '../../src/app/workflow.ts';
import type { StageId } from '../../src/domain/stage.ts';
import { readEvents } from '../../src/store/events.ts';
import { FAILED, OUTPUTS } from '../domain/story.ts';
import { startChild } from '../store/child-process.ts';
import { opened } from '../store/state-file.ts';
import { context, workspace } from './stage-calls.ts';

const CHILD = new URL('./stage-child.ts', import.meta.url);
const START_MS = 1_500;
const round = (iteration: number, error: string) => ({ ...OUTPUTS.debug, iteration, error, test_result: FAILED });

/** The verdicts of processes that hand in at the same moment, a list for each. */
async function together(
  file: string,
  cwd: string,
  stage: StageId,
  outputs: readonly unknown[][],
): Promise<StageVerdict[][]> {
  const at = String(Date.now() + START_MS);
  const children = outputs.map((list) => startChild(CHILD, [file, cwd, at, stage, JSON.stringify(list)]));
  return Promise.all(
    children.map(async ({ ended }) => {
      const { code, stdout, stderr } = await ended;
      expect([code, stderr]).toEqual([0, '']);
      return stdout
        .trim()
        .split('\n')
        .map((line) => JSON.parse(line) as StageVerdict);
    }),
  );
}

describe('processes that hand in at once', () => {
  it('with different outputs: one is taken, the others are told, and there is one workflow', async () => {
    const store = await opened();
    const cwd = workspace();
    const outputs = ['a', 'b', 'c'].map((fact) => [{ ...OUTPUTS.analyze, observations: [fact] }]);
    const verdicts = (await together(store.file, cwd, 'analyze', outputs)).flat();
    expect(verdicts.map(({ status }) => status).sort()).toEqual(['accepted', 'gate_closed', 'gate_closed']);
    for (const { status, problems } of verdicts)
      if (status === 'gate_closed') expect(problems[0]?.message).toContain('was handed in with another output');
    const types = (await readEvents(store.queries)).map(({ type }) => type);
    for (const once of ['workflow_opened', 'stage_entered', 'stage_output', 'stage_left'])
      expect([once, types.filter((type) => type === once).length]).toEqual([once, 1]);
  });

  it('with the same output: all have the same answer, and it counts once', async () => {
    const store = await opened();
    const cwd = workspace();
    const verdicts = (await together(store.file, cwd, 'analyze', Array(3).fill([OUTPUTS.analyze]))).flat();
    for (const verdict of verdicts) expect(verdict).toEqual(verdicts[0]);
    expect((await readEvents(store.queries)).filter(({ type }) => type === 'stage_output')).toHaveLength(1);
  });

  it('round after round of debugging: each round is one of theirs, and the fifth ends it', async () => {
    const store = await opened();
    const cwd = workspace();
    const deps = { store, cwd, pack: null };
    for (const stage of ['analyze', 'hypothesize', 'implement'] as const)
      await runStage({ stage, output: OUTPUTS[stage] }, context(), deps);
    const rounds = (name: string) => [1, 2, 3, 4, 5].map((n) => round(n, `${name}, round ${n}`));
    const verdicts = await together(store.file, cwd, 'debug', [rounds('one'), rounds('two')]);
    const taken = verdicts.flat().filter(({ status }) => status === 'accepted' || status === 'escalated');
    const view = await findWorkflow(store, { workspace: cwd });
    expect(view).toMatchObject({ status: 'escalated' });
    expect(view?.handedIn.map(({ iteration }) => iteration)).toEqual([1, 2, 3, 4, 5]);
    expect(taken.filter(({ iteration }) => iteration < 5)).toHaveLength(4);
  });
});
