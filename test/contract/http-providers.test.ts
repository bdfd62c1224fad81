import { readdirSync, readFileSync } from 'node:fs';
import type { AddressInfo } from 'node:net';
import { createServer } from 'node:net';
import { afterEach, describe, expect, it } from 'vitest';
import type { NoAnswer } from '../../src/domain/advice.ts';
import { answered, ask, failed, KEY, providerOf, surroundings } from './http-asking.ts';
import { DIALECTS } from './http-dialects.ts';
import {
  endless,
  type Reply,
  reset,
  type ScriptedServer,
  serve,
  silence,
  status,
  stream,
  streamThenReset,
  streamThenSilence,
} from './http-server.ts';

const servers: ScriptedServer[] = [];
afterEach(async () => {
  await Promise.all(servers.splice(0).map((server) => server.close()));
});

async function server(...replies: Reply[]): Promise<ScriptedServer> {
  const started = await serve(...replies);
  servers.push(started);
  return started;
}

/** An address on which nothing listens. */
async function nowhere(): Promise<string> {
  const socket = createServer();
  await new Promise<void>((resolve) => socket.listen(0, '127.0.0.1', resolve));
  const { port } = socket.address() as AddressInfo;
  await new Promise((resolve) => socket.close(resolve));
  return `http://127.0.0.1:${port}`;
}

/** What a failure says, in the fields that callers decide by. */
const facts = ({ reason, ran, unpaid, retryAfterMs, partial }: NoAnswer) => ({
  reason,
  ran,
  unpaid,
  retryAfterMs,
  partial,
});
/** So short that nothing is tried again. */
const NO_RETRY = { totalMs: 900 };

