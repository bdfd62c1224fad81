import { describe, expect, it } from 'vitest';
import { amountOf, budgetExhausted, CONSULT_LIMITS, consultLimits } from '../../src/domain/budget.ts';

describe('the budget', () => {
  it('is 2 consults a stage and 6 a workflow', () => {
    expect(CONSULT_LIMITS).toEqual({ stage: 2, workflow: 6 });
    expect(consultLimits('w1', 'debug')).toEqual([
      { scope: 'workflow:w1/stage:debug', limit: 2 },
      { scope: 'workflow:w1', limit: 6 },
    ]);
  });

  it('can be configured', () => {
    expect(consultLimits('w', 'debug', { stage: 1, workflow: 3 }).map(({ limit }) => limit)).toEqual([1, 3]);
  });

  it('counts an ensemble of n as n, and a judge like any consult', () => {
    expect([amountOf({ kind: 'consult' }), amountOf({ kind: 'judge' }), amountOf({ kind: 'ensemble', n: 4 })]).toEqual([
      1, 1, 4,
    ]);
  });

  it('refuses with the rule, what is left, and what to do instead', () => {
    const stage = budgetExhausted({ granted: false, scope: 'workflow:w/stage:debug', limit: 2, left: 1 }, 3);
    expect([stage.code, stage.message, stage.remedy]).toEqual([
      'budget_exhausted',
      "this stage 'debug' may ask others 2 times; 1 left, 3 asked for",
      'ask for at most 1, or carry on alone',
    ]);
    const workflow = budgetExhausted({ granted: false, scope: 'workflow:w', limit: 6, left: 0 }, 1);
    expect([workflow.message, workflow.remedy]).toEqual([
      'this workflow may ask others 6 times; 0 left, 1 asked for',
      'carry on alone with the evidence there is',
    ]);
  });
});
