import { describe, expect, it } from 'vitest';
import type { Run } from '../../src/domain/ports.ts';
import type { Advised, Inquiry } from '../../src/flows/advise.ts';
import { type JudgePorts, judge } from '../../src/flows/judge.ts';
import { judgeQuestion, labels } from '../../src/flows/judge-question.ts';

const RUN: Run = { id: 'run-1', signal: new AbortController().signal, step: async (_, work) => work(() => {}) };
const CANDIDATES = [
  { id: 'first', text: 'text of the first', provider: 'one' },
  { id: 'second', text: 'text of the second', provider: 'two' },
  { id: 'third', text: 'text of the third', provider: null },
];

function answer(provider: string, text: string): Advised {
  const usage = { input_tokens: 1, cached_input_tokens: 0, output_tokens: 1, reasoning_tokens: 0, cost_usd: null };
  const given = { ok: true as const, ran: true, model: null, usage, ms: 1, text, truncated: false, provider };
  return { answer: given, failures: [], refused: null };
}

const NOBODY: Advised = {
  answer: null,
  failures: [
    {
      provider: 'x',
      failure: { reason: 'network', message: 'no connection', remedy: 'connect', retryAfterMs: null, partial: null },
    },
  ],
  refused: null,
};

/** The letter of the candidate with that text. */
const letter = (prompt: string, text: string): string =>
  prompt.split('## Candidate ').find((section) => section.includes(text))![0]!;

/** A judge that says what the function makes of the question. */
function asked(judges: readonly string[], reply: (inquiry: Inquiry, index: number) => Advised) {
  const inquiries: Inquiry[] = [];
  const ports: JudgePorts = {
    ...{ judges, system: 'judge', stage: null },
    advise: async (inquiry) => {
      inquiries.push(inquiry);
      return reply(inquiry, inquiries.length - 1);
    },
  };
  return { inquiries, judged: judge(RUN, ports, { task: 'the task', criteria: null, candidates: CANDIDATES }) };
}

const choosing = (text: string) => (inquiry: Inquiry) => {
  const [by] = inquiry.advisors;
  const winner = letter(inquiry.request.prompt, text);
  return answer(by!, JSON.stringify({ winner, why: `candidate ${winner} is right` }));
};

describe('judging', () => {
  it('names the candidate that was chosen in both orders, and gives the reason with its name', async () => {
    const { inquiries, judged } = asked(['three'], choosing('text of the second'));
    expect(await judged).toEqual({ winner: 'second', judge: 'three', why: "candidate 'second' is right" });
    expect(inquiries.map(({ purpose, name }) => [purpose, name])).toEqual([
      ['judge', 'judge.1'],
      ['judge', 'judge.2'],
    ]);
  });

  it('asks in one order and then in the opposite one', async () => {
    const { inquiries, judged } = asked(['three'], choosing('text of the first'));
    await judged;
    const orders = inquiries.map(({ request: { prompt } }) =>
      CANDIDATES.map(({ text }) => text).toSorted((a, b) => prompt.indexOf(a) - prompt.indexOf(b)),
    );
    expect(orders[1]).toEqual(orders[0]!.toReversed());
  });

  it('asks those who wrote none of them first, and the same one the second time', async () => {
    const { inquiries, judged } = asked(['one', 'four', 'two', 'three'], choosing('text of the first'));
    expect((await judged).judge).toBe('four');
    expect(inquiries[0]!.advisors).toEqual(['four', 'three', 'one', 'two']);
    expect(inquiries[1]!.advisors).toEqual(['four']);
  });

  it('says it when the judge wrote one of them', async () => {
    const { judged } = asked(['two'], choosing('text of the first'));
    expect((await judged).judge).toContain('wrote one of them');
  });

  it('chooses nobody when the two answers differ, also when one is none', async () => {
    const always = asked(['three'], ({ advisors }) => answer(advisors[0]!, '{"winner":"A","why":"first"}'));
    expect(await always.judged).toMatchObject({ winner: null, why: expect.stringContaining('swapped') });
    const once = asked(['three'], (inquiry, index) =>
      index === 0 ? choosing('text of the first')(inquiry) : answer('three', '{"winner":null,"why":"none"}'),
    );
    expect(await once.judged).toMatchObject({ winner: null, why: expect.stringMatching(/chose 'first', and none/) });
  });

  it('chooses nobody when nobody answers, or not the second time, and says why', async () => {
    const { judged } = asked(['three'], () => NOBODY);
    expect(await judged).toMatchObject({ winner: null, why: 'Nobody judged: x: no connection.' });
    const half = asked(['three'], (inquiry, index) => (index === 0 ? choosing('text of the first')(inquiry) : NOBODY));
    expect(await half.judged).toMatchObject({ winner: null, why: expect.stringContaining('one order only') });
    expect(await asked([], () => NOBODY).judged).toMatchObject({ winner: null, judge: null });
  });

  it('takes for malformed what names nobody that is there', async () => {
    const { inquiries, judged } = asked(['three'], choosing('text of the first'));
    await judged;
    expect(inquiries[0]!.malformed('{"winner":"D","why":"x"}')).toMatch(/none of the ids A, B, C/);
    expect(inquiries[0]!.malformed('{"winner":"C","why":"x"}')).toBeNull();
  });
});

describe("a judge's question", () => {
  it('names candidates by letter, as many as there are', () => {
    expect(labels(3)).toEqual(['A', 'B', 'C']);
    expect(labels(28).slice(24)).toEqual(['Y', 'Z', 'AA', 'AB']);
    expect(new Set(labels(100)).size).toBe(100);
  });

  it('keeps a text that holds fences in a longer one, and says where one was cut', () => {
    const question = judgeQuestion(null, null, [{ text: '````\ninside\n````' }, { text: 'x'.repeat(30_000) }]);
    expect(question).toContain('`````\n````\ninside');
    expect(question).toContain('(cut: 10000 more characters)');
    expect(question.length).toBeLessThan(22_000);
  });
});
