import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type Pack, pack } from '../../src/context/index.ts';
import { parsePatch } from '../../src/platform/patch.ts';
import { folder, plainFolder, write } from './workspace-of.ts';

const indexes = folder();
const packed = (workspace: string, budget: number, files: string[] = []): Promise<Pack> =>
  pack({ workspace, task: 'zebra_stripes counts wrong', budget, files }, { indexes, warn: () => {} });

interface Shown {
  readonly path: string;
  readonly total: number;
  readonly start: number;
  readonly lines: readonly string[];
}

/** What a reader of the text sees: for each marker its file, its first line and the lines below it. */
function shownIn(text: string): Shown[] {
  const shown: Shown[] = [];
  const rows = text.split('\n');
  let file = { path: '', total: 0 };
  for (let i = 0; i < rows.length; i++) {
    const head = /^## (.*) \((\d+) lines\)$/.exec(rows[i]!);
    if (head) file = { path: head[1]!, total: Number(head[2]) };
    const marker = /^@@ (\d+)-(\d+) @@/.exec(rows[i]!);
    if (!marker) continue;
    const [start, end] = [Number(marker[1]), Number(marker[2])];
    shown.push({ ...file, start, lines: rows.slice(i + 1, i + 2 + end - start) });
    i += end - start + 1;
  }
  return shown;
}

/** Lines as an editor numbers them. */
function linesOf(content: string): string[] {
  const lines = content.split(/\r?\n/);
  if (lines.length > 1 && lines.at(-1) === '') lines.pop();
  return lines;
}

/** A unified diff that replaces one line of what is shown, made from nothing but the text of the pack. */
function editOf({ path, start, lines }: Shown, at: number): string {
  const from = Math.max(0, at - 3);
  const to = Math.min(lines.length, at + 4);
  const body = lines
    .slice(from, to)
    .flatMap((line, i) => (from + i === at ? [`-${line}`, '+EDITED = 1'] : [` ${line}`]));
  const count = to - from;
  return `--- a/${path}\n+++ b/${path}\n@@ -${start + from},${count} +${start + from},${count} @@\n${body.join('\n')}\n`;
}

const piece = fc.oneof(
  fc.nat(40).map((n) => `def zebra_${n}(stripes):\n    count = stripes + ${n}\n    return count\n`),
  fc.nat(20).map((n) => `    """Words.\n${'    more words\n'.repeat(n + 20)}    """\n`),
  fc.nat(30).map((n) => '# a comment about a zebra\n'.repeat(n)),
  fc.nat(4).map((n) => '\n'.repeat(n)),
  fc.constantFrom(
    'class Zebra:\n    def zebra_stripes(self):\n        return 1\n',
    'x = "<|endoftext|>"\n',
    'é = "😀"\n',
    'y = "\u2028"\n',
    'tab\t= 1\n',
  ),
);
const content = fc.array(piece, { minLength: 1, maxLength: 25 }).map((parts) => parts.join(''));

describe('every line of a pack', () => {
  it('is the line of the file that its marker says, after whatever was left out before it', async () => {
    await fc.assert(
      fc.asyncProperty(
        content,
        content,
        fc.integer({ min: 60, max: 900 }),
        fc.boolean(),
        fc.boolean(),
        async (a, b, budget, crlf, isNamed) => {
          const files: Record<string, string> = { 'a.py': crlf ? a.replaceAll('\n', '\r\n') : a, 'b.py': b };
          const root = plainFolder(files);
          const answer = await packed(root, budget, isNamed ? ['b.py'] : []);
          const shown = shownIn(answer.text);
          expect(shown.map(({ path, start, lines }) => [path, start, start + lines.length - 1])).toEqual(
            answer.files.flatMap(({ path, ranges }) => ranges.map(([start, end]) => [path, start, end])),
          );
          for (const { path, total, start, lines } of shown) {
            const own = linesOf(files[path]!);
            expect(total).toBe(own.length);
            expect(lines).toEqual(own.slice(start - 1, start - 1 + lines.length));
          }
        },
      ),
      { numRuns: 40 },
    );
  });
});

describe('an edit proposed against a pack', () => {
  const methods = Array.from(
    { length: 60 },
    (_, i) => `def other_${i}(value):\n    result = value + ${i}\n    return result\n`,
  );
  const body = `${methods.slice(0, 30).join('\n')}\n\ndef zebra_stripes(x):\n    stripes = x - 1\n    return stripes\n\n\n${methods.slice(30).join('\n')}`;

  it.each([
    ['line feeds', body],
    ['carriage returns', body.replaceAll('\n', '\r\n')],
    ['no end of the last line', body.trimEnd()],
  ])('applies at every place shown of a file with %s, and changes that line alone', async (_, text) => {
    const root = plainFolder({ 'lib/zebra.py': text, 'lib/lion.py': body.replaceAll('zebra', 'lion') });
    const { text: sent } = await packed(root, 900);
    const shown = shownIn(sent);
    expect(shown.length).toBeGreaterThan(1);
    for (const one of shown) {
      const before = readFileSync(join(root, one.path), 'utf8');
      const at = one.lines.findIndex((line) => /return|result/.test(line));
      if (at < 0) continue;
      const parsed = parsePatch(editOf(one, at), (path) => (path === one.path ? before : null));
      expect(parsed).toMatchObject({ ok: true });
      const [change] = (parsed as Extract<typeof parsed, { ok: true }>).change;
      const wanted = linesOf(before);
      wanted[one.start - 1 + at] = 'EDITED = 1';
      expect(linesOf(String(change!.content))).toEqual(wanted);
    }
  });

  it('is about the file as it is now: a pack after an edit has the new lines at their new places', async () => {
    const root = plainFolder({ 'lib/zebra.py': body });
    await packed(root, 900);
    write(root, { 'lib/zebra.py': `# one\n# two\n${body}` });
    for (const { start, lines } of shownIn((await packed(root, 900)).text))
      expect(lines).toEqual(linesOf(`# one\n# two\n${body}`).slice(start - 1, start - 1 + lines.length));
  });
});
