import { rmSync } from 'node:fs';
import { MaestroError } from '../../src/domain/errors.ts';
import { appendEvents, readEvents } from '../../src/store/events.ts';
import { openStore, type Store } from '../../src/store/open.ts';

/**
 * Appends events one by one: `<file> <how many> [ballast]`. An expected failure is printed and exits with its status;
 * it must have kept what was appended before it, and work again once the ballast is gone.
 */
const [file = '', events = '0', ballast] = process.argv.slice(2);
let appended = 0;

try {
  await using store = await openStore(file);
  try {
    while (appended < Number(events)) await append(store);
  } catch (error) {
    await assertKept(store);
    if (ballast) await appendOnceMore(store, ballast);
    throw error;
  }
} catch (error) {
  if (!(error instanceof MaestroError)) throw error;
  console.error(`${error.code}: ${error.message}\nkept ${appended}`);
  process.exitCode = error.exitStatus;
}

async function append({ queries }: Store): Promise<void> {
  const origin = { runId: `r${process.pid}`, workflowId: 'w', workspace: '/p' };
  await appendEvents(queries, origin, [{ type: 'stage_entered', payload: { stage: 'debug', visit: appended } }], 1);
  appended += 1;
}

async function assertKept({ queries }: Store): Promise<void> {
  const kept = await readEvents(queries);
  if (kept.length !== appended) throw new Error(`${kept.length} events are kept of ${appended}`);
}

async function appendOnceMore(store: Store, ballast: string): Promise<void> {
  rmSync(ballast);
  await append(store);
  await assertKept(store);
  console.log('with space again: 1 more');
}
