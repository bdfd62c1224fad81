import { describe, expect, it } from 'vitest';
import type { EnsembleGenerated } from '../../src/app/calls.ts';
import { advisor, calling, home, model, opened, repository } from './world.ts';

const FIX =
  '```diff\n--- a/src/add.js\n+++ b/src/add.js\n@@ -1,3 +1,3 @@\n export function add(a, b) {\n-  return a - b;\n+  return a + b;\n }\n```';
const HYPOTHESES = JSON.stringify({
  hypotheses: [{ id: 'h1', claim: 'add subtracts', verification_test: 'npm test', confidence: 0.9 }],
});
const ERRORS = ['not ok 1 - adds\n  at src/add.js:2:10'];

describe('an ensemble', () => {
  it('gives patches that apply as unified diffs against the workspace, from each advisor in turn', async () => {
    const asked = await model([{ text: `The sign is wrong.\n${FIX}` }]);
    const maestro = await opened(home({ advisors: [advisor(asked)] }), repository());
    const result = (await maestro.ensemble(
      { task: 'mend add', kind: 'patch', providers: ['local', 'embedded'], errors: ERRORS },
      calling(),
    )) as EnsembleGenerated;
    expect(result).toMatchObject({ status: 'generated', failures: [], forced: false, reused: false });
    expect(result.candidates.map(({ id, provider }) => [id, provider])).toEqual([
      ['c1', 'local'],
      ['c2', 'embedded'],
    ]);
    for (const { patch } of result.candidates) expect(patch).toMatch(/^(diff --git|--- a\/src\/add\.js)/);
    expect(result.candidates[0]!.patch).toContain('+  return a + b;');
    expect(result.lexical_similarity).toBeGreaterThan(0);
    expect(result.budget).toEqual({ used: { stage: 2, workflow: 2 }, left: { stage: 0, workflow: 4 } });
    expect(result.next).toContain(`maestro_select_best(run_id: "${result.run_id}"`);
  });

  it('gives hypotheses in the shape of the stage', async () => {
    const asked = await model([{ text: `Thinking…\n${HYPOTHESES}` }]);
    const maestro = await opened(home({ advisors: [advisor(asked)] }), repository());
    const result = await maestro.ensemble(
      { task: 'why does add fail', kind: 'hypotheses', providers: ['local'], n: 1 },
      calling(),
    );
    expect(result).toMatchObject({
      status: 'generated',
      candidates: [{ hypotheses: [{ id: 'h1', claim: 'add subtracts', confidence: 0.9 }] }],
      lexical_similarity: null,
    });
  });
});

describe('advisors who were named', () => {
  const three = async (more: object, config: object = {}) => {
    const asked = await model([{ text: 'yes' }]);
    const advisors = ['a', 'b', 'c'].map((id) => advisor(asked, id));
    const maestro = await opened(home({ advisors, ...config }), repository());
    const call = { task: 'which?', kind: 'answer', providers: ['a', 'b', 'c'], ...more } as const;
    return (await maestro.ensemble(call, calling())) as EnsembleGenerated;
  };
  const by = ({ candidates }: EnsembleGenerated) => candidates.map(({ provider }) => provider);

  it('and are left out by the budget are named, with what it leaves', async () => {
    const result = await three({});
    expect(by(result)).toEqual(['a', 'b']);
    const why = 'the budget leaves 2 in this stage and 6 in this workflow';
    expect(result.left_out).toEqual([{ provider: 'c', why }]);
  });

  it('and are left out because fewer answers were asked for are named too', async () => {
    expect((await three({ n: 1 })).left_out).toEqual([
      { provider: 'b', why: 'n is 1' },
      { provider: 'c', why: 'n is 1' },
    ]);
  });

  it('are all asked where the budget reaches, and nobody is left out who was not named', async () => {
    const limits = { consults_per_stage: 3 };
    const result = await three({}, { limits });
    expect([by(result), result.left_out]).toEqual([['a', 'b', 'c'], []]);
    expect((await three({ providers: [] })).left_out).toEqual([]);
  });
});

describe('a candidate', () => {
  const patchOf = async (text: string) => {
    const asked = await model([{ text }]);
    const maestro = await opened(home({ advisors: [advisor(asked)] }), repository());
    return maestro.ensemble({ task: 'mend add', kind: 'patch', providers: ['local'], n: 1 }, calling());
  };

  it('whose patch does not apply says why, and keeps its text', async () => {
    const text = FIX.replace('return a - b', 'return a * b');
    expect(await patchOf(text)).toMatchObject({
      status: 'generated',
      candidates: [{ id: 'c1', text, problem: expect.stringContaining('src/add.js') }],
    });
  });

  it('without any patch is asked for once more, then reported as a failure with what it said', async () => {
    expect(await patchOf('Just change the sign.')).toMatchObject({
      status: 'generated',
      candidates: [],
      failures: [{ provider: 'local', reason: 'bad_output', detail: expect.stringContaining('Just change the sign.') }],
      budget: { used: { workflow: 2 } },
      next: expect.stringMatching(/^carry on alone/),
    });
  });

  it('of hypotheses that are none is reported with the path of what is wrong', async () => {
    const asked = await model([
      { text: '{"hypotheses":[{"id":"h1","claim":"x","verification_test":"y","confidence":7}]}' },
    ]);
    const maestro = await opened(home({ advisors: [advisor(asked)] }), repository());
    const result = await maestro.ensemble({ task: 'why', kind: 'hypotheses', providers: ['local'], n: 1 }, calling());
    expect(result).toMatchObject({
      candidates: [],
      failures: [{ reason: 'bad_output', detail: expect.stringContaining('confidence') }],
    });
  });
});

