import { checkEnvironment } from '../platform/environment.ts';
import { runProcess } from '../platform/process.ts';
import type { Sandbox } from '../platform/sandbox.ts';
import { detectSandbox } from '../platform/sandbox.ts';
import { type AdvisorCheck, type DoctorSurroundings, examineAdvisors } from './doctor-advisors.ts';
import { openState } from './state.ts';
import { VERSION } from './version.ts';

/** One thing that was looked at. `no` comes with what to do about it. */
export interface Check {
  readonly name: string;
  readonly holds: 'yes' | 'no';
  readonly detail: string;
  readonly remedy?: string;
}

export interface DoctorReport {
  readonly version: string;
  readonly checks: ReadonlyArray<Check | AdvisorCheck>;
}

const VERSION_TIMEOUT_MS = 10_000;

/** What this machine offers: found by trying, nothing spent unless `deep`, nothing changed. Throws `bad_config`. */
export async function examine(surroundings: DoctorSurroundings, deep: boolean): Promise<DoctorReport> {
  const { env, signal } = surroundings;
  const [checks, advisors] = await Promise.all([machine(env, signal), examineAdvisors(surroundings, deep)]);
  return { version: VERSION, checks: [...checks, ...advisors] };
}

async function machine(env: NodeJS.ProcessEnv, signal: AbortSignal): Promise<Check[]> {
  return Promise.all([
    runtime(),
    state(env),
    program('git', ['git', '--version'], 'install git; without it the tree is found by walking it', signal),
    program('python', ['python3', '--version'], 'install Python 3.8 or newer to fix Python projects', signal),
    ...isolation(await detectSandbox()),
  ]);
}

async function runtime(): Promise<Check> {
  const { registerHooks } = (await import('node:module')) as { registerHooks?: unknown };
  const found = `Node ${process.versions.node}`;
  if (registerHooks) return { name: 'node', holds: 'yes', detail: found };
  const detail = `${found} cannot swap modules in a warm process: JavaScript candidates are tried with the test command itself`;
  return { name: 'node', holds: 'no', detail, remedy: 'use Node 22.15 or newer' };
}

async function state(env: NodeJS.ProcessEnv): Promise<Check> {
  try {
    const store = await openState(env);
    await store.close();
    return { name: 'state', holds: 'yes', detail: store.file };
  } catch (error) {
    const { message, remedy } = error as { message: string; remedy?: string };
    return { name: 'state', holds: 'no', detail: message, ...(remedy ? { remedy } : {}) };
  }
}

async function program(name: string, argv: readonly string[], remedy: string, signal: AbortSignal): Promise<Check> {
  const spec = { argv, cwd: process.cwd(), env: checkEnvironment() };
  const run = await runProcess(spec, { timeLimitMs: VERSION_TIMEOUT_MS, outputCapBytes: 4096, signal });
  if (run.exitCode === 0) return { name, holds: 'yes', detail: run.output.trim().split('\n')[0] ?? '' };
  return { name, holds: 'no', detail: `${argv[0]} does not run`, remedy };
}

/** What confines a test command here, one check a promise. */
function isolation({ kind, holds, why }: Sandbox): Array<Promise<Check>> {
  const by = kind === 'none' ? 'nothing confines test commands' : `by ${kind}`;
  const remedy = `install bubblewrap, or allow unprivileged user namespaces${why ? ` (${why})` : ''}`;
  const promises: Array<[string, boolean]> = [
    ['no network in tests', holds.network],
    ['no writes outside the workspace', holds.writes],
    ['no stray processes', holds.processes],
  ];
  return promises.map(
    async ([name, held]): Promise<Check> =>
      held ? { name, holds: 'yes', detail: by } : { name, holds: 'no', detail: by, remedy },
  );
}
