import { idleDays } from '../domain/idle.ts';
import { TO_HOST } from '../domain/next-words.ts';
import { redact } from '../domain/redaction.ts';
import type { StageDefinition, StageId } from '../domain/stage.ts';
import { WORKFLOW_LIMITS, type WorkflowLimits } from '../domain/stage-limits.ts';
import { alreadyHandedIn } from '../domain/submission.ts';
import type { WorkflowView } from '../domain/workflow.ts';
import {
  approve,
  runStage as runStageFlow,
  type StageAsk,
  type StageRules,
  type StageStep,
  verdictOf,
} from '../flows/run-stage.ts';
import { lasting } from '../store/lasting.ts';
import type { Store } from '../store/open.ts';
import type { Queries } from '../store/schema.ts';
import { newestWorkflow } from '../store/workflows.ts';
import type { CallContext, StageCall, StageResult } from './calls.ts';
import type { Pack, PackRequest } from './pack.ts';
import { stageBrief } from './stage-brief.ts';
import { stageLedger } from './stage-ledger.ts';
import { stageDefinitions } from './stages.ts';
import { openedIn, taskAsKept, workflowIn, workflowOf } from './workflow.ts';
import { workspaceOf } from './workspace.ts';

/** What going through the stages needs from outside. */
export interface StageDependencies {
  readonly store: Store;
  /** The folder that a call without a workspace is about. */
  readonly cwd: string;
  readonly limits?: WorkflowLimits;
  /** `stage`: what a stage came to needs a person's yes. */
  readonly approval?: 'none' | 'stage';
  /** Packs what the stage is about; null: briefs come without a pack. */
  readonly pack: ((request: PackRequest, signal: AbortSignal) => Promise<Pack>) | null;
  /** Milliseconds since the epoch. */
  readonly now?: () => number;
}

/**
 * Opens a stage and hands out its brief, or takes its output and says what comes of it. What is read and what is written
 * is one transaction: of two processes that hand in at once one is first, the other has the answer that this leaves it.
 */
export async function runStage(call: StageCall, context: CallContext, deps: StageDependencies): Promise<StageResult> {
  const definition = (await stageDefinitions()).get(call.stage)!;
  const { limits = WORKFLOW_LIMITS, approval = 'none', now = Date.now } = deps;
  const rules: StageRules = { definition, limits, approval };
  const { folder, project } = await workspaceOf(call.workspace, deps.cwd);
  const ask = askOf(call);
  const { idle, ...step } = await lasting(deps.store, async (trx) => {
    const view = await workflowFor(trx, { ...call, workspace: project }, ask);
    const step = await runStageFlow(stageLedger(trx, view, now()), rules, ask);
    return { ...step, idle: call.stage === 'analyze' && ask.output === undefined ? idleNote(view, now()) : '' };
  });
  if (step.verdict === null) {
    const brief = await stageBrief(step.view, definition, context, { ...deps, limits, folder });
    return { ...brief, next: `${idle}${brief.next}` };
  }
  if (step.verdict.status !== 'awaiting_approval' || !context.askPerson) return step.verdict;
  return (await askPerson(step, context.askPerson, deps.store, { ...rules, now })).verdict ?? step.verdict;
}

/** Said to whoever opens `analyze` in a task that nobody touched for long: they may mean another one. */
function idleNote(view: WorkflowView, now: number): string {
  const days = idleDays(view, now);
  return days === null ? '' : `${TO_HOST.idle(days, view)} `;
}

/** As it is recorded: without secrets. */
function askOf({ output, host_turns, test_result }: StageCall): StageAsk {
  return {
    output: withoutSecrets(parsed(output)),
    hostTurns: host_turns ?? null,
    tests: test_result ? { ...test_result, summary: summaryAsKept(test_result.summary) } : null,
  };
}

const MOST_OF_A_SUMMARY = 8_000;

/** What tests said ends with what counts. */
function summaryAsKept(summary: string): string {
  const clean = redact(summary).text;
  return clean.length <= MOST_OF_A_SUMMARY ? clean : `…${clean.slice(-MOST_OF_A_SUMMARY).toWellFormed()}`;
}

function withoutSecrets(value: unknown): unknown {
  if (typeof value === 'string') return redact(value).text;
  if (Array.isArray(value)) return value.map(withoutSecrets);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([key, inner]) => [key, withoutSecrets(inner)]));
}

/** Some hosts hand in an object as its JSON text. */
function parsed(output: unknown): unknown {
  if (typeof output !== 'string') return output;
  try {
    return JSON.parse(output);
  } catch {
    return output;
  }
}

/** The workflow a call is about. A task other than the open one's begins a new workflow when `analyze` is opened. */
async function workflowFor(
  queries: Queries,
  { workspace, workflow_id, stage, task: given }: StageCall & Place,
  ask: StageAsk,
): Promise<WorkflowView> {
  const task = given === undefined ? null : taskAsKept(given);
  const view = await workflowOf(queries, { workspace, workflow_id });
  if (view === null) return (await endedBy(queries, workspace, stage, ask)) ?? openedIn(queries, workspace, task);
  if (task === null || task === view.task) return view;
  if (view.task === null)
    return stageLedger(queries, view, Date.now()).record([{ type: 'workflow_opened', payload: { task } }]);
  const isNew = stage === 'analyze' && ask.output === undefined && workflow_id === undefined;
  return isNew ? openedIn(queries, workspace, task) : view;
}

interface Place {
  readonly workspace: string;
}

/** The workflow that this very output ended, when the call is a repeated one. */
async function endedBy(
  queries: Queries,
  workspace: string,
  stage: StageId,
  { output }: StageAsk,
): Promise<WorkflowView | null> {
  const newest = output === undefined ? null : await newestWorkflow(queries, workspace);
  const view = newest === null ? null : await workflowIn(queries, { workspace, workflow_id: newest });
  return view && alreadyHandedIn(view, stage, output) ? view : null;
}

/** The person's answer, recorded if what was asked about still waits; without an answer it goes on waiting. */
async function askPerson(
  step: StageStep,
  ask: NonNullable<CallContext['askPerson']>,
  store: Store,
  { now, ...rules }: StageRules & { readonly now: () => number },
): Promise<StageStep> {
  const { id, pending } = step.view;
  if (!pending) return step;
  const answer = await ask(questionFor(step.view, rules.definition));
  if (answer === 'no_answer') return step;
  return lasting(store, async (trx) => {
    const view = (await workflowIn(trx, { workspace: step.view.workspace, workflow_id: id }))!;
    const ledger = stageLedger(trx, view, now());
    const waiting = view.pending;
    if (waiting?.visit !== pending.visit || waiting.iteration !== pending.iteration || waiting.stage !== pending.stage)
      return { view, verdict: verdictOf(view, pending.stage) };
    const definition = (await stageDefinitions()).get(pending.stage)!;
    return approve(ledger, { ...rules, definition }, { by: 'elicitation', answer, reason: null });
  });
}

/** What a person is asked, with what the stage came to. */
function questionFor({ task, pending }: WorkflowView, { goal }: Pick<StageDefinition, 'goal'>): string {
  const shown = JSON.stringify(pending?.output, null, 2);
  return `Approve what the stage '${pending?.stage}' came to? (${goal})\nTask: ${task ?? 'not said'}\n${shown.length > MOST_SHOWN ? `${shown.slice(0, MOST_SHOWN)}…` : shown}`;
}

const MOST_SHOWN = 4_000;
