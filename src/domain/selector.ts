import type { Selection, SelectionCandidate } from './selection.ts';

/** A way to choose among candidates, as `--mode` and the tools name it. */
export interface SelectorDefinition {
  readonly mode: string;
  /** One line for help texts. */
  readonly summary: string;
  readonly select: (candidates: readonly SelectionCandidate[]) => Selection;
}
