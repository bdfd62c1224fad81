import { type Advice, type AdviceRequest, type NoAnswer, UNKNOWN_USAGE } from '../domain/advice.ts';
import type { Limit, Reservation } from '../domain/budget.ts';
import type { Run } from '../domain/ports.ts';
import type { StageId } from '../domain/stage.ts';
import { answered, askedOf, failed, reserved, settled } from './advise-facts.ts';

/** One question, whom to put it to, and what an answer must be like. */
export interface Inquiry {
  /** Prefix of the names of its steps, unique within the run. */
  readonly name: string;
  readonly purpose: 'advice' | 'candidates' | 'judge';
  readonly stage: StageId | null;
  /** The ensemble it is a part of. */
  readonly ensemble: string | null;
  /** Ids of advisors: the first is asked, the others in turn when it fails. */
  readonly advisors: readonly string[];
  /** For the first advisor only: the others use their own model. */
  readonly model: string | null;
  readonly request: Pick<AdviceRequest, 'kind' | 'system' | 'prompt' | 'transcript' | 'sample'>;
  /** Budget taken already for the first ask; null: it is taken before asking. */
  readonly reservation: string | null;
  /** Why an answer is not in the form asked for, in one line, or null. */
  readonly malformed: (text: string) => string | null;
}

export interface AdvisePorts {
  /** Takes consults out of every scope for good, or out of none; granted also says what each scope has left. */
  readonly reserve: (amount: number) => Promise<Taken>;
  readonly giveBack: (reservation: string, amount: number) => Promise<void>;
  /** Asks one advisor; what comes back is redacted, bounded and printable. Never rejects. */
  readonly ask: (advisor: string, model: string | null, request: Inquiry['request']) => Promise<Advice>;
  /** Whether asking it costs nothing, so that it may be asked again after a crash. */
  readonly isFree: (advisor: string) => boolean;
  readonly progress: (message: string) => void;
}

/** What came of taking budget: which reservation and what is left by scope, or which scope refused. */
export type Taken =
  | { readonly granted: true; readonly id: string; readonly left: ReadonlyArray<Limit & { readonly left: number }> }
  | Extract<Reservation, { granted: false }>;

/** A try that gave nothing that may be used. */
export interface FailedAdvice {
  readonly provider: string;
  readonly failure: Pick<NoAnswer, 'reason' | 'message' | 'remedy' | 'retryAfterMs' | 'partial'>;
}

/** The answer that may be used, if there is one, and every try before it that failed; `refused`: the budget ended it. */
export interface Advised {
  readonly answer: (Extract<Advice, { ok: true }> & { readonly provider: string }) | null;
  readonly failures: readonly FailedAdvice[];
  readonly refused: Refusal | null;
}

export type Refusal = Extract<Taken, { granted: false }>;

/**
 * Asks the advisors in turn until one gives an answer in the form asked for. Each ask is paid from the budget before it is
 * made, and given back when the provider was not paid. A malformed answer is asked for again once, then reported. An ask
 * that was under way when Maestro was killed is not made again: it may have been paid. Rejects when cancelled.
 */
export async function advise(run: Run, ports: AdvisePorts, inquiry: Inquiry): Promise<Advised> {
  const failures: FailedAdvice[] = [];
  const advisors = inquiry.advisors.entries();
  let prepaid = inquiry.reservation;
  let unusable: Unusable | null = null;
  let next = advisors.next();
  for (let turn = 1; !next.done; turn++) {
    const [place, provider] = next.value;
    const attempt: Attempt = {
      turn,
      provider,
      model: place === 0 ? inquiry.model : null,
      prepaid,
      problem: unusable?.problem ?? null,
    };
    prepaid = null;
    const { advice, refused, isFresh } = await tryOnce(run, ports, inquiry, attempt);
    run.signal.throwIfAborted();
    if (advice === null) {
      const rest = unusable ? [malformed(provider, unusable, 'and the budget leaves no second try')] : [];
      return { answer: null, failures: [...failures, ...rest], refused };
    }
    if (advice.ok) {
      const problem = inquiry.malformed(advice.text);
      if (problem === null) return { answer: { ...advice, provider }, failures, refused: null };
      const again: Unusable = { problem, text: advice.text };
      if (unusable === null) {
        unusable = again;
        continue;
      }
      failures.push(malformed(provider, again, 'twice'));
      break;
    }
    // Cancelled in an earlier execution: whoever resumes wants the answer after all.
    if (advice.reason === 'cancelled' && !isFresh) continue;
    failures.push({ provider, failure: advice });
    if (advice.reason === 'incident') break;
    unusable = null;
    next = advisors.next();
  }
  return { answer: null, failures, refused: null };
}

