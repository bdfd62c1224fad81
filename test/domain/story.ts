import type { EventType, LedgerEvent, MaestroEvent } from '../../src/domain/event.ts';
import { type WorkflowView, workflowView } from '../../src/domain/workflow.ts';
import { recorded } from './ledger.ts';

type Payload<T extends EventType> = Extract<MaestroEvent, { type: T }>['payload'];
type Fact = { [T in EventType]: readonly [type: T, payload: Payload<T>] }[EventType];

export const PASSED = { status: 'passed', summary: '12 passed' } as const;
export const FAILED = { status: 'failed', summary: '1 failed, 11 passed' } as const;

/** One good output of each stage; debug's is of the first iteration. */
export const OUTPUTS = {
  analyze: {
    observations: ['the last page is empty'],
    repro_steps: ['npm test'],
    affected_modules: ['src/page.js'],
    invariants: ['page numbers start at 1'],
  },
  hypothesize: {
    hypotheses: [{ id: 'h1', claim: 'off by one in page()', verification_test: 'last page', confidence: 0.6 }],
    selected: 'h1',
    test_command: 'npm test',
  },
  implement: { changes: [{ file: 'src/page.js', summary: 'count the last page' }], test_result: FAILED },
  debug: {
    iteration: 1,
    error: 'expected 3, got 2',
    hypothesis_update: 'kept',
    change: { file: 'src/page.js', summary: 'round up' },
    test_result: FAILED,
    compared_to_previous: 'same',
  },
  improve: { summary: 'shrunk to one line', edge_cases: ['no items'], regression_tests: ['last page'] },
} as const;

/** These facts as the ledger gives them back: ids from 1, a second apart. */
export function ledgerOf(...facts: readonly Fact[]): LedgerEvent[] {
  return facts.map(([type, payload], index) => ({
    ...recorded(type, payload as never),
    id: index + 1,
    at: 1000 * (index + 1),
  }));
}

/** Where a workflow stands after these facts. */
export function viewOf(...facts: readonly Fact[]): WorkflowView {
  return workflowView(ledgerOf(...facts));
}

const entered = (stage: Payload<'stage_entered'>['stage'], visit = 1): Fact => ['stage_entered', { stage, visit }];
const left = (stage: Payload<'stage_left'>['stage'], visit = 1): Fact => [
  'stage_left',
  { stage, visit, outcome: 'done', summary: `${stage} done` },
];
const handed = (
  stage: Payload<'stage_output'>['stage'],
  output: Payload<'stage_output'>['output'] = structuredClone(OUTPUTS[stage]) as never,
  more: { iteration?: number; host_turns?: number; visit?: number } = {},
): Fact => ['stage_output', { stage, visit: 1, iteration: 1, output, ...more }];

/** Facts in short. */
export const fact = {
  opened: (task: string | null = 'mend the pages'): Fact => ['workflow_opened', { task }],
  entered,
  handed,
  left,
  /** A stage entered, handed in and left. */
  through: (stage: Payload<'stage_left'>['stage']): Fact[] => [entered(stage), handed(stage), left(stage)],
};
export type { Fact };
