import type { CallContext, Maestro } from '../../src/app/calls.ts';

const BUDGET = { used: { stage: 1, workflow: 1 }, left: { stage: 1, workflow: 5 } };
const USAGE = {
  input_tokens: 10,
  cached_input_tokens: null,
  output_tokens: 5,
  reasoning_tokens: null,
  cost_usd: null,
};

/** What each operation answers unless a test says otherwise. */
const ANSWERS = {
  consult: {
    status: 'answered',
    text: 'Look at line 3.',
    provider: 'embedded',
    model: null,
    usage: USAGE,
    elapsed_ms: 12,
    truncated: false,
    reused: false,
    failures: [],
    budget: BUDGET,
    run_id: 'run-consult',
    workflow_id: 'workflow-1',
  },
  ensemble: {
    status: 'generated',
    kind: 'patch',
    candidates: [
      { id: 'a', provider: 'codex', model: 'm', text: 'x', patch: '--- a\n+++ b\n', usage: USAGE, elapsed_ms: 5 },
      { id: 'b', provider: 'gemini', model: null, text: 'y', problem: 'no diff', usage: USAGE, elapsed_ms: 6 },
    ],
    failures: [{ provider: 'claude', reason: 'quota', detail: 'over', remedy: 'wait', retry_after_ms: null }],
    lexical_similarity: null,
    forced: false,
    reused: false,
    budget: BUDGET,
    run_id: 'run-ensemble',
    workflow_id: 'workflow-1',
    next: 'Choose with maestro_select_best.',
  },
  select: {
    status: 'selected',
    winner: null,
    closest: 'a',
    why: 'None passed.',
    ranking: [
      {
        id: 'a',
        rank: 1,
        eligible: false,
        why: 'breaks one',
        evidence: {
          basis: 'observed',
          applies: true,
          protectedFiles: [],
          executed: 3,
          broken: ['t'],
          fixed: [],
          targets: ['u'],
          newLintProblems: null,
          behaviour: null,
          status: 'failed',
          ms: 10,
        },
      },
    ],
    patch: null,
    next: 'Ask for new candidates.',
    run_id: 'run-select',
    workflow_id: 'workflow-1',
  },
  pack: {
    text: 'src/a.ts\n1 let a;\n',
    tokens: 8,
    files: [{ path: 'src/a.ts', ranges: [[1, 1]], why: ['named'], score: 1 }],
    skeleton: [],
    left_out: {
      refused: [],
      refused_total: 0,
      cut: [],
      not_found: [],
      ranked_lower: 0,
      absent: 0,
      error_lines: 0,
    },
    redactions: [],
    index: { files: 1, bytes: 9, reused: 0, ms: 1 },
    ms: 2,
  },
  runStage: {
    status: 'opened',
    workflow_id: 'workflow-1',
    stage: 'analyze',
    visit: 1,
    iteration: 1,
    task: 'mend it',
    goal: 'freeze facts',
    steps: ['look'],
    rules: ['no guessing'],
    found: {},
    consults: { allowed: 2, left: 2, from_iteration: 1 },
    ensemble: 'no',
    output_schema: { type: 'object' },
    pack: null,
    next: 'Hand in the output.',
  },
  workflowState: {
    workflow_id: 'workflow-1',
    workspace: '/p',
    task: 'mend it',
    status: 'open',
    stage: 'analyze',
    visit: 1,
    iteration: 1,
    history: [],
    budget: BUDGET,
    running: [],
    run: null,
    efficiency: null,
    next: 'Go on with analyze.',
  },
  metrics: {
    coordination_overhead: {
      value: null,
      basis: 'none',
      definition: 'turns of others / turns of the host',
      target: '< 3',
      met: null,
      reason: 'nothing was recorded',
    },
  },
} as const;

type Operation = keyof typeof ANSWERS;

export interface Scripted extends Maestro {
  /** Every call as it arrived, in order. */
  readonly calls: ReadonlyArray<{ readonly operation: Operation; readonly call: Record<string, unknown> }>;
  readonly disposed: () => boolean;
}

type Script = Partial<Record<Operation, (call: Record<string, unknown>, context: CallContext) => unknown>> &
  Partial<Pick<Maestro, 'runResult'>>;

/** The operations behind the tools, answering what a test says and remembering what they were asked. */
export function scripted(script: Script = {}): Scripted {
  const calls: Array<{ operation: Operation; call: Record<string, unknown> }> = [];
  let disposed = false;
  const operation =
    <T>(name: Operation) =>
    async (call: unknown, context: CallContext): Promise<T> => {
      calls.push({ operation: name, call: call as Record<string, unknown> });
      return (await (script[name]?.(call as Record<string, unknown>, context) ?? ANSWERS[name])) as T;
    };
  return {
    calls,
    disposed: () => disposed,
    consult: operation('consult'),
    ensemble: operation('ensemble'),
    select: operation('select'),
    pack: operation('pack'),
    runStage: operation('runStage'),
    workflowState: operation('workflowState'),
    metrics: operation('metrics'),
    runResult: script.runResult ?? (async () => null),
    isInPlace: () => true,
    [Symbol.asyncDispose]: async () => {
      disposed = true;
    },
  };
}

/** The usual answer of an operation, with other fields. */
export function answerOf(name: Operation, fields: object = {}): Record<string, unknown> {
  return { ...structuredClone(ANSWERS[name]), ...fields } as Record<string, unknown>;
}
