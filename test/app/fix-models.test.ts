import { describe, expect, it } from 'vitest';
import { renderFix } from '../../src/cli/render-fix.ts';
import { chatModel } from '../models/chat-model.ts';
import { AskedProject, advisors, FILES, hypotheses, RIGHT, WRONG } from './asked-project.ts';

const isThinking = (system: string): boolean => system.includes('hypotheses');

describe('maestro fix with models', () => {
  it('goes from hypotheses of an ensemble to the patch that passes, whoever gave it', async () => {
    await using model = await chatModel(({ system, model: name }) => {
      if (isThinking(system)) return { text: hypotheses(`${name} says rounding`) };
      return { text: name === 'model-two' ? RIGHT : WRONG };
    });
    using project = new AskedProject(FILES, advisors(model.baseUrl, 'one', 'two'));
    const report = await project.fix({ providers: ['one', 'two'] });
    expect(report).toMatchObject({ status: 'fixed', winner: { provider: 'two' }, advisor_failures: [] });
    expect(report.patch).toContain('+  return Math.ceil(items / size);');
    expect(report.hypotheses.slice(0, 2).map(({ claim }) => claim)).toEqual([
      'model-one says rounding',
      'model-two says rounding',
    ]);
    expect(report.stages.map(({ stage }) => stage)).toEqual(['analyze', 'hypothesize', 'implement', 'improve']);
    expect(await project.events('ensemble_generated')).toMatchObject([{ kind: 'hypotheses', candidates: 2 }]);
    expect(model.questions).toHaveLength(4);
  });

  it('gives failed tries back, with what each test said, to one model at a time, until one is right', async () => {
    await using model = await chatModel(({ system, prompt }) => {
      if (isThinking(system)) return { text: hypotheses('rounding') };
      return { text: prompt.includes('Earlier tries') ? RIGHT : WRONG };
    });
    using project = new AskedProject(FILES, advisors(model.baseUrl, 'one'));
    const report = await project.fix();
    expect(report).toMatchObject({ status: 'fixed', winner: { provider: 'one' } });
    expect(report.stages.map(({ stage }) => stage)).toEqual([
      'analyze',
      'hypothesize',
      'implement',
      'debug',
      'improve',
    ]);
    const { prompt } = model.questions.at(-1)!;
    expect(prompt).toContain('+  return Math.round(items / size);');
    expect(prompt).toMatch(/A try that fixes \d of 2 failing tests, breaks 0/);
    const [, tries = ''] = prompt.split('# Earlier tries');
    expect(tries).toMatch(/With it, these tests fail:[\s\S]*a page that is not full/);
  });

  it('sends the code, what fails and the hypotheses, and asks nobody twice for the same', async () => {
    await using model = await chatModel(({ system }) => ({
      text: isThinking(system) ? hypotheses('the division is turned into text') : RIGHT,
    }));
    using project = new AskedProject(FILES, advisors(model.baseUrl, 'one'));
    await project.fix({ task: 'pages are counted wrongly' });
    const [thinking, implementing] = model.questions;
    for (const { prompt } of [thinking!, implementing!]) {
      expect(prompt).toContain('pages are counted wrongly');
      expect(prompt).toContain("String(items / size).replace('.', '')");
      expect(prompt).toContain('a page that is not full');
    }
    expect(implementing!.prompt).toContain('the division is turned into text');
    expect(model.questions).toHaveLength(2);
  });

  it('asks two a stage and six in all at most, each model in turn, and says when the budget is used up', async () => {
    await using model = await chatModel(({ system }, index) => ({
      text: isThinking(system)
        ? hypotheses('rounding')
        : WRONG.replace('Math.round', `Number.isNaN(${index}) || Math.round`),
    }));
    using project = new AskedProject(FILES, advisors(model.baseUrl, 'one', 'two', 'three'));
    const report = await project.fix({ providers: ['one', 'two', 'three'] });
    expect(report).toMatchObject({ status: 'not_fixed', patch: null });
    expect(model.questions.map((question) => question.model).toSorted()).toEqual(
      ['one', 'one', 'two', 'two', 'three', 'three'].map((name) => `model-${name}`).toSorted(),
    );
    const asked = await project.events('consult_asked');
    const inStage = (stage: string) => asked.filter((event) => event.stage === stage).length;
    expect(['hypothesize', 'implement', 'debug'].map(inStage)).toEqual([2, 2, 2]);
    expect((await project.events('policy_decided')).at(-1)).toMatchObject({ decision: 'refuse' });
    expect(project.progress).toContainEqual({
      kind: 'note',
      text: expect.stringMatching(/^no model is asked: .+; limits\.consults_per_stage in maestro\.config\.jsonc/),
    });
  });

  it('keeps to a smaller budget where the configuration sets one', async () => {
    await using model = await chatModel(({ system }) => ({
      text: isThinking(system) ? hypotheses('rounding') : WRONG,
    }));
    const limits = { consults_per_stage: 1, consults_per_workflow: 2 };
    using project = new AskedProject(FILES, { ...advisors(model.baseUrl, 'one', 'two', 'three'), limits });
    const report = await project.fix({ providers: ['one', 'two', 'three'] });
    expect(report).toMatchObject({ status: 'not_fixed', ended_by_budget: true });
    expect(model.questions).toHaveLength(2);
    expect(report.why).toMatch(
      /^none of 1 candidate makes .+; the budget ended it, not the search: 1 asked for, 0 left in this workflow; limits\.consults_per_workflow/,
    );
    expect(report.advisors_left_out).toEqual([
      { provider: 'three', why: 'a fix run asks at most 1 a stage and 2 in all' },
    ]);
    const shown = renderFix(report, process.stderr, undefined);
    expect(shown).toContain('Not asked: three (a fix run asks at most 1 a stage and 2 in all).');
    expect(shown).toContain('More time will not help.');
  });

  it('says so where the budget lets nobody be asked at all, and where the search is what ended', async () => {
    await using model = await chatModel(() => ({ text: WRONG }));
    const limits = { consults_per_workflow: 0 };
    using project = new AskedProject(FILES, { ...advisors(model.baseUrl, 'one'), limits });
    const none = await project.fix();
    expect([none.ended_by_budget, model.questions]).toEqual([true, []]);
    expect(none.why).toMatch(/^no candidate was tried; the budget ended it/);
    using other = new AskedProject(FILES, advisors(model.baseUrl, 'one'));
    const searched = await other.fix({ maxIterations: 1 });
    expect(searched).toMatchObject({ status: 'not_fixed', ended_by_budget: false, advisors_left_out: [] });
    expect(searched.why).not.toContain('budget');
    expect(renderFix(searched, process.stderr, undefined)).toContain('More time (--time-limit)');
  });

  it('says of a command that names no test that its exit status is all there is', async () => {
    using project = new AskedProject(FILES, {});
    const passing = await project.fix({ providers: ['embedded'], command: ['true'] });
    expect(passing).toMatchObject({ status: 'already_passing', evidence: 'exit_status' });
    expect(passing.stages[0]!.summary).toBe('the command passes, by its exit status alone: no test was recognised');
    expect(renderFix(passing, process.stderr, undefined)).toContain(
      'No test was recognised, so that is all that is known.',
    );
    const failing = await project.fix({ providers: ['embedded'], command: ['false'], timeLimitMs: 5_000 });
    expect(failing).toMatchObject({ status: 'not_fixed', evidence: 'exit_status' });
    expect(renderFix(failing, process.stderr, undefined)).toContain('The command fails; no test was recognised');
  });

  it('holds templates alone to what is configured', async () => {
    using project = new AskedProject(FILES, { limits: { consults_per_workflow: 0 } });
    const report = await project.fix({ providers: ['embedded'] });
    expect(report).toMatchObject({ status: 'not_fixed', ended_by_budget: true });
    expect(report.stages.at(-1)!.summary).toBe('the budget of consults is used up');
    expect(report.why).toMatch(/^no candidate was tried; the budget ended it, not the search: no consult is left/);
    expect(report.advisors_left_out).toBeUndefined();
  });

  it('reports a model that fails, and carries on with the others', async () => {
    await using model = await chatModel(({ system, model: name }) => {
      if (name === 'model-one') return { status: 401 };
      return { text: isThinking(system) ? hypotheses('rounding') : RIGHT };
    });
    using project = new AskedProject(FILES, advisors(model.baseUrl, 'one', 'two'));
    const report = await project.fix({ providers: ['one', 'two'] });
    expect(report).toMatchObject({ status: 'fixed', winner: { provider: 'two' } });
    expect(report.advisor_failures![0]).toMatchObject({ provider: 'one', reason: 'not_logged_in' });
    expect(await project.events('consult_failed')).toMatchObject([{ provider: 'one' }, { provider: 'one' }]);
    expect(project.progress).toContainEqual(
      expect.objectContaining({
        kind: 'note',
        text: expect.stringMatching(/^one gave no usable answer \(not_logged_in\)/),
      }),
    );
  });

  it('says what keeps a patch from applying when it asks again', async () => {
    const stray = RIGHT.replaceAll('src/pages.js', 'src/nowhere.js');
    await using model = await chatModel(({ system, prompt }) => {
      if (isThinking(system)) return { text: hypotheses('rounding') };
      return { text: prompt.includes('could not be applied') ? RIGHT : stray };
    });
    using project = new AskedProject(FILES, advisors(model.baseUrl, 'one'));
    expect(await project.fix()).toMatchObject({ status: 'fixed' });
    expect(model.questions.at(-1)!.prompt).toContain('src/nowhere.js');
  });

  it('goes on without hypotheses that cannot be read, after asking once more', async () => {
    await using model = await chatModel(({ system }) => ({ text: isThinking(system) ? 'Probably rounding.' : RIGHT }));
    using project = new AskedProject(FILES, advisors(model.baseUrl, 'one'));
    const report = await project.fix();
    expect(report).toMatchObject({ status: 'fixed', advisor_failures: [{ provider: 'one', reason: 'bad_output' }] });
    expect(model.questions.filter(({ system }) => isThinking(system))).toHaveLength(2);
  });
});

