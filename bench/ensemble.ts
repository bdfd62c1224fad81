import { existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { CallContext } from '../src/app/calls.ts';
import { openMaestro } from '../src/app/maestro.ts';
import { startFakeModelServer } from '../test/models/model-server.mjs';
import { CLIENTS } from '../test/real/clients.ts';

/**
 * Prints what an ensemble of the three real programs takes over the slowest of them asked alone, both through Maestro,
 * in turn, over models on loopback that think for a while: the median of as many rounds as the argument says. The goal is
 * 1.15 where cores allow; the models' time is what an ensemble shares, starting three programs is what cores have to.
 */
const ROUNDS = Number(process.argv[2] ?? 9);
const THINKING_MS = Number(process.argv[3] ?? 5_000);
const GOAL = 1.15;
const IDS = CLIENTS.map(({ id }) => id);

const missing = CLIENTS.filter(({ binary }) => !existsSync(binary)).map(({ id }) => id);
if (missing.length > 0) {
  console.log(`ensemble: ${missing.join(', ')} not installed; run npm ci --prefix test/clients --ignore-scripts`);
  process.exit(0);
}

const home = mkdtempSync(join(tmpdir(), 'maestro-bench-ensemble-'));
const server = await startFakeModelServer({ script: () => ({ text: 'pong', delayMs: THINKING_MS }) });
try {
  const context: CallContext = {
    signal: new AbortController().signal,
    progress: () => {},
    patienceMs: Number.POSITIVE_INFINITY,
    askPerson: null,
  };
  const workspace = join(home, 'project');
  mkdirSync(workspace);
  await using maestro = await openMaestro({ env: environment(), cwd: workspace, warn: console.error });
  const rounds: Array<[slowest: number, together: number]> = [];
  for (let round = -1; round < ROUNDS; round++) {
    let slowest = 0;
    for (const provider of IDS) {
      const ms = await timed(async () => {
        const result = await maestro.consult({ workspace, provider, prompt: `${provider} ${round}?` }, context);
        if (result.status !== 'answered' || result.provider !== provider) throw new Error(JSON.stringify(result));
      });
      slowest = Math.max(slowest, ms);
    }
    const together = await timed(async () => {
      const call = { workspace, providers: IDS, kind: 'answer', task: `all ${round}?` } as const;
      const result = await maestro.ensemble(call, context);
      const count = result.status === 'generated' && 'candidates' in result ? result.candidates.length : 0;
      if (count !== IDS.length) throw new Error(JSON.stringify(result));
    });
    if (round >= 0) rounds.push([slowest, together]);
  }
  report(rounds);
} finally {
  await server.close();
  rmSync(home, { recursive: true, force: true });
}

function environment(): Record<string, string> {
  const file = join(home, 'maestro.config.jsonc');
  const advisors = CLIENTS.map(({ id, binary, model, apiPath }) => ({
    ...{ provider: id, binary, model },
    base_url: `${server.url}${apiPath}`,
  }));
  writeFileSync(file, JSON.stringify({ advisors, limits: { consults_per_stage: 1000, consults_per_workflow: 1000 } }));
  const keys = Object.fromEntries(CLIENTS.map(({ keyName }) => [keyName, 'not-a-key']));
  return { PATH: process.env.PATH!, HOME: home, MAESTRO_HOME: join(home, 'state'), MAESTRO_CONFIG: file, ...keys };
}

function report(rounds: ReadonlyArray<readonly [number, number]>): void {
  const [slowest, together] = [0, 1].map((at) => median(rounds.map((round) => round[at]!)));
  const ratio = median(rounds.map(([alone, all]) => all / alone));
  const verdict = `goal ${GOAL}${ratio <= GOAL ? '' : ', missed'}`;
  console.log(
    `ensemble of ${IDS.join(', ')}: slowest alone ${slowest!.toFixed(0)} ms, together ${together!.toFixed(0)} ms, median ratio ${ratio.toFixed(3)} of ${rounds.length} (${verdict}; models think ${THINKING_MS} ms)`,
  );
}

async function timed(act: () => Promise<void>): Promise<number> {
  const started = performance.now();
  await act();
  return performance.now() - started;
}

function median(values: readonly number[]): number {
  return values.toSorted((a, b) => a - b)[values.length >> 1]!;
}
