import type { AdviceFailure, AdviceLimits } from '../../domain/advice.ts';
import type { Stop } from '../http/watch.ts';
import type { Program } from './program.ts';

/** Why a program gave no answer, in words, and whether it certainly cost nothing. */
export interface Failure {
  readonly reason: AdviceFailure;
  readonly message: string;
  readonly remedy: string;
  readonly retryAfterMs: number | null;
  readonly unpaid: boolean;
}

interface Said {
  readonly status: number | null;
  readonly message: string;
}

type Rule = readonly [AdviceFailure, RegExp, readonly number[], string];

const WAIT = 'Wait, raise the limits of that account, or ask another advisor.';

/** First match decides: by the status of the API, else by the words. */
const RULES: readonly Rule[] = [
  [
    'quota',
    /insufficient.?quota|quota exceeded|exceeded your current quota|usage limit|credit balance|billing/i,
    [402],
    WAIT,
  ],
  [
    'not_logged_in',
    /not logged in|please run \/login|unauthorized|authenticat|invalid.{0,12}api.?key|api key not valid|oauth token|missing environment variable|auth method|permission.?denied/i,
    [401, 403],
    '',
  ],
  [
    'refused',
    /prompt is too long|prompt_too_long|input_too_large|context.?(length|window)|too large/i,
    [413],
    'Ask with less context.',
  ],
  ['quota', /rate.?limit|too many requests|resource.?exhausted|\b429\b/i, [429], WAIT],
  [
    'overloaded',
    /overloaded|high demand|unavailable|internal server error|\b(500|502|503|504|529)\b/i,
    [500, 502, 503, 504, 529],
    'Ask again in a few minutes, or ask another advisor.',
  ],
  [
    'refused',
    /content.?(policy|filter)|safety|refus|usage policy|model.{0,40}(not found|not exist|not supported)|invalid.?request|bad request/i,
    [400, 404],
    'Check the model, or ask in other words.',
  ],
  [
    'network',
    /ECONNREFUSED|ECONNRESET|ENOTFOUND|EAI_AGAIN|fetch failed|connection (error|refused|reset)|network|error sending request|dns|socket hang up|connection.{0,20}lost/i,
    [],
    'Check the network, the proxy and the base URL, then ask again.',
  ],
  ['timeout', /timed? ?out|idle timeout/i, [408], 'Ask again, ask less, or raise the limit in the configuration.'],
  [
    'bad_output',
    /stream (closed|disconnected|ended)|invalid.?stream|unexpected (end|token)|not valid json|malformed|incomplete json|json segment|finish reason|empty/i,
    [],
    'Ask again; if it stays so, update the program.',
  ],
];

/** What a program's own error means. */
export function meaning(program: Program, { status, message }: Said): Failure {
  const outOfCredit = RULES[0]!;
  const byStatus = status === null ? undefined : RULES.find(([, , statuses]) => statuses.includes(status));
  const rule =
    (outOfCredit[1].test(message) && status !== 401 ? outOfCredit : undefined) ??
    byStatus ??
    RULES.find(([, words]) => words.test(message));
  const [reason, , , remedy] = rule ?? ['crashed', /./, [], ''];
  return {
    reason,
    message: message === '' ? `${program.title} failed without a reason` : message,
    remedy:
      remedy ||
      (reason === 'not_logged_in' ? program.logIn : `Try ${program.command} by hand, or ask another advisor.`),
    retryAfterMs: reason === 'quota' || reason === 'overloaded' ? waitIn(message) : null,
    unpaid: UNPAID.has(reason),
  };
}

const UNPAID: ReadonlySet<AdviceFailure> = new Set(['not_logged_in', 'quota']);

/** "retry after 2s", "try again in 3 minutes", "retry-after: 3600": in ms, null where nothing of the kind is said. */
export function waitIn(message: string): number | null {
  const found =
    /(?:retry|again)[- ]?(?:after|in)[:=]?\s*"?(\d{1,9}(?:\.\d+)?)\s*(ms|milliseconds?|s|seconds?|m|min|minutes?|h|hours?)?\b/i.exec(
      message,
    );
  if (!found) return null;
  const unit = (found[2] ?? 's').toLowerCase();
  const ms =
    unit.startsWith('ms') || unit.startsWith('mil')
      ? 1
      : unit.startsWith('s')
        ? 1_000
        : unit.startsWith('m')
          ? 60_000
          : 3_600_000;
  return Math.round(Number(found[1]) * ms);
}

/** What a cancel, or a limit that passed, means. */
export function stopped(program: Program, stop: Stop, limits: AdviceLimits): Failure {
  if (stop === 'cancelled')
    return {
      reason: 'cancelled',
      message: 'the question was cancelled',
      remedy: 'Ask again when you want the answer.',
      retryAfterMs: null,
      unpaid: false,
    };
  const message = {
    'first output': `${program.title} gave no sign of life within ${limits.firstOutputMs / 1000} s`,
    silence: `the answer of ${program.title} stopped coming for ${limits.silenceMs / 1000} s`,
    total: `${program.title} had not finished within ${limits.totalMs / 1000} s`,
  }[stop];
  return {
    reason: 'timeout',
    message,
    remedy: 'Ask again, ask less, or raise the limit in the configuration.',
    retryAfterMs: null,
    unpaid: false,
  };
}

/** A failure before anything was asked: nothing was paid. */
export function before(reason: AdviceFailure, message: string, remedy: string): Failure {
  return { reason, message, remedy, retryAfterMs: null, unpaid: true };
}

/** An answer that cannot be used. */
export function unusable(message: string): Failure {
  return {
    reason: 'bad_output',
    message,
    remedy: 'Ask again; if it stays so, update the program.',
    retryAfterMs: null,
    unpaid: false,
  };
}
