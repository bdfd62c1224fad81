import type { ApiError } from './wire.ts';

export const MOST_RETRIES = 2;
/** A wait that a person would sit through; a longer one is theirs to decide on. */
const LONGEST_WAIT_MS = 10_000;
const FIRST_WAIT_MS = 500;

/** What went wrong before any answer began. */
export type Rejection =
  | { readonly kind: 'status'; readonly status: number; readonly error: ApiError; readonly location: string | null }
  | { readonly kind: 'network'; readonly code: string };

/**
 * How long to wait before trying again, in ms, or null for not at all: only where nothing was paid, and only if the
 * wait is short and leaves half of the time. `retry` counts from 1.
 */
export function waitBeforeRetry(rejection: Rejection, retry: number, leftMs: number): number | null {
  const wait = rejection.kind === 'network' ? connectionWait(rejection.code, retry) : statusWait(rejection, retry);
  return wait !== null && wait <= LONGEST_WAIT_MS && wait <= leftMs / 2 ? wait : null;
}

/** Codes of connections that were refused, or broke before a byte came back. */
function connectionWait(code: string, retry: number): number | null {
  return /^(ECONNREFUSED|ECONNRESET|EPIPE|EAI_AGAIN|UND_ERR_SOCKET)$/.test(code) ? backOff(retry) : null;
}

function statusWait({ status, error }: Rejection & { kind: 'status' }, retry: number): number | null {
  if (isOutOfCredit(error)) return null;
  if (status === 429) return error.retryAfterMs;
  if (status === 503 || status === 529) return error.retryAfterMs ?? backOff(retry);
  return null;
}

function backOff(retry: number): number {
  return FIRST_WAIT_MS * 2 ** (retry - 1);
}

/** Whether money is what is missing: waiting does not bring it. */
export function isOutOfCredit({ code, message }: ApiError): boolean {
  return /insufficient_quota|billing|credit balance/i.test(`${code} ${message}`);
}

/** `retry-after-ms`, or `Retry-After` in seconds or as a date; null where there is neither. */
export function retryAfter(headers: Headers, now: number = Date.now()): number | null {
  const exact = headers.get('retry-after-ms')?.trim() ?? '';
  if (/^\d{1,12}(\.\d+)?$/.test(exact)) return Math.round(Number(exact));
  const value = headers.get('retry-after')?.trim() ?? '';
  if (/^\d{1,9}(\.\d+)?$/.test(value)) return Math.round(Number(value) * 1000);
  const date = /^[A-Z][a-z]{2}/.test(value) ? Date.parse(value) : Number.NaN;
  return Number.isNaN(date) ? null : Math.max(0, date - now);
}
