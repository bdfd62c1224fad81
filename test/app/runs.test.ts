import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import type { ConsultAnswer, EnsembleGenerated, Running } from '../../src/app/calls.ts';
import { openStore } from '../../src/store/open.ts';
import { prune } from '../../src/store/retention.ts';
import { startChild } from '../store/child-process.ts';
import { advisor, calling, home, model, opened, repository } from './world.ts';

const ASK = { prompt: 'why?', provider: 'local' };

/** A script that answers once it is let go. */
function held() {
  const gate = Promise.withResolvers<void>();
  const asked = Promise.withResolvers<void>();
  const script = async () => {
    asked.resolve();
    await gate.promise;
    return { text: 'at last' };
  };
  return { script, asked: asked.promise, letGo: () => gate.resolve() };
}

describe('an identical call', () => {
  it('is given the answer there is, pays nothing, and says so', async () => {
    const asked = await model([{ text: 'one' }, { text: 'two' }]);
    const maestro = await opened(home({ advisors: [advisor(asked)] }), repository());
    const first = (await maestro.consult(ASK, calling())) as ConsultAnswer;
    const second = (await maestro.consult(ASK, calling())) as ConsultAnswer;
    expect(second).toEqual({ ...first, reused: true });
    expect(asked.asked()).toHaveLength(1);
  });

  it('is given it by another process on the same state file, with the budget as it is by then', async () => {
    const asked = await model([{ text: 'one' }, { text: 'two' }]);
    const env = home({ advisors: [advisor(asked)] });
    const root = repository();
    const [one, other] = [await opened(env, root), await opened(env, root)];
    await one.consult(ASK, calling());
    await one.consult({ ...ASK, prompt: 'another' }, calling());
    expect(await other.consult(ASK, calling())).toMatchObject({
      status: 'answered',
      text: 'one',
      reused: true,
      budget: { used: { workflow: 2 }, left: { stage: 0 } },
    });
  });

  it('made at the same time is asked once, and both are answered', async () => {
    const { script, asked, letGo } = held();
    const server = await model(script);
    const env = home({ advisors: [advisor(server)] });
    const root = repository();
    const [one, other] = [await opened(env, root), await opened(env, root)];
    const calls = [one.consult(ASK, calling()), one.consult(ASK, calling()), other.consult(ASK, calling())];
    await asked;
    letGo();
    expect(await Promise.all(calls)).toMatchObject(Array(3).fill({ status: 'answered', text: 'at last' }));
    expect(server.asked()).toHaveLength(1);
  });

  it('is asked anew in another workflow, with another word in it, and after a failure', async () => {
    const server = await model((_, n) => (n === 0 ? { status: 500 } : { text: `answer ${n}` }));
    const config = { advisors: [advisor(server)], order: ['local'], limits: { consults_per_stage: 9 } };
    const maestro = await opened(home(config), repository());
    expect(await maestro.consult(ASK, calling())).toMatchObject({ status: 'failed' });
    const texts = new Set<string>();
    for (const call of [ASK, { ...ASK, prompt: 'why not?' }, { ...ASK, workspace: repository() }])
      texts.add(((await maestro.consult(call, calling())) as ConsultAnswer).text);
    expect(texts.size).toBe(3);
  });

  it('of an ensemble is given its candidates, but not those of one that has none', async () => {
    const server = await model((_, n) => (n < 2 ? { status: 500 } : { text: `answer ${n}` }));
    const config = { advisors: [advisor(server)], limits: { consults_per_stage: 9 } };
    const maestro = await opened(home(config), repository());
    const call = { task: 'think', kind: 'answer', providers: ['local'], n: 2 } as const;
    const [none, some, again] = [
      (await maestro.ensemble(call, calling())) as EnsembleGenerated,
      (await maestro.ensemble(call, calling())) as EnsembleGenerated,
      (await maestro.ensemble(call, calling())) as EnsembleGenerated,
    ];
    expect([none, some, again].map(({ candidates, reused }) => [candidates.length, reused])).toEqual([
      [0, false],
      [2, false],
      [2, true],
    ]);
    expect(none.next).toMatch(/^carry on alone/);
    expect(none.failures).toHaveLength(2);
  });
});

it('is asked anew once retention has dropped what was answered', async () => {
  const server = await model([{ text: 'one' }, { text: 'two' }]);
  const env = home({ advisors: [advisor(server)] });
  const maestro = await opened(env, repository());
  await maestro.consult(ASK, calling());
  await using store = await openStore(join(env.MAESTRO_HOME!, 'maestro.db'));
  await store.queries.updateTable('runs').set({ updated_at: 0 }).execute();
  expect(await prune(store)).toBe(1);
  expect(await maestro.consult(ASK, calling())).toMatchObject({ text: 'two', reused: false });
});

