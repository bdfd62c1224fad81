import type { AdviceKind } from '../domain/advice.ts';
import { readHypotheses } from '../domain/hypothesis.ts';

/** Where a patch of any form begins. */
const PATCH = /^(?:--- |\+\+\+ |@@ |diff --git |<{5,9} |```)/m;

/** Why an answer of that kind should be asked for again: it is not in the form asked for at all. Prose always is. */
export function malformedFor(kind: AdviceKind): (text: string) => string | null {
  if (kind === 'hypotheses')
    return (text) => {
      const read = readHypotheses(text);
      return read.ok ? null : read.problem;
    };
  if (kind === 'patch') return (text) => (PATCH.test(text) ? null : 'there is no patch in it');
  return () => null;
}
