import type { AdviceFailure, AdviceLimits } from '../../domain/advice.ts';
import { isOutOfCredit, type Rejection } from './retry.ts';
import type { Setup, Unready } from './setup.ts';
import type { Stop } from './watch.ts';
import type { ApiError } from './wire.ts';

/** A failure in words, with what can be done about it and whether it certainly cost nothing. */
export interface Failure extends Unready {
  readonly retryAfterMs: number | null;
  readonly unpaid: boolean;
}

const NOT_REACHED =
  /^(ECONNREFUSED|ENOTFOUND|EAI_AGAIN|EHOSTUNREACH|ENETUNREACH|UND_ERR_CONNECT_TIMEOUT|CERT_.*|.*_CERT.*)$/;

const MORE_TIME = 'Ask again, ask less, raise the limit in maestro.config.jsonc, or ask a faster model.';

/** Whether a request can not have arrived. */
export function neverArrived(code: string): boolean {
  return NOT_REACHED.test(code);
}

/** What a connection that failed means. */
export function networkFailure(code: string, { base }: Setup): Failure {
  if (/^UND_ERR_(HEADERS|BODY)_TIMEOUT$/.test(code))
    return failure('timeout', `nothing came from ${base.origin} for as long as a connection is kept open`, MORE_TIME);
  const unpaid = neverArrived(code);
  return failure('network', `the connection to ${base.origin} failed (${code})`, remedyFor(code, base), { unpaid });
}

function remedyFor(code: string, base: URL): string {
  if (code === 'ECONNREFUSED')
    return `Start the server at ${base.origin}, or correct its base_url in maestro.config.jsonc.`;
  return 'Check the network, the proxy and the base_url in maestro.config.jsonc, then ask again.';
}

/** What a request that was not accepted means. */
export function rejected(rejection: Rejection & { kind: 'status' }, setup: Setup): Failure {
  const { status, error, location } = rejection;
  if (status < 400) return redirected(status, location, setup);
  const unpaid = status < 500 || status === 503 || status === 529;
  return { ...apiFailure(error, setup), unpaid };
}

function redirected(status: number, location: string | null, { base }: Setup): Failure {
  const target = location === null ? null : URL.parse(location, base.href);
  const where = target === null ? 'elsewhere' : target.origin === base.origin ? 'another path' : target.origin;
  const remedy = 'Set its base_url in maestro.config.jsonc to where the API really is; redirects are not followed.';
  return failure('network', `${base.origin} redirects to ${where} (HTTP ${status})`, remedy, { unpaid: true });
}

/** What the API's own error means, whether it came as a status or inside a stream. */
export function apiFailure(error: ApiError, setup: Setup): Failure {
  const { reason, remedy } = meaning(error, setup);
  const status = error.status === null ? '' : `HTTP ${error.status}`;
  const said = reason === 'not_logged_in' ? '' : error.message || error.code;
  const detail = `${setup.base.host} answered with an error: ${[status, said].filter(Boolean).join(', ') || 'no reason given'}`;
  return failure(reason, detail, remedy, { retryAfterMs: error.retryAfterMs });
}

function meaning(error: ApiError, setup: Setup): { reason: AdviceFailure; remedy: string } {
  const { status, code } = error;
  const words = `${code} ${error.message}`;
  if (status === 401 || /invalid_api_key|api_key_invalid|authentication_error|unauthenticated/i.test(words))
    return { reason: 'not_logged_in', remedy: keyRemedy(setup, 'It may be mistyped, expired or of another service.') };
  if (/moderation|content_filter|content_policy|flagged/i.test(words))
    return { reason: 'refused', remedy: 'Ask in other words, or ask another advisor.' };
  if (isOutOfCredit(error) || status === 402)
    return { reason: 'quota', remedy: 'Add credit to the account of that key, or ask another advisor.' };
  if (status === 403 || /permission_(error|denied)/i.test(code))
    return { reason: 'not_logged_in', remedy: keyRemedy(setup, `It may not be allowed to use ${setup.model}.`) };
  if (status === 429 || /rate_limit|resource_exhausted|quota/i.test(code))
    return { reason: 'quota', remedy: 'Wait, raise the limits of that account, or ask another advisor.' };
  if (status === 404 || /not_found/i.test(code))
    return {
      reason: 'refused',
      remedy: `Check that the model ${setup.model} and the base_url are right, and that it exists there.`,
    };
  if (status === 413 || /context_length|too_large|too long/i.test(words))
    return { reason: 'refused', remedy: 'Ask with less context, or ask a model with a larger window.' };
  if (status === null || status >= 500 || status === 408 || /overloaded|unavailable/i.test(code))
    return { reason: 'overloaded', remedy: 'Ask again in a few minutes, or ask another advisor.' };
  return { reason: 'refused', remedy: 'Check model, effort and base_url in maestro.config.jsonc.' };
}

function keyRemedy({ keyName, base }: Setup, why: string): string {
  if (keyName === null)
    return `${base.host} wants a key: set api_key_env in maestro.config.jsonc to the variable that holds it.`;
  return `Check the key in ${keyName}. ${why}`;
}

/** What a cancel, or a limit that passed, means. */
export function stopped(stop: Stop, limits: AdviceLimits, unpaid = false): Failure {
  if (stop === 'cancelled')
    return failure('cancelled', 'the question was cancelled', 'Ask again when you want the answer.', { unpaid });
  const what = {
    'first output': `no output came within ${limits.firstOutputMs / 1000} s`,
    silence: `the answer stopped coming for ${limits.silenceMs / 1000} s`,
    total: `the answer was not complete within ${limits.totalMs / 1000} s`,
  }[stop];
  return failure('timeout', what, MORE_TIME);
}

/** An answer that cannot be used, in words. */
export function unusable(detail: string): Failure {
  const remedy = 'Ask again; if it stays so, check that base_url and model are what the provider expects.';
  return failure('bad_output', detail, remedy);
}

/** An answer that was withheld. */
export function withheld(why: string): Failure {
  return failure('refused', `the model refused to answer: ${why}`, 'Ask in other words, or ask another advisor.');
}

function failure(
  reason: AdviceFailure,
  detail: string,
  remedy: string,
  { unpaid = false, retryAfterMs = null }: Partial<Pick<Failure, 'unpaid' | 'retryAfterMs'>> = {},
): Failure {
  return { reason, detail, remedy, unpaid, retryAfterMs };
}
