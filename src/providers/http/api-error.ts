import { at, listAt, numberAt, textAt } from './at.ts';
import type { ApiError } from './wire.ts';

const LONGEST_MESSAGE = 300;

/** The error that a body or event of any of the APIs holds, or null where it holds none. */
export function apiError(value: unknown): ApiError | null {
  const body = Array.isArray(value) ? value[0] : value;
  const error = at(body, 'error');
  if (typeof error === 'string') return { status: null, code: '', message: oneLine(error), retryAfterMs: null };
  if (typeof error !== 'object' || error === null) return null;
  return errorObject(error);
}

/** An error object itself: `{ code?, type?, status?, message }`. A numeric code is the HTTP status. */
export function errorObject(error: unknown): ApiError {
  const words = [textAt(error, 'code'), textAt(error, 'type'), textAt(error, 'status')].filter(Boolean);
  const reasons = listAt(error, 'details').map((detail) => textAt(detail, 'reason'));
  return {
    status: numberAt(error, 'code') ?? numberAt(error, 'status'),
    code: [...words, ...reasons.filter(Boolean)].join(' ').slice(0, LONGEST_MESSAGE),
    message: oneLine(textAt(error, 'message') ?? ''),
    retryAfterMs: retryDelay(error),
  };
}

/** A text as one short line. */
export function oneLine(text: string): string {
  const line = text
    .slice(0, 4 * LONGEST_MESSAGE)
    .replace(/\s+/g, ' ')
    .trim();
  return line.length > LONGEST_MESSAGE ? `${line.slice(0, LONGEST_MESSAGE)}…` : line;
}

/** Google's RetryInfo: `"retryDelay": "30s"`. */
function retryDelay(error: unknown): number | null {
  for (const detail of listAt(error, 'details')) {
    const seconds = /^(\d{1,9}(?:\.\d+)?)s$/.exec(textAt(detail, 'retryDelay') ?? '');
    if (seconds) return Math.round(Number(seconds[1]) * 1000);
  }
  return null;
}
