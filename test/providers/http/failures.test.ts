import { describe, expect, it } from 'vitest';
import { apiError } from '../../../src/providers/http/api-error.ts';
import { apiFailure, networkFailure, neverArrived, rejected, stopped } from '../../../src/providers/http/failures.ts';

const setup = { base: new URL('https://api.example.com/v1'), model: 'model-1', key: 'k', keyName: 'THE_KEY' };
const LIMITS = { firstOutputMs: 1_500, silenceMs: 2_000, totalMs: 60_000, answerBytes: 1 };

describe('a connection that failed', () => {
  it.each([
    ['ECONNREFUSED', 'Start the server at https://api.example.com'],
    ['ENOTFOUND', 'Check the network'],
    ['UND_ERR_CONNECT_TIMEOUT', 'Check the network'],
    ['DEPTH_ZERO_SELF_SIGNED_CERT', 'Check the network'],
    ['CERT_HAS_EXPIRED', 'Check the network'],
  ])('with %s reached nobody', (code, remedy) => {
    expect(neverArrived(code)).toBe(true);
    const failure = networkFailure(code, setup);
    expect(failure).toMatchObject({ reason: 'network', unpaid: true, detail: expect.stringContaining(code) });
    expect(failure.remedy).toContain(remedy);
  });

  it.each(['ECONNRESET', 'EPIPE', 'UND_ERR_SOCKET', 'TypeError'])('with %s may have reached someone', (code) => {
    expect(neverArrived(code)).toBe(false);
    expect(networkFailure(code, setup)).toMatchObject({ reason: 'network', unpaid: false });
  });

  it.each(['UND_ERR_HEADERS_TIMEOUT', 'UND_ERR_BODY_TIMEOUT'])('with %s took too long', (code) => {
    expect(networkFailure(code, setup)).toMatchObject({ reason: 'timeout', unpaid: false });
  });
});

describe('a redirect', () => {
  const error = { status: 307, code: '', message: '', retryAfterMs: null };
  const to = (location: string | null) => rejected({ kind: 'status', status: 307, error, location }, setup).detail;

  it('is told with where it leads, without what it carries along', () => {
    expect(to('https://evil.example/x?key=secret')).toBe(
      'https://api.example.com redirects to https://evil.example (HTTP 307)',
    );
    expect(to('/v2?key=secret')).toBe('https://api.example.com redirects to another path (HTTP 307)');
    expect(to(null)).toBe('https://api.example.com redirects to elsewhere (HTTP 307)');
    expect(to('http://[')).toBe('https://api.example.com redirects to elsewhere (HTTP 307)');
  });
});

describe('an error of an API', () => {
  const failureOf = (body: unknown) => apiFailure(apiError(body)!, setup);

  it.each([
    [{ error: { code: 'invalid_api_key', message: 'x' } }, 'not_logged_in'],
    [{ error: { code: 403, message: 'Your input was flagged' } }, 'refused'],
    [{ error: { type: 'permission_error', message: 'x' } }, 'not_logged_in'],
    [{ error: { code: 'insufficient_quota', message: 'x' } }, 'quota'],
    [{ error: { code: 402, message: 'x' } }, 'quota'],
    [{ error: { status: 'RESOURCE_EXHAUSTED', message: 'x' } }, 'quota'],
    [{ error: { code: 'model_not_found', message: 'x' } }, 'refused'],
    [{ error: { code: 'context_length_exceeded', message: 'x' } }, 'refused'],
    [{ error: { code: 'content_filter', message: 'x' } }, 'refused'],
    [{ error: { status: 'UNAVAILABLE', code: 503, message: 'x' } }, 'overloaded'],
    [{ error: { message: 'something went wrong' } }, 'overloaded'],
    [{ error: 'just a text' }, 'overloaded'],
    [[{ error: { code: 429, message: 'in a list' } }], 'quota'],
  ])('%j is %s, with a remedy of its own', (body, reason) => {
    expect(failureOf(body)).toMatchObject({ reason, unpaid: false, remedy: expect.stringMatching(/\.$/) });
  });

  it('is none where there is none', () => {
    for (const body of [null, undefined, 'text', 7, {}, { error: null }, { error: 7 }, []])
      expect(apiError(body)).toBeNull();
  });

  it('is told in one short line', () => {
    const { detail } = failureOf({ error: { message: `a\n\t b ${'c'.repeat(100_000)}` } });
    expect(detail).toMatch(/^api\.example\.com answered with an error: a b c+…$/);
    expect(detail.length).toBeLessThan(400);
  });

  it('says nothing of what it says about a key', () => {
    const { detail, remedy } = failureOf({ error: { code: 401, message: 'bad key sk-12****89' } });
    expect(detail).toBe('api.example.com answered with an error: HTTP 401');
    expect(remedy).toContain('THE_KEY');
  });
});

describe('an exchange that was ended from here', () => {
  it.each([
    ['first output', 'timeout', 'no output came within 1.5 s'],
    ['silence', 'timeout', 'the answer stopped coming for 2 s'],
    ['total', 'timeout', 'the answer was not complete within 60 s'],
    ['cancelled', 'cancelled', 'the question was cancelled'],
  ] as const)('for %s is %s', (stop, reason, detail) => {
    expect(stopped(stop, LIMITS)).toMatchObject({ reason, detail, unpaid: false });
  });
});
