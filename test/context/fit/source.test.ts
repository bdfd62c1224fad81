import { symlinkSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { errorLines } from '../../../src/context/fit/error-lines.ts';
import { outlineOf } from '../../../src/context/fit/outline.ts';
import { openSource, type Source } from '../../../src/context/fit/source.ts';
import { folder, plainFolder, write } from '../workspace-of.ts';

const ranked = (path: string) => ({ file: 0, path, belief: 1, signals: {} });
const opened = (text: string | Uint8Array, name = 'a.py', isNamed = false): Source | string =>
  openSource(plainFolder({ [name]: text }), ranked(name), isNamed);
const linesOf = (text: string | Uint8Array): readonly string[] => (opened(text) as Source).lines;

const SECRET = 'ghp_abcdefghijklmnopqrstuvwxyz0123456789';

describe('a file that may be packed', () => {
  it('has its lines as they are, without line ends of either kind', () => {
    expect(linesOf('a\r\n  b\n\nc')).toEqual(['a', '  b', '', 'c']);
    expect(linesOf('a\n')).toEqual(['a']);
    expect(linesOf('')).toEqual(['']);
  });

  it('has secrets taken out of the lines that leave, every line where it was', () => {
    const source = opened(`a = 1\ntoken = "${SECRET}"\nb = 2\n`) as Source;
    expect(source.lines).toHaveLength(3);
    expect(source.lines.join('\n')).not.toContain(SECRET);
    expect([source.lines[0], source.lines[2]]).toEqual(['a = 1', 'b = 2']);
    expect(source.redactions.map(({ line }) => line)).toEqual([2]);
  });

  it('takes secrets out of lines before it cuts them', () => {
    const source = opened(`x = "${'a b '.repeat(498)}${SECRET}"\nb = 2\n`) as Source;
    expect(source.lines.join('\n')).not.toContain(SECRET.slice(0, 12));
  });

  it('has of very long lines the beginning, and how much there is more', () => {
    const [line] = linesOf(`${'ab '.repeat(1_200)}\n`);
    expect(line!.length).toBeLessThan(2_100);
    expect(line).toMatch(/… \[1600 more characters\]$/);
  });

  it('is never binary, and minified only when it was named', () => {
    expect(opened('a\0b')).toBe('binary');
    const minified = `var a=${'1+'.repeat(5_000)}1`;
    expect(opened(minified, 'a.js')).toBe('minified');
    expect((opened(minified, 'a.js', true) as Source).lines).toHaveLength(1);
  });

  it('has invalid bytes replaced', () => {
    expect(linesOf(Buffer.from([0x61, 0xff, 0xfe, 0x62]))[0]!.isWellFormed()).toBe(true);
  });

  it('must be there and inside of the workspace when it is opened, whatever it was before', () => {
    const root = plainFolder({ 'a.py': 'a' });
    const outside = folder();
    write(outside, { 'secret.py': 'secret' });
    symlinkSync(join(outside, 'secret.py'), join(root, 'link.py'));
    symlinkSync(outside, join(root, 'away'));
    expect(openSource(root, ranked('link.py'), true)).toBe('it lies outside of the workspace');
    expect(openSource(root, ranked('away/secret.py'), true)).toBe('it lies outside of the workspace');
    expect(openSource(root, ranked('gone.py'), true)).toBe('unreadable');
  });
});

describe('an outline', () => {
  const outline = (text: string, ...bounds: number[]): string => outlineOf(opened(text) as Source, ...bounds);

  it('is one line with what a file defines and where', () => {
    expect(outline('class A:\n    def b(self):\n        pass\n\n\ndef c():\n    pass\n')).toBe('a.py: A:1 b:2 c:6');
    expect(outline('x = 1\n')).toBe('a.py: ');
  });

  it('is bounded in names and characters, and shows that there is more', () => {
    const text = Array.from({ length: 50 }, (_, i) => `def name_${i}():\n    pass\n`).join('\n');
    expect(outline(text)).toMatch(/ …$/);
    expect(outline(text).length).toBeLessThanOrEqual(202);
    expect(outline(text, 50, 2_000)).toContain('name_49:148');
  });
});

describe('distilled output that leaves', () => {
  const count = (text: string): number => Math.ceil(text.length / 4);

  it('keeps its last lines where not all fit, within its budget', () => {
    const text = Array.from({ length: 30 }, (_, i) => `line ${i}`).join('\n');
    const { lines, tokens } = errorLines(text, 30, count);
    expect(lines.at(-1)).toBe('line 29');
    expect(lines.length).toBeLessThan(30);
    expect(tokens).toBeLessThanOrEqual(30);
  });

  it('has no secrets, and says which were taken out', () => {
    const { lines, redactions } = errorLines(`Error\ntoken ${SECRET}`, 1_000, count);
    expect(lines.join('\n')).not.toContain(SECRET);
    expect(redactions).toHaveLength(1);
  });

  it('is nothing for nothing', () => {
    expect(errorLines('', 100, count)).toEqual({ lines: [], tokens: 0, redactions: [] });
    expect(errorLines('a', 0, count).lines).toEqual([]);
  });
});
