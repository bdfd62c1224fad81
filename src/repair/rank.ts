import type { Suspect } from '../domain/ports.ts';
import type { Base } from './bases.ts';
import type { Candidate } from './candidate.ts';
import { lineMap } from './difference.ts';
import { Heap } from './heap.ts';
import type { Operator } from './operator.ts';
import { highestPrior, prior } from './priors.ts';
import { statementOf } from './source.ts';
import type { SyntaxNode } from './syntax.ts';

/** How suspicious a place is, 0..1. */
export type Suspicion = (path: string, line: number, statementLine: number) => number;

/** What lines that no failing test executed are worth: coverage may have missed them. */
const FLOOR = 0.03;

/** Suspicion from a list of suspects, the highest as 1; everything alike when there are none. */
export function suspicionOf(suspects: readonly Suspect[]): Suspicion {
  const highest = Math.max(0, ...suspects.map((suspect) => suspect.score));
  if (highest === 0) return () => 1;
  const lines = new Map(suspects.map(({ path, line, score }) => [`${path}:${line}`, score / highest]));
  return (path, line, statementLine) =>
    Math.max(lines.get(`${path}:${line}`) ?? 0, lines.get(`${path}:${statementLine}`) ?? 0, FLOOR);
}

interface Place {
  readonly base: Base;
  readonly node: SyntaxNode;
  readonly doubt: number;
}

type Task =
  | { readonly kind: 'node'; readonly place: Place; readonly next: number }
  | { readonly kind: 'edit'; readonly candidate: Candidate };

/**
 * Every edit of every operator at every node of every base, best first: suspicion × prior × the edit's own weight,
 * less for each edit of the same variant that came before. Work is put off until its best possible score has its turn.
 */
export function* ranked(
  bases: readonly Base[],
  operators: readonly Operator[],
  suspicion: Suspicion,
): Generator<Candidate> {
  const heap = new Heap<Task>();
  const likeliest = [...operators].sort((a, b) => highestPrior(b.id) - highestPrior(a.id));
  const pushNode = (place: Place, next: number) => {
    const operator = likeliest[next];
    if (operator) heap.push(place.doubt * highestPrior(operator.id), { kind: 'node', place, next });
  };
  for (const base of bases) for (const place of places(base, suspicion)) pushNode(place, 0);
  const given = new Map<string, number>();
  for (let next = heap.pop(); next; next = heap.pop()) {
    const { item: task, score } = next;
    if (task.kind === 'node') {
      const { place, next: index } = task;
      pushNode(place, index + 1);
      for (const candidate of proposed(place, likeliest[index]!))
        heap.push(candidate.score, { kind: 'edit', candidate });
    } else {
      const variant = `${task.candidate.operator}:${task.candidate.edit.variant}`;
      const count = given.get(variant) ?? 0;
      const tired = task.candidate.score * fatigue(count);
      if (tired < score && !task.candidate.tired)
        heap.push(tired, { kind: 'edit', candidate: { ...task.candidate, tired: true } });
      else {
        given.set(variant, count + 1);
        yield { ...task.candidate, score };
      }
    }
  }
}

function* places(base: Base, suspicion: Suspicion): Generator<Place> {
  const { file } = base.context;
  const line = lineMap(base.original, file.text);
  for (const node of file.nodes) {
    const doubt = suspicion(file.path, line(node.line), line(statementOf(node)?.line ?? node.line));
    yield { base, node, doubt: doubt * base.factor };
  }
}

/** One variant must not take all turns: its worth halves after so many tries. */
const HALF_AFTER = 30;

function fatigue(count: number): number {
  return 1 / (1 + count / HALF_AFTER);
}

function* proposed({ base, node, doubt }: Place, operator: Operator): Generator<Candidate> {
  for (const edit of operator.propose(node, base.context)) {
    const score = doubt * prior(operator.id, edit.variant) * edit.weight;
    yield { base, operator: operator.id, edit, score };
  }
}
