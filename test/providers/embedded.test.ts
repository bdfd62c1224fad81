import { describe, expect, it } from 'vitest';
import type { AdviceKind, AdviceRequest, AdviceSurroundings, Answer } from '../../src/domain/advice.ts';
import type { RepairBrief } from '../../src/domain/ports.ts';
import { provider } from '../../src/providers/embedded.ts';
import { createEmbeddedAdvisor } from '../../src/repair/index.ts';
import { stage as hypothesize } from '../../src/stages/hypothesize.ts';

const TEXT = 'const add = (a, b) => a - b;\nmodule.exports = { add };\n';
const BRIEF: RepairBrief = {
  task: null,
  sources: [{ path: 'add.js', text: TEXT }],
  failures: [{ id: 'add.test.js::adds', outcome: 'failed', message: 'expected 3 to be -1' }],
  suspects: [{ path: 'add.js', line: 1, score: 0.9, why: 'executed by 1 of 1 failing and 0 passing tests' }],
  iteration: 1,
  attempts: [],
};

function request(kind: AdviceKind, changes: Partial<AdviceRequest> = {}): AdviceRequest {
  return {
    kind,
    system: '',
    prompt: 'what is wrong?',
    model: null,
    effort: null,
    transcript: [],
    sample: 0,
    brief: BRIEF,
    ...changes,
  };
}

function surroundings(changes: Partial<AdviceSurroundings> = {}): AdviceSurroundings {
  return {
    signal: new AbortController().signal,
    env: {},
    settings: {
      id: 'embedded',
      provider: 'embedded',
      model: null,
      effort: null,
      baseUrl: null,
      apiKeyEnv: null,
      binary: null,
      allowUnheld: false,
    },
    limits: { firstOutputMs: 1_000, silenceMs: 1_000, totalMs: 1_000, answerBytes: 100_000 },
    cacheFolder: '/nowhere',
    propose: createEmbeddedAdvisor().propose,
    progress: () => undefined,
    ...changes,
  };
}

async function answer(asked: AdviceRequest): Promise<Answer> {
  const advice = await provider.ask(asked, surroundings());
  if (!advice.ok) throw new Error(advice.message);
  return advice;
}

describe('the embedded provider', () => {
  it('says honestly what it is: templates, no model, no network, always there', async () => {
    expect(provider.description).toContain('not a language model');
    expect(provider.network).toBe(false);
    expect(await provider.available(surroundings())).toMatchObject({ ready: true, reason: null, remedy: null });
  });

  it('uses nothing, and says so in figures rather than leaving it unknown', async () => {
    const { usage, model, ran } = await answer(request('answer'));
    expect(usage).toEqual({
      input_tokens: 0,
      cached_input_tokens: 0,
      output_tokens: 0,
      reasoning_tokens: 0,
      cost_usd: 0,
    });
    expect([model, ran]).toEqual([null, true]);
  });

  it('answers a question with the suspicious places, their reasons, and edits worth a try', async () => {
    const { text } = await answer(request('answer'));
    expect(text).toContain('not from a language model');
    expect(text).toContain('- add.test.js::adds');
    expect(text).toContain('1. add.js:1 `const add = (a, b) => a - b;`: executed by 1 of 1 failing');
    expect(text.match(/```diff\n--- a\/add\.js/g)).toHaveLength(3);
  });

  it('gives a place that is suspicious and its neighbours once', async () => {
    const suspects = [1, 2, 1].map((line) => ({ path: 'add.js', line, score: 0.5, why: 'x' }));
    const { text } = await answer(request('answer', { brief: { ...BRIEF, suspects } }));
    expect(text).toContain('1. add.js:1');
    expect(text).not.toContain('add.js:2');
  });

  it("gives hypotheses in the stage's shape, each about another edit, further samples further ones", async () => {
    const lists = await Promise.all(
      [0, 1].map(async (sample) => JSON.parse((await answer(request('hypotheses', { sample }))).text)),
    );
    for (const { hypotheses } of lists) {
      const output = { hypotheses, selected: hypotheses[0].id, test_command: 'npm test' };
      expect(hypothesize.output.safeParse(output).error).toBeUndefined();
      expect(hypotheses[0].verification_test).toContain('add.test.js::adds');
      expect(hypotheses[0].claim).toMatch(/^add\.js:1 is wrong/);
    }
    const claims = lists.flatMap(({ hypotheses }) => hypotheses.map(({ claim }: { claim: string }) => claim));
    expect(new Set(claims).size).toBe(claims.length);
    const ids = lists.flatMap(({ hypotheses }) => hypotheses.map(({ id }: { id: string }) => id));
    expect(new Set(ids).size).toBe(ids.length);
  });

  it('gives a patch as a unified diff, another one for every sample, the same one for the same sample', async () => {
    const texts = await Promise.all([0, 1, 2, 0].map((sample) => answer(request('patch', { sample }))));
    const [first, second, third, again] = texts.map(({ text }) => text);
    expect(first).toMatch(/^--- a\/add\.js\n\+\+\+ b\/add\.js\n@@ /);
    expect(new Set([first, second, third]).size).toBe(3);
    expect(again).toBe(first);
  });

  it.each([
    ['without a brief', { brief: null }],
    ['with nothing to edit', { brief: { ...BRIEF, sources: [] } }],
    ['with no suspicious place', { brief: { ...BRIEF, suspects: [] } }],
  ])('says %s that it has nothing to say, and what would help', async (_, changes) => {
    const advice = await provider.ask(request('answer', changes), surroundings());
    expect(advice).toMatchObject({
      ok: false,
      reason: 'refused',
      unpaid: true,
      remedy: expect.stringContaining('errors'),
    });
  });

  it('has an end: a sample beyond the last edit is refused', async () => {
    const propose = async function* () {
      yield { text: 'the only one' };
    };
    const advice = await provider.ask(request('patch', { sample: 1 }), surroundings({ propose }));
    expect(advice).toMatchObject({ ok: false, reason: 'refused', message: expect.stringContaining('no further edit') });
  });

  it('does not judge: it cannot compare answers', async () => {
    const advice = await provider.ask(request('verdict'), surroundings());
    expect(advice).toMatchObject({ ok: false, reason: 'refused', message: expect.stringContaining('cannot compare') });
  });

  it('reports what goes wrong inside it as a failure, and being stopped as cancelled', async () => {
    const propose = async function* () {
      yield* [];
      throw new Error('no such grammar');
    };
    expect(await provider.ask(request('patch'), surroundings({ propose }))).toMatchObject({
      ok: false,
      reason: 'crashed',
      message: 'no such grammar',
    });
    expect(await provider.ask(request('patch'), surroundings({ signal: AbortSignal.abort() }))).toMatchObject({
      ok: false,
      reason: 'cancelled',
    });
  });
});
