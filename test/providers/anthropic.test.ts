import { describe, expect, it } from 'vitest';
import { answered, failed } from '../contract/http-asking.ts';
import { DIALECTS } from '../contract/http-dialects.ts';
import { events, serve, status, stream } from '../contract/http-server.ts';

const dialect = DIALECTS.find(({ provider }) => provider === 'anthropic')!;
const delta = (text: string) => ({ type: 'content_block_delta', index: 0, delta: { type: 'text_delta', text } });
const ending = (stop_reason: string) => [
  { type: 'message_delta', delta: { stop_reason }, usage: { output_tokens: 5 } },
  { type: 'message_stop' },
];

describe('the Anthropic provider', () => {
  it('names the version of the API and a limit of length, which it wants', async () => {
    const server = await serve(stream(dialect.opening, dialect.delta('yes'), dialect.closing));
    await answered(dialect, server.url, { request: { system: '', effort: 'low' } });
    expect(server.seen[0]!.headers['anthropic-version']).toBe('2023-06-01');
    expect(server.seen[0]!.headers.authorization).toBeUndefined();
    expect(server.seen[0]!.body).toEqual({
      model: 'model-1',
      max_tokens: 32_000,
      messages: [{ role: 'user', content: 'What is wrong?' }],
      output_config: { effort: 'low' },
      stream: true,
    });
  });

  it('leaves thoughts out of the answer', async () => {
    const thinking = { type: 'content_block_delta', index: 0, delta: { type: 'thinking_delta', thinking: 'hm' } };
    const server = await serve(events(thinking, delta('yes'), ...ending('end_turn')));
    expect((await answered(dialect, server.url)).text).toBe('yes');
  });

  it('counts what was read from the cache and written to it as input', async () => {
    const usage = { input_tokens: 3, cache_read_input_tokens: 40, cache_creation_input_tokens: 500, output_tokens: 1 };
    const server = await serve(
      events({ type: 'message_start', message: { usage } }, delta('x'), ...ending('end_turn')),
    );
    expect((await answered(dialect, server.url)).usage).toMatchObject({
      input_tokens: 543,
      cached_input_tokens: 40,
      output_tokens: 5,
      reasoning_tokens: null,
    });
  });

  it('does not take the first count of output for the last when the stream is cut', async () => {
    const start = { type: 'message_start', message: { usage: { input_tokens: 3, output_tokens: 1 } } };
    const advice = await failed(dialect, (await serve(events(start, delta('x')))).url);
    expect(advice.usage).toMatchObject({ input_tokens: 3, cached_input_tokens: null, output_tokens: null });
  });

  it.each([
    ['end_turn', false],
    ['stop_sequence', false],
    ['max_tokens', true],
    ['model_context_window_exceeded', true],
  ])('takes %s for an answer', async (reason, truncated) => {
    const server = await serve(events(delta('text'), ...ending(reason)));
    expect(await answered(dialect, server.url)).toMatchObject({ text: 'text', truncated });
  });

  it.each([
    ['refusal', 'refused'],
    ['pause_turn', 'bad_output'],
    ['tool_use', 'bad_output'],
  ])('takes %s for none', async (stop, reason) => {
    expect(await failed(dialect, (await serve(events(delta('text'), ...ending(stop)))).url)).toMatchObject({
      reason,
      partial: 'text',
    });
  });

  it.each(['tool_use', 'server_tool_use', 'mcp_tool_use'])('takes a %s block for no answer', async (type) => {
    const block = { type: 'content_block_start', index: 1, content_block: { type, name: 'bash', input: {} } };
    const advice = await failed(dialect, (await serve(events(delta('text'), block, ...ending('end_turn')))).url);
    expect(advice).toMatchObject({ reason: 'bad_output', message: expect.stringContaining('bash') });
  });

  it.each([
    ['overloaded_error', 'overloaded'],
    ['api_error', 'overloaded'],
    ['rate_limit_error', 'quota'],
    ['authentication_error', 'not_logged_in'],
    ['permission_error', 'not_logged_in'],
    ['not_found_error', 'refused'],
  ])('tells %s in a stream', async (type, reason) => {
    const server = await serve(events(delta('so far'), { type: 'error', error: { type, message: 'it is so' } }));
    expect(await failed(dialect, server.url)).toMatchObject({ reason, partial: 'so far' });
  });

  it('tells an account without credit, which it calls an invalid request', async () => {
    const message = 'Your credit balance is too low to access the Anthropic API.';
    const server = await serve(status(400, { type: 'error', error: { type: 'invalid_request_error', message } }));
    expect(await failed(dialect, server.url)).toMatchObject({ reason: 'quota', unpaid: true });
  });
});
