import { describe, expect, it } from 'vitest';
import { checkedEvent, EVENTS, isEventType } from '../../src/domain/event.ts';

describe('the event catalogue', () => {
  it('holds exactly these types: old ledgers stay readable, so none is ever renamed', () => {
    expect(EVENTS.options.map((option) => option.shape.type.value)).toEqual([
      'run_started',
      'run_finished',
      'workflow_opened',
      'stage_entered',
      'stage_output',
      'gate_refused',
      'tests_reported',
      'approval_asked',
      'approval_given',
      'escalated',
      'stage_left',
      'policy_decided',
      'budget_reserved',
      'budget_refused',
      'budget_settled',
      'consult_asked',
      'consult_answered',
      'consult_failed',
      'ensemble_generated',
      'baseline_observed',
      'candidates_screened',
      'candidate_verified',
      'selection_made',
      'patch_shrunk',
      'workflow_finished',
    ]);
  });

  it('knows its own types and no other', () => {
    expect(isEventType('stage_left')).toBe(true);
    expect(isEventType('toString')).toBe(false);
  });

  it('gives an event that fits back as it is', () => {
    const event = { type: 'budget_settled', payload: { reservation: 'r', amount: 2 } };
    expect(checkedEvent(event)).toEqual(event);
  });

  it('takes a field that is left out or null for not known', () => {
    const payload = { consult: 'c', provider: 'p', purpose: 'advice', ms: 12, truncated: false };
    expect(checkedEvent({ type: 'consult_answered', payload })).toEqual({ type: 'consult_answered', payload });
    const unknown = { ...payload, model: null, input_tokens: null, output_tokens: null, cost_usd: null };
    expect(checkedEvent({ type: 'consult_answered', payload: unknown }).payload).toEqual(unknown);
  });

  it.each([
    ['an unknown type', { type: 'lunch', payload: {} }, "event 'lunch': type:"],
    [
      'a missing field',
      { type: 'stage_entered', payload: { stage: 'debug' } },
      "event 'stage_entered': payload.visit:",
    ],
    ['a field nobody knows', { type: 'budget_settled', payload: { reservation: 'r', amount: 1, mood: 1 } }, 'payload:'],
    ['a negative count', { type: 'budget_settled', payload: { reservation: 'r', amount: -1 } }, 'payload.amount:'],
    ['half a count', { type: 'budget_settled', payload: { reservation: 'r', amount: 0.5 } }, 'payload.amount:'],
    ['a stage that does not exist', { type: 'stage_entered', payload: { stage: 'x', visit: 1 } }, 'payload.stage:'],
  ])('refuses %s and names the field', (_, event, problem) => {
    expect(() => checkedEvent(event)).toThrow(problem);
  });
});
