import type { RepairBrief } from '../domain/ports.ts';
import { applied, type Candidate, normalForm } from './candidate.ts';
import type { Context, Operator, Replacement } from './operator.ts';
import { openProgram } from './program.ts';

/** A program to put edits on: the one given, or one with an edit made already. */
export interface Base {
  readonly context: Context;
  /** The file as it was given. */
  readonly original: string;
  /** How promising it is to start from here, 0..1. */
  readonly factor: number;
  /** Operators whose edits it carries. */
  readonly carries: readonly string[];
}

/** Operators that mend what is hardly ever meant: their edits are made first, and others tried on top. */
const SLIPS = ['slip', 'syntax-error'];
const MAX_SLIP_BASES = 3;
const MAX_ATTEMPTS = 4;

/** The given files; then the same without slips; then, from the second iteration on, what earlier tries left better than it was. */
export async function basesOf(brief: RepairBrief, operators: readonly Operator[]): Promise<Base[]> {
  const given = await openProgram(brief.sources);
  const bases: Base[] = given.map((context) => ({ context, original: context.file.text, factor: 1, carries: [] }));
  for (const context of given) bases.push(...(await withoutSlips(context, operators)));
  if (brief.iteration >= 2) bases.push(...(await fromAttempts(brief)));
  return bases;
}

async function withoutSlips(context: Context, operators: readonly Operator[]): Promise<Base[]> {
  const menders = operators.filter((operator) => SLIPS.includes(operator.id));
  const { file } = context;
  const edits = file.nodes.flatMap((node) =>
    menders.flatMap((operator) => [...operator.propose(node, context)].map((edit) => ({ operator, edit }))),
  );
  const together = edits.filter(({ operator }) => operator.id === 'slip').flatMap(({ edit }) => edit.replacements);
  const ways: { readonly replacements: readonly Replacement[]; readonly id: string }[] = [
    ...(together.length > 0 ? [{ replacements: together, id: 'slip' }] : []),
    ...edits
      .filter(({ operator, edit }) => operator.id !== 'slip' && normalForm(file, edit.replacements) !== null)
      .map(({ operator, edit }) => ({ replacements: edit.replacements, id: operator.id })),
  ];
  const bases: Base[] = [];
  for (const { replacements, id } of ways.slice(0, MAX_SLIP_BASES)) {
    const text = applied(file.text, replacements);
    const [changed] = text === null ? [] : await openProgram([{ path: file.path, text }]);
    if (changed) bases.push({ context: changed, original: file.text, factor: 0.7, carries: [id] });
  }
  return bases;
}

/** Edits that make a file parse which does not: nothing else is worth trying before them. */
export function mends(base: Base, operators: readonly Operator[]): Candidate[] {
  const menders = operators.filter(({ id }) => id === 'syntax-error');
  const { context } = base;
  return context.file.nodes.flatMap((node) =>
    menders.flatMap((operator) =>
      [...operator.propose(node, context)].map((edit) => ({ base, edit, operator: operator.id, score: 1 })),
    ),
  );
}

/** Tries that fixed some targets and broke nothing, in files we were given. */
async function fromAttempts({ sources, attempts }: RepairBrief): Promise<Base[]> {
  const originals = new Map(sources.map(({ path, text }) => [path, text]));
  const better = attempts
    .filter((attempt) => attempt.fixed > 0 && attempt.broken === 0 && attempt.change.length === 1)
    .sort((a, b) => b.fixed - a.fixed)
    .slice(0, MAX_ATTEMPTS);
  const bases: Base[] = [];
  for (const { change } of better) {
    const { path, content } = change[0]!;
    const original = originals.get(path);
    if (content === null || original === undefined) continue;
    const [context] = await openProgram([{ path, text: content }]);
    if (context) bases.push({ context, original, factor: 0.1, carries: ['earlier try'] });
  }
  return bases;
}
