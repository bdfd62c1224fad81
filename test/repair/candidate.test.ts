import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { applied, inOrder, normalForm } from '../../src/repair/candidate.ts';
import { difference } from '../../src/repair/difference.ts';
import { openProgram } from '../../src/repair/program.ts';
import type { Ending } from './proposing.ts';

/** The normal form of the change from one text to another. */
async function formOf(ending: Ending, before: string, after: string): Promise<string | null> {
  const [context] = await openProgram([{ path: `program.${ending}`, text: before }]);
  return normalForm(context!.file, [difference(before, after)]);
}

type Pair = readonly [ending: Ending, before: string, after: string];

describe('what counts as a change', () => {
  it.each<Pair>([
    ['js', "x = s.split(',');\n", "x = s.split(', ');\n"],
    ['js', "x = ' ' + y;\n", "x = '  ' + y;\n"],
    ['js', 'x = "a" + y;\n', 'x = "a " + y;\n'],
    ['py', "x = ','.join(y)\n", "x = ', '.join(y)\n"],
    ['py', 'x = "a;b"\n', 'x = "a b"\n'],
    ['py', 'x = "(a)"\n', 'x = "a"\n'],
    ['py', 'x = "#a"\n', 'x = "#b"\n'],
    ['js', 'x = "//a";\n', 'x = "//b";\n'],
    ['js', 'x = `http://a/$' + '{b + 1}`;\n', 'x = `http://a/$' + '{b + 2}`;\n'],
    ['js', "x = s.replace(/\\/\\//g, '') + 1;\n", "x = s.replace(/\\/\\//g, '') + 2;\n"],
    ['js', "x = /[/'//]/.test(s) + 1;\n", "x = /[/'//]/.test(s) + 2;\n"],
    ['js', 'x = a / b / (c + 1);\n', 'x = a / b / (c + 2);\n'],
    ['js', 'x = a - (b - c);\n', 'x = a - b - c;\n'],
    ['py', 'if a:\n    b()\n    c()\nd()\n', 'if a:\n    b()\nc()\nd()\n'],
    ['py', "x = '''a b'''\n", "x = '''a  b'''\n"],
  ])('%s: %j to %j', async (ending, before, after) => {
    expect(await formOf(ending, before, after)).not.toBeNull();
  });
});

describe('what counts as no change', () => {
  it.each<Pair>([
    ['js', 'x = a + b;\n', 'x = (a + b);\n'],
    ['js', 'x = a + b;\n', 'x = a  +  b\n'],
    ['js', 'x = a + b; // one\n', 'x = a + b; // two\n'],
    ['js', 'x = a /* one */ + b;\n', 'x = a + b;\n'],
    ['js', 'x = `$' + '{a + b}`;\n', 'x = `$' + '{(a + b)}`;\n'],
    ['py', 'x = a + b\n', 'x = (a + b)  # sum\n'],
    ['py', 'def f(a, b):\n    return a * b', 'def f(a, b):\n    return (a * b)'],
    ['py', 'x = f(a)', 'x = (f(a))'],
    ['ts', 'const x: number = a;\n', 'const x: number = (a);\n'],
  ])('%s: %j to %j', async (ending, before, after) => {
    expect(await formOf(ending, before, after)).toBeNull();
  });
});

describe('the normal form of an edit', () => {
  it('is none for what does not parse and for replacements in each other’s way', async () => {
    expect(await formOf('js', 'x = a + b;\n', 'x = a + ;\n')).toBeNull();
    expect(await formOf('py', 'x = a + b\n', 'x = a +\n')).toBeNull();
    const [context] = await openProgram([{ path: 'a.js', text: 'x = 12345;\n' }]);
    const both = [
      { start: 4, end: 8, text: '1' },
      { start: 6, end: 9, text: '2' },
    ];
    expect(normalForm(context!.file, both)).toBeNull();
  });

  it('tells alike statements of one file apart', async () => {
    const text = 'a = 1\nb = 2\na = 1\n';
    const [context] = await openProgram([{ path: 'a.py', text }]);
    const forms = [4, 16].map((start) => normalForm(context!.file, [{ start, end: start + 1, text: '3' }]));
    expect(new Set(forms).size).toBe(2);
  });

  it('is the same for one change written in two ways', async () => {
    const text = 'x = a + 1;\ny = b;\n';
    const [context] = await openProgram([{ path: 'a.js', text }]);
    const small = normalForm(context!.file, [{ start: 8, end: 9, text: '2' }]);
    const large = normalForm(context!.file, [{ start: 0, end: 10, text: 'x = (a + 2);' }]);
    expect(small).not.toBeNull();
    expect(large).toBe(small);
  });

  it('sees a change in a file with syntax errors only when it mends all of them', async () => {
    expect(await formOf('js', "x = 'a' b;\ny = 1;\n", "x = 'a' b;\ny = 2;\n")).toBeNull();
    expect(await formOf('js', "x = 'a' b;\ny = 1;\n", "x = 'a' + b;\ny = 1;\n")).not.toBeNull();
  });
});

describe('replacements', () => {
  it('are made in any order, insertions before what replaces text at the same place', () => {
    const replacements = [
      { start: 4, end: 5, text: 'E' },
      { start: 1, end: 2, text: 'B' },
      { start: 1, end: 1, text: '+' },
    ];
    expect(applied('abcdef', replacements)).toBe('a+BcdEf');
    expect(inOrder(replacements).map(({ text }) => text)).toEqual(['+', 'B', 'E']);
    expect(applied('abc', [])).toBe('abc');
  });

  it('give the same text whatever order they come in, and touch nothing outside their places', () => {
    const cuts = fc.uniqueArray(fc.nat(20), { minLength: 2, maxLength: 8 }).map((all) => all.sort((a, b) => a - b));
    fc.assert(
      fc.property(cuts, fc.array(fc.string({ maxLength: 3 }), { minLength: 4, maxLength: 4 }), (places, texts) => {
        const text = 'abcdefghijklmnopqrstu';
        const replacements = texts.flatMap((put, at) => {
          const [start, end] = [places[2 * at], places[2 * at + 1]];
          return start === undefined || end === undefined ? [] : [{ start, end, text: put }];
        });
        let expected = text;
        for (const { start, end, text: put } of replacements.toReversed())
          expected = expected.slice(0, start) + put + expected.slice(end);
        expect(applied(text, replacements)).toBe(expected);
        expect(applied(text, replacements.toReversed())).toBe(expected);
      }),
    );
  });
});
