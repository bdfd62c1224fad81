import type { LedgerEvent } from '../domain/event.ts';
import { NO_EVENTS, type Tally, tally } from '../domain/tally.ts';
import { readTally, TALLY_VERSION, tallyText } from '../domain/tally-record.ts';
import { settle, unsettle } from '../domain/workflow-group.ts';
import { readEvents } from './events.ts';
import type { Queries } from './schema.ts';

/** So many new events are added up anew by each process before it pays to write the sum down. */
const WORTH_KEEPING = 500;
/** Events held in memory at a time. */
const PAGE = 10_000;

/** Everything, or one workspace (a real path). */
export type TallyScope = { readonly workspace?: string };

/** What a scope's events add up to so far, and how many of them are in no sum that is written down. */
interface Known {
  readonly tally: Tally;
  readonly upto: number;
  readonly unwritten: number;
}

/** By connection and scope, as it was last asked for: events are only ever added, so it stays right as far as it goes. */
const remembered = new WeakMap<Queries, Map<string, Known>>();
const MOST_SCOPES = 64;
/** Workflows of a remembered sum that are kept one by one. */
const MOST_WORKFLOWS = 200;

/**
 * The tally of all events of a scope. What they add up to is remembered, and written down up to one of them, so that only the
 * events after it are read; a sum that is missing, damaged or another version's is made anew. Deleting it changes no figure.
 */
export async function tallyOf(queries: Queries, scope: TallyScope = {}): Promise<Tally> {
  const name = scope.workspace === undefined ? 'all' : `workspace ${scope.workspace}`;
  const known = remembered.get(queries)?.get(name) ?? (await keptTally(queries, name));
  let { tally: sum, upto, unwritten } = known ?? { tally: NO_EVENTS, upto: 0, unwritten: 0 };
  for (;;) {
    const events = await readEvents(queries, { ...scope, after: upto, limit: PAGE });
    if (events.length === 0) break;
    sum = tally(events, await awake(queries, sum, events, { ...scope, upto }));
    upto = events.at(-1)!.id;
    unwritten += events.length;
    if (events.length === PAGE || sum.workflows.size > MOST_WORKFLOWS) sum = settle(sum);
    if (events.length < PAGE) break;
  }
  if (unwritten >= WORTH_KEEPING) {
    await keep(queries, name, settle(sum), upto);
    unwritten = 0;
  }
  remember(queries, name, { tally: sum, upto, unwritten });
  return sum;
}

/** Another call may have been quicker. */
function remember(queries: Queries, name: string, known: Known): void {
  const scopes = remembered.get(queries) ?? new Map<string, Known>();
  if ((scopes.get(name)?.upto ?? 0) > known.upto) return;
  if (!scopes.has(name) && scopes.size >= MOST_SCOPES) scopes.clear();
  remembered.set(queries, scopes.set(name, known));
}

/** The tally with those workflows kept one by one that had been settled and now go on. */
async function awake(
  queries: Queries,
  sum: Tally,
  events: readonly LedgerEvent[],
  { workspace, upto }: TallyScope & { readonly upto: number },
): Promise<Tally> {
  if (upto === 0) return sum;
  const asleep = new Set(events.map(({ workflowId }) => workflowId).filter((id) => !sum.workflows.has(id)));
  // Not narrowed to the workspace in SQL: SQLite might then take the index over the workspace, which is read to its end.
  const earlier = await Promise.all([...asleep].map((workflowId) => readEvents(queries, { workflowId, upto })));
  const inScope = earlier.flat().filter((event) => workspace === undefined || event.workspace === workspace);
  return unsettle(sum, tally(inScope).workflows);
}

async function keptTally(queries: Queries, name: string): Promise<Known | null> {
  const row = await queries.selectFrom('tallies').selectAll().where('name', '=', name).executeTakeFirst();
  if (row?.version !== TALLY_VERSION) return null;
  const kept = readTally(row.tally);
  return kept && { tally: kept, upto: row.upto, unwritten: 0 };
}

/** Never put back to an earlier event: another process may have been quicker. */
async function keep(queries: Queries, name: string, sum: Tally, upto: number): Promise<void> {
  const row = { version: TALLY_VERSION, upto, tally: tallyText(sum) };
  await queries
    .insertInto('tallies')
    .values({ name, ...row })
    .onConflict((conflict) => conflict.column('name').doUpdateSet(row).where('tallies.upto', '<=', upto))
    .execute();
}
