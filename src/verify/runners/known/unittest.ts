import { readFileSync } from 'node:fs';
import { join, relative, resolve } from 'node:path';
import type { Invocation } from '../invocation.ts';
import { isPython, pastOptions, pythonModule, withReporters } from '../python-program.ts';
import type { Addition, Program, RunnerDefinition, Setting } from '../runner.ts';
import { EVENTS } from '../runtime-files.ts';
import { existing } from '../test-files.ts';
import { unittestTargets } from '../unittest-targets.ts';

export const runner: RunnerDefinition = { id: 'unittest', matches, plan, program };

function matches(words: readonly string[], cwd: string): boolean {
  return pythonModule(words)?.module === 'unittest' || isTestScript(words, cwd);
}

/** `python test_x.py`, where the file runs its own tests. */
function isTestScript(words: readonly string[], cwd: string): boolean {
  const file = isPython(words[0]) ? words[pastOptions(words)] : undefined;
  if (file === undefined || !file.endsWith('.py')) return false;
  try {
    return /^\s*unittest\.main\(/m.test(readFileSync(resolve(cwd, file), 'utf8').slice(-20_000));
  } catch {
    return false;
  }
}

function plan(invocation: Invocation, { reportDir, environment }: Setting): Addition {
  const module = pythonModule(invocation.words);
  const own = invocation.env.PYTHONPATH;
  const recorded =
    module?.readsEnvironment && own === undefined
      ? invocation.replace([...module.head, 'maestro_unittest', ...module.args])
      : null;
  if (!recorded) return verbose(invocation);
  return {
    argv: recorded,
    env: { MAESTRO_REPORT: join(reportDir, EVENTS), PYTHONPATH: withReporters(environment, {}) },
    reportFiles: [EVENTS],
    formats: ['unittest'],
    only: (ids) => select(recorded, ids),
  };
}

/** Without `-v` only failures are named; with it nothing else changes. */
function verbose(invocation: Invocation): Addition {
  const { words, argv } = invocation;
  const spoken = words.some((word) => /^(-v|--verbose|-q|--quiet)$/.test(word))
    ? argv
    : (invocation.append(['-v']) ?? argv);
  return { argv: spoken, formats: ['unittest'], only: () => null };
}

const ID = /^[\p{L}\p{N}_.]+$/u;

/** `-k` keeps how tests are found as it is and runs those whose full name holds the pattern. */
function select(argv: readonly string[], ids: readonly string[]): readonly string[] | null {
  const names = new Set(ids.map((id) => id.replace(/ #\d+$/, '').replace(/ [([](?!hook\)|file\)).*$/, '')));
  if ([...names].some((name) => !ID.test(name))) return null;
  return [...argv, ...[...names].flatMap((name) => ['-k', name])];
}

function program(invocation: Invocation): Program {
  const { words, cwd, root, env } = invocation;
  const module = pythonModule(words);
  const folder = relative(root, cwd);
  const { files, named, args } = module
    ? unittestTargets(module.args, cwd)
    : { files: [words[pastOptions(words)]!], named: [], args: words.slice(pastOptions(words) + 1) };
  return {
    runner: 'unittest',
    interpreter: module?.interpreter ?? words[0]!,
    interpreterArgs: module?.interpreterArgs ?? words.slice(1, pastOptions(words)),
    args,
    testFiles: files.map((file) => join(folder, file)),
    named,
    folder,
    configFiles: existing(
      root,
      ['setup.cfg', 'pyproject.toml'].map((name) => join(folder, name)),
    ),
    env,
  };
}
