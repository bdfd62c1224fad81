import { describe, expect, it } from 'vitest';
import type { ConsultAnswer } from '../../src/app/calls.ts';
import { advisor, calling, home, model, opened, repository } from './world.ts';

const LIMITS = { consults_per_stage: 20, consults_per_workflow: 20 };

async function world(answers: readonly string[]) {
  const server = await model(answers.map((text) => ({ text })));
  const other = await model([{ text: 'from another' }]);
  const advisors = [advisor(other, 'other'), advisor(server, 'local')];
  const env = home({ advisors, limits: LIMITS, pack_budget: 0, order: ['other', 'local'] });
  const root = repository();
  const maestro = await opened(env, root);
  return { maestro, server, env };
}

describe('a consult that continues another', () => {
  it('goes to the same advisor, with what was said so far', async () => {
    const { maestro, server } = await world(['it subtracts', 'use a plus']);
    const first = (await maestro.consult({ prompt: 'why?', provider: 'local' }, calling())) as ConsultAnswer;
    const second = await maestro.consult({ prompt: 'and then?', continue: first.run_id }, calling());
    expect(second).toMatchObject({ status: 'answered', provider: 'local', text: 'use a plus' });
    const said = server.asked()[1]!.body.messages.map(({ role, content }) => [role, content]);
    expect(said.slice(1)).toEqual([
      ['user', expect.stringContaining('why?')],
      ['assistant', 'it subtracts'],
      ['user', expect.stringContaining('and then?')],
    ]);
  });

  it('remembers the whole conversation, oldest first', async () => {
    const { maestro, server } = await world(['one', 'two', 'three']);
    let run: string | undefined;
    for (const prompt of ['a', 'b', 'c']) {
      const call = { prompt, provider: 'local', ...(run === undefined ? {} : { continue: run }) };
      run = ((await maestro.consult(call, calling())) as ConsultAnswer).run_id;
    }
    const roles = server.asked()[2]!.body.messages.slice(1);
    expect(roles.map(({ role }) => role)).toEqual(['user', 'assistant', 'user', 'assistant', 'user']);
    expect(roles.map(({ content }) => content).join(' ')).toMatch(/a.*one.*b.*two.*c/s);
  });

  it('is bounded: the oldest is left out, a long answer is cut', async () => {
    const { maestro, server } = await world(['x'.repeat(100_000), 'y'.repeat(50_000), 'short']);
    const one = (await maestro.consult({ prompt: 'a', provider: 'local' }, calling())) as ConsultAnswer;
    const two = (await maestro.consult({ prompt: 'b', continue: one.run_id }, calling())) as ConsultAnswer;
    await maestro.consult({ prompt: 'c', continue: two.run_id }, calling());
    const [, , third] = server.asked().map(({ body }) => JSON.stringify(body.messages));
    expect(third!.length).toBeLessThan(70_000);
    expect(third).toContain('yyy');
    expect(third).not.toContain('xxx');
    expect(JSON.stringify(server.asked()[1]!.body)).toContain('(cut here)');
  });

  it.each(['consult-nowhere', ''])('of a run that is none (%j) is refused before anything is asked', async (run) => {
    const { maestro, server } = await world(['one']);
    await expect(maestro.consult({ prompt: 'a', continue: run }, calling())).rejects.toMatchObject({
      code: 'usage',
      message: expect.stringContaining('no answered consult'),
    });
    expect(server.asked()).toEqual([]);
  });

  it('of another workspace is refused', async () => {
    const { maestro } = await world(['one']);
    const { run_id } = (await maestro.consult({ prompt: 'a', provider: 'local' }, calling())) as ConsultAnswer;
    const call = { prompt: 'b', continue: run_id, workspace: repository() };
    await expect(maestro.consult(call, calling())).rejects.toMatchObject({ code: 'usage' });
  });
});
