import { describe, expect, it } from 'vitest';
import { type Passage, readPassages } from '../../../src/context/fit/reading.ts';
import { readQuestion } from '../../../src/context/question/question.ts';

const passage = (text: string): Passage => {
  const lines = text.split('\n');
  return { lines, start: 1, end: lines.length };
};
const read = (task: string, ...texts: string[]) => readPassages(texts.map(passage), readQuestion(task, ''));

describe('reading pieces', () => {
  it('finds identifiers of the question, written exactly so', () => {
    const [exact, otherCase, part] = read('`getZebra` fails', 'x = getZebra()', 'x = getzebra()', 'x = getZebraById()');
    expect([exact!.identifiers, otherCase!.identifiers, part!.identifiers]).toEqual([1, 0, 0]);
  });

  it('finds words that stand side by side in both, whatever form they have', () => {
    const [beside, apart, turned] = read(
      'lost\n\nthe striped zebras vanish',
      'stripedZebra = 1',
      'striped = 1\nzebra = 2',
      'zebra_striped = 1',
    );
    expect(beside!.pairs).toBe(1);
    expect([apart!.pairs, turned!.pairs]).toEqual([0, 0]);
  });

  it('takes rare identifiers for more than common ones', () => {
    const [rare, common] = read('`lionDen` and `zebraPen`', 'lionDen()', 'zebraPen()', 'zebraPen()', 'zebraPen()');
    expect(rare!.identifiers).toBe(1);
    expect(common!.identifiers).toBeLessThan(1);
  });

  it('reads only the lines of a piece', () => {
    const lines = ['zebraPen()', 'other()', 'zebraPen()'];
    const [middle, all] = readPassages(
      [
        { lines, start: 2, end: 2 },
        { lines, start: 1, end: 3 },
      ],
      readQuestion('`zebraPen`', ''),
    );
    expect([middle!.identifiers, all!.identifiers]).toEqual([0, 1]);
  });

  it('counts the steps of the lines of a piece alone, of each piece of one file', () => {
    const lines = ['a = 1', 'herd()', 'if (a) return', '// b = 2', 'b = 3'];
    const stretches = [
      { start: 1, end: 5 },
      { start: 2, end: 2 },
      { start: 3, end: 4 },
      { start: 5, end: 5 },
    ];
    const found = readPassages(
      stretches.map((stretch) => ({ lines, ...stretch })),
      readQuestion('zebra', ''),
    );
    expect(found.map(({ steps }) => steps)).toEqual([3, 0, 1, 1]);
  });

  it('knows the pairs of failing output too', () => {
    const [found] = readPassages(
      [passage('raise ZebraError("herd too small")')],
      readQuestion('it fails', 'E: herd too small'),
    );
    expect(found!.pairs).toBe(1);
  });

  it('counts the lines that decide or assign something, whatever they say', () => {
    const [python, java, declared] = read(
      'zebra',
      'import herd\n# if it returns, all is well = good\nfor z in herd:\n    gait = z.gait\n    if gait == TROT:\n        return z',
      'import zoo.Herd;\n/** if so */\nint trot(int a) {\n  this.a = a;\n  return a;\n}',
      'interface Zebra {\n  int stripes();\n  String name();\n}',
    );
    expect([python!.steps, java!.steps, declared!.steps]).toEqual([4, 2, 0]);
  });

  it('is nothing for nothing, and reads only the beginning of endless lines', () => {
    expect(read('zebra')).toEqual([]);
    expect(read('`zebraPen`', `${'x '.repeat(5_000)}zebraPen`)).toEqual([{ identifiers: 0, pairs: 0, steps: 0 }]);
    expect(read('', 'zebraPen')).toEqual([{ identifiers: 0, pairs: 0, steps: 0 }]);
  });
});
