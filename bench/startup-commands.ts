import { spawn } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { makeMonorepo } from './pack-time.ts';

const FILES = 1_000;
const MAESTRO = fileURLToPath(new URL('../bin/maestro.mjs', import.meta.url));

const COMMANDS: Readonly<Record<string, readonly string[]>> = {
  'node -e 0': ['-e', '0'],
  'maestro --version': [MAESTRO, '--version'],
  'maestro --help': [MAESTRO, '--help'],
  'maestro status': [MAESTRO, 'status'],
  [`maestro pack, ${FILES} files, warm`]: [
    MAESTRO,
    'pack',
    '--task',
    'the session cookie is lost when a request is redirected',
  ],
};

/** Says what it used, to a stream of its own, as the last thing that it does. */
const SAYS_ITS_CPU = `const { user, system } = process.cpuUsage();
  require('node:fs').writeSync(3, String((user + system) / 1000));`;

interface Cost {
  readonly cpu: number;
  readonly wall: number;
}

/** Prints what whole commands cost beside a Node that does nothing, in turns; compiled code and indexes are there already. */
export async function commandCosts(home: string, rounds: number): Promise<void> {
  const workspace = join(home, 'workspace');
  makeMonorepo(workspace, FILES);
  const says = join(home, 'says-its-cpu.cjs');
  writeFileSync(says, `process.on('exit', () => { ${SAYS_ITS_CPU} });`);
  const run = (args: readonly string[]) => costOf(['--require', says, ...args], workspace, home);
  const costs = new Map(Object.keys(COMMANDS).map((name) => [name, [] as Cost[]]));
  for (const args of Object.values(COMMANDS)) for (let warm = 0; warm < 2; warm++) await run(args);
  for (let round = 0; round < rounds; round++)
    for (const [name, args] of Object.entries(COMMANDS)) costs.get(name)!.push(await run(args));
  print(costs);
}

function print(costs: ReadonlyMap<string, readonly Cost[]>): void {
  const [bare] = costs.values();
  console.log('whole commands');
  for (const [name, own] of costs) {
    const line = (['cpu', 'wall'] as const).map((what) => {
      const ms = middle(own, what);
      return `${ms.toFixed(0).padStart(5)} ms ${what} ${(ms / middle(bare!, what)).toFixed(2).padStart(5)}×`;
    });
    console.log(`  ${name.padEnd(34)} ${line.join('  ')}`);
  }
}

function middle(costs: readonly Cost[], what: keyof Cost): number {
  return costs.map((cost) => cost[what]).sort((a, b) => a - b)[Math.floor(costs.length / 2)]!;
}

async function costOf(args: readonly string[], cwd: string, home: string): Promise<Cost> {
  const from = performance.now();
  const env = { ...process.env, MAESTRO_HOME: home, NODE_COMPILE_CACHE: join(home, 'compiled') };
  const child = spawn(process.execPath, args, { cwd, env, stdio: ['ignore', 'ignore', 'ignore', 'pipe'] });
  let said = '';
  child.stdio[3]!.on('data', (chunk) => {
    said += chunk;
  });
  await new Promise((resolve) => child.once('close', resolve));
  if (said === '') throw new Error(`it did not come to its end: node ${args.join(' ')}`);
  return { cpu: Number(said), wall: performance.now() - from };
}
