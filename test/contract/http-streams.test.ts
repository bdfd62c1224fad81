import type { ServerResponse } from 'node:http';
import { brotliCompressSync, deflateSync, gzipSync } from 'node:zlib';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { UNKNOWN_USAGE } from '../../src/domain/advice.ts';
import { JUNK, spoiled } from '../models/json-spoiled.ts';
import { answered, ask, failed } from './http-asking.ts';
import { DIALECTS } from './http-dialects.ts';
import { type Reply, serve, status, stream } from './http-server.ts';

/** A body of bytes as it is, with its headers. */
const raw =
  (headers: Readonly<Record<string, string>>, ...chunks: readonly Uint8Array[]): Reply =>
  (response: ServerResponse) => {
    response.writeHead(200, headers);
    for (const chunk of chunks) response.write(chunk);
    response.end();
  };

const SSE = { 'content-type': 'text/event-stream' };

describe.each(DIALECTS.map((dialect) => [dialect.provider, dialect] as const))('%s', (_, dialect) => {
  const { opening, delta, closing } = dialect;
  const text = 'Grüße, 🙂\nzwei';
  const whole = opening + delta('Grüße, 🙂') + delta('\nzwei') + closing;
  const body = JSON.stringify(dialect.whole(text));
  const sound = { text, usage: dialect.usage, truncated: false };

  describe('takes an answer', () => {
    it.each([
      ['whose lines end in CRLF', whole.replaceAll('\n', '\r\n')],
      ['whose lines end in CR', whole.replaceAll('\n', '\r')],
      ['behind a mark of byte order', `\ufeff${whole}`],
      ['with comments that keep the connection alive', whole.replaceAll('\n\n', '\n\n: keep-alive\n\n:\n\n')],
      ['with ids and times to reconnect', whole.replaceAll('data: ', 'id: 7\nretry: 100\ndata: ')],
      ['without the space after each colon', whole.replaceAll('data: ', 'data:')],
      ['with empty lines in between', `\n\n\n${whole.replaceAll('\n\n', '\n\n\n\n')}`],
    ])('%s', async (_, sent) => {
      const { url } = await serve(stream(sent));
      expect(await answered(dialect, url)).toMatchObject(sound);
    });

    it.each(['application/json', 'text/plain', 'application/octet-stream', ''])(
      'as events that call themselves %j',
      async (type) => {
        const { url } = await serve(raw(type === '' ? {} : { 'content-type': type }, Buffer.from(whole)));
        expect(await answered(dialect, url)).toMatchObject(sound);
      },
    );

    it.each(['text/event-stream', 'text/plain; charset=utf-8', ''])(
      'as one body that calls itself %j',
      async (type) => {
        const { url } = await serve(raw(type === '' ? {} : { 'content-type': type }, Buffer.from(body)));
        expect(await answered(dialect, url)).toMatchObject(sound);
      },
    );

    it.each([
      ['gzip', gzipSync],
      ['deflate', deflateSync],
      ['br', brotliCompressSync],
    ] as const)('that is packed with %s, as events or as one body', async (encoding, pack) => {
      const packed = { ...SSE, 'content-encoding': encoding };
      const bytes = pack(whole);
      const streamed = await serve(raw(packed, bytes.subarray(0, 20), bytes.subarray(20)));
      expect(await answered(dialect, streamed.url)).toMatchObject(sound);
      const { url } = await serve(
        raw({ 'content-type': 'application/json', 'content-encoding': encoding }, pack(body)),
      );
      expect(await answered(dialect, url)).toMatchObject(sound);
    });

    it('with a byte order mark, blanks and line ends around one body', async () => {
      const { url } = await serve(status(200, `\ufeff\r\n ${body}\r\n`));
      expect(await answered(dialect, url)).toMatchObject(sound);
    });
  });

  it('takes no packed answer that is cut or no such packing at all', async () => {
    const bytes = gzipSync(whole.repeat(20));
    const cut = await serve(raw({ ...SSE, 'content-encoding': 'gzip' }, bytes.subarray(0, 40)));
    expect((await failed(dialect, cut.url)).unpaid).toBe(false);
    const plain = await serve(raw({ ...SSE, 'content-encoding': 'gzip' }, Buffer.from(whole)));
    expect(await failed(dialect, plain.url)).toMatchObject({ ran: true, unpaid: false, partial: null });
  });

  it('says nothing of a usage that is missing, or that is no number', async () => {
    for (const put of [null, 'many', [], {}, true]) {
      const told = JSON.stringify(dialect.whole(text), (name, value) => (/^usage/i.test(name) ? put : value));
      const { url } = await serve(status(200, told));
      expect(await answered(dialect, url)).toMatchObject({ text, usage: UNKNOWN_USAGE });
    }
    for (const put of ['7', null, [7], { of: 7 }]) {
      const told = JSON.stringify(dialect.whole(text), (name, value) => (/token|cost/i.test(name) ? put : value));
      const { url } = await serve(status(200, told));
      expect(await answered(dialect, url)).toMatchObject({ text, usage: UNKNOWN_USAGE });
    }
  });

  it('is never thrown off by a value of the wrong kind, and makes no answer of what is none', async () => {
    const sent = whole.split('\n\n').filter((each) => each.includes('data: {'));
    const junk = fc.constantFrom(...JUNK);
    await fc.assert(
      fc.asyncProperty(fc.nat(sent.length - 1), fc.nat(16), junk, async (at, which, put) => {
        const events = sent.map((each, index) =>
          index === at ? each.replace(/\{.*\}/, (json) => spoiled(json, which, put)) : each,
        );
        const { url } = await serve(stream(`${events.join('\n\n')}\n\n`));
        const advice = await ask(dialect, url);
        const said = advice.ok ? advice.text : (advice.partial ?? '');
        expect(['', 'x', '\nzwei', 'Grüße, 🙂', text, 'x\nzwei', 'Grüße, 🙂x']).toContain(said);
        for (const count of Object.values(advice.usage)) expect(count === null || Number.isFinite(count)).toBe(true);
      }),
      { numRuns: 40 },
    );
  });

  it('takes an error body of any shape, and says the status', async () => {
    for (const shape of [
      '',
      'plain words',
      '[]',
      '{}',
      'null',
      '{"error":null}',
      '{"error":"words"}',
      '{"error":{"message":7}}',
      '[{"error":{"message":"in a list"}}]',
      '{"error":',
    ]) {
      const { url } = await serve(status(418, shape));
      const advice = await failed(dialect, url);
      expect(advice).toMatchObject({ reason: 'refused', unpaid: true });
      expect(advice.message).toContain('HTTP 418');
    }
  });
});
