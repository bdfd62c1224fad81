import { describe, expect, it } from 'vitest';
import { parsePatch } from '../../src/platform/patch.ts';
import { normalForm } from '../../src/repair/candidate.ts';
import { difference } from '../../src/repair/difference.ts';
import { createEmbeddedAdvisor } from '../../src/repair/index.ts';
import { openProgram } from '../../src/repair/program.ts';
import { briefOf, proposed } from './proposing.ts';

const PYTHON = `def mean(values):
    """The mean of some numbers."""
    total = 0
    for value in values:
        if value > 0 and value < 100:
            total += value
    return total / len(values) + 1
`;
const JAVASCRIPT = `const longest = (words) => {
  let best = '';
  for (const word of words) {
    if (word.length < best.length) { best = word }
  }
  return best;
};
module.exports = { longest };
`;
const TYPESCRIPT = `export function clamp(value: number, low: number, high: number): number {
  if (value < low) return high;
  return Math.max(value, high);
}
`;
const TSX = `export const Item = ({ n }: { n: number }) => <li title="a">{n > 1 ? 'many' : 'one'}</li>;\n`;

const PROGRAMS: ReadonlyArray<readonly [what: string, path: string, text: string]> = [
  ['Python', 'mean.py', PYTHON],
  ['JavaScript', 'src/longest.js', JAVASCRIPT],
  ['TypeScript', 'clamp.ts', TYPESCRIPT],
  ['TSX', 'item.tsx', TSX],
  ['Python with CRLF', 'mean.py', PYTHON.replaceAll('\n', '\r\n')],
  ['JavaScript with CRLF', 'longest.js', JAVASCRIPT.replaceAll('\n', '\r\n')],
  ['Python without a final newline', 'mean.py', PYTHON.trimEnd()],
  ['JavaScript without a final newline', 'longest.js', JAVASCRIPT.trimEnd()],
  [
    'text beyond ASCII',
    'grüße.py',
    `# ÄÖÜ 😀\ndef größe(straße):\n    "Länge — 😀"\n    return straße["é😀"] + len("日本") - 1\n`,
  ],
  ['a name with a space', 'my file.js', JAVASCRIPT],
  ['indentation by tabs', 'tabs.py', PYTHON.replaceAll('    ', '\t')],
];

