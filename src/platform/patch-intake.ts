import { type ParsedPatch, type Taken, takeDiffs } from './patch-apply.ts';
import { takeBlocks } from './patch-blocks.ts';
import { Draft, type ReadText } from './patch-draft.ts';
import { takeEnvelopes } from './patch-envelope.ts';
import { takeNamedFences, takeTitledFences } from './patch-files.ts';

type Strategy = (text: string, draft: Draft) => Taken;

/** Forms that say themselves what they are; one answer may mix them. */
const MARKED: readonly Strategy[] = [takeBlocks, takeEnvelopes, takeNamedFences, takeDiffs];

/**
 * Reads the edits in an answer, whatever form they are written in: search/replace blocks, `*** Begin Patch` envelopes,
 * unified diffs, or whole files in Markdown fences. Pure. A problem says in one line which file and part does not apply, and the first line that
 * differs; then nothing is taken of the rest.
 */
export function readPatch(text: string, read: ReadText): ParsedPatch {
  const draft = new Draft(read);
  let [found, left] = [0, text];
  for (const strategy of MARKED) {
    const taken = strategy(left, draft);
    if (taken.problem !== undefined) return { ok: false, problem: taken.problem };
    found += taken.found;
    left = taken.left;
  }
  if (found > 0) return { ok: true, change: draft.changes() };
  const titled = takeTitledFences(text, draft);
  if (titled.problem !== undefined) return { ok: false, problem: titled.problem };
  if (titled.found > 0) return { ok: true, change: draft.changes() };
  return { ok: false, problem: 'there is no patch in the text: no unified diff, search/replace block or whole file' };
}