it('every HTTP provider is held to this contract', () => {
  const folder = new URL('../../src/providers/', import.meta.url);
  const files = readdirSync(folder).filter((file) => file.endsWith('.ts'));
  const overHttp = files.filter((file) => readFileSync(new URL(file, folder), 'utf8').includes('httpProvider('));
  expect(overHttp.map((file) => file.replace('.ts', '')).sort()).toEqual(
    DIALECTS.map(({ provider }) => provider).sort(),
  );
});

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

  describe('answers', () => {
    it('with the text, the model that really answered, and what it used', async () => {
      const { url } = await server(stream(opening, delta('Line 3 '), delta('is wrong.'), closing));
      const advice = await answered(dialect, url);
      expect(advice).toEqual({
        ok: true,
        ran: true,
        model: 'model-1-2026',
        usage: dialect.usage,
        ms: advice.ms,
        text: 'Line 3 is wrong.',
        truncated: false,
      });
    });

    it('a question with its role, its earlier exchanges and its key, and offers no tool', async () => {
      const asked = await server(stream(whole('yes')));
      const transcript = [
        { question: 'first?', answer: 'one' },
        { question: 'second?', answer: 'two' },
      ];
      await answered(dialect, asked.url, { request: { transcript, prompt: 'third?' } });
      const [request] = asked.seen;
      expect(`${request!.method} ${request!.url}`).toBe(dialect.url);
      expect(dialect.question(request!.body as never)).toEqual({
        system: 'You review code.',
        turns: [
          { role: 'user', text: 'first?' },
          { role: 'assistant', text: 'one' },
          { role: 'user', text: 'second?' },
          { role: 'assistant', text: 'two' },
          { role: 'user', text: 'third?' },
        ],
      });
      const [header, before] = dialect.keyHeader;
      expect(request!.headers[header]).toBe(before + KEY);
      expect(request!.url).not.toContain(KEY);
      expect(JSON.stringify(request!.body)).not.toContain(KEY);
      expect(JSON.stringify(request!.body)).not.toMatch(/tool|function/i);
    });

    it('as the model that is asked for, else the configured one, and with the effort that is asked for', async () => {
      const asked = await server(stream(whole('yes')));
      await answered(dialect, asked.url, { request: { model: 'other-2' } });
      await answered(dialect, asked.url, { request: { effort: 'low' } });
      await answered(dialect, asked.url, { settings: { effort: 'high' } });
      const [first, second, third] = asked.seen.map(({ url, body }) => url + JSON.stringify(body));
      expect(first).toContain('other-2');
      expect(first).not.toMatch(/effort|thinking/i);
      expect(second).toMatch(/(effort|Level)":"low"/);
      expect(third).toMatch(/(effort|Level)":"high"/);
    });

    it.each([
      ['starts with two dashes', '--dangerously-skip-permissions\n-x'],
      ['holds NUL and other control characters', 'a\0b\u001b[2J\r\nc'],
      ['is two megabytes long', 'grüße 你好 "quoted"\n'.repeat(80_000)],
      ['holds half a character', 'a\ud800b'],
    ])('a question that %s', async (_, prompt) => {
      const asked = await server(stream(whole('yes')));
      expect((await answered(dialect, asked.url, { request: { prompt } })).text).toBe('yes');
      const { turns } = dialect.question(asked.seen[0]!.body as never);
      expect(turns.at(-1)!.text === prompt.toWellFormed()).toBe(true);
    });

    it('sent in one piece by a server that does not stream', async () => {
      const { url } = await server(status(200, dialect.whole('not streamed')));
      expect(await answered(dialect, url)).toMatchObject({ text: 'not streamed', usage: dialect.usage });
    });

    it('whose characters are split between chunks', async () => {
      const bytes = Buffer.from(whole('Grüße, 你好, 🙂'));
      const { url } = await server(stream(...Array.from(bytes, (byte) => Buffer.from([byte]))));
      expect((await answered(dialect, url)).text).toBe('Grüße, 你好, 🙂');
    });

    it('that holds bytes which are no characters, with replacements for them', async () => {
      const [before, after] = delta('a#b').split('#');
      const { url } = await server(stream(opening, before!, Buffer.from([0xff, 0xfe]), after!, closing));
      expect((await answered(dialect, url)).text).toBe('a\ufffd\ufffdb');
    });

    it('without what would steer a terminal', async () => {
      const { url } = await server(stream(whole('\u001b[31mred\u001b[0m\u0007 \u009b2Jplain\0\n\tkept')));
      expect((await answered(dialect, url)).text).toBe('red plain\n\tkept');
    });

    it('cut where it is longer than asked for, between characters', async () => {
      const { url } = await server(endless(opening, delta('ü'.repeat(5_000))));
      const advice = await answered(dialect, url, { limits: { answerBytes: 12_345 } });
      expect(advice.truncated).toBe(true);
      expect(advice.text).toBe('ü'.repeat(6_172));
    });

    it('cut from fifty megabytes, and goes away from the server then', async () => {
      const piece = delta('x'.repeat(50_000));
      const asked = await server(stream(opening, ...Array.from({ length: 1_000 }, () => piece), closing));
      const advice = await answered(dialect, asked.url, { limits: { answerBytes: 100_000 } });
      expect(advice.text.length).toBe(100_000);
      expect(advice.truncated).toBe(true);
      await asked.left();
    });

    it('that ended at the model’s own limit, marked as cut', async () => {
      const { url } = await server(stream(opening, delta('as far as'), dialect.closingAtLength));
      expect(await answered(dialect, url)).toMatchObject({ text: 'as far as', truncated: true });
    });

    it('although the connection breaks after the answer was complete', async () => {
      const { url } = await server(streamThenReset(whole('complete')));
      expect((await answered(dialect, url)).text).toBe('complete');
    });

    it('after a short wait that the server asked for, telling of it', async () => {
      const limited = status(429, dialect.error('rate_limit_error', 'slow down'), { 'retry-after-ms': '20' });
      const busy = status(503, '', { 'retry-after': '0' });
      const asked = await server(limited, busy, stream(whole('at last')));
      const progress: string[] = [];
      expect((await answered(dialect, asked.url, { progress })).text).toBe('at last');
      expect(asked.seen).toHaveLength(3);
      expect(progress.join('\n')).toMatch(/HTTP 429: again in 0.02 s\nHTTP 503: again in 0 s/);
    });

    it('after a connection that broke before any byte', async () => {
      const asked = await server(reset, stream(whole('second try')));
      expect((await answered(dialect, asked.url)).text).toBe('second try');
      expect(asked.seen).toHaveLength(2);
    });
  });

  describe('without a request', () => {
    it.each([
      ['no model', { settings: { model: null } }, 'not_installed', 'no model is configured'],
      ['no key', { env: {} }, 'not_logged_in', 'THE_KEY is not set'],
      ['an empty key', { env: { THE_KEY: ' ' } }, 'not_logged_in', 'THE_KEY is not set'],
      ['a key that no header can hold', { env: { THE_KEY: `${KEY}\nx` } }, 'not_logged_in', 'the value of THE_KEY'],
      ['an address that is none', { settings: { baseUrl: 'api.example.com' } }, 'not_installed', 'the base URL'],
      ['a password in the address', { settings: { baseUrl: `https://u:${KEY}@h/v1` } }, 'not_installed', 'base URL'],
      ['plain http beyond this machine', { settings: { baseUrl: 'http://192.0.2.1/v1' } }, 'not_held', 'plain http'],
    ] as const)('says so and what to do where there is %s', async (_, given, reason, words) => {
      const asked = await server(stream(whole('no')));
      const advice = await failed(dialect, asked.url, given);
      expect(facts(advice)).toEqual({ reason, ran: false, unpaid: true, retryAfterMs: null, partial: null });
      expect(advice.message).toContain(words);
      const { available } = await providerOf(dialect);
      const found = await available(surroundings(dialect, asked.url, given));
      expect(found).toMatchObject({ ready: false, reason, remedy: advice.remedy });
      expect(JSON.stringify(found)).not.toContain(KEY);
      expect(asked.seen).toHaveLength(0);
    });

    it('takes the key from the variable that its users know, when none is named', async () => {
      const asked = await server(stream(whole('yes')));
      const settings = { apiKeyEnv: null };
      const { keyName } = dialect;
      const env: Record<string, string> = keyName === null ? {} : { [keyName]: KEY };
      await answered(dialect, asked.url, { settings, env });
      const [header, before] = dialect.keyHeader;
      expect(asked.seen[0]!.headers[header]).toBe(keyName === null ? undefined : before + KEY);
    });
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
      const asked = await server(status(code, dialect.error(type, 'it is so')));
      const advice = await failed(dialect, asked.url, { limits: NO_RETRY });
      expect(facts(advice)).toEqual({ reason, ran: true, unpaid, retryAfterMs: null, partial: null });
      expect(advice.message).toContain(`HTTP ${code}`);
      if (reason !== 'not_logged_in') expect(advice.message).toContain('it is so');
      expect(asked.seen).toHaveLength(1);
    });

    it('a key that the server repeats in its error is not passed on', async () => {
      for (const code of [400, 401, 500]) {
        const { url } = await server(status(code, dialect.error('invalid', `bad key ${KEY} given`)));
        await failed(dialect, url);
      }
      const { url } = await server(stream(opening, delta(`your key is ${KEY}.`), closing));
      expect((await answered(dialect, url)).text).toBe('your key is [key].');
    });

    it.each([
      ['nothing to say when', {}, null],
      ['an hour to wait', { 'retry-after': '3600' }, 3_600_000],
      ['a time that is no time', { 'retry-after': 'soon' }, null],
      ['a wait longer than the question may take', { 'retry-after': '9' }, 9_000],
    ])('429 with %s is a quota, and not asked again', async (_, headers, retryAfterMs) => {
      const asked = await server(status(429, dialect.error('rate_limit_error', 'slow down'), headers));
      const advice = await failed(dialect, asked.url, { limits: { totalMs: 10_000 } });
      expect(facts(advice)).toEqual({ reason: 'quota', ran: true, unpaid: true, retryAfterMs, partial: null });
      expect(asked.seen).toHaveLength(1);
    });

    it('429 with a date to wait for is a quota until then', async () => {
      const date = new Date(Date.now() + 7_200_000).toUTCString();
      const { url } = await server(status(429, '', { 'retry-after': date }));
      const advice = await failed(dialect, url);
      expect(advice.reason).toBe('quota');
      expect(advice.retryAfterMs).toBeGreaterThan(7_000_000);
      expect(advice.retryAfterMs).toBeLessThanOrEqual(7_200_000);
    });

    it('429 for want of credit is a quota that waiting does not help, whatever else it says', async () => {
      const error = dialect.error('insufficient_quota', 'check your billing details');
      const asked = await server(status(429, error, { 'retry-after': '0' }));
      const advice = await failed(dialect, asked.url);
      expect(advice).toMatchObject({ reason: 'quota', unpaid: true });
      expect(advice.remedy).toContain('credit');
      expect(asked.seen).toHaveLength(1);
    });

    it('a server that stays busy is asked three times, and the message says so', async () => {
      const asked = await server(status(529, dialect.error('overloaded_error', 'busy'), { 'retry-after-ms': '10' }));
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
      const asked = await server(reset);
      expect(await failed(dialect, asked.url, { limits: NO_RETRY })).toMatchObject({
        reason: 'network',
        partial: null,
      });
    });

    it('a redirect is not followed, so the key goes nowhere else', async () => {
      const other = await server(stream(whole('caught')));
      for (const code of [301, 302, 307, 308]) {
        const { url } = await server(status(code, '', { location: `${other.url}/v1/responses` }));
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
      const { url } = await server(reply);
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
      const asked = await server(reply);
      const advice = await failed(dialect, asked.url);
      expect(facts(advice)).toMatchObject({ reason: 'bad_output', unpaid: false, partial: 'as far as this' });
      expect(advice.message).toContain(words);
      expect(asked.seen).toHaveLength(1);
    });

    it('an event that never ends is given up before it fills the memory', async () => {
      const { url } = await server(endless('data: "', 'x'.repeat(1_000_000)));
      const advice = await failed(dialect, url, { limits: { answerBytes: 1_000 } });
      expect(advice).toMatchObject({ reason: 'bad_output', partial: null });
      expect(advice.message).toMatch(/more than \d+ (characters|bytes)/);
    });

    it('a stream of nothing but comments is given up too', async () => {
      const { url } = await server(endless(opening, `: ${'.'.repeat(1_000_000)}\n\n`));
      const advice = await failed(dialect, url, { limits: { answerBytes: 1_000 } });
      expect(advice).toMatchObject({ reason: 'bad_output', message: expect.stringContaining('bytes') });
    });

    it('an error inside a stream that began well is told as the error it is', async () => {
      const { url } = await server(stream(opening, delta('as far as this'), dialect.failing));
      const advice = await failed(dialect, url);
      expect(facts(advice)).toMatchObject({ reason: 'overloaded', unpaid: false, partial: 'as far as this' });
      expect(advice.message).toContain('it broke');
    });

    it('an error in place of an answer, with status 200, too', async () => {
      const { url } = await server(status(200, dialect.error('rate_limit_error', 'slow down')));
      const advice = await failed(dialect, url);
      expect(advice).toMatchObject({ reason: 'quota', unpaid: false });
      expect(advice.message).toContain('slow down');
    });

    it('a call of a tool is no answer, and nothing is done about it', async () => {
      const asked = await server(stream(opening, delta('Let me look.'), dialect.tool));
      const advice = await failed(dialect, asked.url);
      expect(facts(advice)).toMatchObject({ reason: 'bad_output', unpaid: false, partial: 'Let me look.' });
      expect(advice.message).toContain('asked for a tool (shell)');
      expect(asked.seen).toHaveLength(1);
    });

    it('words of a server that would break a line or steer a terminal are made plain', async () => {
      const { url } = await server(status(500, dialect.error('api_error', 'it\n\u001b[31mbroke\u0007\r\nbadly')));
      expect((await failed(dialect, url)).message).toContain('it broke badly');
    });

    it('words of a server that would break a line or steer a terminal are made plain', async () => {
      const { url } = await server(status(500, dialect.error('api_error', 'it\n\u001b[31mbroke\u0007\r\nbadly')));
      expect((await failed(dialect, url)).message).toContain('it broke badly');
    });

    it('an answer that is withheld is refused', async () => {
      const { url } = await server(stream(opening, dialect.refusal));
      expect(await failed(dialect, url)).toMatchObject({ reason: 'refused', ran: true, unpaid: false });
    });
  });

  describe('waits no longer than it may', () => {
    it('for the first sign of life', async () => {
      const { url } = await server(silence);
      const advice = await failed(dialect, url, { limits: { firstOutputMs: 150 } });
      expect(facts(advice)).toEqual(timeout(null));
      expect(advice.message).toContain('no output came within 0.15 s');
    });

    it('for the first byte after the headers', async () => {
      const { url } = await server(streamThenSilence());
      const advice = await failed(dialect, url, { limits: { firstOutputMs: 300 } });
      expect(facts(advice)).toEqual(timeout(null));
      expect(advice.message).toContain('no output came within 0.3 s');
    });

    it('for an answer that falls silent, and keeps what had come', async () => {
      const asked = await server(streamThenSilence(opening, delta('as far as this'), delta('half').slice(0, -9)));
      const advice = await failed(dialect, asked.url, { limits: { silenceMs: 150 } });
      expect(facts(advice)).toEqual(timeout('as far as this'));
      expect(advice.message).toContain('stopped coming for 0.15 s');
      await asked.left();
    });

    it('in all, however lively the server is', async () => {
      const { url } = await server(endless(opening + delta('on '), ': still here\n\n', 20));
      const advice = await failed(dialect, url, { limits: { totalMs: 600 } });
      expect(facts(advice)).toEqual(timeout('on '));
      expect(advice.message).toContain('not complete within 0.6 s');
    });

    it('for a server that sends its error but slowly', async () => {
      const { url } = await server((response) => {
        response.writeHead(500, { 'content-type': 'application/json' });
        response.write('{"error":');
      });
      expect(facts(await failed(dialect, url, { limits: { firstOutputMs: 300 } }))).toEqual(timeout(null));
    });
  });

  describe('is cancelled', () => {
    const cancelled = { reason: 'cancelled', ran: true, unpaid: false, retryAfterMs: null };

    it('before it began, without asking anyone', async () => {
      const asked = await server(stream(whole('no')));
      const advice = await failed(dialect, asked.url, { signal: AbortSignal.abort() });
      expect(facts(advice)).toEqual({ ...cancelled, ran: false, unpaid: true, partial: null });
      expect(asked.seen).toHaveLength(0);
    });

    it('while it waits for the headers', async () => {
      const asked = await server(silence);
      const caller = new AbortController();
      const asking = ask(dialect, asked.url, { signal: caller.signal });
      await asked.arrived();
      caller.abort();
      expect(facts((await asking) as NoAnswer)).toEqual({ ...cancelled, partial: null });
      await asked.left();
    });

    it('in the middle of the answer, keeping what had come', async () => {
      const caller = new AbortController();
      const asked = await server((response) => {
        streamThenSilence(opening, delta('as far as this'))(response);
        setTimeout(() => caller.abort(), 300);
      });
      const advice = await failed(dialect, asked.url, { signal: caller.signal });
      expect(facts(advice)).toEqual({ ...cancelled, partial: 'as far as this' });
      await asked.left();
    });

    it('while it waits to ask again', async () => {
      const caller = new AbortController();
      const asked = await server((response) => {
        status(503, '', { 'retry-after': '9' })(response);
        setTimeout(() => caller.abort(), 100);
      });
      const advice = await failed(dialect, asked.url, { signal: caller.signal });
      expect(advice.reason).toBe('cancelled');
      expect(asked.seen).toHaveLength(1);
    });
  });

  describe('is available', () => {
    it('where address, model and key are there, without spending anything', async () => {
      const asked = await server(status(200, { data: [] }));
      const { available, form, network } = await providerOf(dialect);
      const found = await available(surroundings(dialect, asked.url));
      expect(found).toMatchObject({ ready: true, reason: null, remedy: null, loggedIn: null, version: null });
      expect(found.detail).toBe(`model-1 at ${new URL(asked.url).host}, with the key in THE_KEY`);
      expect(asked.seen.map(({ method, url }) => `${method} ${url}`)).toEqual([
        `GET ${dialect.base.replace(/\/$/, '')}/models`,
      ]);
      expect(JSON.stringify(found)).not.toContain(KEY);
      expect({ form, network }).toEqual({ form: 'http', network: true });
    });

    it('not where nothing listens on this machine, or nothing answers within a second', async () => {
      const { available } = await providerOf(dialect);
      const hanging = await server(silence);
      for (const url of [await nowhere(), hanging.url]) {
        const found = await available(surroundings(dialect, url));
        expect(found).toMatchObject({ ready: false, reason: 'network', remedy: expect.stringContaining('Start') });
      }
    });

    it('not where a server on this machine does not take the key', async () => {
      const { available } = await providerOf(dialect);
      const { url } = await server(status(401, {}));
      expect(await available(surroundings(dialect, url))).toMatchObject({
        ready: false,
        reason: 'not_logged_in',
        loggedIn: false,
      });
    });

    it('beyond this machine without asking there', async () => {
      const { available } = await providerOf(dialect);
      const found = await available(
        surroundings(dialect, '', { settings: { baseUrl: 'https://no-such-host.invalid/v1' } }),
      );
      expect(found).toMatchObject({ ready: true, path: 'https://no-such-host.invalid/v1' });
    });
  });
});
