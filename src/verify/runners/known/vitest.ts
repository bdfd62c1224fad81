import { join, relative } from 'node:path';
import { globExpression } from '../../../platform/glob.ts';
import { filesOf, namePattern, splitArguments } from '../arguments.ts';
import type { Invocation } from '../invocation.ts';
import { nodeProgram } from '../node-program.ts';
import type { Addition, Program, RunnerDefinition, Setting } from '../runner.ts';
import { EVENTS, reporterPath } from '../runtime-files.ts';
import { existing, filesUnder } from '../test-files.ts';

const DEFAULT = globExpression('**/*.{test,spec}.?(c|m)[jt]s?(x)');
const MODES = /^(run|watch|dev|related)$/;
const OTHER_MODES = /^(bench|list|init|merge-reports|--version|-v|--help|-h)$/;
const VALUES =
  /^(-t|--testNamePattern|-c|--config|-r|--root|--dir|--reporter|--outputFile|--project|--pool|--environment|--shard|--retry|--bail|--testTimeout|--hookTimeout|--maxWorkers|--minWorkers|--exclude|--mode)$/;
const CONFIGS = ['vitest', 'vite'].flatMap((name) =>
  ['ts', 'mts', 'cts', 'js', 'mjs', 'cjs'].map((end) => `${name}.config.${end}`),
);

export const runner: RunnerDefinition = { id: 'vitest', matches, plan, program };

function matches(words: readonly string[]): boolean {
  const found = nodeProgram(words, 'vitest');
  return found !== null && !OTHER_MODES.test(found.args[0] ?? '');
}

function plan(invocation: Invocation, { reportDir }: Setting): Addition {
  const chosen = invocation.words.some((word) => /^--reporters?(=|$)/.test(word));
  const flags = [...(chosen ? [] : ['--reporter=default']), `--reporter=${reporterPath('vitest.mjs')}`];
  const argv = invocation.append(flags);
  if (!argv) return { argv: invocation.argv, formats: ['vitest'] };
  return {
    argv,
    env: { MAESTRO_REPORT: join(reportDir, EVENTS) },
    reportFiles: [EVENTS],
    formats: ['jest-json', 'vitest'],
    only: (ids) => invocation.append([...flags, ...selection(invocation, ids)]),
  };
}

/** Files given beside the user's own widen what runs, never narrow it: then only names are given. */
function selection(invocation: Invocation, ids: readonly string[]): string[] {
  const files = filesOf(ids);
  const pattern = namePattern(ids);
  const own = splitArguments(nodeProgram(invocation.words, 'vitest')!.args, VALUES).positional.some(
    (word) => !MODES.test(word),
  );
  const narrowed =
    own || files === null ? [] : files.map((file) => relative(invocation.cwd, join(invocation.root, file)));
  return [...(pattern === null ? [] : ['-t', pattern]), ...narrowed];
}

function program({ words, cwd, root, env }: Invocation): Program {
  const { interpreter, interpreterArgs, args } = nodeProgram(words, 'vitest')!;
  const { positional, options } = splitArguments(args, VALUES);
  const filters = positional.filter((word, index) => index > 0 || !MODES.test(word));
  const folder = relative(root, cwd);
  const files = filesUnder(cwd).filter(
    (file) =>
      DEFAULT.test(file) &&
      (filters.length === 0 || filters.some((filter) => file.includes(filter.replace(/^\.\//, '')))),
  );
  return {
    runner: 'vitest',
    interpreter,
    interpreterArgs,
    args: options,
    testFiles: files.map((file) => join(folder, file)),
    named: [],
    folder,
    configFiles: existing(
      root,
      [...CONFIGS, 'package.json', 'tsconfig.json'].map((name) => join(folder, name)),
    ),
    env,
  };
}
