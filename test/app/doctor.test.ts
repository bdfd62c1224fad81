import { mkdirSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { examine } from '../../src/app/doctor.ts';
import type { AdvisorCheck } from '../../src/app/doctor-advisors.ts';
import { chatModel } from '../models/chat-model.ts';
import { AskedProject, advisors } from './asked-project.ts';

const NOWHERE = 'http://127.0.0.1:9/v1';

async function advisorsOf(project: AskedProject, deep = false): Promise<Map<string, AdvisorCheck>> {
  const surroundings = { env: project.env, cwd: project.root, signal: new AbortController().signal };
  const { checks } = await examine(surroundings, deep);
  return new Map(checks.flatMap((check) => ('advisor' in check ? [[check.advisor.id, check]] : [])));
}

describe('the doctor', () => {
  it('looks at every provider, and at each advisor of the configuration under its own name', async () => {
    using project = new AskedProject({ 'a.js': '' }, advisors(NOWHERE, 'mine'));
    const found = await advisorsOf(project);
    expect([...found.keys()]).toEqual(expect.arrayContaining(['mine', 'embedded', 'openai', 'anthropic', 'google']));
    for (const { advisor, detail } of found.values()) {
      expect(advisor.held_by).not.toBe('');
      expect(detail).not.toMatch(/\n/);
      expect(advisor.answer).toBeNull();
    }
    expect(found.get('embedded')).toMatchObject({ holds: 'yes', advisor: { form: 'embedded', ready: true } });
    expect(found.get('mine')).toMatchObject({ advisor: { provider: 'openai-compatible', model: 'model-mine' } });
  });

  it('says what is missing and what to do about it', async () => {
    using project = new AskedProject({ 'a.js': '' }, {});
    const found = await advisorsOf(project);
    expect(found.get('openai')).toMatchObject({
      holds: 'no',
      remedy: expect.stringMatching(/\w/),
      advisor: { ready: false },
    });
  });

  it('asks nobody anything, unless it is to look deep', async () => {
    await using model = await chatModel(() => ({ text: 'pong' }));
    using project = new AskedProject({ 'a.js': '' }, advisors(model.baseUrl, 'mine'));
    await advisorsOf(project);
    expect(model.questions).toHaveLength(0);
    const { advisor, detail } = (await advisorsOf(project, true)).get('mine')!;
    expect(model.questions.map(({ model: name }) => name)).toEqual(['model-mine']);
    expect(advisor.answer).toMatchObject({ ok: true, text: 'pong' });
    expect(detail).toMatch(/answered in \d+ ms/);
  });

  it('puts the real question on the ledger like every other, each time anew', async () => {
    await using model = await chatModel(() => ({ text: 'pong' }));
    using project = new AskedProject({ 'a.js': '' }, advisors(model.baseUrl, 'mine', 'yours'));
    for (let time = 0; time < 3; time++) await advisorsOf(project, true);
    expect(model.questions).toHaveLength(6);
    const asked = await project.events('consult_answered');
    expect(asked.map(({ provider }) => provider).toSorted()).toEqual([
      ...Array(3).fill('mine'),
      ...Array(3).fill('yours'),
    ]);
    expect(await project.events('workflow_opened')).toEqual([]);
  });

  it('asks with instructions, without which some programs do not start', async () => {
    await using model = await chatModel(() => ({ text: 'pong' }));
    using project = new AskedProject({ 'a.js': '' }, advisors(model.baseUrl, 'mine'));
    await advisorsOf(project, true);
    expect(model.questions[0]!.system).toMatch(/You have no tools/);
  });

  it('asks nobody where it could not be recorded, and says why', async () => {
    await using model = await chatModel(() => ({ text: 'pong' }));
    using project = new AskedProject({ 'a.js': '' }, advisors(model.baseUrl, 'mine'));
    mkdirSync(project.database, { recursive: true });
    const surroundings = { env: project.env, cwd: project.root, signal: new AbortController().signal };
    const { checks } = await examine(surroundings, true);
    expect(checks.find(({ name }) => name === 'state')).toMatchObject({ holds: 'no', remedy: expect.any(String) });
    expect(model.questions).toHaveLength(0);
  });

  it('tells of an advisor that is there and does not answer, with the remedy', async () => {
    await using model = await chatModel(() => ({ status: 401 }));
    using project = new AskedProject({ 'a.js': '' }, advisors(model.baseUrl, 'mine'));
    const found = (await advisorsOf(project, true)).get('mine')!;
    expect(found).toMatchObject({ holds: 'no', advisor: { reason: 'not_logged_in', answer: { ok: false } } });
    expect(found.remedy).toMatch(/\w/);
  });

  it('prints no key, wherever one may stand', async () => {
    const key = 'sk-proj-Zx81Qm4kTn7Rb2Wd9Yc6Hp3Lv5Ja0Gs8Fe1Uo4Iq';
    await using model = await chatModel(() => ({ text: `your key is ${key}` }));
    const config = advisors(model.baseUrl, 'mine');
    using project = new AskedProject({ 'a.js': '' }, config, { OPENAI_API_KEY: key });
    const found = await advisorsOf(project, true);
    expect(JSON.stringify(found.get('mine'))).not.toContain(key);
    expect(JSON.stringify([...found.values()])).not.toContain(key);
  });

  it('refuses a configuration that is wrong, naming the place', async () => {
    using project = new AskedProject({ 'a.js': '' }, { advisors: [{ provider: 'nobody' }] });
    await expect(advisorsOf(project)).rejects.toMatchObject({ code: 'bad_config' });
  });
});
