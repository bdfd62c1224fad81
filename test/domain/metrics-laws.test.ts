import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { LedgerEvent } from '../../src/domain/event.ts';
import { metricsOf } from '../../src/domain/metrics.ts';
import { NO_EVENTS, tally } from '../../src/domain/tally.ts';
import { readTally, tallyText } from '../../src/domain/tally-record.ts';
import { settle, unsettle } from '../../src/domain/workflow-group.ts';
import { recorded, workflow } from './ledger.ts';

const maybe = <T>(arbitrary: fc.Arbitrary<T>): fc.Arbitrary<T | null> => fc.option(arbitrary, { freq: 3 });
const amount = fc.oneof(fc.nat(20), fc.constantFrom(0, Number.MAX_SAFE_INTEGER));

const ledger: fc.Arbitrary<LedgerEvent[]> = fc.array(
  fc.constantFrom('w1', 'w2', 'w3').chain((id) => {
    const facts = workflow(id);
    return fc.oneof(
      fc
        .tuple(maybe(amount), fc.constantFrom('observed' as const, 'reported' as const))
        .map((args) => facts.turns(...args)),
      fc.constant(facts.asked()),
      fc
        .record({
          provider: fc.constantFrom('codex', '__proto__', ''),
          input_tokens: maybe(amount),
          output_tokens: maybe(amount),
          cost_usd: maybe(fc.double({ min: 0, max: Number.MAX_VALUE, noNaN: true })),
          ms: fc.double({ min: 0, max: Number.MAX_VALUE, noNaN: true }),
        })
        .map(facts.answered),
      fc.boolean().map((ran) => facts.failed({ ran })),
      maybe(fc.boolean()).map((passed) => facts.finished(passed)),
      fc
        .tuple(
          fc.array(
            fc.record({ tested: fc.boolean(), passed: maybe(fc.boolean()), provider: maybe(fc.constant('p')) }),
            {
              maxLength: 3,
            },
          ),
          fc.constantFrom(null, 'c0', 'c1'),
        )
        .map((args) => facts.selected(...args)),
      maybe(fc.double({ min: -1, max: 1, noNaN: true })).map(facts.ensemble),
      fc.constant(recorded('run_started', { kind: 'fix', attempt: 1, resumed: false }, id)),
    );
  }),
  { maxLength: 25 },
);

const check = <T>(arbitrary: fc.Arbitrary<T>, property: (value: T) => void): void =>
  fc.assert(fc.property(arbitrary, property), { numRuns: 300 });

describe('metrics hold, for every ledger, that', () => {
  it('a value is finite with a basis, or null with a reason', () => {
    check(ledger, (events) => {
      for (const [name, metric] of Object.entries(metricsOf(tally(events)))) {
        if (metric.value === null) expect([name, metric.basis, typeof metric.reason]).toEqual([name, 'none', 'string']);
        else expect([name, Number.isFinite(metric.value), metric.reason]).toEqual([name, true, undefined]);
        expect(metric.met === null).toBe(metric.value === null || metric.target === null);
        expect(Object.values(metric.by_provider ?? {}).every((value) => value === null || Number.isFinite(value))).toBe(
          true,
        );
      }
    });
  });

  it('reading a ledger in portions gives the same as reading it at once, and no portion changes an earlier tally', () => {
    check(fc.tuple(ledger, fc.nat(25)), ([events, at]) => {
      const half = tally(events.slice(0, at));
      const before = structuredClone(half);
      expect(metricsOf(tally(events.slice(at), half))).toEqual(metricsOf(tally(events)));
      expect(half).toEqual(before);
    });
    expect(metricsOf(NO_EVENTS)).toEqual(metricsOf(tally([])));
  });

  it('shares stay between 0 and 1 and overhead is never negative', () => {
    check(ledger, (events) => {
      const metrics = metricsOf(tally(events));
      for (const name of ['efficiency', 'test_coverage', 'ensemble_uplift'] as const) {
        expect(metrics[name].value ?? 0).toBeGreaterThanOrEqual(0);
        expect(metrics[name].value ?? 0).toBeLessThanOrEqual(1);
      }
      expect(metrics.overhead_percent.value ?? 0).toBeGreaterThanOrEqual(0);
    });
  });

  it('they survive JSON unchanged', () => {
    check(ledger, (events) => {
      const metrics = metricsOf(tally(events));
      expect(JSON.parse(JSON.stringify(metrics))).toEqual(metrics);
    });
  });

  it('adding up those workflows that are not looked at any more changes nothing, whatever comes after', () => {
    const small = ledger.filter((events) => events.every(isSmall));
    check(fc.tuple(small, fc.nat(25)), ([events, at]) => {
      const before = tally(events.slice(0, at));
      expect(metricsOf(settle(before))).toEqual(metricsOf(before));
      const later = events.slice(at);
      const woken = new Map([...before.workflows].filter(([id]) => later.some(({ workflowId }) => workflowId === id)));
      expect(metricsOf(tally(later, unsettle(settle(before), woken)))).toEqual(metricsOf(tally(events)));
    });
  });

  it('what was added up can be written down and read again', () => {
    check(ledger, (events) => {
      const settled = settle(tally(events));
      if (!isWritable(settled)) return;
      expect(readTally(tallyText(settled))).toEqual(settled);
    });
  });
});

/** Sums beyond what a double counts exactly cannot be taken apart again. */
function isSmall({ type, payload }: LedgerEvent): boolean {
  return type !== 'stage_left' || (payload.host_turns ?? 0) <= 20;
}

/** JSON has neither infinities nor a negative nought. */
function isWritable(value: unknown): boolean {
  if (typeof value === 'number') return Number.isFinite(value) && !Object.is(value, -0);
  if (value instanceof Map) return [...value.values()].every(isWritable);
  return typeof value !== 'object' || value === null || Object.values(value).every(isWritable);
}
