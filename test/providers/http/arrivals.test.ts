import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { arrivals } from '../../../src/providers/http/arrivals.ts';

type Piece = string | Uint8Array;

function response(pieces: readonly Piece[], type: string | null = 'text/event-stream'): Response {
  const encoder = new TextEncoder();
  const body = new ReadableStream<Uint8Array>({
    start(controller) {
      for (const piece of pieces) controller.enqueue(typeof piece === 'string' ? encoder.encode(piece) : piece);
      controller.close();
    },
  });
  const made = new Response(body);
  if (type !== null) made.headers.set('content-type', type);
  return made;
}

async function read(pieces: readonly Piece[], type?: string | null, answerBytes = 1_000): Promise<unknown[]> {
  const found: unknown[] = [];
  for await (const arrival of arrivals(response(pieces, type), answerBytes, () => {}))
    found.push('value' in arrival ? arrival.value : `broken: ${arrival.broken}`);
  return found;
}

describe('what arrives of an answer', () => {
  it('is the JSON of each event, whatever lines end with', async () => {
    expect(await read(['data: 1\n\ndata:2\r\n\r\n', 'event: x\ndata: {"a":\ndata: 3}\n\n'])).toEqual([1, 2, { a: 3 }]);
  });

  it('leaves out comments, names, ids and empty lines', async () => {
    expect(await read([': hello\n\n', 'id: 7\nretry: 10\nevent: ping\n\n', '\n\ndata: 1\n\n'])).toEqual([1]);
  });

  it('ends at the mark, whatever follows', async () => {
    expect(await read(['data: 1\n\ndata: [DONE]\n\ndata: 2\n\n'])).toEqual([1]);
  });

  it('includes a last event whose empty line is missing, but not half of one', async () => {
    expect(await read(['data: 1\n\ndata: 2'])).toEqual([1, 2]);
    expect(await read(['data: 1\n\ndata: {"a'])).toEqual([1]);
  });

  it('stops at an event that is no JSON', async () => {
    expect(await read(['data: 1\n\ndata: x\n\ndata: 2\n\n'])).toEqual([
      1,
      'broken: an event of the stream is not JSON',
    ]);
  });

  it('is one value for a JSON body, and each of a list', async () => {
    expect(await read(['{"a"', ':1}'], 'application/json')).toEqual([{ a: 1 }]);
    expect(await read(['[1,', '2]'], 'application/json; charset=utf-8')).toEqual([1, 2]);
    expect(await read(['{"a":1}'], null)).toEqual([{ a: 1 }]);
    expect(await read(['\ufeff {"a":1}'], 'application/json')).toEqual([{ a: 1 }]);
    expect(await read(['{"a":1'], 'application/json')).toEqual(['broken: the body is not whole JSON']);
  });

  it('is nothing for nothing', async () => {
    expect(await read([])).toEqual([]);
    expect(await read([''], 'application/json')).toEqual([]);
  });

  it('is broken where a web page comes, whatever it calls itself', async () => {
    const page = 'broken: a web page came instead of an answer';
    expect(await read(['<html>'], 'text/html; charset=utf-8')).toEqual([page]);
    expect(await read(['\n <!doctype html>'], 'application/json')).toEqual([page]);
    expect(await read(['<html>'], null)).toEqual([page]);
  });

  it('is broken where an event, a body or a stream is longer than any answer of that size needs', async () => {
    const megabytes = (count: number) => Array.from({ length: count }, () => 'x'.repeat(1_000_000));
    expect(await read(['data: "', ...megabytes(6)], 'text/event-stream', 10)).toEqual([
      expect.stringMatching(/^broken: (an event of )?more than \d+ (characters|bytes) came$/),
    ]);
    expect(await read(['{"a":"', ...megabytes(6)], 'application/json', 10)).toEqual([
      expect.stringMatching(/^broken: more than \d+ bytes came$/),
    ]);
  });

  it('tells of every chunk, also of one that says nothing', async () => {
    let heard = 0;
    for await (const _ of arrivals(response([': a\n\n', ': b\n\n', 'data: 1\n\n']), 10, () => heard++));
    expect(heard).toBe(3);
  });

  it('throws what the connection throws', async () => {
    const body = new ReadableStream({
      pull(controller) {
        controller.error(new Error('gone'));
      },
    });
    const reading = arrivals(new Response(body), 10, () => {}).next();
    await expect(reading).rejects.toThrow('gone');
  });

  it('is the same however the bytes are cut', async () => {
    const values = fc.array(fc.jsonValue({ stringUnit: 'grapheme' }), { minLength: 1, maxLength: 5 });
    await fc.assert(
      fc.asyncProperty(values, fc.array(fc.nat(30), { maxLength: 30 }), async (sent, cuts) => {
        const bytes = new TextEncoder().encode(sent.map((value) => `data: ${JSON.stringify(value)}\n\n`).join(''));
        const pieces: Uint8Array[] = [];
        let at = 0;
        for (const cut of cuts) {
          pieces.push(bytes.subarray(at, at + cut));
          at += cut;
        }
        pieces.push(bytes.subarray(at));
        expect(await read(pieces)).toEqual(JSON.parse(JSON.stringify(sent)));
      }),
      { numRuns: 200 },
    );
  });
});
