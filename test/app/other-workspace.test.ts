import { realpathSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeEach, describe, expect, it } from 'vitest';
import { stateHere } from '../../src/app/at-terminal.ts';
import type { Maestro } from '../../src/app/calls.ts';
import { OUTPUTS } from '../domain/story.ts';
import { calling, folder, home, opened } from './world.ts';

const STRICT = { approval: 'stage', limits: { consults_per_stage: 1, consults_per_workflow: 3 } };

describe('a workflow of a workspace with rules of its own', () => {
  let env: Record<string, string>;
  let strict: string;
  let elsewhere: string;
  let maestro: Maestro;
  let id: string;

  beforeEach(async () => {
    env = home({ order: ['embedded'] });
    strict = realpathSync(folder());
    elsewhere = realpathSync(folder());
    writeFileSync(join(strict, 'maestro.config.jsonc'), JSON.stringify(STRICT));
    maestro = await opened(env, elsewhere);
    const brief = await maestro.runStage({ workspace: strict, stage: 'analyze', task: 'a bug' }, calling());
    id = brief.workflow_id;
  });

  it("does not escape a person's approval by being named from another workspace", async () => {
    const call = { workspace: elsewhere, workflow_id: id, stage: 'analyze', output: OUTPUTS.analyze } as const;
    await expect(maestro.runStage(call, calling())).rejects.toMatchObject({
      code: 'usage',
      message: expect.stringContaining(strict),
      remedy: expect.stringContaining('workflow_id'),
    });
    const asked = await maestro.runStage({ ...call, workspace: strict }, calling());
    expect(asked.status).toBe('awaiting_approval');
  });

  it.each(['consult', 'ensemble', 'select'] as const)('does not escape its budget by a %s from there', async (what) => {
    const place = { workspace: elsewhere, workflow_id: id };
    const calls = {
      consult: () => maestro.consult({ ...place, prompt: 'why?' }, calling()),
      ensemble: () => maestro.ensemble({ ...place, task: 'why?', kind: 'answer' }, calling()),
      select: () => maestro.select({ ...place, candidates: [{ id: 'a', text: 'x' }] }, calling()),
    };
    await expect(calls[what]()).rejects.toMatchObject({ code: 'usage', message: expect.stringContaining(strict) });
  });

  it('is shown with its own limits wherever it is asked about', async () => {
    const left = { left: { stage: 1, workflow: 3 } };
    const state = await maestro.workflowState({ workspace: elsewhere, workflow_id: id }, calling());
    expect(state).toMatchObject({ workspace: strict, budget: left });
    const { signal } = calling();
    expect(await stateHere({ env, cwd: strict, signal }, undefined)).toMatchObject({ budget: left });
    expect(await stateHere({ env, cwd: elsewhere, signal }, id)).toMatchObject({ budget: left });
  });
});