/** One edit mends it: a template finds that at once. */
const EASY = {
  ...FILES,
  'src/pages.js': `export function pages(items, size) {
  if (size <= 0) throw new RangeError('size');
  return Math.floor(items / size);
}
`,
};

describe('templates beside models', () => {
  it('do not wait for a model that says nothing, and end its question when they have found a patch', async () => {
    await using model = await chatModel(() => 'hang');
    using project = new AskedProject(EASY, advisors(model.baseUrl, 'one'));
    const report = await project.fix({ providers: ['one', 'embedded'] });
    expect(report).toMatchObject({ status: 'fixed', winner: { provider: 'embedded' } });
    expect(await project.events('consult_failed')).toMatchObject([{ provider: 'one', reason: 'cancelled' }]);
    expect(report.stages[1]!.summary).toContain('templates go ahead');
  });

  it("do not starve a model's patch: it is tried when it arrives", async () => {
    await using model = await chatModel(({ system }) => ({
      text: isThinking(system) ? hypotheses('rounding') : RIGHT,
      delayMs: 200,
    }));
    using project = new AskedProject(FILES, advisors(model.baseUrl, 'one'));
    const report = await project.fix({ providers: ['one', 'embedded'], maxCandidates: 20_000 });
    expect(report).toMatchObject({ status: 'fixed' });
    const [selection] = await project.events('selection_made');
    expect(selection!.ranking.map(({ provider }) => provider)).toContain('one');
  });
});

