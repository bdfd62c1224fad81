import { describe, expect, it } from 'vitest';
import type { Circumstances } from '../contract/http-asking.ts';
import { answered, failed, providerOf, surroundings } from '../contract/http-asking.ts';
import { DIALECTS } from '../contract/http-dialects.ts';
import { serve, status, stream } from '../contract/http-server.ts';

const dialect = DIALECTS.find(({ provider }) => provider === 'openai-compatible')!;
const chunk = (choice: object, more: object = {}) => `data: ${JSON.stringify({ choices: [choice], ...more })}\n\n`;
const yes = chunk({ delta: { content: 'yes' }, finish_reason: 'stop' });
const keyless: Circumstances = { settings: { apiKeyEnv: null }, env: {} };

async function readiness(given: Circumstances) {
  const { available } = await providerOf(dialect);
  return available(surroundings(dialect, 'http://127.0.0.1:1', given));
}

describe('a provider of an API of the user’s choice', () => {
  it('needs an address', async () => {
    const given = { settings: { baseUrl: null } };
    expect(await failed(dialect, '', given)).toMatchObject({ reason: 'not_installed', ran: false });
    expect(await readiness(given)).toMatchObject({ ready: false, remedy: expect.stringContaining('11434') });
  });

  it('needs no key on this machine, and says so', async () => {
    const server = await serve(stream(yes));
    expect((await answered(dialect, server.url, keyless)).text).toBe('yes');
    expect(server.seen[0]!.headers.authorization).toBeUndefined();
    const { available } = await providerOf(dialect);
    const found = await available(surroundings(dialect, server.url, keyless));
    expect(found).toMatchObject({ ready: true, loggedIn: true, detail: expect.stringContaining('with no key') });
  });

  it('needs the key that is configured, also on this machine', async () => {
    expect(await failed(dialect, (await serve(stream(yes))).url, { env: {} })).toMatchObject({
      reason: 'not_logged_in',
    });
  });

  it('needs a key elsewhere, unless the user allowed it by name', async () => {
    const settings = { apiKeyEnv: null, baseUrl: 'https://no-such-host.invalid/v1' };
    expect(await readiness({ settings, env: {} })).toMatchObject({ ready: false, reason: 'not_logged_in' });
    expect(await readiness({ settings: { ...settings, allowUnheld: true }, env: {} })).toMatchObject({ ready: true });
  });

  it('sends what the servers have in common', async () => {
    const server = await serve(stream(yes));
    await answered(dialect, server.url, { request: { system: '', effort: 'low' } });
    expect(server.seen[0]!.body).toEqual({
      model: 'model-1',
      messages: [{ role: 'user', content: 'What is wrong?' }],
      reasoning_effort: 'low',
      stream: true,
      stream_options: { include_usage: true },
    });
  });

  it('takes an answer without usage, without a mark at its end, and without the model’s name', async () => {
    const server = await serve(
      stream(chunk({ delta: { content: 'ye' } }), chunk({ delta: { content: 's' }, finish_reason: 'stop' })),
    );
    expect(await answered(dialect, server.url)).toMatchObject({
      text: 'yes',
      model: 'model-1',
      usage: { input_tokens: null, output_tokens: null, cost_usd: null },
    });
  });

  it('leaves reasoning that comes beside the content out of the answer', async () => {
    const server = await serve(stream(chunk({ delta: { reasoning: 'hm', reasoning_content: 'hm' } }), yes));
    expect((await answered(dialect, server.url)).text).toBe('yes');
  });

  it('reads the usage that comes after the answer, and the cost where it is stated', async () => {
    const usage = { prompt_tokens: 7, completion_tokens: 3, cost: 0.002 };
    const server = await serve(stream(yes, `data: ${JSON.stringify({ choices: [], usage })}\n\n`, 'data: [DONE]\n\n'));
    expect((await answered(dialect, server.url)).usage).toEqual({
      input_tokens: 7,
      cached_input_tokens: null,
      output_tokens: 3,
      reasoning_tokens: null,
      cost_usd: 0.002,
    });
  });

  it.each([
    ['tool_calls', { delta: { tool_calls: [{ function: { name: 'edit' } }] } }],
    ['function_call', { delta: { function_call: { name: 'edit' } } }],
    ['message.tool_calls', { message: { content: null, tool_calls: [{ function: { name: 'edit' } }] } }],
  ])('takes %s for no answer', async (_, choice) => {
    const advice = await failed(
      dialect,
      (await serve(stream(chunk(choice), chunk({ delta: {}, finish_reason: 'stop' })))).url,
    );
    expect(advice).toMatchObject({ reason: 'bad_output', message: expect.stringContaining('(edit)') });
  });

  it.each([
    [429, 'quota'],
    [402, 'quota'],
    [401, 'not_logged_in'],
    [502, 'overloaded'],
    [400, 'refused'],
  ])('tells an error %i that comes with status 200', async (code, reason) => {
    const server = await serve(status(200, { error: { code, message: 'it is so' } }));
    expect(await failed(dialect, server.url)).toMatchObject({
      reason,
      unpaid: false,
      message: expect.stringContaining(`HTTP ${code}`),
    });
  });

  it('tells an error that is only a text', async () => {
    const server = await serve(status(404, { error: "model 'model-1' not found, try pulling it first" }));
    const advice = await failed(dialect, server.url);
    expect(advice).toMatchObject({ reason: 'refused', remedy: expect.stringContaining('model-1') });
    expect(advice.message).toContain('try pulling it first');
  });

  it('tells a server that wants a key where none is configured how to give one', async () => {
    const advice = await failed(dialect, (await serve(status(401, { error: 'no key' }))).url, keyless);
    expect(advice).toMatchObject({ reason: 'not_logged_in', remedy: expect.stringContaining('api_key_env') });
  });
});
