import { readdirSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { describe, expect, it } from 'vitest';
import type { CallContext } from '../../src/app/calls.ts';
import { consult } from '../../src/app/consult.ts';
import { ensemble } from '../../src/app/ensemble.ts';
import { createRuns } from '../../src/app/runs.ts';
import { selectCall } from '../../src/app/select-call.ts';
import { openState } from '../../src/app/state.ts';
import { redact } from '../../src/domain/redaction.ts';
import { chatModel } from '../models/chat-model.ts';
import { AskedProject, advisors, hypotheses } from './asked-project.ts';
import { ALL, type Canary, IN_CALLS, IN_CODE, IN_ENVIRONMENT, IN_FILES, IN_OUTPUT } from './canaries.ts';

const planted = (name: string): string => IN_CALLS.find((one) => one.name === name)!.text;

const CODE = `${IN_CODE.slice(0, 5)
  .map(({ text }) => text)
  .join('\n')}
export function pages(items, size) {
  return Number.parseInt(String(items / size).replace('.', ''), 10);
}
${IN_CODE.slice(5)
  .map(({ text }) => text)
  .join('\n')}
`;
const FILES = {
  ...Object.fromEntries(
    Object.entries(IN_FILES).map(([path, canaries]) => [path, `${canaries.map(({ text }) => text).join('\n')}\n`]),
  ),
  'src/pages.js': CODE,
  'test/pages.test.js': `import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import { pages } from '../src/pages.js';

const said = readFileSync(new URL('said.txt', import.meta.url), 'utf8');
test('a full page', () => assert.equal(pages(10, 5), 2));
test('a page that is not full', () => assert.equal(pages(11, 5), 3, said));
`,
  'test/said.txt': `${IN_OUTPUT.map(({ text }) => text).join('\n')}\n`,
  'package.json': '{ "type": "module" }\n',
};

/** The patch as a model gives it that has seen the redacted file only. */
const PATCH = (() => {
  const [before = '', after = ''] = redact(CODE).text.split('  return Number');
  const context = before.trimEnd().split('\n').slice(-4);
  const rest = after.split('\n').slice(1, 4);
  const body = [
    ...context.map((line) => ` ${line}`),
    "-  return Number.parseInt(String(items / size).replace('.', ''), 10);",
    '+  return Math.ceil(items / size);',
    ...rest.map((line) => ` ${line}`),
  ];
  const lines = context.length + rest.length + 1;
  return `\`\`\`diff\n--- a/src/pages.js\n+++ b/src/pages.js\n@@ -3,${lines} +3,${lines} @@\n${body.join('\n')}\n\`\`\`\n`;
})();

function leaked(text: string, canaries: readonly Canary[] = ALL): readonly string[] {
  return canaries.filter(({ core }) => text.includes(core)).map(({ name }) => name);
}

/** Everything that is on the disk beside the project: the ledger with its log, indexes, caches. */
function stateOf(project: AskedProject): string {
  const folder = dirname(project.database);
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => readFileSync(join(entry.parentPath, entry.name), 'latin1'))
    .join('\n');
}

const CONTEXT: CallContext = {
  signal: new AbortController().signal,
  progress: () => {},
  patienceMs: Number.POSITIVE_INFINITY,
  askPerson: null,
};
const ENVIRONMENT = Object.fromEntries(IN_ENVIRONMENT.map(({ name, text }) => [name, text]));
const isThinking = (system: string): boolean => system.includes('hypotheses');

describe(`${ALL.length} planted secrets`, () => {
  it('are at least forty, no two the same', () => {
    expect(new Set(ALL.map(({ core }) => core)).size).toBe(ALL.length);
    expect(ALL.length).toBeGreaterThanOrEqual(40);
  });

  it('would be seen: the files and what the tests print hold them', () => {
    const everything = Object.values(FILES).join('\n');
    expect(leaked(everything)).toHaveLength(ALL.length - IN_ENVIRONMENT.length - IN_CALLS.length);
  });

  it.each([
    ['a model', 'one', 3],
    ['templates', 'embedded', 0],
  ])(
    'reach no advisor and no file of the state while %s mends the program, whose patch is whole',
    async (_, by, asks) => {
      await using model = await chatModel(({ system, prompt }) => {
        if (isThinking(system)) return { text: hypotheses('rounding') };
        return { text: prompt.includes('Earlier tries') ? PATCH : PATCH.replace('Math.ceil', 'Math.round') };
      });
      using project = new AskedProject(FILES, advisors(model.baseUrl, 'one'), ENVIRONMENT);
      const report = await project.fix({ providers: [by], task: planted('task') });
      expect(model.questions.length).toBe(asks);
      expect(model.questions.flatMap(({ raw }) => leaked(raw))).toEqual([]);
      expect(leaked(stateOf(project))).toEqual([]);
      expect(report).toMatchObject({ status: 'fixed', winner: { provider: by } });
      expect(leaked(report.patch!, IN_CODE).length).toBeGreaterThan(0);
      expect(report.patch).not.toContain('[redacted');
    },
  );

  it('reach no advisor and no file of the state in a consult, an ensemble and a choice by a judge', async () => {
    await using model = await chatModel(({ system }) => {
      if (system.includes('judge')) return { text: JSON.stringify({ winner: null, why: planted('criteria') }) };
      return { text: isThinking(system) ? hypotheses('rounding') : PATCH };
    });
    const limits = { consults_per_stage: 20, consults_per_workflow: 20 };
    using project = new AskedProject(FILES, { ...advisors(model.baseUrl, 'one', 'two'), limits }, ENVIRONMENT);
    await using store = await openState(project.env);
    const runs = createRuns({ store, env: project.env, warn: () => {} });
    const ops = { store, env: project.env, cwd: project.root, runs };
    const errors = [`${IN_OUTPUT.map(({ text }) => text).join('\n')}\n${planted('error output')}`];
    const asked = { errors, files: ['src/pages.js', ...Object.keys(IN_FILES)] };
    await consult({ prompt: `Why? ${planted('prompt')}`, ...asked }, CONTEXT, ops);
    for (const kind of ['hypotheses', 'patch', 'answer'] as const)
      await ensemble({ task: `Mend it. ${planted('task')}`, kind, n: 2, ...asked }, CONTEXT, ops);
    const candidates = [
      { id: 'a', text: `Use ${planted('candidate')}.` },
      { id: 'b', text: CODE },
    ];
    const chosen = await selectCall(
      { candidates, mode: 'llm_judge', criteria: `The safest. ${planted('criteria')}` },
      CONTEXT,
      ops,
    );
    expect(chosen.status).toBe('selected');
    await runs.close();
    expect(model.questions.length).toBeGreaterThanOrEqual(9);
    expect(model.questions.flatMap(({ raw }) => leaked(raw))).toEqual([]);
    expect(leaked(stateOf(project))).toEqual([]);
    expect(leaked(JSON.stringify(chosen))).toEqual([]);
  });
});
