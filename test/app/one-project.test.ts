import { execFileSync } from 'node:child_process';
import { mkdirSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import type { ConsultAnswer, EnsembleGenerated, Selected, StageBrief } from '../../src/app/calls.ts';
import { OUTPUTS } from '../domain/story.ts';
import { advisor, calling, folder, home, model, opened, repository } from './world.ts';

const MONOREPO = {
  'package.json': '{ "type": "module" }\n',
  'other/zebra.js': 'export const zebra = () => "stripes of the zebra";\n',
  'pkg/src/zebra.js': 'export function add(a, b) {\n  return a - b;\n}\n',
  'pkg/test/add.test.js':
    "import { test } from 'node:test';\nimport assert from 'node:assert';\nimport { add } from '../src/zebra.js';\n\ntest('adds', () => assert.equal(add(1, 2), 3));\n",
};

/** A project with a package of its own, and Maestro over it. */
async function project(config: Record<string, unknown>, rules: Record<string, unknown> | null = null) {
  const root = repository(MONOREPO);
  if (rules) writeFileSync(join(root, 'maestro.config.jsonc'), JSON.stringify(rules));
  const env = home(config);
  return { root, pkg: join(root, 'pkg'), env, maestro: await opened(env, root) };
}

describe('a project that is named by its folders', () => {
  it('has one workflow, whichever of them a call names', async () => {
    const { root, pkg, maestro } = await project({ order: ['embedded'] });
    const link = join(folder(), 'shortcut');
    symlinkSync(join(pkg, 'src'), link);
    const opening = await maestro.runStage({ workspace: pkg, stage: 'analyze', task: 'a bug' }, calling());
    for (const workspace of [root, pkg, join(pkg, 'src'), join(pkg, 'src', '..', 'test'), link]) {
      const state = await maestro.workflowState({ workspace }, calling());
      expect(state, workspace).toMatchObject({ workflow_id: opening.workflow_id, workspace: root, task: 'a bug' });
    }
    const handed = await maestro.runStage({ workspace: link, stage: 'analyze', output: OUTPUTS.analyze }, calling());
    expect(handed).toMatchObject({ status: 'accepted', workflow_id: opening.workflow_id });
  });

  it('has one budget: what was used in one folder is used in all', async () => {
    const asked = await model([{ text: 'one' }, { text: 'two' }, { text: 'three' }]);
    const limits = { consults_per_stage: 2, consults_per_workflow: 2 };
    const { root, pkg, maestro } = await project({ advisors: [advisor(asked)], limits });
    const ask = (workspace: string, prompt: string) => maestro.consult({ workspace, prompt }, calling());
    expect((await ask(root, 'first?')).status).toBe('answered');
    expect((await ask(pkg, 'second?')).status).toBe('answered');
    for (const workspace of [root, pkg, join(pkg, 'src')])
      expect(await ask(workspace, 'third?')).toMatchObject({ status: 'refused', rule: 'stage_budget' });
    expect(asked.asked()).toHaveLength(2);
    const figures = await Promise.all(
      [root, pkg].map((workspace) => maestro.metrics({ workspace, scope: 'workspace' }, calling())),
    );
    expect(figures[0]).toEqual(figures[1]);
    expect(figures[0]!.advisor_ms!.value).not.toBeNull();
  });

  it("keeps its root's approval and limits in every folder", async () => {
    const { pkg, maestro } = await project(
      { order: ['embedded'] },
      { approval: 'stage', limits: { debug_iterations: 1 } },
    );
    const workspace = join(pkg, 'src');
    mkdirSync(join(workspace, '.git'));
    await maestro.runStage({ workspace, stage: 'analyze', task: 'a bug' }, calling());
    const handed = await maestro.runStage({ workspace, stage: 'analyze', output: OUTPUTS.analyze }, calling());
    expect(handed.status).toBe('awaiting_approval');
  });

  it('lets a folder tighten what is asked from within it, and shows that', async () => {
    const asked = await model([{ text: 'never' }]);
    const { root, pkg, maestro } = await project({ advisors: [advisor(asked)] });
    writeFileSync(join(pkg, 'maestro.config.jsonc'), '{ "limits": { "consults_per_workflow": 0 } }');
    const refused = await maestro.consult({ workspace: pkg, prompt: 'why?' }, calling());
    expect(refused).toMatchObject({ status: 'refused', rule: 'workflow_budget' });
    const left = async (workspace: string) =>
      (await maestro.workflowState({ workspace }, calling())).budget!.left.workflow;
    expect([await left(pkg), await left(root)]).toEqual([0, 6]);
    expect(asked.asked()).toHaveLength(0);
  });

  it('still has packed what the folder holds that was named, in a question and in a brief', async () => {
    const asked = await model([{ text: 'here' }, { text: 'there' }]);
    const { root, pkg, maestro } = await project({ advisors: [advisor(asked)] });
    const prompt = 'what is wrong with zebra?';
    const first = (await maestro.consult({ workspace: pkg, prompt }, calling())) as ConsultAnswer;
    const second = (await maestro.consult({ workspace: root, prompt }, calling())) as ConsultAnswer;
    expect(second).toMatchObject({ reused: false, workflow_id: first.workflow_id });
    const [inPkg, inRoot] = asked.asked().map(({ body }) => body.messages.at(-1)!.content);
    expect(inPkg).toContain('src/zebra.js');
    expect(inPkg).not.toContain('other/zebra.js');
    expect(inRoot).toContain('other/zebra.js');
    const brief = (await maestro.runStage(
      { workspace: pkg, stage: 'analyze', task: 'zebra' },
      calling(),
    )) as StageBrief;
    expect(brief.pack!.files.map(({ path }) => path)).toContain('src/zebra.js');
    expect(brief.pack!.text).not.toContain('other/zebra.js');
  });

  it('answers an identical question from the same folder again without paying, and goes on with it from another', async () => {
    const asked = await model([{ text: 'one' }, { text: 'two' }]);
    const { root, pkg, maestro } = await project({ advisors: [advisor(asked)] });
    const call = { workspace: pkg, prompt: 'why?' };
    const first = (await maestro.consult(call, calling())) as ConsultAnswer;
    expect(await maestro.consult(call, calling())).toMatchObject({ reused: true, run_id: first.run_id });
    const more = { workspace: root, prompt: 'and then?', continue: first.run_id };
    expect(await maestro.consult(more, calling())).toMatchObject({ status: 'answered', text: 'two' });
    expect(JSON.stringify(asked.asked()[1]!.body.messages)).toContain('one');
  });

  it('tries the patches of an ensemble in one of its folders where they were made for', async () => {
    const patch =
      '```diff\n--- a/src/zebra.js\n+++ b/src/zebra.js\n@@ -1,3 +1,3 @@\n export function add(a, b) {\n-  return a - b;\n+  return a + b;\n }\n```\n';
    const asked = await model([{ text: patch }]);
    const { pkg, maestro } = await project({ advisors: [advisor(asked)] });
    const call = { workspace: pkg, task: 'mend add', kind: 'patch', n: 1 } as const;
    const generated = (await maestro.ensemble(call, calling())) as EnsembleGenerated;
    expect(generated.candidates[0]!.patch).toContain('src/zebra.js');
    const chosen = (await maestro.select(
      { workspace: pkg, run_id: generated.run_id, test_command: `${process.execPath} --test test/add.test.js` },
      calling(),
    )) as Selected;
    expect(chosen).toMatchObject({ status: 'selected', winner: 'c1', workflow_id: generated.workflow_id });
  });
});

describe('what is a project of its own', () => {
  it('is a linked worktree, with a workflow and a budget of its own', async () => {
    const { root, maestro } = await project({ order: ['embedded'] });
    const tree = join(folder(), 'tree');
    const git = ['-c', 'user.name=a', '-c', 'user.email=a@b'];
    execFileSync('git', [...git, 'commit', '-q', '-m', 'first'], { cwd: root });
    execFileSync('git', ['worktree', 'add', '-q', '--detach', tree], { cwd: root });
    const main = await maestro.runStage({ workspace: root, stage: 'analyze', task: 'a bug' }, calling());
    const linked = await maestro.runStage({ workspace: join(tree, 'pkg'), stage: 'analyze', task: 'a bug' }, calling());
    expect(linked.workflow_id).not.toBe(main.workflow_id);
    expect(await maestro.workflowState({ workspace: tree }, calling())).toMatchObject({ workspace: tree });
  });

  it('is a folder that is in no repository, for each folder by itself', async () => {
    const env = home({ order: ['embedded'] });
    const outer = folder();
    mkdirSync(join(outer, 'inner'));
    const maestro = await opened(env, outer);
    const one = await maestro.runStage({ stage: 'analyze', task: 'a bug' }, calling());
    const other = await maestro.runStage({ workspace: 'inner', stage: 'analyze', task: 'a bug' }, calling());
    expect(other.workflow_id).not.toBe(one.workflow_id);
  });
});
