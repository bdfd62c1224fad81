import { appendFileSync, existsSync } from 'node:fs';
import { flushCompileCache } from 'node:module';
import { setTimeout as sleep } from 'node:timers/promises';
import { MaestroError } from '../../src/domain/errors.ts';
import { createEngine } from '../../src/engine/local.ts';
import { openStore } from '../../src/store/open.ts';

/** How the flow goes: `kill` names the moment, `before|inside|after:<step>`, at which it kills its own process. */
export interface FlowPlan {
  readonly key?: string;
  readonly steps: number;
  readonly stepMs?: number;
  readonly resultBytes?: number;
  readonly kill?: string;
  /** Every execution of a step is noted here, outside the store. */
  readonly log?: string;
  /** The second step waits until this file is there. */
  readonly gate?: string;
  readonly leaseMs?: number;
  readonly maxAttempts?: number;
}

const [file = '', json = '{}'] = process.argv.slice(2);
const plan = JSON.parse(json) as FlowPlan;
const at = (moment: string): void => {
  if (plan.kill === moment) process.kill(process.pid, 'SIGKILL');
};

try {
  await using store = await openStore(file);
  const engine = createEngine(store, { leaseMs: plan.leaseMs ?? 15_000, maxAttempts: plan.maxAttempts ?? 5 });
  const spec = { kind: 'fix', key: plan.key ?? 'child', workspace: '/p', request: null };
  flushCompileCache();
  console.log('ready');
  const finished = await engine.start(spec, async (run) => {
    let sum = 0;
    for (let n = 1; n <= plan.steps; n++) {
      const name = `s${n}`;
      at(`before:${name}`);
      const { value } = await run.step(name, async (record) => {
        if (plan.log) appendFileSync(plan.log, `${name}\n`);
        record({ type: 'stage_entered', payload: { stage: 'debug', visit: n } });
        await sleep(plan.stepMs ?? 0);
        while (n === 2 && plan.gate && !existsSync(plan.gate)) await sleep(20);
        at(`inside:${name}`);
        return { value: n, bulk: 'x'.repeat(plan.resultBytes ?? 0) };
      });
      console.log(`committed ${name}`);
      at(`after:${name}`);
      sum += value;
    }
    return sum;
  });
  console.log(JSON.stringify(finished));
} catch (error) {
  if (!(error instanceof MaestroError)) throw error;
  console.error(`${error.code}: ${error.message}`);
  process.exitCode = error.exitStatus;
}
