import { setImmediate } from 'node:timers/promises';
import type { Advisor, Proposal, RepairBrief } from '../domain/ports.ts';
import { type Base, basesOf } from './bases.ts';
import { applied, type Candidate, normalForm } from './candidate.ts';
import { difference } from './difference.ts';
import { pairs } from './pairs.ts';
import { knownOperators } from './program.ts';
import { ranked, suspicionOf } from './rank.ts';
import { unifiedDiff } from './unified-diff.ts';

export { editableFiles, type Source, type Tree } from './editable.ts';
export { localize } from './localize.ts';

/** Gives the event loop a turn after so many proposals. */
const TURN = 16;

/**
 * The advisor that needs neither model nor network: small edits of the given files, made from templates over their
 * syntax, the likeliest first. The same brief gives the same patches in the same order.
 */
export function createEmbeddedAdvisor(): Advisor {
  return { id: 'embedded', usage: { input_tokens: 0, output_tokens: 0, cost_usd: 0 }, propose };
}

async function* propose(brief: RepairBrief, signal: AbortSignal): AsyncGenerator<Proposal> {
  const operators = await knownOperators();
  const bases = await basesOf(brief, operators);
  const seen = new Set<string>();
  let count = 0;
  for (const candidate of candidates(brief, bases)) {
    if (signal.aborted) return;
    const proposal = rendered(candidate, seen);
    if (!proposal) continue;
    yield proposal;
    if (++count % TURN === 0) await setImmediate();
  }

  function* candidates({ suspects, iteration }: RepairBrief, all: readonly Base[]): Generator<Candidate> {
    const suspicion = suspicionOf(suspects);
    if (iteration === 1) yield* ranked(all, operators, suspicion);
    else {
      const later = all.filter((base) => base.factor < 1);
      yield* pairs(
        ranked(
          all.filter((base) => base.factor === 1),
          operators,
          suspicion,
        ),
        ranked(later, operators, suspicion),
      );
    }
  }
}

/** The candidate as a patch of the file as it was given; `null` when it does not parse or was seen already. */
function rendered({ base, edit, operator }: Candidate, seen: Set<string>): Proposal | null {
  const { file } = base.context;
  const form = normalForm(file, edit.replacements);
  if (form === null) return null;
  const key = `${file.path}:${form}`;
  if (seen.has(key)) return null;
  seen.add(key);
  const after = base.original === file.text ? null : applied(file.text, edit.replacements);
  if (after === base.original) return null;
  const replacements = after === null ? edit.replacements : [difference(base.original, after)];
  const text = unifiedDiff(file.path, base.original, replacements);
  return text === null ? null : { text, operator: [...base.carries, `${operator}:${edit.variant}`].join(' + ') };
}
