import { describe, expect, it } from 'vitest';
import { MOST_RETRIES, type Rejection, retryAfter, waitBeforeRetry } from '../../../src/providers/http/retry.ts';

const NOW = Date.UTC(2026, 0, 1);
const after = (headers: Record<string, string>) => retryAfter(new Headers(headers), NOW);

const status = (code: number, retryAfterMs: number | null = null, message = ''): Rejection => ({
  kind: 'status',
  status: code,
  location: null,
  error: { status: code, code: '', message, retryAfterMs },
});
const network = (code: string): Rejection => ({ kind: 'network', code });

describe('the wait that a server asks for', () => {
  it.each([
    [{ 'retry-after': '2' }, 2_000],
    [{ 'retry-after': ' 0 ' }, 0],
    [{ 'retry-after': '1.5' }, 1_500],
    [{ 'retry-after': '3600' }, 3_600_000],
    [{ 'retry-after': 'Thu, 01 Jan 2026 00:01:00 GMT' }, 60_000],
    [{ 'retry-after': 'Wed, 31 Dec 2025 23:00:00 GMT' }, 0],
    [{ 'retry-after-ms': '250' }, 250],
    [{ 'retry-after-ms': '250', 'retry-after': '7' }, 250],
    [{ 'retry-after-ms': 'x', 'retry-after': '7' }, 7_000],
    [{ 'retry-after': '-5' }, null],
    [{ 'retry-after': '99999999999999999999' }, null],
    [{ 'retry-after': 'soon' }, null],
    [{ 'retry-after': 'Someday' }, null],
    [{}, null],
  ] as Array<[Record<string, string>, number | null]>)('%j is %j ms', (headers, ms) => {
    expect(after(headers)).toBe(ms);
  });
});

describe('asking again', () => {
  const plenty = 60_000;

  it.each([
    ['a refused connection', network('ECONNREFUSED'), 500],
    ['a connection that broke', network('ECONNRESET'), 500],
    ['a connection that was closed', network('UND_ERR_SOCKET'), 500],
    ['429 with a short wait', status(429, 3_000), 3_000],
    ['503 with a short wait', status(503, 3_000), 3_000],
    ['503 without one', status(503), 500],
    ['529 without one', status(529), 500],
  ])('happens after %s', (_, rejection, ms) => {
    expect(waitBeforeRetry(rejection, 1, plenty)).toBe(ms);
  });

  it.each([
    ['429 that does not say when', status(429)],
    ['429 with a long wait', status(429, 10_001)],
    ['503 with an hour', status(503, 3_600_000)],
    ['want of credit', status(429, 0, 'You exceeded your current quota (insufficient_quota)')],
    ['500, which may have been paid', status(500, 0)],
    ['502, which may have been paid', status(502, 0)],
    ['504, which may have been paid', status(504, 0)],
    ['400', status(400, 0)],
    ['401', status(401, 0)],
    ['a redirect', status(307, 0)],
    ['a name that does not exist', network('ENOTFOUND')],
    ['a certificate that is wrong', network('CERT_HAS_EXPIRED')],
    ['anything unknown', network('TypeError')],
  ])('does not happen after %s', (_, rejection) => {
    expect(waitBeforeRetry(rejection, 1, plenty)).toBeNull();
  });

  it('waits longer the second time, and leaves half of the time for the answer', () => {
    expect(MOST_RETRIES).toBe(2);
    expect(waitBeforeRetry(status(503), 2, plenty)).toBe(1_000);
    expect(waitBeforeRetry(status(503), 1, 999)).toBeNull();
    expect(waitBeforeRetry(status(429, 5_000), 1, 10_000)).toBe(5_000);
    expect(waitBeforeRetry(status(429, 5_001), 1, 10_000)).toBeNull();
    expect(waitBeforeRetry(status(429, 0), 1, -1)).toBeNull();
  });
});
