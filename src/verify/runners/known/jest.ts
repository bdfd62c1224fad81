import { join, relative } from 'node:path';
import { globExpression } from '../../../platform/glob.ts';
import { filesOf, namePattern, splitArguments } from '../arguments.ts';
import type { Invocation } from '../invocation.ts';
import { nodeProgram } from '../node-program.ts';
import type { Addition, Program, RunnerDefinition, Setting } from '../runner.ts';
import { EVENTS, reporterPath } from '../runtime-files.ts';
import { existing, filesUnder } from '../test-files.ts';

const DEFAULTS = ['**/__tests__/**/*.?([mc])[jt]s?(x)', '**/?(*.)+(spec|test).?([mc])[jt]s?(x)'].map((glob) =>
  globExpression(glob.replace('?([mc])', '{,m,c}').replace('?(*.)+(spec|test)', '{*.,}{spec,test}')),
);
const VALUES =
  /^(-t|--testNamePattern|-c|--config|--rootDir|--roots|--testPathPatterns?|--maxWorkers|-w|--testTimeout|--env|--reporters|--outputFile|--selectProjects|--shard|--coverageDirectory|--testMatch|--testRegex|--setupFiles\w*)$/;
const CONFIGS = ['js', 'ts', 'mjs', 'cjs', 'cts', 'mts', 'json'].map((end) => `jest.config.${end}`);

export const runner: RunnerDefinition = { id: 'jest', matches, plan, program };

function matches(words: readonly string[]): boolean {
  const found = nodeProgram(words, 'jest');
  return found !== null && !/^(--version|-v|--help|-h|--showConfig|--listTests|--init)$/.test(found.args[0] ?? '');
}

function plan(invocation: Invocation, { reportDir }: Setting): Addition {
  const chosen = invocation.words.some((word) => /^--reporters(=|$)/.test(word));
  const flags = [...(chosen ? [] : ['--reporters=default']), `--reporters=${reporterPath('jest.cjs')}`];
  const argv = invocation.append(flags);
  if (!argv) return { argv: invocation.argv, formats: ['jest-json', 'jest'] };
  return {
    argv,
    env: { MAESTRO_REPORT: join(reportDir, EVENTS) },
    reportFiles: [EVENTS],
    formats: ['jest-json', 'jest'],
    only: (ids) => invocation.append([...selection(invocation, ids), ...flags]),
  };
}

/** The name pattern before the files: lists of values end at the next option. */
function selection(invocation: Invocation, ids: readonly string[]): string[] {
  const files = filesOf(ids);
  const pattern = namePattern(ids);
  const own = splitArguments(nodeProgram(invocation.words, 'jest')!.args, VALUES).positional.length > 0;
  const paths = own || files === null ? [] : files.map((file) => relative(invocation.cwd, join(invocation.root, file)));
  const names = pattern === null ? [] : [`--testNamePattern=${pattern}`];
  return paths.length > 0 ? ['--runTestsByPath', ...paths, ...names] : names;
}

function program({ words, cwd, root, env }: Invocation): Program {
  const { interpreter, interpreterArgs, args } = nodeProgram(words, 'jest')!;
  const { positional, options } = splitArguments(args, VALUES);
  const folder = relative(root, cwd);
  const files = filesUnder(cwd).filter(
    (file) =>
      DEFAULTS.some((expression) => expression.test(file)) &&
      (positional.length === 0 || positional.some((word) => mentions(word, join(cwd, file)))),
  );
  return {
    runner: 'jest',
    interpreter,
    interpreterArgs,
    args: options,
    testFiles: files.map((file) => join(folder, file)),
    named: [],
    folder,
    configFiles: existing(
      root,
      [...CONFIGS, 'package.json', 'babel.config.js', '.babelrc'].map((name) => join(folder, name)),
    ),
    env,
  };
}

/** Jest takes its operands for expressions over absolute paths, in any case; a path is most often what is meant. */
function mentions(word: string, path: string): boolean {
  return path
    .toLowerCase()
    .includes(word.replace(/^\.\//, '').replace(/\\(.)/g, '$1').replace(/[$^]/g, '').toLowerCase());
}