describe('who takes part', () => {
  it('is asked in turn, further samples once everybody was, all at the same time', async () => {
    const both = Promise.withResolvers<void>();
    let underWay = 0;
    const script = async () => {
      if (++underWay === 3) both.resolve();
      await both.promise;
      return { text: 'thought' };
    };
    const advisors = [advisor(await model(script), 'one'), advisor(await model(script), 'two')];
    const config = { advisors, limits: { consults_per_stage: 3 } };
    const maestro = await opened(home(config), repository());
    const result = (await maestro.ensemble(
      { task: 'think', kind: 'answer', providers: ['one', 'two'], n: 3 },
      calling(),
    )) as EnsembleGenerated;
    expect(result.candidates.map(({ provider }) => provider)).toEqual(['one', 'two', 'one']);
    expect(result.lexical_similarity).toBeCloseTo(1, 9);
  });

  it('without a word is everybody that can be asked, as far as the budget goes', async () => {
    const server = await model([{ text: FIX }]);
    const env = { ...home({ advisors: [advisor(server)] }), PATH: '/nowhere' };
    const maestro = await opened(env, repository());
    const result = (await maestro.ensemble(
      { task: 'mend', kind: 'patch', errors: ERRORS },
      calling(),
    )) as EnsembleGenerated;
    expect(result.candidates.map(({ provider }) => provider)).toEqual(['local', 'embedded']);
  });

  it('and fails is not stood in for; the others answer all the same', async () => {
    const advisors = [advisor(await model([{ status: 401 }]), 'bad'), advisor(await model([{ text: 'fine' }]), 'good')];
    const maestro = await opened(home({ advisors }), repository());
    expect(
      await maestro.ensemble({ task: 'think', kind: 'answer', providers: ['bad', 'good'] }, calling()),
    ).toMatchObject({
      candidates: [{ id: 'c1', provider: 'good' }],
      failures: [{ provider: 'bad', reason: 'not_logged_in' }],
      budget: { used: { workflow: 1 }, left: { stage: 1 } },
    });
  });
});

describe('the rules for ensembles', () => {
  it('skip it where the host is likely to succeed alone, unless it is forced, which is recorded', async () => {
    const server = await model([{ text: 'fine' }]);
    const maestro = await opened(home({ advisors: [advisor(server)] }), repository());
    const call = { task: 'think', kind: 'answer', providers: ['local'], n: 1, confidence: 0.6 } as const;
    expect(await maestro.ensemble(call, calling())).toMatchObject({
      status: 'skipped',
      rule: 'likely_alone',
      reason: expect.stringContaining('60 % likely to succeed alone (as you say yourself)'),
      budget: { used: { workflow: 0 } },
    });
    expect(server.asked()).toEqual([]);
    expect(await maestro.ensemble({ ...call, force: true }, calling())).toMatchObject({
      status: 'generated',
      forced: true,
    });
  });

  it('refuse more than there is left, and take nothing', async () => {
    const maestro = await opened(home(), repository());
    expect(await maestro.ensemble({ task: 'think', kind: 'answer', n: 3 }, calling())).toMatchObject({
      status: 'refused',
      rule: 'stage_budget',
      next: 'ask for at most 2',
      budget: { used: { stage: 0, workflow: 0 } },
    });
  });

  it('refuse it in a stage that is done by one agent', async () => {
    const maestro = await opened(home(), repository());
    await maestro.runStage({ stage: 'analyze', task: 'mend add' }, calling());
    expect(await maestro.ensemble({ task: 'mend', kind: 'patch' }, calling())).toMatchObject({
      status: 'refused',
      rule: 'single_agent_stage',
    });
  });

  it.each([
    ['n', { n: 0 }],
    ['n', { n: 1.5 }],
    ['confidence', { confidence: 1.1 }],
    ['confidence', { confidence: Number.NaN }],
    ['task', { task: '' }],
  ])('take no %s of %j', async (what, wrong) => {
    const maestro = await opened(home(), repository());
    const call = maestro.ensemble({ task: 'think', kind: 'answer', ...wrong }, calling());
    await expect(call).rejects.toMatchObject({ code: 'usage', message: expect.stringContaining(what) });
  });
});
