import { statSync } from 'node:fs';
import { basename, join, relative, resolve, sep } from 'node:path';
import { loadDefinitions } from '../../platform/load-definitions.ts';
import { readRun } from '../reports/index.ts';
import type { ParsedReport } from '../reports/report.ts';
import { anyCommand } from './any-command.ts';
import type { Invocation } from './invocation.ts';
import type { Environment, FinishedRun, Program, RunnerDefinition, RunnerPlan } from './runner.ts';
import { unwrap } from './unwrap.ts';

export { isStandIn, PROCESS_EXIT } from '../reports/index.ts';
export type { ParsedReport } from '../reports/report.ts';
export type { Program, RunnerPlan } from './runner.ts';

const KNOWN = new URL('./known/', import.meta.url);

let definitions: Promise<RunnerDefinition[]> | undefined;

/** The command without its wrappers, and its runner where it is one we know. */
async function recognise(argv: readonly string[], cwd: string): Promise<[Invocation, RunnerDefinition | undefined]> {
  definitions ??= loadDefinitions<RunnerDefinition>(KNOWN, 'runner');
  const runners = await definitions;
  const runnerOf = (words: readonly string[], folder: string) =>
    runners.find((runner) => runner.matches(words, folder));
  const invocation = await unwrap(argv, cwd, (words, folder) => runnerOf(words, folder) !== undefined);
  return [invocation, runnerOf(invocation.words, invocation.cwd)];
}

/**
 * How to run the user's command so that each test's outcome is known. `cwd` is the folder it runs in, `reportDir` an
 * existing folder outside of it that belongs to this one run, `environment` what the command would get. Reads scripts and settings, starts nothing.
 */
export async function describeCommand(
  argv: readonly string[],
  cwd: string,
  reportDir: string,
  environment: Environment = process.env,
): Promise<RunnerPlan> {
  const [invocation, runner] = await recognise(argv, cwd);
  const addition =
    (await runner?.plan(invocation, { reportDir, environment })) ?? anyCommand(invocation, { reportDir, environment });
  const reportFiles = (addition.reportFiles ?? []).map((name) => join(reportDir, name));
  return {
    runner: runner?.id ?? 'other',
    argv: addition.argv,
    env: addition.env ?? {},
    reportFiles,
    only: (ids) => (ids.length > 0 ? (addition.only?.(ids) ?? null) : null),
    parse: (run: FinishedRun): Promise<ParsedReport> =>
      readRun(run, { files: reportFiles, formats: addition.formats, root: cwd, folder: invocation.cwd }),
  };
}

/** What the command comes down to, for a warm runner; `null` when the runner is not one that has such. */
export async function programOf(argv: readonly string[], cwd: string): Promise<Program | null> {
  const [invocation, runner] = await recognise(argv, cwd);
  return (await runner?.program?.(invocation)) ?? null;
}

const INTERPRETER = /^(?:node|deno|bun|tsx|ts-node|python\d*(?:\.\d+)*|ruby|perl|php|sh|bash|zsh)$/;

/** Scripts that a command runs by name, wrappers and package scripts taken off; relative to `cwd`, `/` separators. */
export async function scriptsNamedBy(argv: readonly string[], cwd: string): Promise<string[]> {
  const [{ words, cwd: folder }] = await recognise(argv, cwd);
  const scripts = INTERPRETER.test(basename(words[0] ?? '')) ? words.slice(1) : words.slice(0, 1);
  return scripts
    .map((word) => resolve(folder, word))
    .filter((path) => isFile(path))
    .map((path) => relative(cwd, path).split(sep).join('/'))
    .filter((path) => !path.startsWith('..'));
}

function isFile(path: string): boolean {
  return statSync(path, { throwIfNoEntry: false })?.isFile() ?? false;
}
