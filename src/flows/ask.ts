import type { Run } from '../domain/ports.ts';
import type { FixPorts } from './fix-contract.ts';
import type { Stopwatch } from './stopwatch.ts';

/** One question put to every advisor of a run. */
export interface Question {
  readonly iteration: number;
  readonly stage: 'implement' | 'debug';
}

/** Takes one consult an advisor out of the workflow's budget and records the question; `false` when the budget is used up. */
export async function ask(
  run: Run,
  ports: FixPorts,
  { iteration, stage }: Question,
  watch: Stopwatch,
): Promise<boolean> {
  const { value } = await watch.step(run, `ask.${iteration}`, async (record) => {
    // Beside models, templates take nothing from the budget: it rations what is paid for.
    if (!ports.panel && !(await ports.reserveConsults(ports.advisors.length))) return false;
    for (const { id } of ports.advisors) {
      record({
        type: 'consult_asked',
        payload: { consult: `${run.id}.${iteration}.${id}`, provider: id, purpose: 'candidates', stage },
      });
    }
    return true;
  });
  return value;
}

/** Records that the advisors' answers were taken in, how long that took, and what each says it used. */
export async function answered(
  run: Run,
  ports: FixPorts,
  { iteration }: Question,
  ms: number,
  watch: Stopwatch,
): Promise<void> {
  await watch.step(run, `answered.${iteration}`, async (record) => {
    for (const { id, usage } of ports.advisors) {
      record({
        type: 'consult_answered',
        payload: {
          consult: `${run.id}.${iteration}.${id}`,
          provider: id,
          purpose: 'candidates',
          ...usage,
          ms,
          truncated: false,
        },
      });
    }
    return null;
  });
}
