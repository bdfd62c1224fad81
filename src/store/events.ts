import { checkedEvent, isEventType, type LedgerEvent } from '../domain/event.ts';
import type { NewEvent } from '../domain/ports.ts';
import { boundedJson } from './bounded-json.ts';
import type { EventRow, Queries } from './schema.ts';

/** A stage's output of 32,000 characters takes three bytes each in some languages. */
const MAX_PAYLOAD_BYTES = 256 * 1024;
const ROWS_A_STATEMENT = 500;

/** Whose events they are. */
export interface Origin {
  readonly runId: string;
  readonly workflowId: string;
  readonly workspace: string;
}

/** Which events to read; nothing given means all of them. */
export interface EventFilter {
  readonly runId?: string;
  readonly workflowId?: string;
  readonly workspace?: string;
  /** Milliseconds since the epoch, inclusive. */
  readonly since?: number;
  /** Only events after this id: the last one of the page before. */
  readonly after?: number;
  /** Only events up to this id, itself included. */
  readonly upto?: number;
  readonly limit?: number;
}

/** Appends checked events in their order. Inside a transaction they commit with it, or not at all. */
export async function appendEvents(
  queries: Queries,
  origin: Origin,
  events: readonly NewEvent[],
  at: number,
): Promise<void> {
  const rows = events.map((event) => {
    const { type, payload } = checkedEvent(event);
    return {
      run_id: origin.runId,
      workflow_id: origin.workflowId,
      workspace: origin.workspace,
      type,
      payload: boundedJson(payload, `the payload of event '${type}'`, MAX_PAYLOAD_BYTES),
      at,
    };
  });
  for (let from = 0; from < rows.length; from += ROWS_A_STATEMENT)
    await queries
      .insertInto('events')
      .values(rows.slice(from, from + ROWS_A_STATEMENT))
      .execute();
}

/** Events in the order they were committed. Types that only a newer version knows are left out. */
export async function readEvents(queries: Queries, filter: EventFilter = {}): Promise<LedgerEvent[]> {
  let query = queries.selectFrom('events').selectAll().orderBy('id');
  if (filter.runId !== undefined) query = query.where('run_id', '=', filter.runId);
  if (filter.workflowId !== undefined) query = query.where('workflow_id', '=', filter.workflowId);
  if (filter.workspace !== undefined) query = query.where('workspace', '=', filter.workspace);
  if (filter.since !== undefined) query = query.where('at', '>=', filter.since);
  if (filter.after !== undefined) query = query.where('id', '>', filter.after);
  if (filter.upto !== undefined) query = query.where('id', '<=', filter.upto);
  if (filter.limit !== undefined) query = query.limit(filter.limit);
  return (await query.execute()).filter((row) => isEventType(row.type)).map(ledgerEvent);
}

/** Rows were checked when they were appended and cannot have changed since. */
function ledgerEvent({ id, run_id, workflow_id, workspace, type, payload, at }: EventRow): LedgerEvent {
  return {
    id,
    runId: run_id,
    workflowId: workflow_id,
    workspace,
    at,
    type,
    payload: JSON.parse(payload),
  } as LedgerEvent;
}
