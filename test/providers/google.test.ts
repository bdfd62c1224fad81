import { describe, expect, it } from 'vitest';
import { answered, failed } from '../contract/http-asking.ts';
import { DIALECTS } from '../contract/http-dialects.ts';
import { events, serve, status } from '../contract/http-server.ts';

const dialect = DIALECTS.find(({ provider }) => provider === 'google')!;
const part = (text: string, finishReason?: string, more: object = {}) => ({
  candidates: [{ content: { parts: [{ text, ...more }] }, ...(finishReason && { finishReason }) }],
});

describe('the Google provider', () => {
  it('puts the model into the path, whatever it is called', async () => {
    const server = await serve(events(part('yes', 'STOP')));
    for (const model of ['models/one', 'two', 'tuned/a:b?c#d/../e'])
      await answered(dialect, server.url, { request: { model } });
    expect(server.seen.map((seen) => seen.url)).toEqual([
      '/v1beta/models/one:streamGenerateContent?alt=sse',
      '/v1beta/models/two:streamGenerateContent?alt=sse',
      '/v1beta/models/tuned%2Fa%3Ab%3Fc%23d%2F..%2Fe:streamGenerateContent?alt=sse',
    ]);
  });

  it('takes effort as a level, or as a number of tokens for models that take a budget', async () => {
    const server = await serve(events(part('yes', 'STOP')));
    for (const effort of ['high', '2048', '-1', null])
      await answered(dialect, server.url, { request: { effort, system: '' } });
    expect(server.seen.map(({ body }) => body)).toEqual(
      [{ thinkingLevel: 'high' }, { thinkingBudget: 2048 }, { thinkingBudget: -1 }, null].map((thinkingConfig) => ({
        contents: [{ role: 'user', parts: [{ text: 'What is wrong?' }] }],
        ...(thinkingConfig && { generationConfig: { thinkingConfig } }),
      })),
    );
  });

  it('takes the second of the variables that its users know when the first is not set', async () => {
    const server = await serve(events(part('yes', 'STOP')));
    const settings = { apiKeyEnv: null };
    await answered(dialect, server.url, { settings, env: { GEMINI_API_KEY: '', GOOGLE_API_KEY: 'second' } });
    await answered(dialect, server.url, { settings, env: { GEMINI_API_KEY: 'first', GOOGLE_API_KEY: 'second' } });
    expect(server.seen.map(({ headers }) => headers['x-goog-api-key'])).toEqual(['second', 'first']);
  });

  it('leaves thoughts out of the answer, and counts them as output', async () => {
    const usageMetadata = { promptTokenCount: 9, candidatesTokenCount: 2, thoughtsTokenCount: 30 };
    const server = await serve(
      events(part('hm', undefined, { thought: true }), { ...part('yes', 'STOP'), usageMetadata }),
    );
    expect(await answered(dialect, server.url)).toMatchObject({
      text: 'yes',
      usage: { input_tokens: 9, cached_input_tokens: null, output_tokens: 32, reasoning_tokens: 30 },
    });
  });

  it('reads the list that a server sends which does not stream events', async () => {
    const server = await serve(status(200, [part('in two '), part('parts', 'STOP')]));
    expect((await answered(dialect, server.url)).text).toBe('in two parts');
  });

  it.each(['SAFETY', 'RECITATION', 'BLOCKLIST', 'PROHIBITED_CONTENT', 'SPII', 'OTHER'])(
    'takes an answer that ended for %s as withheld, and keeps what had come',
    async (reason) => {
      const advice = await failed(dialect, (await serve(events(part('so far'), part('', reason)))).url);
      expect(advice).toMatchObject({ reason: 'refused', partial: 'so far', message: expect.stringContaining(reason) });
    },
  );

  it.each([
    ['MALFORMED_FUNCTION_CALL', part('', 'MALFORMED_FUNCTION_CALL')],
    ['UNEXPECTED_TOOL_CALL', part('', 'UNEXPECTED_TOOL_CALL')],
    ['code', { candidates: [{ content: { parts: [{ executableCode: { code: 'rm' } }] }, finishReason: 'STOP' }] }],
  ])('takes a call of a tool (%s) for no answer', async (what, event) => {
    const advice = await failed(dialect, (await serve(events(part('text'), event))).url);
    expect(advice).toMatchObject({ reason: 'bad_output', message: expect.stringContaining(what) });
  });

  it('tells a wrong key, which it calls an invalid argument', async () => {
    const error = {
      code: 400,
      message: 'API key not valid. Please pass a valid API key.',
      status: 'INVALID_ARGUMENT',
      details: [{ '@type': 'type.googleapis.com/google.rpc.ErrorInfo', reason: 'API_KEY_INVALID' }],
    };
    expect(await failed(dialect, (await serve(status(400, { error }))).url)).toMatchObject({ reason: 'not_logged_in' });
  });

  it('knows the wait that it states in the body', async () => {
    const details = [{ '@type': 'type.googleapis.com/google.rpc.RetryInfo', retryDelay: '38.5s' }];
    const error = { code: 429, message: 'quota', status: 'RESOURCE_EXHAUSTED', details };
    const server = await serve(status(429, { error }));
    const advice = await failed(dialect, server.url);
    expect(advice).toMatchObject({ reason: 'quota', retryAfterMs: 38_500 });
    expect(server.seen).toHaveLength(1);
  });
});
