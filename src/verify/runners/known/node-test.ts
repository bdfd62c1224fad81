import { join, relative } from 'node:path';
import { globExpression } from '../../../platform/glob.ts';
import { escapeExpression, filesOf, namePattern } from '../arguments.ts';
import type { Invocation } from '../invocation.ts';
import { firstOperand, importsNodeTest, isNode } from '../node-program.ts';
import type { Addition, Program, RunnerDefinition, Setting } from '../runner.ts';
import { EVENTS, reporterUrl } from '../runtime-files.ts';
import { existing, filesUnder, resolveFiles } from '../test-files.ts';

/** What `node --test` looks for when it is given no files. */
const DEFAULTS = ['**/*.test', '**/*-test', '**/*_test', '**/test-*', '**/test', '**/test/**/*'].map((stem) =>
  globExpression(`${stem}.{js,cjs,mjs,ts,cts,mts}`),
);

export const runner: RunnerDefinition = { id: 'node-test', matches, plan, program };

function matches(words: readonly string[], cwd: string): boolean {
  if (!isNode(words[0])) return false;
  const at = firstOperand(words, 1);
  return words.slice(1, at).includes('--test') || importsNodeTest(words[at], cwd);
}

function plan(invocation: Invocation, setting: Setting): Addition {
  const { words, argv } = invocation;
  const flags = reporterFlags(words);
  const direct = invocation.replace([words[0]!, ...flags, ...words.slice(1)]);
  const env: Record<string, string> = { MAESTRO_REPORT: join(setting.reportDir, EVENTS) };
  if (!direct) env.NODE_OPTIONS = [setting.environment.NODE_OPTIONS ?? '', ...flags].join(' ').trim();
  return {
    argv: direct ?? argv,
    env,
    reportFiles: [EVENTS],
    formats: ['tap', 'node-spec'],
    only: (ids) => only(invocation, flags, ids),
  };
}

/** Ours, beside what the user chose: as soon as there are two, node wants a destination for each. */
function reporterFlags(words: readonly string[]): string[] {
  const count = (name: string) => words.filter((word) => word === name || word.startsWith(`${name}=`)).length;
  const ours = [`--test-reporter=${reporterUrl('node-test.mjs')}`, '--test-reporter-destination=stderr'];
  if (count('--test-reporter') === 0) return [...ours, '--test-reporter=spec', '--test-reporter-destination=stdout'];
  return count('--test-reporter-destination') === 0 ? [...ours, '--test-reporter-destination=stdout'] : ours;
}

function only(invocation: Invocation, flags: readonly string[], ids: readonly string[]): readonly string[] | null {
  const { words, root, cwd } = invocation;
  const at = firstOperand(words, 1);
  const files = filesOf(ids);
  const pattern = namePattern(ids);
  const names = pattern === null ? [] : [`--test-name-pattern=${pattern}`];
  const isTest = words.slice(1, at).includes('--test');
  const operands = !isTest || files === null ? words.slice(at) : files.map((file) => relative(cwd, join(root, file)));
  if (isTest && operands.some((file) => /[*?[\]{}()!+@]/.test(escapeExpression(file)) && /[*?[{]/.test(file)))
    return invocation.replace([words[0]!, ...flags, ...names, ...words.slice(1)]);
  return invocation.replace([words[0]!, ...flags, ...names, ...words.slice(1, at), ...operands]);
}

function program({ words, cwd, root, env }: Invocation): Program {
  const at = firstOperand(words, 1);
  const given = words.slice(at).filter((word) => word !== '--');
  const isDefault = (path: string) => DEFAULTS.some((expression) => expression.test(path)) && !path.endsWith('.d.ts');
  const files = given.length > 0 ? resolveFiles(given, cwd, isDefault) : filesUnder(cwd).filter(isDefault);
  const folder = relative(root, cwd);
  return {
    runner: 'node-test',
    interpreter: words[0]!,
    interpreterArgs: words.slice(1, at).filter((word) => word !== '--test'),
    args: [],
    testFiles: files.map((file) => join(folder, file)),
    named: [],
    folder,
    configFiles: existing(root, ['package.json', join(folder, 'package.json'), join(folder, 'node.config.json')]),
    env,
  };
}
