import { readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { openState } from '../../src/app/state.ts';
import { readEvents } from '../../src/store/events.ts';
import { temporaryFolder } from '../verify/project.ts';
import { advisor, calling, home, model, opened, repository } from './world.ts';

const PATCH = '--- a/src/add.js\n+++ b/src/add.js\n@@ -2,1 +2,1 @@\n-  return a - b;\n+  return a + b;\n';

describe('many calls in flight in one process', () => {
  it('have each its own answer, are paid and recorded once each, and leave no folder behind', async () => {
    const count = 25;
    const asked = await model(({ body }) => ({
      text: `answer to ${/question \d+/.exec(body.messages.at(-1)!.content)![0]}`,
    }));
    const limits = { consults_per_stage: count, consults_per_workflow: count };
    const env = home({ advisors: [advisor(asked)], limits });
    const root = repository();
    const temporary = temporaryFolder();
    const maestro = await opened(env, root);
    const each = Array.from({ length: count }, (_, n) => n);
    const [consults, choices, states] = await Promise.all([
      Promise.all(each.map((n) => maestro.consult({ prompt: `question ${n}`, provider: 'local' }, calling()))),
      Promise.all(
        each.map((n) =>
          maestro.select(
            { candidates: [{ id: `c${n}`, patch: PATCH }], test_results: [{ id: `c${n}`, passed: ['t'], failed: [] }] },
            calling(),
          ),
        ),
      ),
      Promise.all(each.map(() => maestro.workflowState({}, calling()))),
    ]);
    expect(consults).toMatchObject(each.map((n) => ({ status: 'answered', text: `answer to question ${n}` })));
    expect(choices).toMatchObject(
      each.map((n) => ({ winner: `c${n}`, patch: expect.stringContaining('+  return a + b;') })),
    );
    expect(new Set(states.map(({ workspace }) => workspace))).toEqual(new Set([root]));
    expect(await maestro.consult({ prompt: 'one more', provider: 'local' }, calling())).toMatchObject({
      status: 'refused',
    });
    expect(asked.asked()).toHaveLength(count);

    await using store = await openState(env);
    const events = await readEvents(store.queries);
    const counts = Object.groupBy(events, ({ type }) => type);
    for (const type of ['consult_asked', 'consult_answered', 'candidate_verified', 'selection_made'] as const)
      expect(counts[type], type).toHaveLength(count);
    expect(counts.run_started).toHaveLength(counts.run_finished!.length);
    expect(readdirSync(temporary)).toEqual([]);
    expect(readdirSync(root).sort()).toEqual(['.git', 'package.json', 'src', 'test']);
  });

  it('see a configuration that was changed before they were made', async () => {
    const asked = await model([{ text: 'yes' }]);
    const env = home({ advisors: [advisor(asked)] });
    const root = repository();
    const maestro = await opened(env, root);
    const ask = (prompt: string) => maestro.consult({ prompt, provider: 'local' }, calling());
    expect(await ask('a')).toMatchObject({ status: 'answered', budget: { left: { stage: 1 } } });
    writeFileSync(join(root, 'maestro.config.jsonc'), '{ "limits": { "consults_per_stage": 1 } }');
    expect(await ask('b')).toMatchObject({ status: 'refused', rule: 'stage_budget' });
  });
});
