import { describe, expect, it } from 'vitest';
import { printable } from '../../src/platform/printable.ts';

describe('printable text', () => {
  it.each([
    ['colours', '\u001b[1;31mred\u001b[0m', 'red'],
    ['cursor moves and cleared screens', 'a\u001b[2J\u001b[Hb', 'ab'],
    ['links and titles', '\u001b]8;;http://x\u0007link\u001b]8;;\u0007\u001b]0;title\u0007', 'link'],
    ['eight-bit sequences', 'a\u009b2Jb', 'ab'],
    ['bells, backspaces and NUL', 'a\u0007\b\0b', 'ab'],
    ['carriage returns, which overwrite a line', 'safe\rEVIL\r\n', 'safeEVIL\n'],
    ['an escape that ends the text', 'a\u001b', 'a'],
  ])('has no %s', (_, text, shown) => {
    expect(printable(text)).toBe(shown);
  });

  it('keeps lines, tabs and every script', () => {
    const text = 'a\n\tb Grüße 你好 🙂 \u00a0\n';
    expect(printable(text)).toBe(text);
  });
});
