import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Baseline } from '../src/domain/evidence.ts';
import { checkEnvironment } from '../src/platform/environment.ts';
import { runProcess } from '../src/platform/process.ts';
import { chooseSandbox, NO_SANDBOX, type Sandbox } from '../src/platform/sandbox.ts';
import { bubblewrap } from '../src/platform/sandbox-bubblewrap.ts';
import { unshare } from '../src/platform/sandbox-unshare.ts';
import { observeBaseline } from '../src/verify/baseline.ts';
import { takeSnapshot } from '../src/verify/snapshot.ts';
import { createVerifier, type OpenVerifier } from '../src/verify/verifier.ts';

/** Prints what a verification costs over the bare test command, and how many are done a second, on a project of 5,000 files whose test takes half a second. */
const FILES = 5_000;
const TEST_MS = 450;
const ROUNDS = Number(process.argv[2] ?? 15);
const COMMAND = ['node', '--test'];
const GOAL = 1.3;

const signal = new AbortController().signal;
const options = { signal, timeLimitMs: 60_000 };

const folder = makeProject();
try {
  const started = performance.now();
  const snapshot = await takeSnapshot(folder, { signal });
  console.log(
    `project: ${snapshot.files.length} files; snapshot taken in ${Math.round(performance.now() - started)} ms`,
  );
  const kinds = await Promise.all([unshare, bubblewrap].map((kind) => chooseSandbox([kind])));
  for (const sandbox of [...kinds.filter(({ kind }) => kind !== 'none'), NO_SANDBOX]) {
    const verifier = await createVerifier({ snapshot, command: COMMAND, sandbox, width: 2 });
    await measure(verifier, sandbox);
    await verifier.close();
  }
  await snapshot.dispose();
} finally {
  rmSync(folder, { recursive: true });
}

async function measure(verifier: OpenVerifier, { kind, overlays }: Sandbox): Promise<void> {
  const baseline = await observeBaseline(verifier, COMMAND, options);
  const pairs: Array<[bare: number, verified: number]> = [];
  for (let round = 0; round < ROUNDS; round++)
    pairs.push([await timed(runBare), await timed(() => verify(verifier, baseline, round))]);
  const [bare, verified] = [0, 1].map((at) => median(pairs.map((pair) => pair[at]!)));
  const overhead = median(pairs.map(([bare, verified]) => verified / bare));
  const rates = [];
  for (const width of [1, 2])
    rates.push(`${(await perSecond(verifier, baseline, width)).toFixed(2)}/s with ${width} at once`);
  console.log(
    `${kind}${overlays ? ' with overlays' : ''}: bare ${bare!.toFixed(0)} ms, verified ${verified!.toFixed(0)} ms, median overhead ${overhead.toFixed(2)}x (goal ${GOAL}x${overhead <= GOAL ? '' : ', missed'}); ${rates.join(', ')}`,
  );
}

async function perSecond(verifier: OpenVerifier, baseline: Baseline, width: number): Promise<number> {
  const started = performance.now();
  let next = 0;
  const lane = async () => {
    while (next < ROUNDS) await verify(verifier, baseline, next++);
  };
  await Promise.all(Array.from({ length: width }, lane));
  return (ROUNDS * 1000) / (performance.now() - started);
}

async function verify(verifier: OpenVerifier, baseline: Baseline, n: number): Promise<void> {
  const content = `exports.answer = () => ${n % 2 === 0 ? 42 : n};\n`;
  const { status } = await verifier.verify([{ path: 'src/0/answer.js', content }], baseline, options);
  if (status !== (n % 2 === 0 ? 'passed' : 'failed')) throw new Error(`candidate ${n} was judged '${status}'`);
}

async function runBare(): Promise<void> {
  const end = await runProcess(
    { argv: COMMAND, cwd: folder, env: checkEnvironment() },
    { ...options, outputCapBytes: 1_000_000 },
  );
  if (end.exitCode !== 1) throw new Error(end.output);
}

async function timed(work: () => Promise<void>): Promise<number> {
  const started = performance.now();
  await work();
  return performance.now() - started;
}

function median(values: readonly number[]): number {
  return [...values].sort((a, b) => a - b)[Math.floor(values.length / 2)]!;
}

function makeProject(): string {
  const root = mkdtempSync(join(tmpdir(), 'maestro-bench-'));
  for (let n = 0; n < FILES - 2; n++) {
    const dir = join(root, 'src', String(n % 50));
    mkdirSync(dir, { recursive: true });
    writeFileSync(join(dir, `module-${n}.js`), `${`// module ${n}\n`.repeat(40)}exports.n = ${n};\n`);
  }
  writeFileSync(join(root, 'src/0/answer.js'), 'exports.answer = () => 0;\n');
  const test = `const test = require('node:test');
const until = Date.now() + ${TEST_MS} - process.uptime() * 1000;
test('answer', () => require('assert').equal(require('./src/0/answer.js').answer(), 42));
test('slow', async () => { await new Promise((done) => setTimeout(done, Math.max(1, until - Date.now()))); });
`;
  writeFileSync(join(root, 'answer.test.js'), test);
  return root;
}
