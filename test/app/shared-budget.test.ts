import { describe, expect, it } from 'vitest';
import { startChild } from '../store/child-process.ts';
import { advisor, calling, home, type Model, model, opened, repository } from './world.ts';

interface Ended {
  readonly status: string;
  readonly rule?: string;
  readonly candidates?: readonly unknown[];
  readonly run_id?: string;
}

const PROCESSES = 4;

/** How everything ended that four processes asked at once of the same workflow. */
async function askFromFourProcesses(
  asked: Model,
  limits: Record<string, number>,
  [consults, ensembles]: readonly [number, number],
): Promise<readonly Ended[]> {
  const env = home({ advisors: [advisor(asked)], limits, pack_budget: 0 });
  const root = repository();
  const children = Array.from({ length: PROCESSES }, (_, n) =>
    startChild(
      new URL('./consult-child.ts', import.meta.url),
      [root, `p${n}`, `${consults}`, `${ensembles}`],
      false,
      env,
    ),
  );
  const ended = await Promise.all(children.map((child) => child.ended));
  for (const { code, stderr } of ended) expect(code, stderr).toBe(0);
  const maestro = await opened(env, root);
  const { budget } = await maestro.workflowState({}, calling());
  const results = ended.flatMap(({ stdout }) => JSON.parse(stdout) as Ended[]);
  expect(budget!.used.workflow).toBe(budget!.used.stage);
  expect(budget!.used.workflow).toBeLessThanOrEqual(limits.consults_per_workflow!);
  return results;
}

describe('the budget of a workflow, asked for by four processes at once', () => {
  it('lets through exactly as many of 64 consults as it has, and refuses the rest', async () => {
    const asked = await model([{ text: 'yes', delayMs: 30 }]);
    const results = await askFromFourProcesses(asked, { consults_per_stage: 7, consults_per_workflow: 7 }, [16, 0]);
    expect(results).toHaveLength(64);
    expect(results.filter(({ status }) => status === 'answered')).toHaveLength(7);
    expect(results.filter(({ rule }) => rule === 'stage_budget' || rule === 'workflow_budget')).toHaveLength(57);
    expect(asked.asked()).toHaveLength(7);
  });

  it('is never passed by one where consults and ensembles of two compete, and none is asked in part', async () => {
    const asked = await model([{ text: 'yes', delayMs: 10 }]);
    const results = await askFromFourProcesses(asked, { consults_per_stage: 9, consults_per_workflow: 9 }, [8, 8]);
    const answered = results.filter(({ status }) => status === 'answered').length;
    const generated = results.filter(({ status }) => status === 'generated');
    expect(generated.every(({ candidates }) => candidates!.length === 2)).toBe(true);
    expect(asked.asked()).toHaveLength(answered + 2 * generated.length);
    expect(asked.asked().length).toBeLessThanOrEqual(9);
    expect(asked.asked().length).toBeGreaterThanOrEqual(8);
  });

  it('gives back what was refused by the provider, so that it is used up all the same and not passed', async () => {
    const asked = await model((_, n) => (n % 2 === 0 ? { status: 401 } : { text: 'yes' }));
    const results = await askFromFourProcesses(asked, { consults_per_stage: 5, consults_per_workflow: 5 }, [16, 0]);
    const answered = results.filter(({ status }) => status === 'answered').length;
    expect(answered).toBeLessThanOrEqual(5);
    expect(answered).toBeGreaterThan(0);
  });
});
