/** The public API: what the command line does, as functions, and the selection rule on its own. */
export { type FixInvocation, type FixReport, type FixSurroundings, fix } from './app/fix.ts';
export { type ErrorCode, EXIT, MaestroError } from './domain/errors.ts';
export type { Evidence } from './domain/evidence.ts';
export { rankHypotheses, type Selection, type SelectionCandidate, select } from './domain/selection.ts';
