import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parsePatch } from '../../src/platform/patch.ts';
import { applied } from '../../src/repair/candidate.ts';
import { difference, lineMap } from '../../src/repair/difference.ts';
import { unifiedDiff } from '../../src/repair/unified-diff.ts';

const texts = fc
  .array(fc.constantFrom('a', 'b', 'é😀', '\n', '\n', '\r\n', ' ', 'x = 1\n'), { maxLength: 30 })
  .map((parts) => parts.join(''));

describe('the diff of one file', () => {
  it('turns the old text into the new one, whatever is replaced', () => {
    fc.assert(
      fc.property(texts, fc.nat(40), fc.nat(10), texts, (text, from, length, put) => {
        const start = Math.min(from, text.length);
        const end = Math.min(start + length, text.length);
        const after = text.slice(0, start) + put + text.slice(end);
        fc.pre(text !== '' && after !== '' && after !== text);
        const diff = unifiedDiff('a.js', text, [{ start, end, text: put }])!;
        expect(parsePatch(diff, () => text)).toEqual({ ok: true, change: [{ path: 'a.js', content: after }] });
      }),
      { numRuns: 300 },
    );
  });

  it.each(['a.py', 'lib/mit leer.py', 'ä/ö.py'])('is understood by git: %s', (path) => {
    const folder = mkdtempSync(join(tmpdir(), 'maestro-diff-'));
    try {
      const text = 'one\ntwo\nthree\nfour\nfive\nsix';
      mkdirSync(dirname(join(folder, path)), { recursive: true });
      writeFileSync(join(folder, path), text);
      const replacements = [
        { start: 4, end: 7, text: '2' },
        { start: text.length, end: text.length, text: '!' },
      ];
      const run = spawnSync('git', ['apply', '-'], { cwd: folder, input: unifiedDiff(path, text, replacements)! });
      expect(run.stderr.toString()).toBe('');
      expect(readFileSync(join(folder, path), 'utf8')).toBe('one\n2\nthree\nfour\nfive\nsix!');
    } finally {
      rmSync(folder, { recursive: true, force: true });
    }
  });

  it('shows no more than three lines around a change', () => {
    const text = Array.from({ length: 100 }, (_, at) => `line ${at}\n`).join('');
    const start = text.indexOf('50');
    const diff = unifiedDiff('a.txt', text, [{ start, end: start + 2, text: 'fifty' }])!;
    expect(diff.split('\n').length).toBe(2 + 1 + 3 + 2 + 3 + 1);
    expect(diff).toContain('@@ -48,7 +48,7 @@');
  });

  it('is none for replacements in each other’s way', () => {
    const both = [
      { start: 0, end: 3, text: 'x' },
      { start: 2, end: 4, text: 'y' },
    ];
    expect(unifiedDiff('a', 'abcdef\n', both)).toBeNull();
    expect(applied('abcdef', both)).toBeNull();
  });
});

describe('the difference of two texts', () => {
  it('is one replacement that leads from one to the other', () => {
    fc.assert(
      fc.property(texts, texts, (a, b) => {
        expect(applied(a, [difference(a, b)])).toBe(b);
      }),
    );
  });

  it('maps lines after the change back to where they were', () => {
    const line = lineMap('a\nb\nc\nd\n', 'a\nb\nx\ny\nc\nd\n');
    expect([1, 2, 5, 6].map(line)).toEqual([1, 2, 3, 4]);
    expect(lineMap('a\n', 'a\n')(7)).toBe(7);
    const shorter = lineMap('a\nb\nc\nd\ne\n', 'a\nX\ne\n');
    expect([1, 2, 3].map(shorter)).toEqual([1, 2, 5]);
  });
});
