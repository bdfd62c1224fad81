import { readFileSync } from 'node:fs';
import { beforeAll, describe, expect, it } from 'vitest';
import { applied, normalForm } from '../../src/repair/candidate.ts';
import type { Context, Edit } from '../../src/repair/operator.ts';
import { PRIORS } from '../../src/repair/priors.ts';
import { knownOperators, openProgram } from '../../src/repair/program.ts';
import type { SyntaxNode } from '../../src/repair/syntax.ts';

interface Made {
  readonly operator: string;
  readonly node: SyntaxNode;
  readonly edit: Edit;
}

/** Programs that use most of what a language has. */
const RICH = {
  py: readFileSync(new URL('../fixtures/repair/rich.py', import.meta.url), 'utf8'),
  js: readFileSync(new URL('../fixtures/repair/rich.js', import.meta.url), 'utf8'),
};

async function opened(ending: string, text: string): Promise<Context> {
  const [context] = await openProgram([{ path: `program.${ending}`, text }]);
  return context!;
}

/** Every edit of every operator at every node. */
async function everyEdit(context: Context): Promise<Made[]> {
  const operators = await knownOperators();
  return operators.flatMap((operator) =>
    context.file.nodes.flatMap((node) =>
      [...operator.propose(node, context)].map((edit) => ({ operator: operator.id, node, edit })),
    ),
  );
}

/** Edits as lines to compare, places as `at` counts them, with one kind of line end. */
function written(edits: readonly Made[], at: (position: number) => number = (position) => position): string[] {
  return edits.map(({ operator, edit }) => {
    const puts = edit.replacements.map((put) => [at(put.start), at(put.end), put.text.replaceAll('\r\n', '\n')]);
    return `${operator}:${edit.variant} ${edit.weight} ${JSON.stringify(puts)}`;
  });
}

/** For each place of a text with CRLF, the place in the same text with LF. */
function placesInLf(crlf: string): number[] {
  let returns = 0;
  return Array.from({ length: crlf.length + 1 }, (_, at) => at - (crlf[at] === '\r' ? returns++ : returns));
}

/** One of every variant of every operator, so that each is parsed once. */
function oneOfEach(edits: readonly Made[]): Made[] {
  return [...Map.groupBy(edits, ({ operator, edit }) => `${operator}:${edit.variant}`).values()].map(
    (group) => group[Math.floor(group.length / 2)]!,
  );
}

describe.each(['py', 'js'] as const)('every edit of a program in %s', (ending) => {
  const text = RICH[ending];
  let context: Context;
  let edits: Made[];

  beforeAll(async () => {
    context = await opened(ending, text);
    edits = await everyEdit(context);
  });

  it('has a weight in (0, 1], places inside the file, and no place twice', () => {
    expect(context.file.broken).toBe(false);
    const wrong = edits.filter(
      ({ edit }) =>
        !(edit.weight > 0 && edit.weight <= 1) ||
        edit.replacements.length === 0 ||
        edit.replacements.some(({ start, end }) => start < 0 || start > end || end > text.length) ||
        applied(text, edit.replacements) === null,
    );
    expect(wrong).toEqual([]);
  });

  it('comes from all operators but those for a slip or for what does not parse', async () => {
    const silent = (await knownOperators())
      .map(({ id }) => id)
      .filter((id) => !edits.some((each) => each.operator === id));
    const foreign = ending === 'js' ? ['comprehension-filter'] : [];
    expect(silent.sort()).toEqual([...foreign, 'slip', 'syntax-error'].sort());
  });

  it('is of a kind whose odds were counted', () => {
    const kinds = new Set(edits.map(({ operator, edit }) => `${operator}:${edit.variant}`));
    const rare = new Set(['delete-statement:throw', 'delete-statement:other']);
    expect([...kinds].filter((kind) => !(kind in PRIORS) && !rare.has(kind))).toEqual([]);
  });

  it('leaves comments, documentation, imports and types as they are, unless a statement goes with them', () => {
    const fixed = context.file.nodes.filter(({ kind }) => kind && /^(comment|docstring|import|type)$/.test(kind));
    expect(fixed.length).toBeGreaterThanOrEqual(3);
    const wrong = edits.filter(({ edit }) =>
      edit.replacements.some(({ start, end }) =>
        fixed.some((node) => start < node.end && end > node.start && !(start <= node.start && end >= node.end)),
      ),
    );
    expect(wrong).toEqual([]);
  });

  it('is the same whether lines end in LF or CRLF, and mixes no line ends', async () => {
    const crlf = text.replaceAll('\n', '\r\n');
    const other = await everyEdit(await opened(ending, crlf));
    const places = placesInLf(crlf);
    expect(written(other, (position) => places[position]!)).toEqual(written(edits));
    const mixed = other.filter(({ edit }) => edit.replacements.some(({ text }) => /(?<!\r)\n/.test(text)));
    expect(mixed).toEqual([]);
  });

  it('is the same below a line of letters beyond ASCII', async () => {
    const above = `${ending === 'py' ? '#' : '//'} 😀é\n`;
    expect(written(await everyEdit(await opened(ending, above + text)), (position) => position - above.length)).toEqual(
      written(edits),
    );
  });

  it('parses, for every variant of every operator', () => {
    const failed = oneOfEach(edits)
      .filter(({ edit }) => normalForm(context.file, edit.replacements) === null)
      .map(({ operator, edit }) => `${operator}:${edit.variant}`);
    expect(failed).toEqual([]);
  });
});

describe('a program in JavaScript', () => {
  it('gets the same edits under every ending of JavaScript and TypeScript', async () => {
    const wanted = written(await everyEdit(await opened('js', RICH.js)));
    for (const ending of ['cjs', 'mts', 'tsx'])
      expect(written(await everyEdit(await opened(ending, RICH.js)))).toEqual(wanted);
  });
});

/** Operators that regroup on purpose, and signs and constants, which bind less than a power or a member. */
const REGROUPING = ['regroup:right', 'negate:sign', 'variable:constant'];

describe('an expression put in the place of another', () => {
  it.each([
    [
      'js',
      `function f(a, b, c) {
  const d = a - (b - c);
  if (a < b || b < c && !c) return -a ** 2;
  const e = a > b ? b - 1 : c + 1;
  g(a * b, c % 2 === 0, x => x - a);
  return (a + b) * c / d - e[a - 1].length;
}
`,
    ],
    [
      'py',
      `def f(a, b, c):
    d = a - (b - c)
    if a < b or b < c and not c:
        return -a ** 2
    e = b - 1 if a > b else c + 1
    h = [y + 1 for y in e if y > a]
    return (a + b) * c // d - e[a - 1:c].size
`,
    ],
  ])('stays together, as if it stood in parentheses (%s)', async (ending, text) => {
    const context = await opened(ending, text);
    const values = new Map(
      context.file.nodes.filter(({ role }) => role === 'value').map((node) => [`${node.start}:${node.end}`, node]),
    );
    const loose = (await everyEdit(context)).filter(({ operator, edit }, at) => {
      const [put, ...more] = edit.replacements;
      if (!put?.text || more.length > 0 || !values.has(`${put.start}:${put.end}`)) return false;
      if (at % 7 !== 0 || REGROUPING.includes(`${operator}:${edit.variant}`)) return false;
      const closed = normalForm(context.file, [{ ...put, text: `(${put.text})` }]);
      return closed !== null && closed !== normalForm(context.file, edit.replacements);
    });
    expect(loose.map(({ operator, edit }) => `${operator}:${edit.variant} ${edit.replacements[0]!.text}`)).toEqual([]);
  });
});
