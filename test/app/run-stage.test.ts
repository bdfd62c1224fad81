import { beforeEach, describe, expect, it } from 'vitest';
import type { StageBrief, StageCall, StageVerdict } from '../../src/app/calls.ts';
import { packContext } from '../../src/app/pack.ts';
import { runStage, type StageDependencies } from '../../src/app/run-stage.ts';
import { STAGE_ORDER, type StageId } from '../../src/domain/stage.ts';
import { readEvents } from '../../src/store/events.ts';
import type { Store } from '../../src/store/open.ts';
import { OUTPUTS, PASSED } from '../domain/story.ts';
import { opened, temporaryFolder } from '../store/state-file.ts';
import { context, workspace } from './stage-calls.ts';

describe('maestro_run_stage', () => {
  let store: Store;
  let cwd: string;
  beforeEach(async () => {
    store = await opened();
    cwd = workspace({ 'src/page.js': 'export const page = (n) => Math.floor(n / 10);\n' });
  });

  const run = (
    call: StageCall,
    more: Partial<StageDependencies> = {},
    askPerson: Parameters<typeof context>[0] = null,
  ) => runStage(call, context(askPerson), { store, cwd, pack: null, ...more });
  const brief = async (call: StageCall, more: Partial<StageDependencies> = {}) => {
    const result = await run(call, more);
    expect(result.status).toBe('opened');
    return result as StageBrief;
  };
  const verdict = async (stage: StageId, more: Partial<StageCall> = {}) =>
    (await run({ stage, output: structuredClone(OUTPUTS[stage]), ...more })) as StageVerdict;
  const types = async () => (await readEvents(store.queries)).map(({ type }) => type);

  it('opens a workflow with its first stage and hands out all that its holder needs', async () => {
    const opened = await brief({ stage: 'analyze', task: 'mend the pages' });
    expect(opened).toEqual({
      status: 'opened',
      workflow_id: expect.stringMatching(/^w-[0-9a-f-]{36}$/),
      stage: 'analyze',
      visit: 1,
      iteration: 1,
      task: 'mend the pages',
      goal: 'Freeze the facts before guessing.',
      steps: expect.any(Array),
      rules: expect.any(Array),
      tests_basis: null,
      found: {},
      consults: { allowed: 2, left: 2, from_iteration: 1 },
      ensemble: 'no',
      output_schema: expect.objectContaining({
        type: 'object',
        additionalProperties: false,
        required: ['observations', 'repro_steps', 'affected_modules', 'invariants'],
      }),
      pack: null,
      next: expect.stringContaining(
        `maestro_run_stage(workflow_id: "${opened.workflow_id}", stage: "analyze", output: …`,
      ),
    });
    expect(await types()).toEqual(['workflow_opened', 'stage_entered']);
  });

  it('goes on with the open workflow of the workspace when it is not named, also after a restart of the host', async () => {
    const { workflow_id } = await brief({ stage: 'analyze', task: 'mend the pages' });
    expect((await verdict('analyze')).workflow_id).toBe(workflow_id);
    const next = await brief({ stage: 'hypothesize' });
    expect(next).toMatchObject({ workflow_id, task: 'mend the pages', found: { analyze: OUTPUTS.analyze } });
  });

  it('begins a new workflow when analyze is opened for another task, and takes a task for one that had none', async () => {
    const first = await brief({ stage: 'analyze' });
    expect(await brief({ stage: 'analyze', task: 'one' })).toMatchObject({
      workflow_id: first.workflow_id,
      task: 'one',
    });
    expect((await brief({ stage: 'analyze', task: 'one' })).workflow_id).toBe(first.workflow_id);
    const second = await brief({ stage: 'analyze', task: 'two' });
    expect(second.workflow_id).not.toBe(first.workflow_id);
    expect(second.task).toBe('two');
    const named = { stage: 'analyze', task: 'three', workflow_id: first.workflow_id } as const;
    expect(await brief(named)).toMatchObject({ workflow_id: first.workflow_id, task: 'one' });
  });

  it('takes a host from the facts to the end', async () => {
    for (const stage of STAGE_ORDER) {
      await brief({ stage });
      const output = stage === 'debug' ? { ...OUTPUTS.debug, test_result: PASSED } : OUTPUTS[stage];
      const last = await verdict(stage, { output, host_turns: 2, ...(stage === 'improve' && { test_result: PASSED }) });
      expect(last).toMatchObject({ status: stage === 'improve' ? 'finished' : 'accepted', problems: [] });
    }
    expect(await types()).toEqual([
      'workflow_opened',
      ...STAGE_ORDER.flatMap((stage) => [
        'stage_entered',
        ...(stage === 'improve' ? ['tests_reported'] : []),
        'stage_output',
        'stage_left',
      ]),
      'workflow_finished',
    ]);
  });

  it('gives the end again when the last call is repeated, and then opens a new workflow', async () => {
    for (const stage of ['analyze', 'hypothesize'] as const) await verdict(stage);
    await verdict('implement', { output: { ...OUTPUTS.implement, test_result: PASSED } });
    const end = await verdict('improve', { test_result: PASSED });
    expect(end.status).toBe('finished');
    expect(await verdict('improve', { test_result: PASSED })).toEqual(end);
    expect((await brief({ stage: 'analyze' })).workflow_id).not.toBe(end.workflow_id);
  });

  it('says when improve is opened whether the pass was seen or told', async () => {
    for (const stage of ['analyze', 'hypothesize'] as const) await verdict(stage);
    await verdict('implement', { output: { ...OUTPUTS.implement, test_result: PASSED } });
    expect((await brief({ stage: 'improve' })).tests_basis).toBe('reported');
  });

  it('says every problem by its path and records nothing', async () => {
    await verdict('analyze');
    await brief({ stage: 'hypothesize' });
    const before = await types();
    const rejected = await verdict('hypothesize', { output: { hypotheses: [{ id: 'h1' }, 3], selected: 'h1' } });
    expect(rejected.status).toBe('rejected');
    expect(rejected.problems.map(({ path }) => path)).toEqual(
      expect.arrayContaining(['hypotheses[0].claim', 'hypotheses[0].confidence', 'hypotheses[1]', 'test_command']),
    );
    expect(await types()).toEqual(before);
  });

  it('takes an output that a host handed in as its JSON text', async () => {
    expect((await verdict('analyze', { output: JSON.stringify(OUTPUTS.analyze) })).status).toBe('accepted');
    expect((await verdict('hypothesize', { output: 'it is the last page' })).status).toBe('rejected');
  });

  it('keeps to configured limits', async () => {
    const limits = { stage: 1, workflow: 3, debug_iterations: 1 };
    const opened = await brief({ stage: 'analyze' }, { limits });
    expect(opened.consults).toEqual({ allowed: 1, left: 1, from_iteration: 1 });
    for (const stage of ['analyze', 'hypothesize', 'implement'] as const) await verdict(stage);
    expect(await run({ stage: 'debug', output: OUTPUTS.debug }, { limits })).toMatchObject({ status: 'escalated' });
  });

  it('packs what the stage is about: the task, the modules and the error', async () => {
    const indexes = temporaryFolder();
    const pack: StageDependencies['pack'] = (request, signal) =>
      packContext(request, { signal, env: { ...process.env, MAESTRO_HOME: indexes }, warn: () => undefined });
    await verdict('analyze');
    const { pack: packed } = await brief({ stage: 'hypothesize', task: 'the last page is empty' }, { pack });
    expect(packed?.text).toContain('Math.floor(n / 10)');
    expect(packed?.files.map(({ path }) => path)).toEqual(['src/page.js']);
    expect(packed?.tokens).toBeLessThanOrEqual(1_500);
  });

  it('hands out the brief without a pack where the tree cannot be packed', async () => {
    const pack: StageDependencies['pack'] = (request) =>
      packContext(
        { ...request, budget: -1 },
        { ...context(), env: { ...process.env, MAESTRO_HOME: cwd }, warn: () => undefined },
      );
    expect((await brief({ stage: 'analyze' }, { pack })).pack).toBeNull();
  });

  it('knows a workspace by its real path, and says when there is none', async () => {
    const { workflow_id } = await brief({ stage: 'analyze' });
    expect((await brief({ stage: 'analyze', workspace: `${cwd}/src/..` })).workflow_id).toBe(workflow_id);
    expect((await brief({ stage: 'analyze', workspace: 'src' })).workflow_id).not.toBe(workflow_id);
    await expect(run({ stage: 'analyze', workspace: 'gone' })).rejects.toMatchObject({ code: 'workspace_missing' });
    await expect(run({ stage: 'analyze', workspace: 'src/page.js' })).rejects.toMatchObject({
      code: 'workspace_missing',
    });
  });

  describe('with a person in the loop', () => {
    const asked: string[] = [];
    const person = (answer: 'yes' | 'no' | 'no_answer') => async (question: string) => {
      asked.push(question);
      return answer;
    };
    const handIn = (askPerson: Parameters<typeof context>[0]) =>
      run({ stage: 'analyze', output: OUTPUTS.analyze }, { approval: 'stage' }, askPerson);

    it('asks them with what the stage came to, and goes on after a yes', async () => {
      expect(await handIn(person('yes'))).toMatchObject({ status: 'accepted', next_stage: 'hypothesize' });
      expect(asked.at(-1)).toContain('the last page is empty');
      const events = await readEvents(store.queries);
      expect(events.find(({ type }) => type === 'approval_given')?.payload).toMatchObject({
        by: 'elicitation',
        answer: 'yes',
      });
    });

    it('goes back to the host after a no', async () => {
      expect(await handIn(person('no'))).toMatchObject({ status: 'rejected' });
      expect(await handIn(person('yes'))).toMatchObject({ status: 'accepted' });
    });

    it('waits where nobody answers, or nobody can be asked, and no call of the host gets by', async () => {
      for (const askPerson of [person('no_answer'), null]) {
        expect(await handIn(askPerson)).toMatchObject({ status: 'awaiting_approval' });
        expect(await run({ stage: 'hypothesize' }, {}, askPerson)).toMatchObject({ status: 'awaiting_approval' });
        expect(await run({ stage: 'hypothesize', output: OUTPUTS.hypothesize })).toMatchObject({
          status: 'awaiting_approval',
        });
      }
      expect((await types()).filter((type) => type === 'approval_asked')).toHaveLength(1);
    });

    it('takes a yes once, also when two are given at the same time', async () => {
      expect(await handIn(null)).toMatchObject({ status: 'awaiting_approval' });
      const both = await Promise.all([handIn(person('yes')), handIn(person('no'))]);
      expect((await types()).filter((type) => type === 'approval_given')).toHaveLength(1);
      expect(both.some(({ status }) => status === 'accepted' || status === 'rejected')).toBe(true);
    });
  });
});
