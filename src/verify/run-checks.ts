import { accessSync, constants, statSync } from 'node:fs';
import { delimiter, isAbsolute, join, relative, resolve } from 'node:path';
import type { CheckRun, CheckStatus, TestResult } from '../domain/evidence.ts';
import type { CheckOptions } from '../domain/ports.ts';
import { checkEnvironment } from '../platform/environment.ts';
import { isInside } from '../platform/files.ts';
import { type ProcessResult, runProcess } from '../platform/process.ts';
import { readReport } from './read-report.ts';
import { describeCommand, type ParsedReport, type RunnerPlan } from './runners/index.ts';
import type { Workspace } from './workspace.ts';

const OUTPUT_CAP_BYTES = 1024 * 1024;

/** What a run needs beside its command and its workspace. `root` is the user's own path, put in place of a copy's in all text. */
export interface RunSettings extends CheckOptions {
  readonly root: string;
  readonly environment?: Readonly<Record<string, string>>;
}

/** A run, and whether it was of the tests asked for alone. */
export interface ScopedRun {
  readonly run: CheckRun;
  readonly scope: 'targets' | 'everything';
}

/**
 * Runs the user's command once in a workspace, asking its runner for a report where it can give one. Never throws for
 * what the command does: a missing program, a hang, a crash and a run without any test are all told by the status.
 */
export async function runChecks(
  command: readonly string[],
  workspace: Workspace,
  settings: RunSettings,
): Promise<ScopedRun> {
  const environment = { ...(settings.environment ?? checkEnvironment()), ...workspace.env };
  const absent = findMissing(command, workspace, environment);
  if (absent !== null) return { run: { ...NOTHING, problem: absent }, scope: 'everything' };
  const plan = await describeCommand(command, workspace.cwd, workspace.reportDir, environment);
  const narrowed = settings.only ? plan.only(settings.only) : null;
  const env = { ...environment, ...plan.env };
  const end = await runProcess(
    { ...workspace.wrap(narrowed ?? plan.argv), env },
    { timeLimitMs: settings.timeLimitMs, outputCapBytes: OUTPUT_CAP_BYTES, signal: settings.signal },
  );
  const report = await parse(plan, end, workspace);
  const run = withUsersPaths(judge(end, report, command), workspace.root, settings.root);
  return { run, scope: narrowed ? 'targets' : 'everything' };
}

const NOTHING: CheckRun = {
  ...{ status: 'not_started', exitCode: null, signal: null, format: 'exit-status', tests: null },
  ...{ output: '', outputTruncated: false, ms: 0 },
};

function parse(plan: RunnerPlan, end: ProcessResult, { reportDir }: Workspace): Promise<ParsedReport> {
  const { stdout, stderr, exitCode } = end;
  return plan.parse({ stdout, stderr, exitCode, readReport: (name) => readReport(reportDir, name) });
}

function judge(end: ProcessResult, report: ParsedReport, command: readonly string[]): CheckRun {
  const status = statusOf(end, report);
  const problem = status === 'not_started' ? whyNotStarted(end, report, command) : undefined;
  return {
    ...{ status, exitCode: end.exitCode, signal: end.signal, format: report.format, tests: report.tests },
    ...{ output: end.output, outputTruncated: end.truncated, ms: end.ms },
    ...(problem === undefined ? {} : { problem }),
  };
}

function statusOf(end: ProcessResult, { tests, problem }: ParsedReport): CheckStatus {
  if (end.cancelled) return 'cancelled';
  if (end.timedOut) return 'timed_out';
  if (end.spawnError || problem !== undefined || sandboxFailure(end, tests) !== null) return 'not_started';
  if (tests === null)
    return end.exitCode === 0 ? 'passed' : end.exitCode === 126 || end.exitCode === 127 ? 'not_started' : 'failed';
  if (tests.some(({ outcome }) => outcome === 'failed')) return 'failed';
  if (!tests.some(({ outcome }) => outcome === 'passed')) return 'not_started';
  return end.exitCode === 0 ? 'passed' : 'failed';
}

/** What a sandbox printed when it could not be set up: then the command was never started. */
function sandboxFailure(end: ProcessResult, tests: ParsedReport['tests']): string | null {
  if (tests !== null || end.exitCode === 0 || end.stdout !== '') return null;
  return /^(?:bwrap|mount|unshare|mkdir|umount|ip): .*$/.exec(end.stderr.trim().split('\n')[0] ?? '')?.[0] ?? null;
}

function whyNotStarted(end: ProcessResult, report: ParsedReport, command: readonly string[]): string {
  if (end.spawnError) return `${command[0]} cannot be started: ${end.spawnError.message}`;
  const failure = sandboxFailure(end, report.tests);
  if (failure !== null) return `the sandbox cannot be set up: ${failure}`;
  return (
    report.problem ?? (report.tests === null ? `${command[0]} cannot be started` : 'no test was run: all are skipped')
  );
}

/** Says which program of the command is not there, before a sandbox would say it in its own words. */
function findMissing(
  command: readonly string[],
  workspace: Workspace,
  environment: Readonly<Record<string, string>>,
): string | null {
  const program = command[0] ?? '';
  if (program === '') return 'there is no command';
  if (program.includes('/')) {
    const path = resolve(workspace.cwd, program);
    const real = isInside(workspace.root, path) ? workspace.locate(relative(workspace.root, path)) : path;
    if (real === null || !isProgram(real)) return `command not found: ${program}`;
    return null;
  }
  const folders = (environment.PATH ?? '').split(delimiter);
  const found = folders.some((folder) =>
    isProgram(isAbsolute(folder) ? join(folder, program) : join(workspace.cwd, folder, program)),
  );
  return found || process.platform === 'win32' ? null : `command not found: ${program}`;
}

function isProgram(path: string): boolean {
  try {
    accessSync(path, constants.X_OK);
    return statSync(path).isFile();
  } catch {
    return false;
  }
}

/** A copy lies at a path that means nothing to the user. */
function withUsersPaths(run: CheckRun, copy: string, root: string): CheckRun {
  if (copy === root) return run;
  const mend = (text: string) => text.replaceAll(copy, root);
  const mendTest = (test: TestResult): TestResult => ({
    ...test,
    id: mend(test.id),
    ...(test.message === undefined ? {} : { message: mend(test.message) }),
  });
  return {
    ...run,
    output: mend(run.output),
    tests: run.tests?.map(mendTest) ?? null,
    ...(run.problem === undefined ? {} : { problem: mend(run.problem) }),
  };
}
