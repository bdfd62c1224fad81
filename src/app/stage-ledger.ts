import { type WorkflowView, workflowView } from '../domain/workflow.ts';
import type { StageLedger } from '../flows/run-stage.ts';
import { appendEvents, readEvents } from '../store/events.ts';
import type { Queries } from '../store/schema.ts';
import { originOf } from './workflow.ts';

/** The ledger of one workflow within a transaction, which keeps every other process from writing meanwhile. */
export function stageLedger(queries: Queries, view: WorkflowView, now: number): StageLedger {
  return {
    view,
    now,
    async record(events) {
      await appendEvents(queries, originOf(view), events, now);
      return workflowView(await readEvents(queries, { workflowId: view.id }));
    },
  };
}
