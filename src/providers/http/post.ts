import { apiError, oneLine } from './api-error.ts';
import type { Outgoing } from './outgoing.ts';
import { MOST_RETRIES, type Rejection, retryAfter, waitBeforeRetry } from './retry.ts';
import type { Watch } from './watch.ts';
import type { ApiError } from './wire.ts';

export type Posted =
  | { readonly kind: 'response'; readonly response: Response; readonly retries: number }
  | (Rejection & { readonly retries: number })
  | { readonly kind: 'stopped'; readonly retries: number };

/**
 * Posts, and tries again where `waitBeforeRetry` says so. Redirects are not followed: they would carry the key along.
 * `onRetry` hears what failed before each wait.
 */
export async function post(
  { url, headers, body }: Outgoing,
  watch: Watch,
  onRetry: (rejection: Rejection, waitMs: number) => void,
): Promise<Posted> {
  const { default: ky, isHTTPError } = await import('ky');
  const rejectionOf = (error: unknown): Rejection =>
    isHTTPError(error) ? refusedBy(error.response, error.data) : { kind: 'network', code: networkCode(error) };
  let [retries, wait] = [0, 0];
  try {
    watch.attempt();
    const response = await ky.post(url, {
      headers: { ...headers, 'content-type': 'application/json', accept: 'text/event-stream, application/json' },
      body,
      signal: watch.signal,
      redirect: 'manual',
      timeout: false,
      retry: {
        limit: MOST_RETRIES,
        methods: ['post'],
        delay: () => wait,
        shouldRetry: ({ error, retryCount }) => {
          const rejection = rejectionOf(error);
          const next = waitBeforeRetry(rejection, retryCount, watch.leftMs);
          if (next === null) return false;
          wait = next;
          retries = retryCount;
          watch.rest();
          onRetry(rejection, next);
          return true;
        },
      },
      hooks: { beforeRetry: [() => watch.attempt()] },
    });
    return { kind: 'response', response, retries };
  } catch (error) {
    return watch.stopped ? { kind: 'stopped', retries } : { ...rejectionOf(error), retries };
  }
}

function refusedBy(response: Response, data: unknown): Rejection {
  const told = apiError(data);
  const error: ApiError = {
    status: response.status,
    code: told?.code ?? '',
    message: told?.message ?? (typeof data === 'string' && !/^\s*</.test(data) ? oneLine(data) : ''),
    retryAfterMs: retryAfter(response.headers) ?? told?.retryAfterMs ?? null,
  };
  return { kind: 'status', status: response.status, error, location: response.headers.get('location') };
}

/** The system's word for a connection that failed: `ECONNREFUSED`, `ENOTFOUND` …, else the error's name. */
export function networkCode(error: unknown): string {
  for (let cause = error, depth = 0; cause instanceof Error && depth < 5; cause = cause.cause, depth++) {
    const code: unknown = Reflect.get(cause, 'code');
    if (typeof code === 'string') return code;
    const first: unknown = cause instanceof AggregateError ? cause.errors[0] : null;
    if (first instanceof Error) return networkCode(first);
  }
  return error instanceof Error ? error.name : 'unknown';
}
