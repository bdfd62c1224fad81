import type { EventSourceMessage } from 'eventsource-parser';

/** A JSON value of the stream, or what was there instead of one. */
export type Arrival = { readonly value: unknown } | { readonly broken: string };

/** So much of an event or body may be anything but answer. */
const ROOM = 4 * 1024 * 1024;
/** A character of the answer may take six in JSON. */
const ESCAPED = 6;
/** Streams wrap every few characters in an event of its own. */
const WRAPPED = 100;
const WEB_PAGE = 'a web page came instead of an answer';

/**
 * The JSON values of a response body: the events of a stream, or the body as a whole. Bytes that are not UTF-8 become
 * replacement characters. Ends after the first that is broken, at an end of stream mark, or with the body (half an event at its end is
 * dropped); throws what the connection throws. `heard` is called for whatever arrives.
 */
export async function* arrivals(response: Response, answerBytes: number, heard: () => void): AsyncGenerator<Arrival> {
  const mostBuffered = ROOM + ESCAPED * answerBytes;
  const type = response.headers.get('content-type') ?? '';
  if (/\bhtml\b/i.test(type)) return void (yield { broken: WEB_PAGE });
  const chunks = texts(response, /\bjson\b/i.test(type) ? mostBuffered : ROOM + WRAPPED * answerBytes, heard);
  try {
    const { value: first = '' } = await chunks.next();
    const start = first.trimStart()[0];
    if (start === '<') yield { broken: WEB_PAGE };
    else if (start === '{' || start === '[') yield* wholeBody(first, chunks);
    else yield* events(first, chunks, mostBuffered);
  } catch (error) {
    if (!(error instanceof TooMuch)) throw error;
    yield { broken: error.message };
  }
}

class TooMuch extends Error {}

/** The body as text; throws `TooMuch` when it has more bytes. */
async function* texts(response: Response, mostBytes: number, heard: () => void): AsyncGenerator<string, undefined> {
  const decoder = new TextDecoder();
  let bytes = 0;
  for await (const chunk of response.body ?? []) {
    heard();
    bytes += chunk.byteLength;
    if (bytes > mostBytes) throw new TooMuch(`more than ${mostBytes} bytes came`);
    const text = decoder.decode(chunk, { stream: true });
    if (text !== '') yield text;
  }
  const rest = decoder.decode();
  if (rest !== '') yield rest;
  return undefined;
}

async function* wholeBody(first: string, rest: AsyncGenerator<string>): AsyncGenerator<Arrival> {
  const parts = [first];
  for await (const part of rest) parts.push(part);
  const value = parsed(parts.join(''));
  if (value === undefined) yield { broken: 'the body is not whole JSON' };
  else for (const one of Array.isArray(value) ? value : [value]) yield { value: one };
}

async function* events(first: string, rest: AsyncGenerator<string>, most: number): AsyncGenerator<Arrival> {
  const { createParser } = await import('eventsource-parser');
  const queue: EventSourceMessage[] = [];
  let tooLong = false;
  const parser = createParser({
    maxBufferSize: most,
    onEvent: (event) => queue.push(event),
    onError: (error) => {
      tooLong ||= error.type === 'max-buffer-size-exceeded';
    },
  });
  for (let text: string | undefined = first; text !== undefined; text = (await rest.next()).value) {
    parser.feed(text);
    for (const { data } of queue.splice(0)) {
      if (data === '[DONE]') return;
      const value = parsed(data);
      if (value === undefined) return void (yield { broken: 'an event of the stream is not JSON' });
      yield { value };
    }
    if (tooLong) throw new TooMuch(`an event of more than ${most} characters came`);
  }
  parser.feed('\n\n');
  for (const { data } of queue) {
    const value = parsed(data);
    if (value !== undefined) yield { value };
  }
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
