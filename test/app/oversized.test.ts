import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import type { StageVerdict } from '../../src/app/calls.ts';
import { OUTPUTS } from '../domain/story.ts';
import { calling, home, opened, repository } from './world.ts';

const WIDE = '页';

describe('as much as the tools take', () => {
  it('is taken of a task, of what tests said and of an output, in letters of three bytes', async () => {
    const maestro = await opened(home({ order: ['embedded'] }), repository());
    const task = WIDE.repeat(200_000);
    const test_result = { status: 'failed', summary: `${WIDE.repeat(99_990)}the end` } as const;
    const opening = await maestro.runStage({ stage: 'analyze', task, test_result }, calling());
    expect(opening).toMatchObject({ status: 'opened', tests_basis: 'reported' });
    expect((await maestro.runStage({ stage: 'analyze', task }, calling())).workflow_id).toBe(opening.workflow_id);
    const output = { ...OUTPUTS.analyze, observations: [WIDE.repeat(31_000)] };
    const handed = (await maestro.runStage({ stage: 'analyze', output }, calling())) as StageVerdict;
    expect(handed).toMatchObject({ status: 'accepted', next_stage: 'hypothesize' });
    const state = await maestro.workflowState({}, calling());
    expect(JSON.stringify(state).length).toBeLessThan(20_000);
  });

  it('is taken of a question that begins the work, with outputs and files', async () => {
    const maestro = await opened(home({ order: ['embedded'], pack_budget: 0 }), repository());
    const call = {
      prompt: WIDE.repeat(199_999),
      errors: Array.from({ length: 20 }, () => WIDE.repeat(100_000)),
      files: Array.from({ length: 200 }, (_, index) => `${index}${WIDE.repeat(4_000)}`),
    };
    expect(await maestro.consult(call, calling())).toMatchObject({ status: 'answered' });
  });

  it('is taken of candidates with whole files; more is refused in a line', async () => {
    const maestro = await opened(home(), repository());
    const candidates = (size: number) =>
      ['a', 'b'].map((id) => ({ id, files: { 'src/add.js': `// ${id}${WIDE.repeat(size)}\n` } }));
    const test_results = [{ id: 'a', passed: ['t'], failed: [] }];
    const chosen = await maestro.select({ candidates: candidates(1_000_000), test_results }, calling());
    expect(chosen).toMatchObject({ status: 'selected', winner: 'a' });
    await expect(maestro.select({ candidates: candidates(5_000_000), test_results }, calling())).rejects.toMatchObject({
      code: 'bad_candidates',
      message: expect.stringMatching(/^the candidates have 100\d+ characters together, at most 10000000 are taken$/),
    });
  });

  it('does not hold a NUL in a command', async () => {
    const maestro = await opened(home(), repository());
    for (const name of ['test_command', 'lint_command', 'probe_command'])
      await expect(
        maestro.select({ candidates: [{ id: 'a', text: 'x' }], [name]: 'node\0x' }, calling()),
      ).rejects.toMatchObject({ code: 'usage', message: `${name} holds a NUL, which no command can` });
  });
});

describe('what a host hands in', () => {
  it('is kept without secrets: the task, what tests said, and every part of an output', async () => {
    const env = home({ order: ['embedded'] });
    const key = ['sk-ant-api03-', 'Zz9Yy8Xx7'.repeat(11)].join('');
    const maestro = await opened(env, repository());
    const output = { ...OUTPUTS.analyze, observations: ['fine', `it sends ${key}`] };
    const test_result = { status: 'failed', summary: `401 for ${key}` } as const;
    await maestro.runStage({ stage: 'analyze', task: `mend ${key}`, test_result }, calling());
    const handed = await maestro.runStage({ stage: 'analyze', output }, calling());
    expect(handed.status).toBe('accepted');
    expect(await maestro.runStage({ stage: 'analyze', output }, calling())).toEqual(handed);
    await maestro[Symbol.asyncDispose]();
    for (const name of ['maestro.db', 'maestro.db-wal']) {
      const file = join(env.MAESTRO_HOME!, name);
      expect(readable(file)).not.toContain(key);
    }
  });
});

function readable(file: string): string {
  try {
    return readFileSync(file, 'latin1');
  } catch {
    return '';
  }
}
