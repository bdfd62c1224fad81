import { describe, expect, it } from 'vitest';
import { answered, failed } from '../contract/http-asking.ts';
import { DIALECTS } from '../contract/http-dialects.ts';
import { events, serve, status, stream } from '../contract/http-server.ts';

const dialect = DIALECTS.find(({ provider }) => provider === 'openai')!;
const delta = (text: string) => ({ type: 'response.output_text.delta', delta: text });
const ending = (type: string, response: object) => ({
  type,
  response: { object: 'response', output: [], ...response },
});

describe('the OpenAI provider', () => {
  it('asks for nothing to be stored, and leaves out instructions where there are none', async () => {
    const server = await serve(stream(dialect.opening, dialect.delta('yes'), dialect.closing));
    await answered(dialect, server.url, { request: { system: '' } });
    expect(server.seen[0]!.body).toEqual({
      model: 'model-1',
      input: [{ role: 'user', content: 'What is wrong?' }],
      store: false,
      stream: true,
    });
  });

  it('takes the text of the final response when no piece of it came before', async () => {
    const output = [
      { type: 'reasoning', summary: [{ type: 'summary_text', text: 'thoughts' }] },
      { type: 'message', content: [{ type: 'output_text', text: 'whole ' }] },
      { type: 'message', content: [{ type: 'output_text', text: 'answer' }] },
    ];
    const server = await serve(events(ending('response.completed', { status: 'completed', output })));
    expect((await answered(dialect, server.url)).text).toBe('whole answer');
  });

  it.each([
    [
      'credit that is used up',
      ending('response.failed', { status: 'failed', error: { code: 'insufficient_quota', message: 'no credit' } }),
      'quota',
    ],
    [
      'a rate that is too high',
      ending('response.failed', { status: 'failed', error: { code: 'rate_limit_exceeded', message: 'slow down' } }),
      'quota',
    ],
    ['a fault that says nothing', ending('response.failed', { status: 'failed', error: null }), 'overloaded'],
    ['an error of the stream', { type: 'error', code: 'server_error', message: 'it broke' }, 'overloaded'],
    ['an error object', { type: 'error', error: { code: 'context_length_exceeded', message: 'too long' } }, 'refused'],
    [
      'a filter',
      ending('response.incomplete', { status: 'incomplete', incomplete_details: { reason: 'content_filter' } }),
      'refused',
    ],
    ['a response that was cancelled', ending('response.cancelled', { status: 'cancelled' }), 'bad_output'],
  ])('tells %s in the middle of a stream from others', async (_, event, reason) => {
    const advice = await failed(dialect, (await serve(events(delta('so far'), event))).url);
    expect(advice).toMatchObject({ reason, partial: 'so far', unpaid: false });
  });

  it.each(['function_call', 'custom_tool_call', 'web_search_call', 'local_shell_call'])(
    'takes a %s for no answer',
    async (type) => {
      const server = await serve(events(delta('text'), { type: 'response.output_item.added', item: { type } }));
      const advice = await failed(dialect, server.url);
      expect(advice).toMatchObject({ reason: 'bad_output' });
      expect(advice.message).toContain(type);
    },
  );

  it('tells a key it does not take without repeating what the server says of it', async () => {
    const message = 'Incorrect API key provided: sk-can*******mnop.';
    const server = await serve(status(401, { error: { message, code: 'invalid_api_key' } }));
    const advice = await failed(dialect, server.url);
    expect(advice).toMatchObject({ reason: 'not_logged_in', remedy: expect.stringContaining('THE_KEY') });
    expect(advice.message).not.toContain('sk-');
  });
});
