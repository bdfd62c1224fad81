import type { Evidence } from '../../src/domain/evidence.ts';

/** Evidence of a candidate that passes everything, with what a test wants otherwise. */
export function evidenceOf(difference: Partial<Evidence> = {}): Evidence {
  return {
    basis: 'observed',
    applies: true,
    protectedFiles: [],
    executed: 10,
    broken: [],
    fixed: ['t1', 't2'],
    targets: ['t1', 't2'],
    newLintProblems: null,
    behaviour: null,
    status: 'passed',
    ms: 20,
    ...difference,
  };
}

/** What is known of a candidate that was never run. */
export const UNKNOWN: Evidence = evidenceOf({
  basis: 'none',
  applies: null,
  executed: null,
  broken: null,
  fixed: null,
  targets: null,
  status: null,
  ms: null,
});
