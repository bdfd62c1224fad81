import type { Selection, SelectionCandidate } from './selection.ts';

/** What a judge said: the id of a candidate, or null for none (also where the judge could not be relied on), and why. */
export interface Judgement {
  readonly winner: string | null;
  readonly why: string;
  /** Who judged; null where nobody could be asked. */
  readonly judge: string | null;
}

/** A way to choose among candidates, as `--mode` and the tools name it. */
export interface SelectorDefinition {
  readonly mode: string;
  /** One line for help texts. */
  readonly summary: string;
  /** Ids among which a judge has to choose; none where evidence decides. Left out: this mode asks nobody. */
  readonly contenders?: (candidates: readonly SelectionCandidate[]) => readonly string[];
  readonly select: (candidates: readonly SelectionCandidate[], judgement?: Judgement | null) => Selection;
}
