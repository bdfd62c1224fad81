import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Run } from '../../src/domain/ports.ts';
import type { Advised, Inquiry } from '../../src/flows/advise.ts';
import { judge } from '../../src/flows/judge.ts';
import { labels } from '../../src/flows/judge-question.ts';

const run = (id: string): Run => ({
  id,
  signal: new AbortController().signal,
  step: async (_, work) => work(() => {}),
});
const usage = { input_tokens: 1, cached_input_tokens: 0, output_tokens: 1, reasoning_tokens: 0, cost_usd: null };
const answer = (provider: string, winner: string | null): Advised => {
  const text = JSON.stringify({ winner, why: 'so it seems' });
  const given = { ok: true as const, ran: true, model: null, usage, ms: 1, text, truncated: false, provider };
  return { answer: given, failures: [], refused: null };
};

const count = fc.integer({ min: 2, max: 12 });
const candidatesOf = (n: number) =>
  Array.from({ length: n }, (_, at) => ({
    id: `name-${at}`,
    text: `words of number ${at}.`,
    provider: `author-${at}`,
  }));

/** Judges with one who decides by position or by text. */
function judged(runId: string, n: number, decide: (letters: readonly string[], inquiry: Inquiry) => string | null) {
  const inquiries: Inquiry[] = [];
  const ports = {
    ...{ judges: ['judge'], system: 's', stage: null },
    advise: async (inquiry: Inquiry) => {
      inquiries.push(inquiry);
      return answer('judge', decide(labels(n), inquiry));
    },
  };
  const request = { task: 't', criteria: null, candidates: candidatesOf(n) };
  return judge(run(runId), ports, request).then((judgement) => ({ judgement, inquiries }));
}

const letterOf = (prompt: string, text: string) =>
  prompt
    .split('## Candidate ')
    .find((section) => section.includes(text))!
    .split('\n')[0]!;

describe('whatever the number of candidates and the order', () => {
  it('a judge who goes by the place names nobody, except the one in the middle', async () => {
    await fc.assert(
      fc.asyncProperty(fc.string(), count, fc.nat(11), async (id, n, place) => {
        const { judgement } = await judged(id, n, (letters) => letters[place % n]!);
        const isMiddle = 2 * (place % n) === n - 1;
        expect(judgement.winner === null).toBe(!isMiddle);
      }),
    );
  });

  it('a judge who goes by the text names the same one whatever the order', async () => {
    await fc.assert(
      fc.asyncProperty(fc.string(), count, fc.nat(11), async (id, n, wanted) => {
        const text = `words of number ${wanted % n}.`;
        const { judgement } = await judged(id, n, (_, { request }) => letterOf(request.prompt, text));
        expect(judgement).toMatchObject({ winner: `name-${wanted % n}`, judge: 'judge' });
      }),
    );
  });

  it('a judge sees every candidate once, and neither the name nor the author of any', async () => {
    await fc.assert(
      fc.asyncProperty(fc.string(), count, async (id, n) => {
        const { inquiries } = await judged(id, n, () => null);
        for (const { request } of inquiries) {
          for (const { id: name, provider, text } of candidatesOf(n)) {
            expect(request.prompt.split(text)).toHaveLength(2);
            expect(request.prompt).not.toMatch(new RegExp(`\\b(${name}|${provider})\\b`));
          }
        }
      }),
    );
  });

  it('letters are unique, one for each', () => {
    for (const n of [0, 1, 26, 27, 52, 53, 700]) expect(new Set(labels(n)).size).toBe(n);
    expect([labels(1)[0], labels(27)[26], labels(53)[52]]).toEqual(['A', 'AA', 'BA']);
  });
});
