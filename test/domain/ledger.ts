import type { EventType, LedgerEvent, MaestroEvent } from '../../src/domain/event.ts';
import { checkedEvent } from '../../src/domain/event.ts';

type Payload<T extends EventType> = Extract<MaestroEvent, { type: T }>['payload'];

/** An event of a workflow as the ledger gives it back, checked against the catalogue. */
export function recorded<T extends EventType>(type: T, payload: Payload<T>, workflowId = 'w1'): LedgerEvent {
  const event = checkedEvent({ type, payload });
  return { ...event, id: 1, runId: `run of ${workflowId}`, workflowId, workspace: '/project', at: 0 };
}

const CALL = { consult: 'c', provider: 'codex', purpose: 'advice' } as const;

/** Facts in short, all of the workflow `id`. */
export function workflow(id: string) {
  return {
    turns: (host_turns: number | null, basis: 'observed' | 'reported' = 'observed') =>
      recorded('stage_left', { stage: 'debug', visit: 1, outcome: 'done', summary: '', host_turns, basis }, id),
    asked: () => recorded('consult_asked', CALL, id),
    answered: (usage: Partial<Payload<'consult_answered'>> = {}) =>
      recorded(
        'consult_answered',
        { ...CALL, input_tokens: 600, output_tokens: 400, cost_usd: 0.5, ms: 100, truncated: false, ...usage },
        id,
      ),
    failed: (failure: Partial<Payload<'consult_failed'>> = {}) =>
      recorded('consult_failed', { ...CALL, ran: true, reason: 'overloaded', ...failure }, id),
    finished: (
      passed: boolean | null,
      outcome: Payload<'workflow_finished'>['outcome'] = passed ? 'fixed' : 'not_fixed',
    ) => recorded('workflow_finished', { outcome, passed, basis: 'observed', ms: 1 }, id),
    selected: (
      ranking: Array<Partial<Payload<'selection_made'>['ranking'][number]>>,
      winner: string | null = null,
      mode: 'tests_first' | 'llm_judge' = 'tests_first',
    ) =>
      recorded(
        'selection_made',
        {
          mode,
          ranking: ranking.map((entry, order) => ({ candidate: `c${order}`, order, tested: true, ...entry })),
          winner,
          why: '',
        },
        id,
      ),
    ensemble: (lexical_similarity: number | null) =>
      recorded(
        'ensemble_generated',
        { ensemble: 'e', kind: 'patch', candidates: 2, failures: 0, lexical_similarity },
        id,
      ),
  };
}
