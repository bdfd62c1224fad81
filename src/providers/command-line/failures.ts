import type { AdviceFailure } from '../../domain/advice.ts';
import type { WatchStop } from '../../platform/watched-process.ts';
import type { Dialect } from './dialect.ts';

/** Why there is no answer, what can be done about it, and whether it certainly cost nothing. */
export interface Failure {
  readonly reason: AdviceFailure;
  readonly message: string;
  readonly remedy: string;
  readonly retryAfterMs: number | null;
  readonly unpaid: boolean;
}

/** The sentence that helps with each failure. */
export function remedyFor(reason: AdviceFailure, { program, npmPackage, loginRemedy, id }: Dialect): string {
  const remedies: Record<AdviceFailure, string> = {
    not_installed: `Install it with 'npm install -g ${npmPackage}', or set its binary in maestro.config.jsonc.`,
    too_old: `Update it with 'npm install -g ${npmPackage}'.`,
    not_logged_in: loginRemedy,
    not_held: `Install bubblewrap or the tested version of ${npmPackage}, or set allow_unheld for ${id} in maestro.config.jsonc if you accept that it may act.`,
    quota: 'Wait until the limit is lifted, raise it at the vendor, or ask another advisor.',
    overloaded: 'Ask again in a few minutes, or ask another advisor.',
    timeout: 'Ask again, ask for less, or raise the time limits in maestro.config.jsonc.',
    bad_output: `Ask again; if it stays so, run '${program}' by hand to see what it says.`,
    refused: 'Change the question, the context or the model, or ask another advisor.',
    crashed: `Run '${program}' by hand to see why it ends.`,
    network: 'Check the connection, the proxy and the base_url, then ask again.',
    cancelled: 'Ask again when you want the answer.',
    incident: 'Look at what changed before you use this advisor again.',
  };
  return remedies[reason];
}

/** A failure with the remedy that goes with it. */
export function failure(
  reason: AdviceFailure,
  message: string,
  dialect: Dialect,
  unpaid = false,
  retryAfterMs: number | null = null,
): Failure {
  return { reason, message, remedy: remedyFor(reason, dialect), retryAfterMs, unpaid };
}

/** What a stop of ours means. */
export function stopFailure(stop: WatchStop, dialect: Dialect): Failure {
  const words: Record<WatchStop, readonly [AdviceFailure, string]> = {
    first_output: ['timeout', 'said nothing within the time limit'],
    silence: ['timeout', 'fell silent in the middle of its answer'],
    total: ['timeout', 'did not finish within the time limit'],
    too_much: ['bad_output', 'printed far more than an answer may have'],
    unwanted: ['not_held', 'has tools although all were taken from it, and was ended before it was asked'],
    complaint: ['bad_output', 'was ended because its model asked for a tool instead of answering'],
    cancelled: ['cancelled', 'was cancelled'],
  };
  const [reason, what] = words[stop];
  return failure(reason, `${dialect.program} ${what}`, dialect, stop === 'unwanted');
}

/** What a program's own words about a failure mean; null when they say nothing that is known. */
export function classify(message: string, status: number | null, dialect: Dialect): Failure | null {
  const code = status ?? statusIn(message);
  const found = RULES.find(({ statuses, words }) => (code !== null && statuses.includes(code)) || words.test(message));
  if (!found) return null;
  const wait = found.reason === 'quota' || found.reason === 'overloaded' ? waitIn(message) : null;
  return failure(found.reason, `${dialect.program}: ${message}`, dialect, found.unpaid, wait);
}

interface Rule {
  readonly reason: AdviceFailure;
  readonly statuses: readonly number[];
  readonly words: RegExp;
  readonly unpaid: boolean;
}

/** In order: the first that fits holds. */
const RULES: readonly Rule[] = [
  {
    reason: 'not_logged_in',
    statuses: [401, 403],
    words:
      /not logged in|unauthorized|invalid[ _-]?(x-)?api[ _-]?key|api key not (valid|found)|authenticat|\/login\b|missing environment variable|invalid auth method|token (has )?expired/i,
    unpaid: true,
  },
  {
    reason: 'quota',
    statuses: [402, 429],
    words: /quota|rate.?limit|usage limit|too many requests|resource.?exhausted|billing|credit balance/i,
    unpaid: true,
  },
  {
    reason: 'refused',
    statuses: [400, 404, 413, 422],
    words:
      /prompt is too long|input_too_large|context (window|length)|model.{0,60}(not found|does not exist|not supported)|content policy|safety/i,
    unpaid: true,
  },
  {
    reason: 'overloaded',
    statuses: [500, 502, 503, 504, 529],
    words: /overloaded|high demand|at capacity|unavailable|internal (server )?error/i,
    unpaid: true,
  },
  {
    reason: 'network',
    statuses: [],
    words: /ECONNREFUSED|ENOTFOUND|EAI_AGAIN|connection refused|dns error|failed to lookup|unable to connect/i,
    unpaid: true,
  },
  {
    reason: 'timeout',
    statuses: [],
    words: /timed out|timeout|idle timeout/i,
    unpaid: false,
  },
  {
    reason: 'network',
    statuses: [],
    words:
      /ECONNRESET|ETIMEDOUT|EPIPE|connection (was )?(reset|lost|closed)|stream (closed|disconnected)|fetch failed|error sending request|socket hang up|network/i,
    unpaid: false,
  },
];

function statusIn(message: string): number | null {
  const found = /\b(?:status|status code|error|http|rejected)[: (]{1,3}([45]\d\d)\b/i.exec(message);
  return found ? Number(found[1]) : null;
}

const UNITS: Readonly<Record<string, number>> = { ms: 1, milli: 1, s: 1000, m: 60_000, h: 3_600_000, d: 86_400_000 };

/** "retry after 2s", "try again in 1.5 hours". */
function waitIn(message: string): number | null {
  const found =
    /(?:retry|again|wait|reset\w*)(?: \w+)? (?:in|after|for):? ?(\d{1,9}(?:\.\d+)?) ?(ms|s|m(?!illi)|h|d|milli)/i.exec(
      message,
    );
  return found ? Math.round(Number(found[1]) * UNITS[found[2]!.toLowerCase()]!) : null;
}