interface Attempt {
  readonly turn: number;
  readonly provider: string;
  readonly model: string | null;
  readonly prepaid: string | null;
  /** What was wrong with the answer before. */
  readonly problem: string | null;
}

/** `isFresh`: it was asked by this execution. */
type Tried =
  | { readonly advice: Advice; readonly refused: null; readonly isFresh: boolean }
  | { readonly advice: null; readonly refused: Refusal; readonly isFresh: boolean };

async function tryOnce(run: Run, ports: AdvisePorts, inquiry: Inquiry, attempt: Attempt): Promise<Tried> {
  const { turn, provider, model, prepaid, problem } = attempt;
  const fact = askedOf(run, inquiry, attempt);
  let isOurs = false;
  let isFresh = false;
  const paid = await run.step(`${inquiry.name}.${turn}.ask`, async (record) => {
    isOurs = true;
    const taken = prepaid === null ? await ports.reserve(1) : null;
    if (taken) for (const event of reserved(taken, 1)) record(event);
    if (taken && !taken.granted) return { reservation: null, refused: taken };
    record(fact);
    return { reservation: taken ? taken.id : prepaid!, refused: null };
  });
  if (paid.reservation === null) return { advice: null, refused: paid.refused, isFresh };
  const advice = await run.step(`${inquiry.name}.${turn}.answer`, async (record) => {
    const request = problem === null ? inquiry.request : { ...inquiry.request, prompt: again(inquiry, problem) };
    isFresh = true;
    ports.progress(inquiry.ensemble === null ? `asking ${provider}` : `asking ${provider} (${inquiry.name})`);
    const mayAsk = isOurs || ports.isFree(provider);
    const got = mayAsk ? await ports.ask(provider, model, request) : LOST;
    const isUnpaid = !got.ok && got.unpaid;
    if (isUnpaid) await ports.giveBack(paid.reservation!, 1);
    record(got.ok ? answered(fact, got) : failed(fact, got));
    record(settled(paid.reservation!, isUnpaid ? 0 : 1));
    return got;
  });
  return { advice, refused: null, isFresh };
}

function again({ request }: Inquiry, problem: string): string {
  return `${request.prompt}\n\n# Answer again\nYour answer before this one was not in the form asked for: ${problem}\nAnswer once more, in exactly that form.`;
}

/** An answer that is not in the form asked for, and why. */
interface Unusable {
  readonly problem: string;
  readonly text: string;
}

function malformed(provider: string, { problem, text }: Unusable, how: string): FailedAdvice {
  const message = `its answer was not in the form asked for, ${how}: ${problem}`;
  const remedy = 'ask another model, or put the question in other words';
  return { provider, failure: { reason: 'bad_output', message, remedy, retryAfterMs: null, partial: text } };
}

const LOST: NoAnswer = {
  ok: false,
  ran: true,
  model: null,
  usage: UNKNOWN_USAGE,
  ms: 0,
  reason: 'crashed',
  message: 'Maestro ended while this question was under way; it may have been paid, so it was not asked again',
  remedy: 'ask again if the answer is still needed: it counts as a new consult',
  retryAfterMs: null,
  unpaid: false,
  partial: null,
};
