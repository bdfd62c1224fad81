import { describe, expect, it } from 'vitest';
import { commandWords } from '../../src/domain/command-words.ts';

describe('a command as one text', () => {
  it.each([
    ['npm test', ['npm', 'test']],
    ['  python3  -m unittest -v ', ['python3', '-m', 'unittest', '-v']],
    ['make CI=1 a,b@c+d', ['make', 'CI=1', 'a,b@c+d']],
  ])('%j is its words', (text, words) => {
    expect(commandWords(text)).toEqual(words);
  });

  it.each(['npm test && npm run lint', 'pytest -k "a b"', 'echo $HOME', 'a; b', 'a | b', "run 'it'"])(
    '%j goes to the shell as typed',
    (text) => {
      expect(commandWords(text)).toEqual(['sh', '-c', text]);
    },
  );

  it('is nothing when blank', () => {
    expect(commandWords(' \t\n')).toEqual([]);
  });
});
