import type { Candidate } from './candidate.ts';
import { Heap } from './heap.ts';
import { functionOf } from './source.ts';

/** How many single edits are combined. */
const SINGLES = 250;
/** What the second edit of a pair counts beside the first. */
const PAIR_FACTOR = 1;

/**
 * Two edits at once: the likeliest single edits of one function combined, by the product of their scores, and
 * between them the edits that build on what helped before.
 */
export function* pairs(singles: Iterable<Candidate>, later: Iterable<Candidate>): Generator<Candidate> {
  const best: Candidate[] = [];
  for (const single of singles) {
    best.push(single);
    if (best.length >= SINGLES) break;
  }
  const heap = new Heap<readonly [number, number]>();
  const push = (i: number, j: number) => {
    if (j < best.length) heap.push(best[i]!.score * best[j]!.score * PAIR_FACTOR, [i, j]);
  };
  for (let at = 0; at < best.length; at++) push(at, at + 1);
  const others = later[Symbol.iterator]();
  let other = others.next();
  for (;;) {
    const top = heap.peek();
    if (!other.done && (!top || other.value.score >= top.score)) {
      yield other.value;
      other = others.next();
      continue;
    }
    const next = heap.pop();
    if (!next) return;
    const [i, j] = next.item;
    push(i, j + 1);
    const both = combined(best[i]!, best[j]!, next.score);
    if (both) yield both;
  }
}

/** Both edits in one candidate, or `null` when they are far apart or in each other's way. */
function combined(a: Candidate, b: Candidate, score: number): Candidate | null {
  if (a.base !== b.base || !apart(a, b) || !sameFunction(a, b)) return null;
  return {
    base: a.base,
    operator: a.operator,
    edit: {
      replacements: [...a.edit.replacements, ...b.edit.replacements],
      variant: `${a.edit.variant} + ${b.operator}:${b.edit.variant}`,
      weight: 1,
    },
    score,
  };
}

function apart(a: Candidate, b: Candidate): boolean {
  return a.edit.replacements.every((x) => b.edit.replacements.every((y) => x.end < y.start || y.end < x.start));
}

function sameFunction(a: Candidate, b: Candidate): boolean {
  return place(a) === place(b);
}

function place({ base, edit }: Candidate): unknown {
  const { nodes, root } = base.context.file;
  const at = edit.replacements[0]!.start;
  const around = nodes.findLast((node) => node.start <= at && at <= node.end);
  return around ? functionOf(around) : root;
}
