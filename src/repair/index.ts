import { setImmediate } from 'node:timers/promises';
import type { Advisor, Proposal, RepairBrief } from '../domain/ports.ts';
import { basesOf, mends } from './bases.ts';
import { applied, type Candidate, normalForm } from './candidate.ts';
import { difference } from './difference.ts';
import { merged, pairs } from './pairs.ts';
import { knownOperators } from './program.ts';
import { ranked, suspicionOf } from './rank.ts';
import { unifiedDiff } from './unified-diff.ts';

export { editableFiles } from './editable.ts';
export { localize } from './localize.ts';

/** So many single edits in the first iteration; the others come later, among pairs and what builds on earlier tries. */
const FIRST = 1_000;
/** How many of them are combined in pairs. */
const PAIRED = 250;
/** Bases at or above this factor are the program as given; below, programs that earlier tries made. */
const OWN = 0.5;
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
  const suspicion = suspicionOf(brief.suspects);
  const singles = ranked(
    bases.filter((base) => base.factor >= OWN),
    operators,
    suspicion,
  );
  const seen = new Set<string>();
  for (const candidate of bases
    .filter(({ carries }) => carries.length === 0)
    .flatMap((base) => mends(base, operators))) {
    const proposal = rendered(candidate, seen);
    if (proposal && brief.iteration === 1) yield proposal;
  }
  const first: Candidate[] = [];
  let count = 0;
  for (let next = singles.next(); !next.done && first.length < FIRST; next = singles.next()) {
    if (signal.aborted) return;
    const proposal = rendered(next.value, seen);
    if (!proposal) continue;
    first.push(next.value);
    if (brief.iteration === 1) yield proposal;
    if (++count % TURN === 0) await setImmediate();
  }
  if (brief.iteration === 1) return;
  const later = ranked(
    bases.filter((base) => base.factor < OWN),
    operators,
    suspicion,
  );
  for (const candidate of merged(later, pairs(first.slice(0, PAIRED)), singles)) {
    if (signal.aborted) return;
    const proposal = rendered(candidate, seen);
    if (proposal) yield proposal;
    if (++count % TURN === 0) await setImmediate();
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
