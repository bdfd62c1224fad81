import { describe, expect, it } from 'vitest';
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
