import type { ChangeSet } from '../../domain/change.ts';
import type { TestCoverage } from '../../domain/evidence.ts';
import type { Screener, Screening } from '../../domain/ports.ts';
import { commandScreener } from './command-screener.ts';
import type { ScreenerOptions } from './index.ts';
import type { Launch, ScreenKind } from './kind.ts';
import { limitFor, typicalCpu } from './limits.ts';
import { type Matched, matchBaseline, type WarmTest } from './match.ts';
import { Pool } from './pool.ts';
import { type Call, varied } from './variations.ts';
import { type Answer, NoAnswer, WarmProcess } from './warm-process.ts';

export interface WarmOptions extends ScreenerOptions {
  readonly kind: ScreenKind;
  readonly runner: string;
  readonly launch: Launch;
}

const START_MS = 30_000;
const LONGEST_MS = 60_000;
/** What a test may use on the unchanged tree before it counts as one that never ends. */
const PATIENT = { cpu: 2, wall: 8 };
/** How many times its limit a test may take on a machine with more to do. */
const OVERLOAD = 6;
const STUCK_MS = 2_000;
const BEHAVIOUR_LIMIT = { cpu: 0.1, wall: 0.5 };

/** `null` when the warm process cannot start or does not reproduce the baseline. */
export async function openWarmScreener(options: WarmOptions): Promise<Screener | null> {
  const first = new WarmProcess(options.launch, options.dir, options.confine);
  try {
    const opened = await open(first, options);
    if (opened) return screener(options, first, opened);
  } catch (error) {
    if (!(error instanceof NoAnswer)) throw error;
  }
  await first.close();
  options.signal.throwIfAborted();
  return null;
}

interface Opened {
  readonly matched: Matched;
  readonly arm: ReturnType<typeof armed>;
}

/** Runs the unchanged program in the warm process and prepares it for candidates. */
async function open(process: WarmProcess, { launch, baseline, kind, signal }: WarmOptions): Promise<Opened | null> {
  const onAbort = () => void process.close();
  signal.addEventListener('abort', onAbort, { once: true });
  try {
    if ((await process.ask(launch.open, START_MS)).problem) return null;
    const request = { op: 'baseline', ...PATIENT, longest: LONGEST_MS / 1000 };
    const seen = await process.ask(request, LONGEST_MS);
    const tests = seen.tests as readonly WarmTest[] | undefined;
    const matched = tests && matchBaseline(baseline, tests);
    if (!matched || typeof matched === 'string') return null;
    const arm = armed(matched, seen, kind);
    await process.ask(arm, START_MS);
    return { matched, arm };
  } finally {
    signal.removeEventListener('abort', onAbort);
  }
}

function armed({ targets, others }: Matched, { warm, load }: Answer, { leastCpu }: ScreenKind) {
  const { cpu, wall } = load as { readonly cpu: number; readonly wall: number };
  const typical = typicalCpu([...targets, ...others].map(({ cpu }) => cpu));
  const limited = (tests: readonly WarmTest[]) =>
    tests.map(({ id, cpu, wall }) => ({ id, ...limitFor(cpu, wall, typical, leastCpu) }));
  return {
    op: 'arm',
    warm,
    targets: limited(targets),
    others: limited(others),
    load: limitFor(cpu, wall, typical, leastCpu * 2),
  };
}

function screener(options: WarmOptions, first: WarmProcess, { matched, arm }: Opened): Screener {
  const { kind, runner, snapshot, launch } = options;
  const start = async () => {
    const process = new WarmProcess(launch, options.dir, options.confine);
    await process.ask(launch.open, START_MS);
    await process.ask(arm, START_MS);
    return process;
  };
  const pool = new Pool(start, first, options.concurrency);
  const byCommand = commandScreener(options);
  const known = new Set(snapshot.files);
  const isReplaceable = (change: ChangeSet) =>
    change.every(({ path, content }) => content !== null && known.has(path) && kind.replaces.test(path));
  const longest = longestScreening(arm);
  const inputs = once((signal) => recordInputs(pool, signal));
  return {
    kind: runner,
    targets: matched.targets.length,
    screen: (change, signal) =>
      isReplaceable(change) ? screen(pool, change, longest, signal) : byCommand.screen(change, signal),
    coverage: (signal) => coverage(pool, matched, known, signal),
    behaviour: async (change, signal) =>
      isReplaceable(change) ? behave(pool, change, await inputs(signal), signal) : null,
    close: () => pool.close(),
  };
}

