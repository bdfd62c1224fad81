import { FILE_WEIGHTS, PIECE_WEIGHTS, type PieceWeights, type Signal } from '../src/context/weights.ts';
import { type Case, Means, recallOf } from './pack-cases.ts';

/** Weights to pack with, one signal left out; `null`: none. */
export interface Variant {
  readonly left: string | null;
  readonly weights: Readonly<Record<Signal, number>>;
  readonly pieceWeights: PieceWeights;
}

/** Signals that the cases do not have: no coverage, nothing changed. */
const NOT_IN_CASES: readonly string[] = ['suspect', 'changed'];

function variants(): Variant[] {
  const files = Object.keys(FILE_WEIGHTS).filter((signal) => !NOT_IN_CASES.includes(signal));
  const pieces = Object.keys(PIECE_WEIGHTS).filter((signal) => signal !== 'length');
  return [
    { left: null, weights: FILE_WEIGHTS, pieceWeights: PIECE_WEIGHTS },
    ...files.map((left) => ({
      left: `file: ${left}`,
      weights: { ...FILE_WEIGHTS, [left]: 0 },
      pieceWeights: PIECE_WEIGHTS,
    })),
    ...pieces.map((left) => ({
      left: `piece: ${left}`,
      weights: FILE_WEIGHTS,
      pieceWeights: { ...PIECE_WEIGHTS, [left]: 0 },
    })),
  ];
}

/** What every signal is worth: file and hunk recall at 8k tokens, in percent, when it is left out. */
export async function ablation(
  cases: readonly Case[],
  packWith: (
    one: Case,
    errors: readonly string[] | undefined,
    variant: Variant,
  ) => Promise<Parameters<typeof recallOf>[1]>,
): Promise<Record<string, string | number>[]> {
  const rows: Record<string, string | number>[] = [];
  for (const variant of variants()) {
    const [issue, failed] = [new Means(), new Means()];
    for (const one of cases) {
      issue.add(one.set, recallOf(one, await packWith(one, undefined, variant)));
      if (one.errors) failed.add(one.set, recallOf(one, await packWith(one, one.errors, variant)));
    }
    const [a, b] = [issue.of('all'), failed.of('all')];
    rows.push({
      'left out': variant.left ?? '(nothing)',
      file: a.file,
      hunk: a.hunk,
      'errors: file': b.file,
      'errors: hunk': b.hunk,
    });
  }
  return rows;
}
