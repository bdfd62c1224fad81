import { describe, expect, it } from 'vitest';
import type { Piece } from '../../../src/context/fit/select.ts';
import { openSource, Source } from '../../../src/context/fit/source.ts';
import { charactersOf, valuedPieces } from '../../../src/context/fit/value.ts';
import { distil } from '../../../src/context/question/errors.ts';
import { readQuestion } from '../../../src/context/question/question.ts';
import { type RankInput, type Ranking, rankFiles } from '../../../src/context/rank/rank.ts';
import { NO_STAGE, PIECE_WEIGHTS, STAGE_WEIGHTS } from '../../../src/context/weights.ts';
import { type Indexed, indexed } from '../index-of.ts';

const method = (name: string, text: string): string =>
  `def ${name}(value):\n${Array.from({ length: 12 }, (_, i) => `    ${text}_${i} = value + ${i}\n`).join('')}    return value\n`;
const FILE = ['alpha', 'bravo', 'carol', 'delta'].map((name) => method(`do_${name}`, name)).join('\n\n');

/** Ranks two files for a task. */
async function ranked(task: string, changes: Partial<RankInput> = {}): Promise<{ at: Indexed; ranking: Ranking }> {
  const at = await indexed({ 'lib/many.py': FILE, 'lib/other.py': method('do_other', 'other') });
  const ranking = rankFiles({
    root: at.root,
    index: at.index,
    history: { head: '', commits: [] },
    question: readQuestion(task, ''),
    failure: distil([]),
    changed: new Map(),
    suspects: [],
    named: new Set(),
    stage: NO_STAGE,
    ...changes,
  });
  return { at, ranking };
}

/** The values of the pieces of `lib/many.py` by the line they begin on. */
async function valued(task: string, changes: Partial<RankInput> = {}): Promise<Piece[]> {
  const { at, ranking } = await ranked(task, changes);
  const one = ranking.files.find(({ path }) => path === 'lib/many.py')!;
  const source = openSource(at.root, one, false) as Source;
  const measure = { stage: changes.stage ?? NO_STAGE, weights: PIECE_WEIGHTS };
  const pieces = valuedPieces([source], ranking, measure, false);
  at.index.close();
  return pieces;
}

const lineOf = (text: string): number => FILE.split('\n').findIndex((line) => line.includes(text)) + 1;
const holds = ({ parts }: Piece, line: number): boolean => parts.some(({ start, end }) => start <= line && end >= line);
const best = (pieces: readonly Piece[]): Piece => pieces.reduce((a, b) => (b.value > a.value ? b : a));

describe('the value of a piece', () => {
  it('is highest where the words of the question are', async () => {
    const pieces = await valued('do_carol returns a wrong value for carol_3');
    expect(pieces.length).toBeGreaterThan(2);
    expect(holds(best(pieces), lineOf('def do_carol'))).toBe(true);
  });

  it('is raised by a place that points into it', async () => {
    const line = lineOf('delta_5');
    const suspects = [{ path: 'lib/many.py', line, score: 1 }];
    const before = (await valued('value')).find((piece) => holds(piece, line))!;
    const pieces = await valued('value', { suspects });
    expect(holds(best(pieces), line)).toBe(true);
    expect(best(pieces).value).toBeGreaterThan(before.value);
  });

  it('is raised by what changed last in stages that look at it, and in no other', async () => {
    const line = lineOf('alpha_5');
    const changed = new Map([['lib/many.py', [[line, line]] as const]]);
    expect(holds(best(await valued('value', { changed, stage: STAGE_WEIGHTS.improve })), line)).toBe(true);
    const [with_, without] = [await valued('value', { changed }), await valued('value')];
    expect(with_.map(({ value }) => value)).toEqual(without.map(({ value }) => value));
  });

  it('is never below nothing, nor is any line of the file without a piece', async () => {
    const pieces = await valued('bravo');
    for (const { value } of pieces) expect(value).toBeGreaterThan(0);
    FILE.trimEnd()
      .split('\n')
      .forEach((_, i) => void expect(pieces.filter((piece) => holds(piece, i + 1))).toHaveLength(1));
  });

  it('is reckoned too for a file that the index does not have', async () => {
    const { at, ranking } = await ranked('`do_carol` fails');
    const one = ranking.files[0]!;
    const index = { ...at.index, places: at.index.places.map(() => ({ segment: -1, doc: -1 })) };
    const bare: Ranking = { ...ranking, corpus: { ...ranking.corpus, index } };
    const pieces = valuedPieces([new Source(one, FILE)], bare, { stage: NO_STAGE, weights: PIECE_WEIGHTS }, true);
    at.index.close();
    expect(holds(best(pieces), lineOf('def do_carol'))).toBe(true);
  });
});

describe('the characters of lines', () => {
  it('count a line end for each', () => {
    expect(charactersOf(['ab', '', 'c'], 1, 3)).toBe(6);
    expect(charactersOf(['ab', '', 'c'], 2, 2)).toBe(1);
  });
});
