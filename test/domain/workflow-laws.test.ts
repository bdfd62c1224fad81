import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { nextStage, nextStep } from '../../src/domain/next-step.ts';
import { STAGE_ORDER } from '../../src/domain/stage.ts';
import { handover } from '../../src/domain/stage-words.ts';
import { workflowView } from '../../src/domain/workflow.ts';
import { type Fact, ledgerOf } from './story.ts';

const stage = fc.constantFrom(...STAGE_ORDER);
const count = fc.nat(6);
const tests = fc.record({ status: fc.constantFrom('passed', 'failed', 'not_run'), summary: fc.string() });
const place = { stage, visit: count, iteration: count };
const of = <T extends Fact[0]>(type: T, payload: fc.Arbitrary<object>): fc.Arbitrary<Fact> =>
  payload.map((value) => [type, value] as unknown as Fact);

const evidence = {
  candidate: fc.constantFrom('a', 'b'),
  basis: fc.constantFrom('observed', 'reported', null),
  status: fc.constantFrom('passed', 'failed', 'timed_out', null),
  executed: count,
  targets: count,
  fixed: count,
  broken: count,
};

const fact: fc.Arbitrary<Fact> = fc.oneof(
  of('workflow_opened', fc.record({ task: fc.option(fc.string()) })),
  of('stage_entered', fc.record({ stage, visit: count })),
  of(
    'stage_output',
    fc.record({ ...place, output: fc.dictionary(fc.string(), fc.jsonValue() as fc.Arbitrary<never>) }),
  ),
  of('stage_output', fc.record({ ...place, output: fc.record({ test_result: tests }), host_turns: fc.option(count) })),
  of(
    'stage_left',
    fc.record({ stage, visit: count, outcome: fc.constantFrom('done', 'gave_up', 'escalated'), summary: fc.string() }),
  ),
  of('tests_reported', tests),
  of('gate_refused', fc.record({ stage, rule: fc.string(), reason: fc.string() })),
  of('approval_asked', fc.record(place)),
  of(
    'approval_given',
    fc.record({ ...place, by: fc.constantFrom('terminal', 'elicitation'), answer: fc.constantFrom('yes', 'no') }),
  ),
  of('escalated', fc.record({ stage, visit: count, summary: fc.string() })),
  of('candidate_verified', fc.record(evidence)),
  of(
    'selection_made',
    fc.record({
      mode: fc.constant('tests_first'),
      ranking: fc.constant([]),
      winner: fc.constantFrom('a', 'b', null),
      why: fc.string(),
    }),
  ),
  of('baseline_observed', fc.record({ format: fc.string(), failing: count, passing: count, flaky: count, ms: count })),
  of(
    'workflow_finished',
    fc.record({ outcome: fc.constantFrom('fixed', 'not_fixed'), passed: fc.boolean(), ms: count }),
  ),
);
const story = fc.array(fact, { minLength: 1, maxLength: 30 }).map((facts) => ledgerOf(...facts));
const check = <T>(arbitrary: fc.Arbitrary<T>, property: (value: T) => void): void =>
  fc.assert(fc.property(arbitrary, property), { numRuns: 300 });

describe('a workflow holds, for every ledger, in whatever order, that', () => {
  it('each of its beginnings can be read, and says what to do next', () => {
    check(story, (events) => {
      for (let end = 1; end <= events.length; end++) {
        const view = workflowView(events.slice(0, end));
        expect(nextStep(view)).not.toBe('');
        expect(typeof handover(view)).toBe('string');
      }
    });
  });

  it('one that waits for a person has an output that waits', () => {
    check(story, (events) => {
      const { status, pending } = workflowView(events);
      if (status === 'awaiting_approval') expect(pending).not.toBeNull();
    });
  });

  it('only an open one has a next stage', () => {
    check(story, (events) => {
      const view = workflowView(events);
      if (view.status !== 'open') expect(nextStage(view)).toBeNull();
    });
  });

  it('a pass is observed only where an event of Maestro saw one', () => {
    check(story, (events) => {
      const { tests: known } = workflowView(events);
      if (known?.basis === 'observed')
        expect(events.some(({ type }) => type === 'selection_made' || type === 'baseline_observed')).toBe(true);
    });
  });

  it('reading changes neither the events nor an earlier view', () => {
    check(story, (events) => {
      const before = structuredClone(events);
      const first = workflowView(events);
      const kept = structuredClone(first);
      workflowView([...events, ...events]);
      expect(events).toEqual(before);
      expect(first).toEqual(kept);
    });
  });
});
