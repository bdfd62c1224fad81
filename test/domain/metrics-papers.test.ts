import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { LedgerEvent } from '../../src/domain/event.ts';
import { metricsOf } from '../../src/domain/metrics.ts';
import { lexicalSimilarity } from '../../src/domain/similarity.ts';
import { tally } from '../../src/domain/tally.ts';
import { workflow } from './ledger.ts';

/**
 * Reasoning turns, success, overhead in percent and efficiency of each way to coordinate, as Kim et al. print them
 * (arXiv 2512.08296, v1): a system's turns beyond the single agent's 7.2 are its advisors'.
 */
const PRINTED = [
  ['single', 7.2, 0.466, 0, 0.466],
  ['independent', 11.4, 0.37, 58, 0.234],
  ['decentralized', 26.1, 0.477, 263, 0.132],
  ['centralized', 27.7, 0.463, 285, 0.12],
  ['hybrid', 44.3, 0.452, 515, 0.074],
] as const;

const SINGLE_TURNS = 7.2;
const RUNS = 1_000;

/** A thousand tasks, ten times the turns so that all of them are whole, success as printed. */
function ledger(turns: number, success: number): LedgerEvent[] {
  const advisor = Math.round((turns - SINGLE_TURNS) * 10);
  return Array.from({ length: RUNS }, (_, at) => {
    const one = workflow(`w${at}`);
    // Host turns of all tasks stand in the first, and so do its advisors' turns: the metric is over their sum.
    const calls = at === 0 ? Array.from({ length: advisor }, () => one.answered()) : [];
    return [one.turns(at === 0 ? SINGLE_TURNS * 10 : 0), ...calls, one.finished(at < success * RUNS)];
  }).flat();
}

describe('the figures of the paper', () => {
  it.each(PRINTED)('come out of its turns and successes: %s', (_, turns, success, overhead, efficiency) => {
    const metrics = metricsOf(tally(ledger(turns, success)));
    // The paper rounds its turns to a tenth, which moves the overhead by a point.
    expect(Math.abs(metrics.overhead_percent.value! - overhead)).toBeLessThanOrEqual(1);
    expect(metrics.efficiency.value).toBeCloseTo(efficiency, 2);
    expect(metrics.overhead_percent.met).toBe(overhead < 300);
    expect(metrics.efficiency.met).toBe(efficiency > 0.4);
  });

  it('make the ratio of task errors that its third version reports: (1 − P of many) / (1 − P of one)', () => {
    for (const [, , success] of PRINTED) {
      const alone = Array.from({ length: RUNS }, (_, at) => workflow(`a${at}`).finished(at < 466));
      const together = Array.from({ length: RUNS }, (_, at) => {
        const one = workflow(`t${at}`);
        return [one.answered(), one.finished(at < success * RUNS)];
      });
      const { value } = metricsOf(tally([...alone, ...together.flat()])).error_amplification;
      expect(value).toBeCloseTo((1 - success) / (1 - 0.466), 6);
    }
  });

  it('count messages by turn as it does: .39 at four consults on ten turns, rounded', () => {
    const one = workflow('w');
    const { message_density } = metricsOf(tally([one.turns(72), ...Array.from({ length: 28 }, () => one.asked())]));
    expect(message_density.value).toBeCloseTo(0.39, 2);
  });

  it('make successes by a thousand tokens a ratio: twice the tokens, half of it', () => {
    const spent = (tokens: number) => {
      const one = workflow('w');
      const usage = { input_tokens: tokens / 2, output_tokens: tokens / 2 };
      return metricsOf(tally([one.answered(usage), one.finished(true)])).success_per_1k_tokens.value!;
    };
    expect(spent(4_000)).toBeCloseTo(0.25);
    expect(spent(4_000) / spent(8_000)).toBeCloseTo(2);
  });
});

describe('the similarity of candidates', () => {
  it('is by hand what the formula gives: idf ln((1 + N) / (1 + df)) + 1, cosine of tf × idf', () => {
    const rare = Math.log(3 / 2) + 1;
    // "a b" against "a c": a is in both (idf 1), b and c in one each.
    expect(lexicalSimilarity(['a b', 'a c'])).toBeCloseTo(1 / (1 + rare * rare), 10);
    // "a a b" against "a": 2 / √(4 + rare²).
    expect(lexicalSimilarity(['a a b', 'a'])).toBeCloseTo(2 / Math.sqrt(4 + rare * rare), 10);
  });

  it('falls when one of two texts gets words that the other lacks', () => {
    const word = fc.stringMatching(/^[a-f]{1,3}$/);
    fc.assert(
      fc.property(fc.array(word, { minLength: 1, maxLength: 8 }), (words) => {
        const text = words.join(' ');
        expect(lexicalSimilarity([text, `${text} zzz`])!).toBeLessThan(lexicalSimilarity([text, text])!);
      }),
    );
  });
});