describe('a call that outlasts the patience of its host', () => {
  it('hands out the run, goes on, and is collected by its id', async () => {
    const { script, letGo } = held();
    const maestro = await opened(home({ advisors: [advisor(await model(script))] }), repository());
    const running = (await maestro.consult(ASK, calling({ patienceMs: 100 }))) as Running;
    expect(running).toMatchObject({ status: 'running', next: expect.stringContaining(running.run_id) });
    const meanwhile = await maestro.workflowState({ wait_for: running.run_id, wait_ms: 0 }, calling());
    expect(meanwhile.run).toMatchObject({ status: 'running', kind: 'consult', result: null });
    letGo();
    const state = await maestro.workflowState({ wait_for: running.run_id, wait_ms: 20_000 }, calling());
    expect(state.run).toMatchObject({ status: 'done', result: { status: 'answered', text: 'at last' } });
    expect(await maestro.runResult(running.run_id)).toMatchObject({ kind: 'consult', status: 'done' });
  });

  it('goes on although the call it came from is over', async () => {
    const { script, letGo } = held();
    const maestro = await opened(home({ advisors: [advisor(await model(script))] }), repository());
    const controller = new AbortController();
    const running = (await maestro.consult(ASK, calling({ patienceMs: 50, signal: controller.signal }))) as Running;
    controller.abort();
    letGo();
    const { run } = await maestro.workflowState({ wait_for: running.run_id, wait_ms: 20_000 }, calling());
    expect(run).toMatchObject({ status: 'done' });
  });

  it('is handed out again to who makes the same call meanwhile', async () => {
    const { script, letGo } = held();
    const maestro = await opened(home({ advisors: [advisor(await model(script))] }), repository());
    const first = (await maestro.consult(ASK, calling({ patienceMs: 50 }))) as Running;
    expect(await maestro.consult(ASK, calling({ patienceMs: 200 }))).toEqual(first);
    letGo();
    expect(await maestro.consult(ASK, calling())).toMatchObject({ status: 'answered', text: 'at last' });
  });

  it('is told of at least every ten seconds, in words', async () => {
    const { script, letGo } = held();
    const maestro = await opened(home({ advisors: [advisor(await model(script))] }), repository());
    const told: string[] = [];
    const progress = (message: string): void => {
      told.push(message);
      if (/\(\d+ s\)$/.test(message)) letGo();
    };
    await maestro.consult(ASK, calling({ progress }));
    expect(told.some((message) => message.includes('local'))).toBe(true);
  });
});

describe('an interrupted run', () => {
  it('ends with its call, and its question is dropped', async () => {
    const { script, asked } = held();
    const maestro = await opened(home({ advisors: [advisor(await model(script))] }), repository());
    const controller = new AbortController();
    const call = maestro.consult(ASK, calling({ signal: controller.signal }));
    await asked;
    controller.abort();
    await expect(call).rejects.toMatchObject({ code: 'cancelled' });
    expect((await maestro.workflowState({}, calling())).running).toEqual([]);
  });

  it('is resumed by the same call: what was under way is asked again and counted again, for it may have been paid', async () => {
    const server = await model((_, n) => (n === 0 ? { hang: 'before' } : { text: 'second try' }));
    const env = home({ advisors: [advisor(server)] });
    const root = repository();
    const maestro = await opened(env, root);
    const controller = new AbortController();
    const call = maestro.consult(ASK, calling({ signal: controller.signal }));
    while (server.asked().length === 0) await new Promise((resolve) => setTimeout(resolve, 10));
    controller.abort();
    await expect(call).rejects.toMatchObject({ code: 'cancelled' });
    expect(await maestro.consult(ASK, calling())).toMatchObject({ status: 'answered', text: 'second try' });
  });

  it('stops within its process when Maestro is closed, and is taken up by another one that waits for it', async () => {
    const server = await model((_, n) => (n === 0 ? { hang: 'before' } : { text: 'taken up' }));
    const env = home({ advisors: [advisor(server)], order: ['local'] });
    const root = repository();
    const first = await opened(env, root);
    const { run_id } = (await first.consult(ASK, calling({ patienceMs: 500 }))) as Running;
    while (server.asked().length === 0) await new Promise((resolve) => setTimeout(resolve, 10));
    await first[Symbol.asyncDispose]();
    const second = await opened(env, root);
    const { run } = await second.workflowState({ wait_for: run_id, wait_ms: 30_000 }, calling());
    expect(run).toMatchObject({ status: 'done', result: { status: 'answered', text: 'taken up' } });
  });

  it('whose process was killed is taken up too, but what may have been paid is not asked again', async () => {
    const server = await model((_, n) => (n === 0 ? { hang: 'before' } : { text: 'never' }));
    const env = home({ advisors: [advisor(server)], order: ['local'], pack_budget: 0 });
    const root = repository();
    const child = startChild(new URL('./consult-child.ts', import.meta.url), [root, 'p', '1', '0'], false, env);
    while (server.asked().length === 0) await new Promise((resolve) => setTimeout(resolve, 20));
    child.process.kill('SIGKILL');
    await child.ended;
    const maestro = await opened(env, root);
    const [orphan] = (await maestro.workflowState({}, calling())).running;
    const { run, budget } = await maestro.workflowState({ wait_for: orphan!.run_id, wait_ms: 50_000 }, calling());
    expect(run).toMatchObject({
      status: 'done',
      result: {
        status: 'failed',
        failures: [{ reason: 'crashed', detail: expect.stringContaining('not asked again') }],
      },
    });
    expect(server.asked()).toHaveLength(1);
    expect(budget).toMatchObject({ used: { workflow: 1 } });
  });
});

describe('a run', () => {
  it('that nobody knows is unknown, and has no result', async () => {
    const maestro = await opened(home(), repository());
    expect((await maestro.workflowState({ wait_for: 'consult-0' }, calling())).run).toMatchObject({
      status: 'unknown',
    });
    expect(await maestro.runResult('consult-0')).toBeNull();
  });
});
