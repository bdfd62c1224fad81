import { spawn } from 'node:child_process';
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterEach, describe, expect, it } from 'vitest';

const path = (from: string) => fileURLToPath(new URL(from, import.meta.url));
const SUITE = path('../clients/node_modules/@modelcontextprotocol/conformance/dist/index.js');
const installed = existsSync(SUITE);
if (!installed) console.warn('SKIPPED: the MCP conformance suite is not installed (npm ci --prefix test/clients)');

const REVISIONS = ['2025-11-25', '2026-07-28'] as const;

/** Those that need nothing but a server; the others want tools, prompts and resources that only a fixture has. */
const FOR_ANY_SERVER: Record<(typeof REVISIONS)[number], readonly string[]> = {
  '2025-11-25': [
    'server-initialize',
    'server-session-lifecycle',
    'ping',
    'tools-list',
    'resources-list',
    'prompts-list',
    'server-sse-multiple-streams',
    'dns-rebinding-protection',
  ],
  '2026-07-28': [
    'tools-list',
    'resources-list',
    'prompts-list',
    'server-sse-multiple-streams',
    'dns-rebinding-protection',
    'sep-2164-resource-not-found',
    'caching',
    'http-header-validation',
    'input-required-result-unsupported-methods',
    'server-stateless',
  ],
};
/** Checks of `server-stateless` that call a tool which only a fixture has. */
const NEED_FIXTURES = [
  'sep-2575-server-rejects-undeclared-capability',
  'sep-2575-missing-capability-http-400',
  'sep-2575-http-server-no-independent-requests-on-stream',
  'sep-2575-server-no-log-without-loglevel',
];

const cleanUps: Array<() => void> = [];
afterEach(() => {
  for (const cleanUp of cleanUps.splice(0)) cleanUp();
});

function folder(): string {
  const made = mkdtempSync(join(tmpdir(), 'conformance-'));
  cleanUps.push(() => rmSync(made, { recursive: true, force: true }));
  return made;
}

/** Starts a server that says its address, and ends it after the test. */
function serving(args: readonly string[]): Promise<string> {
  const env = { PATH: process.env.PATH, HOME: process.env.HOME, MAESTRO_HOME: folder() };
  const child = spawn(process.execPath, args, { stdio: ['ignore', 'pipe', 'pipe'], env, cwd: folder() });
  cleanUps.push(() => child.kill('SIGTERM'));
  return new Promise((resolve, reject) => {
    let output = '';
    for (const stream of [child.stdout, child.stderr])
      stream.on('data', (chunk) => {
        output += chunk;
        const url = /http:\/\/127\.0\.0\.1:\d+\/mcp/.exec(output)?.[0];
        if (url) resolve(url);
      });
    child.once('exit', (status) => reject(new Error(`it ended with ${status}: ${output}`)));
  });
}

interface Check {
  readonly scenario: string;
  readonly id: string;
  readonly status: string;
  readonly errorMessage?: string;
}

/** Runs the suite and reads every check it made, with the scenario it belongs to. */
async function run(args: readonly string[]): Promise<{ status: number | null; output: string; checks: Check[] }> {
  const results = folder();
  const argv = [SUITE, 'server', ...args, '-o', results];
  const child = spawn(process.execPath, argv, { stdio: ['ignore', 'pipe', 'pipe'] });
  let output = '';
  for (const stream of [child.stdout, child.stderr])
    stream.on('data', (chunk) => {
      output += chunk;
    });
  const status = await new Promise<number | null>((resolve) => child.once('exit', resolve));
  const checks = readdirSync(results).flatMap((name) => {
    const scenario = /^server-(.*?)-\d{4}-\d{2}-\d{2}T/.exec(name)?.[1] ?? name;
    const made = JSON.parse(readFileSync(join(results, name, 'checks.json'), 'utf8')) as Check[];
    return made.map((check) => ({ ...check, scenario }));
  });
  return { status, output, checks };
}

const failed = (checks: readonly Check[]) =>
  checks
    .filter(({ status }) => status === 'FAILURE' || status === 'WARNING')
    .map(({ scenario, id, errorMessage }) => ({ scenario, id, errorMessage }));

const fixtures = [path('./fixture-server.ts')];
const shipped = [path('../../bin/maestro.mjs'), 'serve', '--port', '0'];

describe.skipIf(!installed)('the official conformance suite', () => {
  it.each(REVISIONS)(
    'passes in every scenario that %s requires, on the transport that is shipped',
    async (revision) => {
      const { status, output, checks } = await run(['--url', await serving(fixtures), '--requirements', revision]);
      expect(checks.length).toBeGreaterThan(60);
      expect({ status, output: status === 0 ? '' : output }).toEqual({ status: 0, output: '' });
    },
  );

  it.each(REVISIONS)('of %s passes against the shipped server in all that asks for no fixture', async (revision) => {
    const url = await serving(shipped);
    const { checks } = await run(['--url', url, '--suite', 'all', '--spec-version', revision]);
    const ours = checks.filter(({ scenario }) => FOR_ANY_SERVER[revision].includes(scenario));
    expect(new Set(ours.map(({ scenario }) => scenario))).toEqual(new Set(FOR_ANY_SERVER[revision]));
    expect(failed(ours).filter(({ id }) => !NEED_FIXTURES.includes(id))).toEqual([]);
  });
});