/** Shares one result among all who ask; a failure is not kept. */
function once<T>(work: (signal: AbortSignal) => Promise<T>): (signal: AbortSignal) => Promise<T> {
  let result: Promise<T> | undefined;
  return (signal) => {
    result ??= work(signal).catch((error) => {
      result = undefined;
      throw error;
    });
    return result;
  };
}

/** Milliseconds after which a process is stuck in a call that nothing inside it can interrupt. */
function longestScreening({ targets, others, load }: Opened['arm']): number {
  const allowed = [load, ...targets, ...others].reduce((sum, { cpu, wall }) => sum + Math.max(cpu * OVERLOAD, wall), 0);
  return Math.min(LONGEST_MS, STUCK_MS + allowed * 1000);
}

async function screen(pool: Pool, change: ChangeSet, longest: number, signal: AbortSignal): Promise<Screening> {
  try {
    const answer = await pool.ask({ op: 'screen', files: contents(change) }, longest, signal);
    if (answer.problem) return { verdict: 'crash', fixed: 0, broken: 0 };
    const { verdict, fixed, broken } = answer as unknown as Screening;
    return { verdict, fixed, broken };
  } catch (error) {
    if (!(error instanceof NoAnswer)) throw error;
    return { verdict: error.verdict, fixed: 0, broken: 0 };
  }
}

async function coverage(
  pool: Pool,
  { names }: Matched,
  known: ReadonlySet<string>,
  signal: AbortSignal,
): Promise<TestCoverage[] | null> {
  const { tests } = (await answered(pool, { op: 'coverage' }, signal)) as { tests?: readonly CoveredTest[] };
  if (!tests) return null;
  return tests.flatMap(({ id, outcome, lines }) => {
    const test = names.get(id);
    if (test === undefined) return [];
    const own = Object.entries(lines).filter(([path]) => known.has(path));
    return [{ test, outcome: outcome === 'missing' ? 'failed' : outcome, lines: Object.fromEntries(own) }];
  });
}

interface CoveredTest {
  readonly id: string;
  readonly outcome: WarmTest['outcome'];
  readonly lines: TestCoverage['lines'];
}

async function recordInputs(pool: Pool, signal: AbortSignal): Promise<readonly Call[]> {
  const { calls = [] } = (await answered(pool, { op: 'record' }, signal)) as { calls?: readonly Call[] };
  return varied(calls);
}

async function behave(
  pool: Pool,
  change: ChangeSet,
  calls: readonly Call[],
  signal: AbortSignal,
): Promise<readonly string[] | null> {
  if (calls.length === 0) return null;
  const answer = await answered(pool, { op: 'behave', files: contents(change), calls, ...BEHAVIOUR_LIMIT }, signal);
  return (answer.texts as readonly string[] | undefined) ?? null;
}

/** The answer, or an empty one where there is none. */
async function answered(pool: Pool, request: Readonly<Record<string, unknown>>, signal: AbortSignal): Promise<Answer> {
  try {
    const answer = await pool.ask(request, LONGEST_MS, signal);
    return answer.problem ? {} : answer;
  } catch (error) {
    if (!(error instanceof NoAnswer)) throw error;
    return {};
  }
}

function contents(change: ChangeSet): Record<string, string | null> {
  return Object.fromEntries(change.map(({ path, content }) => [path, content]));
}
