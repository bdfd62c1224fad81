import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { shellCommands } from '../../../src/verify/runners/shell-words.ts';

const words = (text: string) => shellCommands(text).commands.map((command) => command.words);

describe('reading a script', () => {
  it('takes quotes and escapes off words', () => {
    expect(words(`mocha "a b" 'c d' e\\ f g"h"'i'`)).toEqual([['mocha', 'a b', 'c d', 'e f', 'ghi']]);
    expect(words('x "say \\"hi\\""')).toEqual([['x', 'say "hi"']]);
  });

  it('splits commands at operators and keeps their variables apart', () => {
    const { commands } = shellCommands('A=1 B="x y" tsc && C=2 mocha | tee log; echo');
    expect(commands).toEqual([
      { words: ['tsc'], env: { A: '1', B: 'x y' } },
      { words: ['mocha'], env: { C: '2' } },
      { words: ['tee', 'log'], env: {} },
      { words: ['echo'], env: {} },
    ]);
  });

  it.each([
    ['vitest run', true],
    ['tsc && vitest run', true],
    ['vitest run > log', false],
    ['vitest run 2>&1', false],
    ['vitest run &', false],
    ['(vitest run)', false],
    ['vitest run;', false],
  ])('knows whether words written after `%s` reach it', (text, openEnded) => {
    expect(shellCommands(text).openEnded).toBe(openEnded);
  });

  it('reads any text without fail, and plain words back as they were', () => {
    fc.assert(fc.property(fc.string(), (text) => Array.isArray(shellCommands(text).commands)));
    const word = fc.stringMatching(/^[a-z][a-z0-9./:@-]{0,8}$/);
    fc.assert(
      fc.property(fc.array(word, { minLength: 1 }), (list) => {
        expect(words(list.join('  '))).toEqual([list]);
      }),
    );
  });
});
