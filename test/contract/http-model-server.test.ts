import { describe, expect, it, onTestFinished } from 'vitest';
import { startFakeModelServer } from '../models/model-server.mjs';
import { answered, failed } from './http-asking.ts';
import { DIALECTS } from './http-dialects.ts';

/** The server that the real command line programs are tried against: an independent reading of each protocol. */
async function modelServer(...script: object[]): Promise<string> {
  const server = await startFakeModelServer({ script });
  onTestFinished(() => server.close());
  return server.url;
}

describe.each(DIALECTS.map((dialect) => [dialect.provider, dialect] as const))('%s', (_, dialect) => {
  it('understands the server that the real programs are tried against', async () => {
    const url = await modelServer({ text: 'Grüße, 你好' });
    expect(await answered(dialect, url)).toMatchObject({
      text: 'Grüße, 你好',
      model: 'model-1',
      usage: { input_tokens: 1000, cached_input_tokens: 200, output_tokens: 50, cost_usd: null },
    });
  });

  it.each([
    [{ tools: [{ name: 'shell', args: { command: 'touch canary' } }] }, 'bad_output'],
    [{ text: 'first', tools: [{ name: 'edit', args: {} }] }, 'bad_output'],
    [{ status: 401 }, 'not_logged_in'],
    [{ status: 403 }, 'not_logged_in'],
    [{ status: 404 }, 'refused'],
    [{ status: 429 }, 'quota'],
    [{ status: 500 }, 'overloaded'],
    [{ bad: 'json' }, 'bad_output'],
    [{ bad: 'cut' }, 'bad_output'],
    [{ bad: 'html' }, 'bad_output'],
    [{ bad: 'empty' }, 'bad_output'],
    [{ bad: 'reset' }, 'network'],
  ])('tells %j', async (step, reason) => {
    const url = await modelServer(step);
    expect(await failed(dialect, url, { limits: { totalMs: 900 } })).toMatchObject({ reason });
  });
});
