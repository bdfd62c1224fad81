import { describe, expect, it } from 'vitest';
import type { ConsultAnswer } from '../../src/app/calls.ts';
import { advisor, calling, home, model, opened, repository } from './world.ts';

describe('a consult', () => {
  it('is answered by the advisor that was named, with what it used and what is left of the budget', async () => {
    const asked = await model([{ text: 'It subtracts. <b>add</b> should add.' }]);
    const maestro = await opened(home({ advisors: [advisor(asked)] }), repository());
    const result = await maestro.consult({ prompt: 'Why does add fail?', provider: 'local' }, calling());
    expect(result).toMatchObject({
      status: 'answered',
      text: 'It subtracts. <b>add</b> should add.',
      provider: 'local',
      usage: { input_tokens: 1000, output_tokens: 50 },
      truncated: false,
      reused: false,
      failures: [],
      budget: { used: { stage: 1, workflow: 1 }, left: { stage: 1, workflow: 5 } },
    });
  });

  it('sends the code that the question is about along with it, after a heading', async () => {
    const asked = await model([{ text: 'ok' }]);
    const maestro = await opened(home({ advisors: [advisor(asked)] }), repository());
    await maestro.consult({ prompt: '/help why does add fail?', provider: 'local', files: ['src/add.js'] }, calling());
    const [system, user] = asked.asked()[0]!.body.messages;
    expect(system!.content).toContain('second opinion');
    expect(user!.content).toMatch(/^# Question\n\/help why does add fail\?/);
    expect(user!.content).toContain('return a - b;');
  });

  it('is answered by templates when the embedded advisor is asked', async () => {
    const maestro = await opened(home(), repository());
    const result = await maestro.consult(
      { prompt: 'why?', provider: 'embedded', errors: ['not ok 1 - adds\n  at src/add.js:2:10'] },
      calling(),
    );
    expect(result).toMatchObject({ status: 'answered', provider: 'embedded', usage: { cost_usd: 0 } });
    expect((result as { text: string }).text).toContain('src/add.js:2');
  });
});

describe('whom a consult asks', () => {
  it('falls back along the configured order, and names what failed, with its remedy', async () => {
    const [broken, works] = [await model([{ status: 401 }]), await model([{ text: 'here' }])];
    const advisors = [advisor(broken, 'first'), advisor(works, 'second')];
    const maestro = await opened(home({ advisors, order: ['first', 'second'] }), repository());
    const result = await maestro.consult({ prompt: 'why?' }, calling());
    expect(result).toMatchObject({
      status: 'answered',
      provider: 'second',
      failures: [{ provider: 'first', reason: 'not_logged_in' }],
      budget: { used: { workflow: 1 } },
    });
    expect((result as ConsultAnswer).failures[0]!.remedy).not.toBe('');
  });

  it('is told to carry on alone when nobody answers, with what would help', async () => {
    const broken = await model([{ status: 401 }]);
    const maestro = await opened(home({ advisors: [advisor(broken)], order: ['local'] }), repository());
    const result = await maestro.consult({ prompt: 'why?' }, calling());
    expect(result).toMatchObject({ status: 'failed', budget: { used: { workflow: 0 } } });
    expect((result as { next: string }).next).toMatch(/^carry on alone .* What would help: local: /);
  });

  it('without a word from anybody is the first that can be asked: a model that is configured before templates', async () => {
    const server = await model([{ text: 'here' }]);
    const maestro = await opened({ ...home({ advisors: [advisor(server)] }), PATH: '/nowhere' }, repository());
    const result = await maestro.consult({ prompt: 'why?' }, calling());
    expect(result).toMatchObject({ status: 'answered', provider: 'local', failures: [] });
  });

  it('is templates where there is nothing else', async () => {
    const env = { ...home(), PATH: '/nowhere' };
    const maestro = await opened(env, repository());
    expect(await maestro.consult({ prompt: 'why?' }, calling())).toMatchObject({ provider: 'embedded', failures: [] });
  });

  it.each([
    ['a provider', { provider: 'oracle' }, "there is no provider 'oracle'"],
    ['a role', { role: 'judge' }, "there is no role 'judge'"],
    ['a workflow', { workflow_id: 'w-none' }, 'there is no workflow w-none'],
    ['a workspace', { workspace: '/nowhere/at/all' }, 'there is no folder'],
    ['a question', { prompt: ' \n' }, 'prompt is empty'],
    ['a question that anybody could read', { prompt: 'x'.repeat(300_001) }, 'at most 300000'],
  ])('must be %s that there is', async (_, call, message) => {
    const maestro = await opened(home(), repository());
    const consult = maestro.consult({ prompt: 'why?', ...(call as object) }, calling());
    await expect(consult).rejects.toMatchObject({ message: expect.stringContaining(message) });
  });
});

describe('what a consult says', () => {
  it('takes a role: its system prompt, and its form, asked for once more when it is not kept', async () => {
    const hypotheses = { hypotheses: [{ id: 'h1', claim: 'x', verification_test: 'y', confidence: 0.5 }] };
    const server = await model([{ text: 'just prose' }, { text: JSON.stringify(hypotheses) }]);
    const maestro = await opened(home({ advisors: [advisor(server)] }), repository());
    const call = { prompt: 'why?', provider: 'local', role: 'hypothesis_scientist' } as const;
    expect(await maestro.consult(call, calling())).toMatchObject({
      status: 'answered',
      text: JSON.stringify(hypotheses),
      budget: { used: { workflow: 2 } },
    });
    const [first, second] = server.asked().map(({ body }) => body.messages);
    expect(first![0]!.content).toContain('competing hypotheses');
    expect(second![1]!.content).toContain('# Answer again');
  });

  it('takes long outputs, cut in their middle, and sends no secret along', async () => {
    const token = 'ghp_16C7e42F292c6912E7710c838347Ae178B4a';
    const server = await model([{ text: 'ok' }]);
    const maestro = await opened(home({ advisors: [advisor(server)] }), repository());
    const errors = [`begin ${token}\n${'x y\n'.repeat(200_000)}the end\n`];
    await maestro.consult({ prompt: `is ${token} it?`, provider: 'local', errors }, calling());
    expect(JSON.stringify(server.asked()[0]!.body)).not.toContain(token);
  });
});

describe('the rules', () => {
  it('refuse a consult when the stage has had its two, saying which rule, what is left, and what next', async () => {
    const server = await model([{ text: 'ok' }]);
    const maestro = await opened(home({ advisors: [advisor(server)] }), repository());
    for (const prompt of ['a', 'b']) await maestro.consult({ prompt, provider: 'local' }, calling());
    expect(await maestro.consult({ prompt: 'c', provider: 'local' }, calling())).toMatchObject({
      status: 'refused',
      rule: 'stage_budget',
      reason: '1 asked for, 0 left in this stage',
      next: expect.stringContaining('carry on alone'),
      budget: { left: { stage: 0, workflow: 4 } },
    });
    expect(server.asked()).toHaveLength(2);
  });

  it('look at the stage the workflow is in, whatever stage the call names', async () => {
    const server = await model([{ text: 'ok' }]);
    const limits = { consults_per_stage: 9, consults_per_workflow: 9 };
    const maestro = await opened(home({ advisors: [advisor(server)], limits }), repository());
    const ask = { prompt: 'a', provider: 'local', stage: 'debug' } as const;
    expect(await maestro.consult(ask, calling())).toMatchObject({ status: 'refused', rule: 'too_early' });
    await maestro.runStage({ stage: 'analyze', task: 'mend add' }, calling());
    expect(await maestro.consult(ask, calling())).toMatchObject({ status: 'answered' });
  });

  it('are tightened by a project', async () => {
    const server = await model([{ text: 'ok' }]);
    const root = repository({ 'a.js': '1', 'maestro.config.jsonc': '{ "limits": { "consults_per_workflow": 0 } }' });
    const maestro = await opened(home({ advisors: [advisor(server)] }), root);
    expect(await maestro.consult({ prompt: 'a', provider: 'local' }, calling())).toMatchObject({
      status: 'refused',
      rule: 'workflow_budget',
    });
  });
});
