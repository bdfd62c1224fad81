import { readdirSync, readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { answered, facts, failed, KEY, providerOf, surroundings } from './http-asking.ts';
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

  describe('answers', () => {
    it('with the text, the model that really answered, and what it used', async () => {
      const { url } = await serve(stream(opening, delta('Line 3 '), delta('is wrong.'), closing));
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
      const asked = await serve(stream(whole('yes')));
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
      const asked = await serve(stream(whole('yes')));
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
      const asked = await serve(stream(whole('yes')));
      expect((await answered(dialect, asked.url, { request: { prompt } })).text).toBe('yes');
      const { turns } = dialect.question(asked.seen[0]!.body as never);
      expect(turns.at(-1)!.text === prompt.toWellFormed()).toBe(true);
    });

    it('sent in one piece by a server that does not stream', async () => {
      const { url } = await serve(status(200, dialect.whole('not streamed')));
      expect(await answered(dialect, url)).toMatchObject({ text: 'not streamed', usage: dialect.usage });
    });

    it('whose characters are split between chunks', async () => {
      const bytes = Buffer.from(whole('Grüße, 你好, 🙂'));
      const bytewise = await serve(stream(...Array.from(bytes, (byte) => Buffer.from([byte]))));
      expect((await answered(dialect, bytewise.url)).text).toBe('Grüße, 你好, 🙂');
      const inTheFace = bytes.indexOf('🙂') + 2;
      const { url } = await serve((response) => {
        streamThenSilence(bytes.subarray(0, inTheFace))(response);
        setTimeout(() => response.end(bytes.subarray(inTheFace)), 100);
      });
      expect((await answered(dialect, url)).text).toBe('Grüße, 你好, 🙂');
    });

    it('that holds bytes which are no characters, with replacements for them', async () => {
      const [before, after] = delta('a#b').split('#');
      const { url } = await serve(stream(opening, before!, Buffer.from([0xff, 0xfe]), after!, closing));
      expect((await answered(dialect, url)).text).toBe('a\ufffd\ufffdb');
    });

    it('without what would steer a terminal', async () => {
      const { url } = await serve(stream(whole('\u001b[31mred\u001b[0m\u0007 \u009b2Jplain\0\n\tkept')));
      expect((await answered(dialect, url)).text).toBe('red plain\n\tkept');
    });

    it('cut where it is longer than asked for, between characters', async () => {
      const { url } = await serve(endless(opening, delta('ü'.repeat(5_000))));
      const advice = await answered(dialect, url, { limits: { answerBytes: 12_345 } });
      expect(advice.truncated).toBe(true);
      expect(advice.text).toBe('ü'.repeat(6_172));
    });

    it('cut from fifty megabytes, and goes away from the server then', async () => {
      const piece = delta('x'.repeat(50_000));
      const asked = await serve(stream(opening, ...Array.from({ length: 1_000 }, () => piece), closing));
      const advice = await answered(dialect, asked.url, { limits: { answerBytes: 100_000 } });
      expect(advice.text.length).toBe(100_000);
      expect(advice.truncated).toBe(true);
      await asked.left();
    });

    it('that ended at the model’s own limit, marked as cut', async () => {
      const { url } = await serve(stream(opening, delta('as far as'), dialect.closingAtLength));
      expect(await answered(dialect, url)).toMatchObject({ text: 'as far as', truncated: true });
    });

    it('although the connection breaks after the answer was complete', async () => {
      const { url } = await serve(streamThenReset(whole('complete')));
      expect((await answered(dialect, url)).text).toBe('complete');
    });

    it('after a short wait that the server asked for, telling of it', async () => {
      const limited = status(429, dialect.error('rate_limit_error', 'slow down'), { 'retry-after-ms': '20' });
      const busy = status(503, '', { 'retry-after': '0' });
      const asked = await serve(limited, busy, stream(whole('at last')));
      const progress: string[] = [];
      expect((await answered(dialect, asked.url, { progress })).text).toBe('at last');
      expect(asked.seen).toHaveLength(3);
      expect(progress.join('\n')).toMatch(/HTTP 429: again in 0.02 s\nHTTP 503: again in 0 s/);
    });

    it('after a connection that broke before any byte', async () => {
      const asked = await serve(reset, stream(whole('second try')));
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
      const asked = await serve(stream(whole('no')));
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
      const asked = await serve(stream(whole('yes')));
      const settings = { apiKeyEnv: null };
      const { keyName } = dialect;
      const env: Record<string, string> = keyName === null ? {} : { [keyName]: KEY };
      await answered(dialect, asked.url, { settings, env });
      const [header, before] = dialect.keyHeader;
      expect(asked.seen[0]!.headers[header]).toBe(keyName === null ? undefined : before + KEY);
    });
  });

  describe('is available', () => {
    it('where address, model and key are there, without spending anything', async () => {
      const asked = await serve(status(200, { data: [] }));
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
      const hanging = await serve(silence);
      for (const url of [await nowhere(), hanging.url]) {
        const found = await available(surroundings(dialect, url));
        expect(found).toMatchObject({ ready: false, reason: 'network', remedy: expect.stringContaining('Start') });
      }
    });

    it('not where a server on this machine does not take the key', async () => {
      const { available } = await providerOf(dialect);
      const { url } = await serve(status(401, {}));
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
