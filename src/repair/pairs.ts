import type { Candidate } from './candidate.ts';
import { Heap } from './heap.ts';
import { functionOf } from './source.ts';

/** How often a fix takes two edits, beside one. */
const PAIR_FACTOR = 0.03;

/** Two edits at once: single edits of one function, best first, combined by the product of their scores, best first. */
export function* pairs(best: readonly Candidate[]): Generator<Candidate> {
  const heap = new Heap<readonly [number, number]>();
  const push = (i: number, j: number) => {
    if (j < best.length) heap.push(best[i]!.score * best[j]!.score * PAIR_FACTOR, [i, j]);
  };
  for (let at = 0; at < best.length; at++) push(at, at + 1);
  for (let next = heap.pop(); next; next = heap.pop()) {
    const [i, j] = next.item;
    push(i, j + 1);
    const both = combined(best[i]!, best[j]!, next.score);
    if (both) yield both;
  }
}

/** Several streams in one, each best first and so the whole. */
export function* merged(...streams: Iterator<Candidate>[]): Generator<Candidate> {
  const heads = streams.map((stream) => ({ stream, head: stream.next() }));
  for (;;) {
    let best: (typeof heads)[number] | null = null;
    for (const each of heads)
      if (!each.head.done && (!best || each.head.value.score > (best.head.value as Candidate).score)) best = each;
    if (!best) return;
    yield best.head.value as Candidate;
    best.head = best.stream.next();
  }
}

/** Both edits in one candidate, or `null` when they are far apart or in each other's way. */
function combined(a: Candidate, b: Candidate, score: number): Candidate | null {
  if (a.base !== b.base || !apart(a, b) || place(a) !== place(b)) return null;
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

const places = new WeakMap<Candidate, unknown>();

/** The function an edit is in. */
function place(candidate: Candidate): unknown {
  if (!places.has(candidate)) {
    const { nodes, root } = candidate.base.context.file;
    const at = candidate.edit.replacements[0]!.start;
    const around = nodes.findLast((node) => node.start <= at && at <= node.end);
    places.set(candidate, around ? functionOf(around) : root);
  }
  return places.get(candidate);
}
