import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import type { Plugin } from 'rolldown';
import { beforeAll, describe, expect, it } from 'vitest';
import { lazySchemas, withoutSdkValidator } from '../../scripts/bundle/sdk.ts';
import { bundle, printed, tree } from './bundled.ts';

const SDK = fileURLToPath(new URL('../../node_modules/@modelcontextprotocol/', import.meta.url));

const META = {
  'io.modelcontextprotocol/protocolVersion': '2026-07-28',
  'io.modelcontextprotocol/clientInfo': { name: 'test', version: '1' },
  'io.modelcontextprotocol/clientCapabilities': { elicitation: { form: {} } },
};
const TOOL = { name: 'look', title: 'Look', inputSchema: { type: 'object', properties: { at: { type: 'string' } } } };
const INITIALIZE = {
  protocolVersion: '2025-06-18',
  capabilities: { roots: {} },
  clientInfo: { name: 'a', version: '1' },
};

/** What a schema of the protocol may be asked to check; some fit one, some fit none. */
const SAMPLES: readonly unknown[] = [
  ...[null, 1, 'text', true, [], {}, { _meta: META }, { _meta: { progressToken: 1 } }, { _meta: 1 }],
  { jsonrpc: '2.0', id: 1, method: 'initialize', params: INITIALIZE },
  { jsonrpc: '2.0', id: 1, method: 'initialize', params: { ...INITIALIZE, clientInfo: 'a' } },
  { jsonrpc: '2.0', method: 'notifications/initialized' },
  { jsonrpc: '2.0', method: 'notifications/cancelled', params: { requestId: 1, reason: 'enough' } },
  { jsonrpc: '2.0', id: 'x', result: { tools: [TOOL], nextCursor: 'next' } },
  { jsonrpc: '2.0', id: 'x', error: { code: -32_600, message: 'no' } },
  { jsonrpc: '1.0', id: 1, method: 'ping' },
  ...['tools/list', 'server/discover', 'prompts/list', 'resources/read'].map((method) => ({
    method,
    params: { _meta: META, uri: 'a:b' },
  })),
  { method: 'tools/call', params: { name: 'look', arguments: { at: 'x' }, _meta: META } },
  { method: 'tools/call', params: { arguments: [] } },
  {
    method: 'elicitation/create',
    params: {
      mode: 'form',
      message: 'Say',
      requestedSchema: { type: 'object', properties: { a: { type: 'string', format: 'email' } } },
    },
  },
  {
    content: [
      { type: 'text', text: 'a' },
      { type: 'resource_link', uri: 'a:b', name: 'n' },
    ],
    structuredContent: { a: 1 },
  },
  { content: [{ type: 'text' }] },
  { contents: [{ uri: 'a:b', text: 'a', mimeType: 'text/plain' }] },
  { messages: [{ role: 'user', content: { type: 'text', text: 'a' } }], description: 'd' },
  { action: 'accept', content: { a: 'x', b: 1 } },
  { type: 'string', format: 'date', minLength: 1 },
  { type: 'string', enum: ['a'], enumNames: ['A'] },
  { tools: [TOOL], resources: [], prompts: [], ttlMs: 1, cacheScope: 'public', resultType: 'complete' },
  { progressToken: 1, progress: 0.5, total: 1 },
  { taskId: 't', status: 'working', ttl: null, createdAt: 'now', lastUpdatedAt: 'now' },
  {
    issuer: 'https://a.b',
    authorization_endpoint: 'https://a.b/x',
    token_endpoint: 'javascript:alert(1)',
    response_types_supported: ['code'],
  },
];

const PROGRAM = `import * as all from ${JSON.stringify(`${SDK}core/dist/internal.mjs`)};
  import { isSpecType, McpServer, Server } from ${JSON.stringify(`${SDK}server/dist/index.mjs`)};
  const told = (schema) => (sample) => {
    const { success, data, error } = schema.safeParse(sample);
    return success ? { data } : { issues: error.issues.map(({ path, code, message }) => [path.join('.'), code, message]) };
  };
  const samples = ${JSON.stringify(SAMPLES)};
  const schemas = Object.entries(all).filter(([name]) => name.endsWith('Schema'));
  const results = schemas.map(([name, schema]) => [name, samples.map(told(schema))]);
  let server = 'made';
  try { new McpServer({ name: 'a', version: '1' }); } catch (error) { server = error.message; }
  console.log(JSON.stringify({ results: Object.fromEntries(results), server }));`;

interface Told {
  readonly results: Readonly<Record<string, ReadonlyArray<{ readonly data?: unknown; readonly issues?: unknown }>>>;
  readonly server: string;
}

async function told(plugins: readonly Plugin[]): Promise<{ readonly code: string; readonly told: Told }> {
  const root = tree({ 'main.js': PROGRAM });
  const file = await bundle(`${root}main.js`, `${root}out`, plugins);
  return { code: readFileSync(file, 'utf8'), told: (await printed(file)) as Told };
}

describe('the schemas of the SDK in the bundle', () => {
  let lazy: Awaited<ReturnType<typeof told>>;
  let plain: Awaited<ReturnType<typeof told>>;
  beforeAll(async () => {
    lazy = await told([withoutSdkValidator(), lazySchemas()]);
    plain = await told([]);
  });

  it('are as many, and find the same values and the same problems, as where all are made at the start', () => {
    expect(Object.keys(lazy.told.results).length).toBeGreaterThan(150);
    expect(lazy.told.results).toEqual(plain.told.results);
  });

  it('are asked something that they accept and something that they do not', () => {
    const answers = Object.entries(plain.told.results);
    const accepting = answers.filter(([, all]) => all.some((one) => 'data' in one));
    const refusing = answers.filter(([, all]) => all.some((one) => 'issues' in one));
    expect(accepting.length).toBeGreaterThan(70);
    expect(refusing.length).toBeGreaterThan(100);
  });

  it('are each made by a function of their own', () => {
    const made = ({ code }: { readonly code: string }) =>
      code.match(/Schema(\$\d+)? = .*lazily\(\(\) =>/g)?.length ?? 0;
    expect([made(plain), made(lazy) > 400]).toEqual([0, true]);
  });

  it('come without a validator of JSON schemas: whoever makes a server has to give one', () => {
    expect(plain.told.server).toBe('made');
    expect(lazy.told.server).toBe('a JSON schema validator must be given');
    expect(lazy.code.length).toBeLessThan(plain.code.length);
  });

  it('are looked for again when the SDK has changed so much that few are found', async () => {
    const root = tree({ 'main.js': 'console.log(1);' });
    await expect(bundle(`${root}main.js`, `${root}out`, [lazySchemas()])).rejects.toThrow(
      'the SDK has 0 tables of 0 schemas, not 2 of 400: look what changed',
    );
  });
});
