import { describe, expect, it } from 'vitest';
import { aloneLikelihood, ENOUGH_WORKFLOWS } from '../../src/domain/alone.ts';
import { tally } from '../../src/domain/tally.ts';
import { settle } from '../../src/domain/workflow-group.ts';
import { workflow } from './ledger.ts';

const finished = (passed: number, failed: number) =>
  [...Array(passed + failed).keys()].map((n) => workflow(`w${n}`).finished(n < passed));

describe('the likelihood of succeeding alone', () => {
  it('is the share of this workspace once enough workflows have finished', () => {
    expect(aloneLikelihood(tally(finished(2, 3)), 0.9)).toEqual({ value: 0.4, basis: 'observed' });
    expect(aloneLikelihood(settle(tally(finished(2, 3))))).toEqual({ value: 0.4, basis: 'observed' });
  });

  it('is what the host says while too few have', () => {
    const few = tally(finished(ENOUGH_WORKFLOWS - 1, 0));
    expect(aloneLikelihood(few, 0.3)).toEqual({ value: 0.3, basis: 'reported' });
    expect(aloneLikelihood(few)).toBeNull();
    expect(aloneLikelihood(tally([]), 0)).toEqual({ value: 0, basis: 'reported' });
  });

  it('leaves out workflows in which an advisor was called, and those without a known end', () => {
    const advised = [0, 1, 2].map((n) => workflow(`w${n}`).answered());
    expect(aloneLikelihood(tally([...finished(0, 5), ...advised]))).toBeNull();
    expect(aloneLikelihood(tally([...finished(0, 4), workflow('x').finished(null)]))).toBeNull();
    const nothingToFix = workflow('x').finished(true, 'already_passing');
    expect(aloneLikelihood(tally([...finished(0, 4), nothingToFix]))).toBeNull();
  });
});