describe('whom a fix run asks', () => {
  it('are those named: a name that nobody has is refused with those that there are', async () => {
    using project = new AskedProject(FILES, advisors('http://127.0.0.1:9/v1', 'one'));
    await expect(project.fix({ providers: ['embedded', 'oracle'] })).rejects.toMatchObject({
      code: 'usage',
      message: "there is no provider 'oracle'",
      remedy: expect.stringMatching(/one.*embedded/),
    });
  });

  it('is nobody but the templates unless named, whatever is configured, and the report says nothing of models', async () => {
    await using model = await chatModel(() => ({ text: RIGHT }));
    using project = new AskedProject(EASY, advisors(model.baseUrl, 'one'));
    const report = await project.fix({ providers: ['embedded'] });
    expect(report).toMatchObject({ status: 'fixed', winner: { provider: 'embedded' } });
    expect(report).not.toHaveProperty('advisor_failures');
    expect(model.questions).toHaveLength(0);
  });
});

describe('an interrupted run with models', () => {
  it('is taken up without asking again what was answered', async () => {
    const controller = new AbortController();
    await using model = await chatModel(({ system }, index) => {
      if (isThinking(system)) return { text: hypotheses('rounding') };
      if (index > 1) return { text: RIGHT };
      setTimeout(() => controller.abort(), 50);
      return 'hang';
    });
    using project = new AskedProject(FILES, advisors(model.baseUrl, 'one'));
    await expect(project.fix({}, controller.signal)).rejects.toMatchObject({ code: 'cancelled' });
    const report = await project.fix();
    expect(report).toMatchObject({ status: 'fixed', resumed: true, winner: { provider: 'one' } });
    expect(model.questions.filter(({ system }) => isThinking(system))).toHaveLength(1);
    expect(model.questions).toHaveLength(3);
  });
});
