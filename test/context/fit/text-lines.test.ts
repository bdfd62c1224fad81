import { describe, expect, it } from 'vitest';
import { linesRead } from '../../../src/context/fit/text-lines.ts';

const SECRET = 'ghp_abcdefghijklmnopqrstuvwxyz0123456789';

describe('the lines of a text that was read', () => {
  it('are taken apart once while the text is the same, and anew when one character of it is another', () => {
    const first = linesRead('/w/a.py', 'one\ntwo\n');
    expect(linesRead('/w/a.py', ['one', 'two', ''].join('\n'))).toBe(first);
    const other = linesRead('/w/a.py', 'one\ntwO\n');
    expect(other.raw).toEqual(['one', 'twO']);
    expect(linesRead('/w/a.py', 'one\ntwo\n').raw).toEqual(['one', 'two']);
  });

  it('are those of one file: the same text elsewhere is another', () => {
    expect(linesRead('/w/b.py', 'same\n')).not.toBe(linesRead('/w/c.py', 'same\n'));
  });

  it('never leave with a secret that came in since', () => {
    expect(linesRead('/w/d.py', 'a = 1\nb = 2\n').clean.redactions).toEqual([]);
    const after = linesRead('/w/d.py', `a = 1\nb = "${SECRET}"\n`).clean;
    expect(after.lines.join('\n')).not.toContain(SECRET);
    expect(after.redactions.map(({ line }) => line)).toEqual([2]);
  });

  it('are forgotten, the longest unused first, when there are too many characters', () => {
    const kept = linesRead('/w/kept.py', 'kept\n');
    const gone = linesRead('/w/gone.py', 'gone\n');
    for (let i = 0; i < 8; i++) {
      linesRead(`/w/large${i}.py`, `${i}${'x\n'.repeat(300_000)}`);
      linesRead('/w/kept.py', 'kept\n');
    }
    expect(linesRead('/w/kept.py', 'kept\n')).toBe(kept);
    expect(linesRead('/w/gone.py', 'gone\n')).not.toBe(gone);
    const huge = 'x\n'.repeat(600_000);
    expect(linesRead('/w/huge.py', huge)).not.toBe(linesRead('/w/huge.py', huge));
  });
});
