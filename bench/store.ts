import { mkdtempSync, realpathSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { metrics } from '../src/app/metrics.ts';
import { workflowState } from '../src/app/workflow-state.ts';
import type { NewEvent } from '../src/domain/ports.ts';
import { createEngine } from '../src/engine/local.ts';
import { createBudget } from '../src/store/budget.ts';
import { appendEvents, readEvents } from '../src/store/events.ts';
import { openStore, type Store } from '../src/store/open.ts';

/** How long the state file takes: opening, appending, committing a step, reserving, reading few and many events. */
const SIZES = [2_000, 200_000] as const;
const folder = mkdtempSync(join(tmpdir(), 'maestro-bench-'));
try {
  await opening();
  await committing();
  await reading();
  await asking();
} finally {
  rmSync(folder, { recursive: true, force: true });
}

async function opening(): Promise<void> {
  const file = join(folder, 'opening.db');
  const first = await timed(() => openStore(file).then((store) => store.close()));
  const again = await median(20, () => openStore(file).then((store) => store.close()));
  print('open a new file, libraries loaded with it', `${first.toFixed(0)} ms`);
  print('open an existing file', `${again.toFixed(1)} ms`);
}

async function committing(): Promise<void> {
  await using store = await openStore(join(folder, 'committing.db'));
  const single = await median(300, (n) => append(store, 1, n));
  const batch = await timed(() => append(store, 20_000, 0));
  print('append one event in a transaction of its own', `${single.toFixed(2)} ms, ${perSecond(1, single)} events/s`);
  print('append 20,000 events at once', `${perSecond(20_000, batch)} events/s`);
  await createEngine(store).start({ kind: 'bench', key: 'k', workspace: '/p', request: null }, async (run) => {
    const step = await median(300, (n) => run.step(`small ${n}`, async (record) => record(event(n))));
    const bulk = 'x'.repeat(1_000_000);
    const large = await median(20, (n) => run.step(`large ${n}`, async () => bulk));
    const budget = createBudget(store);
    const limits = [
      { scope: 'stage', limit: 1e6 },
      { scope: 'workflow', limit: 1e6 },
    ];
    const reserve = await median(200, () => budget.reserve(run.id, limits, 1));
    print('commit a step with one event', `${step.toFixed(2)} ms`);
    print('commit a step with a result of 1 MB', `${large.toFixed(1)} ms`);
    print('reserve budget in two scopes', `${reserve.toFixed(2)} ms`);
  });
}

async function reading(): Promise<void> {
  const times = new Map<string, number[]>();
  for (const size of SIZES) {
    const file = join(folder, `${size}.db`);
    await using store = await openStore(file);
    for (let n = 0; n < size; n += 100) await append(store, 100, n / 100);
    const queries: Record<string, () => Promise<unknown>> = {
      'one workflow (100 events)': () => readEvents(store.queries, { workflowId: 'w7' }),
      'a page of 100 in the middle': () => readEvents(store.queries, { after: size / 2, limit: 100 }),
      'one workspace (1 in 10)': () => readEvents(store.queries, { workspace: '/project/3' }),
      everything: () => readEvents(store.queries),
    };
    for (const [name, query] of Object.entries(queries))
      times.set(name, [...(times.get(name) ?? []), await median(5, query)]);
    print(`file of ${size} events`, `${(statSync(file).size / 1e6).toFixed(1)} MB`);
  }
  for (const [name, [few = 0, many = 0]] of times)
    print(
      `read ${name}`,
      `${few.toFixed(2)} → ${many.toFixed(2)} ms, ratio ${(many / few).toFixed(1)} for ×100 events`,
    );
}

/** What a host waits for when it asks where the work stands, and whether asking others paid: in a ledger of few and of many events. */
async function asking(): Promise<void> {
  const cwd = realpathSync(mkdtempSync(join(folder, 'workspace-')));
  const { signal } = new AbortController();
  const times = new Map<string, number[]>();
  for (const size of SIZES) {
    await using store = await openStore(join(folder, `asked-${size}.db`));
    const facts = workflowFacts();
    const all = size / facts.length;
    for (let n = 0; n < all - 1; n += 100) await worked(store, cwd, n, Math.min(100, all - 1 - n), facts);
    await worked(store, cwd, all, 1, facts.slice(0, -2));
    const first = await timed(() => metrics({ scope: 'all' }, { store, cwd }));
    print(`metrics(all) of ${size} events, nothing kept yet`, `${first.toFixed(1)} ms`);
    await metrics({ scope: 'workspace' }, { store, cwd });
    const calls: Record<string, () => Promise<unknown>> = {
      workflowState: () => workflowState({}, { signal }, { store, cwd }),
      'metrics(workflow)': () => metrics({ scope: 'workflow' }, { store, cwd }),
      'metrics(workspace)': () => metrics({ scope: 'workspace' }, { store, cwd }),
      'metrics(all)': () => metrics({ scope: 'all' }, { store, cwd }),
      'metrics(all), 100 events later': async () => metrics({ scope: 'all' }, { store, cwd }),
    };
    for (const [name, call] of Object.entries(calls)) {
      if (name.endsWith('later')) await worked(store, cwd, size, 100 / facts.length, facts);
      times.set(name, [...(times.get(name) ?? []), await median(31, call)]);
    }
  }
  for (const [name, [few = 0, many = 0]] of times)
    print(name, `${few.toFixed(2)} → ${many.toFixed(2)} ms, ratio ${(many / few).toFixed(1)} for ×100 events`);
}

/** The facts of a workflow of three stages in which one advisor was asked; 20 of them. */
function workflowFacts(): NewEvent[] {
  return [
    { type: 'workflow_opened', payload: { task: 'mend it' } },
    ...(['analyze', 'implement', 'improve'] as const).flatMap((stage) => [
      { type: 'stage_entered', payload: { stage, visit: 1 } },
      {
        type: 'stage_output',
        payload: { stage, visit: 1, iteration: 1, output: { summary: 'x'.repeat(500) }, host_turns: 3 },
      },
      { type: 'consult_asked', payload: { consult: 'c', provider: 'codex', purpose: 'advice' } },
      {
        type: 'consult_answered',
        payload: {
          consult: 'c',
          provider: 'codex',
          purpose: 'advice',
          input_tokens: 9,
          output_tokens: 9,
          cost_usd: 0.01,
          ms: 900,
          truncated: false,
        },
      },
      { type: 'tests_reported', payload: { status: 'passed', summary: '12 passed' } },
      {
        type: 'stage_left',
        payload: { stage, visit: 1, outcome: 'done', summary: '', host_turns: 3, basis: 'reported', ms: 1 },
      },
    ]),
    { type: 'workflow_finished', payload: { outcome: 'fixed', passed: true, basis: 'reported', ms: 1 } },
  ];
}

function worked(
  store: Store,
  workspace: string,
  from: number,
  count: number,
  facts: readonly NewEvent[],
): Promise<void> {
  return store.queries.transaction().execute(async (trx) => {
    for (let n = from; n < from + count; n++)
      await appendEvents(trx, { runId: `w${n}`, workflowId: `w${n}`, workspace }, facts, Date.now());
  });
}

function append(store: Store, count: number, n: number): Promise<void> {
  const origin = { runId: `r${n}`, workflowId: `w${n}`, workspace: `/project/${n % 10}` };
  return store.queries.transaction().execute((trx) =>
    appendEvents(
      trx,
      origin,
      Array.from({ length: count }, (_, visit) => event(visit)),
      Date.now(),
    ),
  );
}

function event(visit: number) {
  return { type: 'stage_entered', payload: { stage: 'debug', visit } };
}

async function timed(work: () => Promise<unknown>): Promise<number> {
  const from = performance.now();
  await work();
  return performance.now() - from;
}

async function median(times: number, work: (n: number) => Promise<unknown>): Promise<number> {
  const taken: number[] = [];
  for (let n = 0; n < times; n++) taken.push(await timed(() => work(n)));
  return taken.sort((a, b) => a - b)[Math.floor(times / 2)]!;
}

function perSecond(count: number, ms: number): string {
  return Math.round((count * 1000) / ms).toLocaleString('en');
}

function print(what: string, value: string): void {
  console.log(`${what.padEnd(46)} ${value}`);
}
