import { describe, expect, it } from 'vitest';
import type { EnsembleGenerated } from '../../src/app/calls.ts';
import { advisor, calling, home, model, opened, repository } from './world.ts';

const FIX =
  '```diff\n--- a/src/add.js\n+++ b/src/add.js\n@@ -1,3 +1,3 @@\n export function add(a, b) {\n-  return a - b;\n+  return a + b;\n }\n```';
const HYPOTHESES = JSON.stringify({
  hypotheses: [{ id: 'h1', claim: 'add subtracts', verification_test: 'npm test', confidence: 0.9 }],
});
const ERRORS = ['not ok 1 - adds\n  at src/add.js:2:10'];

describe('an ensemble', () => {
  it('gives patches that apply as unified diffs against the workspace, from each advisor in turn', async () => {
    const asked = await model([{ text: `The sign is wrong.\n${FIX}` }]);
    const maestro = await opened(home({ advisors: [advisor(asked)] }), repository());
    const result = (await maestro.ensemble(
      { task: 'mend add', kind: 'patch', providers: ['local', 'embedded'], errors: ERRORS },
      calling(),
    )) as EnsembleGenerated;
    expect(result).toMatchObject({ status: 'generated', failures: [], forced: false, reused: false });
    expect(result.candidates.map(({ id, provider }) => [id, provider])).toEqual([
      ['c1', 'local'],
      ['c2', 'embedded'],
    ]);
    for (const { patch } of result.candidates) expect(patch).toMatch(/^(diff --git|--- a\/src\/add\.js)/);
    expect(result.candidates[0]!.patch).toContain('+  return a + b;');
    expect(result.lexical_similarity).toBeGreaterThan(0);
    expect(result.budget).toEqual({ used: { stage: 2, workflow: 2 }, left: { stage: 0, workflow: 4 } });
    expect(result.next).toContain(`maestro_select_best(run_id: "${result.run_id}"`);
  });

  it('gives hypotheses in the shape of the stage', async () => {
    const asked = await model([{ text: `Thinking…\n${HYPOTHESES}` }]);
    const maestro = await opened(home({ advisors: [advisor(asked)] }), repository());
    const result = await maestro.ensemble(
      { task: 'why does add fail', kind: 'hypotheses', providers: ['local'], n: 1 },
      calling(),
    );
    expect(result).toMatchObject({
      status: 'generated',
      candidates: [{ hypotheses: [{ id: 'h1', claim: 'add subtracts', confidence: 0.9 }] }],
      lexical_similarity: null,
    });
  });
});
