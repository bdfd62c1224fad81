import { describe, expect, it } from 'vitest';
import { printable } from '../../src/cli/io.ts';

describe('text from elsewhere', () => {
  it('loses escape sequences and control characters', () => {
    const hostile = '\u001b[31mred\u001b[0m \u001b]0;title\u0007 bell\u0007 back\b \u009b2Jcsi';
    const left = [...printable(hostile)].filter((char) => char < ' ' || (char >= '\u007f' && char <= '\u009f'));
    expect(left).toEqual([]);
    expect(printable('\u001b[31mred\u001b[0m')).toBe('red');
  });

  it('keeps lines, tabs and letters of every script', () => {
    const text = 'a\tb\nč 日本 🎉';
    expect(printable(text)).toBe(text);
  });
});
