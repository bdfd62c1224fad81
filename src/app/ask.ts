import {
  type Advice,
  type AdviceRequest,
  type AdviceSurroundings,
  type Answer,
  type NoAnswer,
  UNKNOWN_USAGE,
} from '../domain/advice.ts';
import type { Limit } from '../domain/budget.ts';
import type { Config } from '../domain/config.ts';
import { MaestroError } from '../domain/errors.ts';
import type { RepairBrief, Run } from '../domain/ports.ts';
import { redact } from '../domain/redaction.ts';
import { type Advised, type AdvisePorts, advise, type Inquiry } from '../flows/advise.ts';
import { printable } from '../platform/printable.ts';
import { createBudget } from '../store/budget.ts';
import type { Store } from '../store/open.ts';
import { adviceSurroundings, advisorOf, type KnownAdvisor } from './providers.ts';
import { differences, markTree, type TreeMarks } from './tree-watch.ts';

/** What asking works with: everything that asks (consult, ensemble, judge, fix) hands in the same. */
export interface Asking {
  readonly store: Store;
  readonly config: Config;
  readonly env: Readonly<Record<string, string | undefined>>;
  /** Real path; it is watched while a command line program is asked. */
  readonly workspace: string;
  readonly advisors: readonly KnownAdvisor[];
  /** The scopes every ask is paid from. */
  readonly limits: readonly Limit[];
  /** Reads the question as evidence, for the advisor that asks no model: only when it is asked, for no other. */
  readonly brief: (() => Promise<RepairBrief | null>) | null;
  readonly progress: (message: string) => void;
}

/**
 * Puts one question to an advisor, and to the next ones when it fails: redacted, paid before it is asked, recorded, and
 * withheld when the tree changed meanwhile. Rejects when the run is cancelled, and with `usage` for an unknown advisor.
 */
export function askAdvisor(run: Run, asking: Asking, inquiry: Inquiry): Promise<Advised> {
  for (const id of inquiry.advisors) advisorOf(asking.advisors, id);
  return advise(run, askPorts(run, asking), inquiry);
}

/** What the asking flow works with, over the budget of the store and the real providers. */
export function askPorts(run: Run, asking: Asking): AdvisePorts {
  const budget = createBudget(asking.store);
  const { limits } = asking;
  return {
    reserve: async (amount) => {
      // Paid before anything is asked: what a killed process may have paid stays counted.
      const taken = await budget.pay(run.id, limits, amount);
      if (!taken.granted) return taken;
      return { ...taken, left: limits.map((limit, index) => ({ ...limit, left: taken.left[index] ?? 0 })) };
    },
    giveBack: (reservation, amount) => budget.giveBack(reservation, amount),
    isFree: (id) => advisorOf(asking.advisors, id).provider.form === 'embedded',
    ask: (id, model, request) => askOnce(advisorOf(asking.advisors, id), model, request, asking, run.signal),
    progress: asking.progress,
  };
}

/** One ask of one advisor, watched; never rejects. */
async function askOnce(
  advisor: KnownAdvisor,
  model: string | null,
  request: Inquiry['request'],
  asking: Asking,
  signal: AbortSignal,
): Promise<Advice> {
  const { config, env, workspace, progress } = asking;
  const isWatched = advisor.provider.form === 'cli';
  const before = isWatched ? await markTree(workspace, signal) : null;
  const surroundings = adviceSurroundings(advisor, config, env, signal, progress);
  const question = async (): Promise<AdviceRequest> => {
    const brief = advisor.provider.form === 'embedded' ? ((await asking.brief?.()) ?? null) : null;
    return withoutSecrets(request, advisor, model, brief);
  };
  const advice = await answerOf(advisor, question, surroundings);
  const changed = before && (await changesSince(before, workspace, signal));
  if (changed && changed.length > 0) return incident(advice, changed);
  return advice.ok ? clean(advice, config.advice.answerBytes) : cleanFailure(advice);
}

function withoutSecrets(
  { kind, system, prompt, transcript, sample }: Inquiry['request'],
  { settings }: KnownAdvisor,
  model: string | null,
  brief: RepairBrief | null,
): AdviceRequest {
  return {
    kind,
    sample,
    system: safe(system),
    prompt: safe(prompt),
    transcript: transcript.map(({ question, answer }) => ({ question: safe(question), answer: safe(answer) })),
    model: model ?? settings.model,
    effort: settings.effort,
    brief,
  };
}

async function changesSince(before: TreeMarks, workspace: string, signal: AbortSignal): Promise<readonly string[]> {
  const after = await markTree(workspace, signal);
  return after ? differences(before, after) : [];
}

function incident({ ran, model, usage, ms }: Advice, changed: readonly string[]): NoAnswer {
  const named = changed.slice(0, 5).join(', ');
  const more = changed.length > 5 ? ` and ${changed.length - 5} more` : '';
  return {
    ok: false,
    ran,
    model,
    usage,
    ms,
    reason: 'incident',
    message: safe(`files changed while the advisor was asked: ${named}${more}; its answer is withheld`),
    remedy:
      'if you or your agent edited these files meanwhile, ask again while nothing is edited; if not, look at the change and report it',
    retryAfterMs: null,
    unpaid: false,
    partial: null,
  };
}

function clean(answer: Answer, bytes: number): Answer {
  const text = plain(answer.text);
  const whole = Buffer.byteLength(text) <= bytes;
  return { ...answer, text: whole ? text : headOf(text, bytes), truncated: answer.truncated || !whole };
}

function cleanFailure(failure: NoAnswer): NoAnswer {
  return {
    ...failure,
    message: oneLine(failure.message),
    remedy: oneLine(failure.remedy),
    partial: failure.partial === null ? null : headOf(plain(failure.partial), MAX_PARTIAL_BYTES),
  };
}

const MAX_PARTIAL_BYTES = 4_000;
const MAX_LINE = 500;

function oneLine(text: string): string {
  return plain(text).replace(/\s+/g, ' ').trim().slice(0, MAX_LINE);
}

/** Without secrets and without what would steer a terminal; line ends stay as they are. */
function plain(text: string): string {
  return safe(text.split('\r\n').map(printable).join('\r\n'));
}

function safe(text: string): string {
  return redact(text).text;
}

/** The first so many bytes, ended between characters. */
function headOf(text: string, bytes: number): string {
  const head = Buffer.from(text).subarray(0, bytes);
  return new TextDecoder().decode(head, { stream: head.length < Buffer.byteLength(text) });
}

/** A provider must not throw: what it does all the same is a failure of that provider. */
async function answerOf(
  { provider }: KnownAdvisor,
  request: () => Promise<AdviceRequest>,
  surroundings: AdviceSurroundings,
): Promise<Advice> {
  const from = performance.now();
  try {
    return await provider.ask(await request(), surroundings);
  } catch (error) {
    const isOurs = error instanceof MaestroError;
    const what = error instanceof Error ? error.message : String(error);
    return {
      ok: false,
      ran: true,
      model: null,
      usage: UNKNOWN_USAGE,
      ms: Math.round(performance.now() - from),
      reason: 'crashed',
      message: isOurs ? what : `the provider failed in itself: ${what}`,
      remedy: isOurs ? error.remedy : 'report it; meanwhile ask another one',
      retryAfterMs: null,
      unpaid: false,
      partial: null,
    };
  }
}
