import {
  type Advice,
  type AdviceLimits,
  type AdviceRequest,
  type AdviceSurroundings,
  UNKNOWN_USAGE,
} from '../../domain/advice.ts';
import { printable } from '../../platform/printable.ts';
import { oneLine } from './api-error.ts';
import { arrivals } from './arrivals.ts';
import { type Ending, verdict } from './conclude.ts';
import { type Failure, networkFailure, neverArrived, rejected, stopped } from './failures.ts';
import { Gathered } from './gather.ts';
import { outgoing } from './outgoing.ts';
import { networkCode, type Posted, post } from './post.ts';
import { type Setup, setupOf } from './setup.ts';
import { Watch } from './watch.ts';
import type { Wire } from './wire.ts';

type Exchanged = Pick<Advice, 'ran' | 'model' | 'usage' | 'ms'>;

/** One exchange under way. */
interface Asking {
  readonly wire: Wire;
  readonly setup: Setup;
  readonly limits: AdviceLimits;
  readonly watch: Watch;
}

/** Asks once over HTTP, within the limits. Never throws for what a server, a network or a configuration does. */
export async function ask(wire: Wire, request: AdviceRequest, surroundings: AdviceSurroundings): Promise<Advice> {
  const setup = setupOf(wire, surroundings, request.model);
  if ('reason' in setup) return notAsked({ ...setup, unpaid: true, retryAfterMs: null }, request.model);
  const { signal, limits } = surroundings;
  if (signal.aborted) return notAsked(stopped('cancelled', limits, true), setup.model);
  const watch = new Watch(limits, signal);
  try {
    return await exchange({ wire, setup, limits, watch }, request, surroundings);
  } finally {
    watch.end();
  }
}

async function exchange(
  asking: Asking,
  request: AdviceRequest,
  { progress, settings }: AdviceSurroundings,
): Promise<Advice> {
  const { wire, setup, limits, watch } = asking;
  const clean = (text: string) => printable(setup.key === null ? text : text.replaceAll(setup.key, '[key]'));
  progress(`asking ${setup.model} at ${setup.base.host}`);
  const posted = await post(outgoing(wire, request, setup, request.effort ?? settings.effort), watch, (failed, ms) =>
    progress(clean(`${failed.kind === 'status' ? `HTTP ${failed.status}` : failed.code}: again in ${ms / 1000} s`)),
  );
  const gathered = new Gathered(limits.answerBytes);
  const failure =
    posted.kind === 'response'
      ? verdict(gathered, await read(posted.response, gathered, asking), setup)
      : unanswered(posted, asking);
  const exchanged: Exchanged = {
    ran: posted.kind !== 'network' || !neverArrived(posted.code),
    model: clean(oneLine(gathered.model ?? setup.model)),
    usage: gathered.usage,
    ms: watch.ms,
  };
  const text = clean(gathered.text);
  if (failure)
    return noAnswer(failure, exchanged, { message: oneLine(clean(tried(failure.detail, posted.retries))), text });
  return { ok: true, ...exchanged, text, truncated: gathered.full || gathered.ended === 'length' };
}

/** Reads the answer as it comes in; says how that ended. */
async function read(response: Response, gathered: Gathered, { wire, setup, limits, watch }: Asking): Promise<Ending> {
  try {
    for await (const arrival of arrivals(response, limits.answerBytes, () => watch.heard())) {
      if ('broken' in arrival) return { kind: 'broken', why: arrival.broken };
      if (!gathered.add(wire.read(arrival.value))) break;
    }
    return { kind: 'over' };
  } catch (error) {
    if (watch.stopped) return { kind: 'stopped', failure: stopped(watch.stopped, limits) };
    const failure = networkFailure(networkCode(error), setup);
    if (failure.reason === 'timeout') return { kind: 'stopped', failure };
    return { kind: 'broken', why: 'the connection broke before the answer was complete' };
  }
}

/** Why there was no answer to read. */
function unanswered(posted: Exclude<Posted, { kind: 'response' }>, { setup, limits, watch }: Asking): Failure {
  if (posted.kind === 'status') return rejected(posted, setup);
  if (posted.kind === 'network') return networkFailure(posted.code, setup);
  return stopped(watch.stopped ?? 'cancelled', limits);
}

function tried(detail: string, retries: number): string {
  return retries === 0 ? detail : `${detail}, also when asked again (${retries} ${retries === 1 ? 'time' : 'times'})`;
}

function notAsked(failure: Failure, model: string | null): Advice {
  const exchanged = { ran: false, model, usage: UNKNOWN_USAGE, ms: 0 };
  return noAnswer(failure, exchanged, { message: failure.detail, text: '' });
}

function noAnswer(
  { reason, remedy, retryAfterMs, unpaid }: Failure,
  exchanged: Exchanged,
  { message, text }: { readonly message: string; readonly text: string },
): Advice {
  return { ok: false, ...exchanged, reason, message, remedy, retryAfterMs, unpaid, partial: text === '' ? null : text };
}