describe('what the embedded advisor proposes', () => {
  it.each(PROGRAMS)('applies, parses, and leaves the original and every other proposal: %s', async (_, path, text) => {
    const proposals = await proposed(briefOf({ [path]: text }), 500);
    expect(proposals.length).toBeGreaterThan(30);
    const forms = new Set<string>();
    const [context] = await openProgram([{ path, text }]);
    for (const proposal of proposals) {
      const parsed = parsePatch(proposal.text, (name) => (name === path ? text : null));
      expect(parsed).toMatchObject({ ok: true, change: [{ path }] });
      const after = parsed.ok ? parsed.change[0]!.content! : '';
      expect(after).not.toBe(text);
      const form = normalForm(context!.file, [difference(text, after)]);
      expect(form, `${proposal.operator}\n${proposal.text}`).not.toBeNull();
      expect(forms.has(form!), `${proposal.operator}\n${proposal.text}`).toBe(false);
      forms.add(form!);
    }
  });

  it.each([
    ['Python', 'mean.py', PYTHON],
    ['JavaScript', 'longest.js', JAVASCRIPT],
  ])('keeps the ends of lines: %s', async (_, path, text) => {
    const crlf = text.replaceAll('\n', '\r\n');
    for (const { text: patch } of await proposed(briefOf({ [path]: crlf }), 400)) {
      const parsed = parsePatch(patch, () => crlf);
      const after = parsed.ok ? parsed.change[0]!.content! : '';
      expect(after.replaceAll('\r\n', '')).not.toMatch(/[\r\n]/);
    }
  });

  it('is the same for the same brief, in the same order', async () => {
    const brief = briefOf({ 'mean.py': PYTHON, 'longest.js': JAVASCRIPT });
    expect(await proposed(brief, 500)).toEqual(await proposed(brief, 500));
  });

  it('covers several files, and leaves out languages it does not know', async () => {
    const proposals = await proposed(briefOf({ 'mean.py': PYTHON, 'longest.js': JAVASCRIPT, 'notes.md': '# notes' }));
    const paths = new Set(proposals.map(({ text }) => /^--- a\/(\S+)/.exec(text)![1]));
    expect([...paths].sort()).toEqual(['longest.js', 'mean.py']);
  });

  it('names the operator of each proposal', async () => {
    const proposals = await proposed(briefOf({ 'mean.py': PYTHON }), 300);
    expect(proposals.every(({ operator }) => /^[a-z-]+:.+/.test(operator ?? ''))).toBe(true);
    expect(new Set(proposals.map(({ operator }) => operator!.split(':')[0])).size).toBeGreaterThan(10);
  });

  it('tries the suspicious line before others', async () => {
    const suspects = [{ path: 'mean.py', line: 7, score: 1, why: 'executed by failing tests only' }];
    const proposals = await proposed(briefOf({ 'mean.py': PYTHON }, { suspects }), 20);
    const changed = proposals.map(({ text }) => /\n-(.*)/.exec(text)?.[1] ?? '');
    expect(changed.filter((line) => line.includes('return total')).length).toBeGreaterThan(8);
  });

  it('does not let one operator take all the first turns', async () => {
    const proposals = await proposed(briefOf({ 'mean.py': PYTHON }), 60);
    const counts = Map.groupBy(proposals, ({ operator }) => operator!.split(':')[0]);
    expect(Math.max(...[...counts.values()].map((each) => each.length))).toBeLessThan(40);
  });

  it('stops when it is told to', async () => {
    const control = new AbortController();
    let count = 0;
    for await (const _ of createEmbeddedAdvisor().propose(briefOf({ 'mean.py': PYTHON }), control.signal))
      if (++count === 3) control.abort();
    expect(count).toBe(3);
  });

  it('has nothing to say about no files, an empty file, or one too large to edit', async () => {
    expect(await proposed(briefOf({}))).toEqual([]);
    expect(await proposed(briefOf({ 'empty.py': '' }))).toEqual([]);
    expect(await proposed(briefOf({ 'huge.js': 'x = 1;\n'.repeat(100_000) }))).toEqual([]);
  });

  it('gives its first proposals for a long file without going through all of it', async () => {
    const long = Array.from({ length: 400 }, (_, at) => PYTHON.replace('mean', `mean${at}`)).join('\n');
    const suspects = [{ path: 'long.py', line: 7, score: 1, why: '' }];
    const proposals = await proposed(briefOf({ 'long.py': long }, { suspects }), 50);
    expect(proposals).toHaveLength(50);
    expect(proposals.every(({ text }) => text.split('\n').length < 40)).toBe(true);
  });

  it('mends a syntax error first of all', async () => {
    const text = "const join = (a, b) => {\n  return 'x' + a 'y' + b;\n};\nmodule.exports = { join };\n";
    const proposals = await proposed(briefOf({ 'join.js': text }));
    expect(proposals.some((proposal) => proposal.text.includes("\n+  return 'x' + a + 'y' + b;\n"))).toBe(true);
  });
});

describe('later iterations', () => {
  it('build on tries that fixed something and broke nothing', async () => {
    const better = PYTHON.replace('value < 100', 'value <= 100');
    const attempts = [
      { change: [{ path: 'mean.py', content: better }], fixed: 1, broken: 0, failures: [] },
      {
        change: [{ path: 'mean.py', content: PYTHON.replace('total = 0', 'total = 7') }],
        fixed: 1,
        broken: 2,
        failures: [],
      },
    ];
    const brief = briefOf({ 'mean.py': PYTHON }, { iteration: 2, attempts });
    const results = (await proposed(brief, 1500)).map(({ text }) => {
      const parsed = parsePatch(text, () => PYTHON);
      return parsed.ok ? parsed.change[0]!.content! : '';
    });
    expect(results).toContain(better.replace(' + 1\n', '\n'));
    expect(results.every((text) => !text.includes('total = 7'))).toBe(true);
  });

  it('try two edits of one function at once', async () => {
    const text = 'def f(a, b):\n    c = a + b\n    return c > 0\n\ndef g(a):\n    return a == 1\n';
    const proposals = await proposed(briefOf({ 'two.py': text }, { iteration: 2 }), 2000);
    const afters = proposals.map((proposal) => {
      const parsed = parsePatch(proposal.text, () => text);
      return parsed.ok ? parsed.change[0]!.content! : '';
    });
    expect(afters).toContain('def f(a, b):\n    c = a - b\n    return c >= 0\n\ndef g(a):\n    return a == 1\n');
    expect(afters.every((after) => after.includes('def f') && after.includes('def g'))).toBe(true);
    const both = afters.filter(
      (after) => !after.includes('return a == 1') && !after.includes('c = a + b\n    return c > 0'),
    );
    expect(both).toEqual([]);
  });
});
