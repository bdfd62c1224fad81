import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { partsOf, stem } from '../../../src/context/question/terms.ts';
import { PathWords } from '../../../src/context/rank/path-words.ts';

const PATHS = ['app/http/HttpServer2.ts', 'app/parsing/parser.py', 'readme'];
const words = new PathWords(PATHS);

/** The words of a path by what they count. */
function wordsOf(file: number, asked: readonly string[]): Record<string, number> {
  const found: Record<string, number> = {};
  for (const word of asked)
    for (let i = words.begins[file]!; i < words.begins[file + 1]!; i++)
      if (words.words[i] === words.numberOf(word)) found[word] = words.shares[i]!;
  return found;
}

describe('the words of paths', () => {
  it('are the stems of their parts, each once, those of folders for less than those of the name', () => {
    expect(wordsOf(0, ['app', 'http', 'serv', '2', 'ts'])).toEqual({ app: 0.4, http: 1, serv: 1, '2': 1, ts: 1 });
    expect(words.begins[1]! - words.begins[0]!).toBe(5);
    expect(wordsOf(1, ['app', 'pars', 'py'])).toEqual({ app: 0.4, pars: 1, py: 1 });
  });

  it('are numbered over all paths; what no path has is not', () => {
    expect(words.numberOf('server')).toBeUndefined();
    expect(words.size).toBe(new Set(words.words).size);
  });

  it('say how many parts the name of a file has, however many of them are the same', () => {
    expect([...words.lengths]).toEqual([4, 2, 1]);
  });

  it('are, for any path, the stems of what its folders and its name are taken apart to', () => {
    const part = fc.constantFrom(
      'HTTP',
      'Server',
      'parsing',
      'a',
      '12',
      '-',
      '.',
      '__',
      'é',
      'Zoë',
      '日本',
      '\u{1f600}',
      'Éa',
    );
    const name = fc.array(fc.oneof(part, fc.string({ maxLength: 3 })), { minLength: 1, maxLength: 8 });
    const path = fc
      .array(name, { minLength: 1, maxLength: 4 })
      .map((names) => names.map((parts) => parts.join('').replaceAll('/', '')).join('/'));
    fc.assert(
      fc.property(fc.array(path, { minLength: 1, maxLength: 6 }), (paths) => {
        const made = new PathWords(paths);
        paths.forEach((one, file) => {
          const names = one.split('/');
          const own = partsOf(names.at(-1)!).map(stem);
          const expected = new Map<string, number>();
          for (const word of partsOf(names.slice(0, -1).join('/')).map(stem))
            expected.set(word, own.includes(word) ? 1 : 0.4);
          for (const word of own) expected.set(word, 1);
          const [from, to] = [made.begins[file]!, made.begins[file + 1]!];
          expect([...made.words.subarray(from, to)]).toEqual([...expected.keys()].map((word) => made.numberOf(word)));
          expect([...made.shares.subarray(from, to)]).toEqual([...expected.values()]);
          expect(made.lengths[file]).toBe(own.length);
        });
      }),
    );
  });

  it('may be longer than any name on most systems', () => {
    const long = 'x'.repeat(300);
    const made = new PathWords([`${long}/a.ts`, `b/${'z'.repeat(255)}`]);
    expect(made.numberOf(long)).toBe(made.words[0]);
    expect(made.numberOf('z'.repeat(255))).toBe(made.words.at(-1));
  });
});
