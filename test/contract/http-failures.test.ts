import { describe, expect, it } from 'vitest';
import type { NoAnswer } from '../../src/domain/advice.ts';
import { answered, ask, facts, failed, KEY } from './http-asking.ts';
import { DIALECTS } from './http-dialects.ts';
import {
  endless,
  nowhere,
  reset,
  serve,
  silence,
  status,
  stream,
  streamThenReset,
  streamThenSilence,
} from './http-server.ts';

/** So short that nothing is tried again. */
const NO_RETRY = { totalMs: 900 };

describe.each(DIALECTS.map((dialect) => [dialect.provider, dialect] as const))('%s', (_, dialect) => {
  const { opening, delta, closing } = dialect;
  const whole = (text: string) => opening + delta(text) + closing;
  const timeout = (partial: string | null) => ({
    reason: 'timeout',
    ran: true,
    unpaid: false,
    retryAfterMs: null,
    partial,
  });

  describe('tells failures apart', () => {
    it.each([
      [401, 'authentication_error', 'not_logged_in', true],
      [403, 'permission_error', 'not_logged_in', true],
      [404, 'not_found_error', 'refused', true],
      [400, 'invalid_request_error', 'refused', true],
      [413, 'request_too_large', 'refused', true],
      [402, 'payment_required', 'quota', true],
      [408, 'timeout', 'overloaded', true],
      [500, 'api_error', 'overloaded', false],
      [502, 'bad_gateway', 'overloaded', false],
      [503, 'unavailable', 'overloaded', true],
      [529, 'overloaded_error', 'overloaded', true],
    ] as const)('%i (%s) is %s', async (code, type, reason, unpaid) => {
      const asked = await serve(status(code, dialect.error(type, 'it is so')));
      const advice = await failed(dialect, asked.url, { limits: NO_RETRY });
      expect(facts(advice)).toEqual({ reason, ran: true, unpaid, retryAfterMs: null, partial: null });
      expect(advice.message).toContain(`HTTP ${code}`);
      if (reason !== 'not_logged_in') expect(advice.message).toContain('it is so');
      expect(asked.seen).toHaveLength(1);
    });

    it('a key that the server repeats in its error is not passed on', async () => {
      for (const code of [400, 401, 500]) {
        const { url } = await serve(status(code, dialect.error('invalid', `bad key ${KEY} given`)));
        await failed(dialect, url);
      }
      const { url } = await serve(stream(opening, delta(`your key is ${KEY}.`), closing));
      expect((await answered(dialect, url)).text).toBe('your key is [key].');
    });

    it.each([
      ['nothing to say when', {}, null],
      ['an hour to wait', { 'retry-after': '3600' }, 3_600_000],
      ['a time that is no time', { 'retry-after': 'soon' }, null],
      ['a wait longer than the question may take', { 'retry-after': '9' }, 9_000],
    ])('429 with %s is a quota, and not asked again', async (_, headers, retryAfterMs) => {
      const asked = await serve(status(429, dialect.error('rate_limit_error', 'slow down'), headers));
      const advice = await failed(dialect, asked.url, { limits: { totalMs: 10_000 } });
      expect(facts(advice)).toEqual({ reason: 'quota', ran: true, unpaid: true, retryAfterMs, partial: null });
      expect(asked.seen).toHaveLength(1);
    });

    it('429 with a date to wait for is a quota until then', async () => {
      const date = new Date(Date.now() + 7_200_000).toUTCString();
      const { url } = await serve(status(429, '', { 'retry-after': date }));
      const advice = await failed(dialect, url);
      expect(advice.reason).toBe('quota');
      expect(advice.retryAfterMs).toBeGreaterThan(7_000_000);
      expect(advice.retryAfterMs).toBeLessThanOrEqual(7_200_000);
    });

    it('429 for want of credit is a quota that waiting does not help, whatever else it says', async () => {
      const error = dialect.error('insufficient_quota', 'check your billing details');
      const asked = await serve(status(429, error, { 'retry-after': '0' }));
      const advice = await failed(dialect, asked.url);
      expect(advice).toMatchObject({ reason: 'quota', unpaid: true });
      expect(advice.remedy).toContain('credit');
      expect(asked.seen).toHaveLength(1);
    });

    it('a server that stays busy is asked three times, and the message says so', async () => {
      const asked = await serve(status(529, dialect.error('overloaded_error', 'busy'), { 'retry-after-ms': '10' }));
      const advice = await failed(dialect, asked.url);
      expect(facts(advice)).toEqual({ reason: 'overloaded', ran: true, unpaid: true, retryAfterMs: 10, partial: null });
      expect(advice.message).toContain('also when asked again (2 times)');
      expect(asked.seen).toHaveLength(3);
    });

    it('a refused connection is the network, and nobody was asked', async () => {
      const advice = await failed(dialect, await nowhere(), { limits: NO_RETRY });
      expect(facts(advice)).toEqual({ reason: 'network', ran: false, unpaid: true, retryAfterMs: null, partial: null });
      expect(advice.message).toContain('ECONNREFUSED');
    });

    it('a name that does not exist is the network too', async () => {
      const settings = { baseUrl: 'https://no-such-host.invalid/v1' };
      expect(await failed(dialect, '', { settings, limits: NO_RETRY })).toMatchObject({
        reason: 'network',
        ran: false,
      });
    });

    it('a connection that breaks before any byte, again and again, is the network', async () => {
      const asked = await serve(reset);
      expect(await failed(dialect, asked.url, { limits: NO_RETRY })).toMatchObject({
        reason: 'network',
        partial: null,
      });
    });

    it('a redirect is not followed, so the key goes nowhere else', async () => {
      const other = await serve(stream(whole('caught')));
      for (const code of [301, 302, 307, 308]) {
        const { url } = await serve(status(code, '', { location: `${other.url}/v1/responses` }));
        const advice = await failed(dialect, url);
        expect(facts(advice)).toMatchObject({ reason: 'network', unpaid: true });
        expect(advice.message).toContain(other.url);
      }
      expect(other.seen).toHaveLength(0);
    });

    it.each([
      ['a web page', status(200, '<html><body>Log in</body></html>', { 'content-type': 'text/html' }), 'web page'],
      ['a web page that calls itself JSON', status(200, '<!doctype html><p>Log in'), 'web page'],
      ['JSON that is cut', status(200, '{"choices": [{"message"'), 'not whole JSON'],
      ['JSON of something else', status(200, { hello: 'world' }), 'without an answer'],
      ['an empty body', status(200, ''), 'without an answer'],
      ['an empty stream', stream(), 'without an answer'],
      ['a stream that is no JSON', stream('data: {"this is": not json\n\n'), 'not JSON'],
      ['a stream that only opens', stream(opening), 'without an answer'],
      ['an answer that is empty', stream(opening, closing), 'the answer is empty'],
      ['an answer of blanks', stream(opening, delta(' \n'), closing), 'the answer is empty'],
      ['an answer that is all thought', stream(opening, dialect.closingAtLength), 'limit of length'],
    ])('%s is bad output', async (_, reply, words) => {
      const { url } = await serve(reply);
      const advice = await failed(dialect, url);
      expect(facts(advice)).toMatchObject({ reason: 'bad_output', ran: true, unpaid: false });
      expect(advice.message).toContain(words);
      expect(advice.partial?.trim() ?? '').toBe('');
    });

    it.each([
      ['is cut off between events', stream(opening, delta('as far as this')), 'cut off before its end'],
      ['stops in half a line', stream(opening, delta('as far as this'), delta('more').slice(0, -9)), 'cut off before'],
      ['breaks', streamThenReset(opening, delta('as far as this')), 'the connection broke'],
      ['turns into something else', stream(opening, delta('as far as this'), 'data: <b>\n\n'), 'not JSON'],
    ])('a stream that %s is bad output, with what had come', async (_, reply, words) => {
      const asked = await serve(reply);
      const advice = await failed(dialect, asked.url);
      expect(facts(advice)).toMatchObject({ reason: 'bad_output', unpaid: false, partial: 'as far as this' });
      expect(advice.message).toContain(words);
      expect(asked.seen).toHaveLength(1);
    });

    it('an event that never ends is given up before it fills the memory', async () => {
      const { url } = await serve(endless('data: "', 'x'.repeat(1_000_000)));
      const advice = await failed(dialect, url, { limits: { answerBytes: 1_000 } });
      expect(advice).toMatchObject({ reason: 'bad_output', partial: null });
      expect(advice.message).toMatch(/more than \d+ (characters|bytes)/);
    });

    it('a stream of nothing but comments is given up too', async () => {
      const { url } = await serve(endless(opening, `: ${'.'.repeat(1_000_000)}\n\n`));
      const advice = await failed(dialect, url, { limits: { answerBytes: 1_000 } });
      expect(advice).toMatchObject({ reason: 'bad_output', message: expect.stringContaining('bytes') });
    });

    it('an error inside a stream that began well is told as the error it is', async () => {
      const { url } = await serve(stream(opening, delta('as far as this'), dialect.failing));
      const advice = await failed(dialect, url);
      expect(facts(advice)).toMatchObject({ reason: 'overloaded', unpaid: false, partial: 'as far as this' });
      expect(advice.message).toContain('it broke');
    });

    it('an error in place of an answer, with status 200, too', async () => {
      const { url } = await serve(status(200, dialect.error('rate_limit_error', 'slow down')));
      const advice = await failed(dialect, url);
      expect(advice).toMatchObject({ reason: 'quota', unpaid: false });
      expect(advice.message).toContain('slow down');
    });

    it('a call of a tool is no answer, and nothing is done about it', async () => {
      const asked = await serve(stream(opening, delta('Let me look.'), dialect.tool));
      const advice = await failed(dialect, asked.url);
      expect(facts(advice)).toMatchObject({ reason: 'bad_output', unpaid: false, partial: 'Let me look.' });
      expect(advice.message).toContain('asked for a tool (shell)');
      expect(asked.seen).toHaveLength(1);
    });

    it('words of a server that would break a line or steer a terminal are made plain', async () => {
      const { url } = await serve(status(500, dialect.error('api_error', 'it\n\u001b[31mbroke\u0007\r\nbadly')));
      expect((await failed(dialect, url)).message).toContain('it broke badly');
    });

    it('an answer that is withheld is refused', async () => {
      const { url } = await serve(stream(opening, dialect.refusal));
      expect(await failed(dialect, url)).toMatchObject({ reason: 'refused', ran: true, unpaid: false });
    });
  });

  describe('waits no longer than it may', () => {
    it('for the first sign of life', async () => {
      const { url } = await serve(silence);
      const advice = await failed(dialect, url, { limits: { firstOutputMs: 150 } });
      expect(facts(advice)).toEqual(timeout(null));
      expect(advice.message).toContain('no output came within 0.15 s');
    });

    it('for the first byte after the headers', async () => {
      const { url } = await serve(streamThenSilence());
      const advice = await failed(dialect, url, { limits: { firstOutputMs: 300 } });
      expect(facts(advice)).toEqual(timeout(null));
      expect(advice.message).toContain('no output came within 0.3 s');
    });

    it('for an answer that falls silent, and keeps what had come', async () => {
      const asked = await serve(streamThenSilence(opening, delta('as far as this'), delta('half').slice(0, -9)));
      const advice = await failed(dialect, asked.url, { limits: { silenceMs: 150 } });
      expect(facts(advice)).toEqual(timeout('as far as this'));
      expect(advice.message).toContain('stopped coming for 0.15 s');
      await asked.left();
    });

    it('in all, however lively the server is', async () => {
      const { url } = await serve(endless(opening + delta('on '), ': still here\n\n', 20));
      const advice = await failed(dialect, url, { limits: { totalMs: 600 } });
      expect(facts(advice)).toEqual(timeout('on '));
      expect(advice.message).toContain('not complete within 0.6 s');
    });

    it('for a server that sends its error but slowly', async () => {
      const { url } = await serve((response) => {
        response.writeHead(500, { 'content-type': 'application/json' });
        response.write('{"error":');
      });
      expect(facts(await failed(dialect, url, { limits: { firstOutputMs: 300 } }))).toEqual(timeout(null));
    });
  });

  describe('is cancelled', () => {
    const cancelled = { reason: 'cancelled', ran: true, unpaid: false, retryAfterMs: null };

    it('before it began, without asking anyone', async () => {
      const asked = await serve(stream(whole('no')));
      const advice = await failed(dialect, asked.url, { signal: AbortSignal.abort() });
      expect(facts(advice)).toEqual({ ...cancelled, ran: false, unpaid: true, partial: null });
      expect(asked.seen).toHaveLength(0);
    });

    it('while it waits for the headers', async () => {
      const asked = await serve(silence);
      const caller = new AbortController();
      const asking = ask(dialect, asked.url, { signal: caller.signal });
      await asked.arrived();
      caller.abort();
      expect(facts((await asking) as NoAnswer)).toEqual({ ...cancelled, partial: null });
      await asked.left();
    });

    it('in the middle of the answer, keeping what had come', async () => {
      const caller = new AbortController();
      const asked = await serve((response) => {
        streamThenSilence(opening, delta('as far as this'))(response);
        setTimeout(() => caller.abort(), 300);
      });
      const advice = await failed(dialect, asked.url, { signal: caller.signal });
      expect(facts(advice)).toEqual({ ...cancelled, partial: 'as far as this' });
      await asked.left();
    });

    it('while it waits to ask again', async () => {
      const caller = new AbortController();
      const asked = await serve((response) => {
        status(503, '', { 'retry-after': '9' })(response);
        setTimeout(() => caller.abort(), 100);
      });
      const advice = await failed(dialect, asked.url, { signal: caller.signal });
      expect(advice.reason).toBe('cancelled');
      expect(asked.seen).toHaveLength(1);
    });
  });
});
