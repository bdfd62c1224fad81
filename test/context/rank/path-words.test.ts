import { describe, expect, it } from 'vitest';
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
});
