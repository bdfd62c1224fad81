import { spawn } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { cpuOf, peakMemoryOf, percentile, timesAsked } from './process-cost.ts';
import { commandCosts } from './startup-commands.ts';

/**
 * What it costs a host to start Maestro and list its tools, beside a Node that answers JSON-RPC lines and does nothing else.
 * The two take turns, so that what else the machine does weighs on both alike. `node bench/startup.ts 1` is but one round,
 * to see that it works.
 */
const { times: ROUNDS, isEnough } = timesAsked(25);
const COMMAND_ROUNDS = 15;
const MOST_CPU_RATIO = 3;
const MOST_MEMORY_RATIO = 2;

const BARE = `let rest = '';
process.stdin.setEncoding('utf8').on('data', (chunk) => {
  const lines = (rest + chunk).split('\\n');
  rest = lines.pop();
  for (const line of lines) {
    const { id, method } = JSON.parse(line);
    if (id !== undefined) process.stdout.write(JSON.stringify({ jsonrpc: '2.0', id, result: { method, tools: [] } }) + '\\n');
  }
});`;

const META = {
  'io.modelcontextprotocol/protocolVersion': '2026-07-28',
  'io.modelcontextprotocol/clientInfo': { name: 'bench', version: '1' },
  'io.modelcontextprotocol/clientCapabilities': {},
};
const OPENINGS = {
  'initialize (2025-06-18)': [
    {
      id: 1,
      method: 'initialize',
      params: { protocolVersion: '2025-06-18', capabilities: {}, clientInfo: { name: 'bench', version: '1' } },
    },
    { method: 'notifications/initialized' },
    { id: 2, method: 'tools/list' },
  ],
  'server/discover (2026-07-28)': [
    { id: 1, method: 'server/discover', params: { _meta: META } },
    { id: 2, method: 'tools/list', params: { _meta: META } },
  ],
};

interface Cost {
  readonly cpu: number;
  readonly wall: number;
  readonly memory: number;
}

const home = mkdtempSync(join(tmpdir(), 'maestro-bench-'));
const maestro = [fileURLToPath(new URL('../bin/maestro.mjs', import.meta.url)), 'mcp'];
try {
  let worst = { cpu: 0, memory: 0 };
  for (const [name, opening] of Object.entries(OPENINGS)) {
    const ratios = await compare(name, opening);
    worst = { cpu: Math.max(worst.cpu, ratios.cpu), memory: Math.max(worst.memory, ratios.memory) };
  }
  const met = worst.cpu <= MOST_CPU_RATIO && worst.memory <= MOST_MEMORY_RATIO;
  console.log(
    `asked: CPU at most ${MOST_CPU_RATIO}×, memory at most ${MOST_MEMORY_RATIO}×: ${!isEnough ? 'not judged by so few rounds' : met ? 'met' : 'not met'}`,
  );
  process.exitCode = met || !isEnough ? 0 : 1;
  await commandCosts(home, Math.min(ROUNDS, COMMAND_ROUNDS));
} finally {
  rmSync(home, { recursive: true, force: true });
}

async function compare(name: string, opening: readonly object[]): Promise<{ cpu: number; memory: number }> {
  const costs = { bare: [] as Cost[], maestro: [] as Cost[] };
  await start(maestro, opening);
  for (let round = 0; round < ROUNDS; round++) {
    costs.bare.push(await start(['-e', BARE], opening));
    costs.maestro.push(await start(maestro, opening));
  }
  const of = (who: Cost[], what: keyof Cost): number =>
    percentile(
      who.map((cost) => cost[what]),
      0.5,
    );
  const ratio = (what: keyof Cost): number => of(costs.maestro, what) / of(costs.bare, what);
  console.log(name);
  for (const [what, unit] of [
    ['cpu', 'ms CPU'],
    ['wall', 'ms wall'],
    ['memory', 'MiB'],
  ] as const) {
    const figures = `bare ${of(costs.bare, what).toFixed(0)}, maestro ${of(costs.maestro, what).toFixed(0)} ${unit}`;
    console.log(`  ${figures.padEnd(40)} ${ratio(what).toFixed(2)}×`);
  }
  return { cpu: ratio('cpu'), memory: ratio('memory') };
}

/** Starts one process and asks it for its tools; its costs up to the answer. */
async function start(args: readonly string[], opening: readonly object[]): Promise<Cost> {
  const from = performance.now();
  const child = spawn(process.execPath, args, {
    stdio: ['pipe', 'pipe', 'inherit'],
    env: { ...process.env, MAESTRO_HOME: home, NODE_COMPILE_CACHE: join(home, 'compiled') },
  });
  const ended = new Promise((resolve) => child.once('exit', resolve));
  const answered = new Promise<void>((resolve, reject) => {
    let output = '';
    child.stdout.on('data', (chunk) => {
      output += chunk;
      if (output.includes('"id":2')) resolve();
    });
    child.once('exit', () => reject(new Error(`it ended without an answer: ${output}`)));
  });
  for (const message of opening) child.stdin.write(`${JSON.stringify({ jsonrpc: '2.0', ...message })}\n`);
  await answered;
  const wall = performance.now() - from;
  const cost = { cpu: cpuOf(child.pid!), memory: peakMemoryOf(child.pid!), wall };
  child.stdin.end();
  await ended;
  return cost;
}
