import { open } from 'node:fs/promises';
import { sql } from 'kysely';
import { beforeEach, describe, expect, it, vi } from 'vitest';
import { MaestroError } from '../../src/domain/errors.ts';
import type { NewEvent, Run } from '../../src/domain/ports.ts';
import { createEngine, type Engine } from '../../src/engine/local.ts';
import { type OpenLog, putting } from '../../src/store/disk.ts';
import { readEvents } from '../../src/store/events.ts';
import { openStore, type Store } from '../../src/store/open.ts';
import { engineOn, heldFlow, mark, SPEC } from './engines.ts';

describe('the engine', () => {
  let engine: Engine;
  let store: Store;
  beforeEach(async () => {
    ({ engine, store } = await engineOn());
  });
  const events = async () => (await readEvents(store.queries)).map(({ type, payload }) => ({ type, payload }));
  /** Runs two steps and then fails as told; says which of them were executed. */
  const twoSteps = (executed: string[], end: () => unknown) => async (run: Run) => {
    for (const name of ['one', 'two'])
      await run.step(name, async (record) => {
        executed.push(name);
        record(mark(executed.length));
        return name;
      });
    return end();
  };

  it('runs a flow and hands back its result, with its events around those of its steps', async () => {
    const finished = await engine.start(SPEC, async (run) => ({
      said: await run.step('ask', async (record) => {
        record(mark(7));
        return 'yes';
      }),
    }));
    expect(finished).toEqual({
      id: expect.stringMatching(/^fix-[0-9a-f]{12}$/),
      result: { said: 'yes' },
      resumed: false,
      stepsReused: 0,
    });
    expect(await events()).toEqual([
      { type: 'run_started', payload: { kind: 'fix', attempt: 1, resumed: false } },
      mark(7),
      { type: 'run_finished', payload: { status: 'done', error: null } },
    ]);
  });

  it('records what a run was for, what came of it, and that nobody works on it any more', async () => {
    const { id } = await engine.start(SPEC, async (run) => run.step('a', async () => 5));
    expect(await engine.find(id)).toMatchObject({
      ...SPEC,
      id,
      workflowId: id,
      status: 'done',
      result: 5,
      error: null,
      pid: null,
      stepsCommitted: 1,
    });
    expect(await engine.find('fix-none')).toBeNull();
  });

  it('names the process that works on a run while it does', async () => {
    const { flow, begun, letGo } = heldFlow();
    const running = engine.start(SPEC, flow);
    const { id } = await begun;
    expect(await engine.find(id)).toMatchObject({ status: 'running', pid: process.pid, stepsCommitted: 0 });
    letGo();
    await running;
  });

  it('begins a new run, with a suffix, when the one of the same key is finished', async () => {
    const executed: string[] = [];
    const first = await engine.start(
      SPEC,
      twoSteps(executed, () => 1),
    );
    const second = await engine.start(
      SPEC,
      twoSteps(executed, () => 2),
    );
    const third = await engine.start(
      SPEC,
      twoSteps(executed, () => 3),
    );
    expect([second.id, third.id]).toEqual([`${first.id}-2`, `${first.id}-3`]);
    expect(second).toMatchObject({ result: 2, resumed: false, stepsReused: 0 });
    expect(executed).toHaveLength(6);
  });

  it('tells runs of another key, kind or workspace apart', async () => {
    const flow = async () => null;
    const ids = [SPEC, { ...SPEC, key: 'x' }, { ...SPEC, kind: 'x' }, { ...SPEC, workspace: '/x' }].map(
      async (spec) => (await engine.start(spec, flow)).id,
    );
    expect(new Set(await Promise.all(ids)).size).toBe(4);
  });

  it('lists runs newest first, by workspace, workflow and status', async () => {
    await engine.start({ ...SPEC, workflowId: 'w' }, async () => 1);
    await expect(engine.start({ ...SPEC, key: 'b' }, async () => Promise.reject(new Error('no')))).rejects.toThrow(
      'no',
    );
    await engine.start({ ...SPEC, key: 'c', workspace: '/q' }, async () => 1);
    const keys = async (filter: Parameters<Engine['list']>[0]) => (await engine.list(filter)).map(({ key }) => key);
    expect(await keys({})).toEqual(expect.arrayContaining(['k', 'b', 'c']));
    expect((await keys({ workspace: '/p' })).sort()).toEqual(['b', 'k']);
    expect(await keys({ workflowId: 'w' })).toEqual(['k']);
    expect(await keys({ status: 'failed' })).toEqual(['b']);
    expect(await keys({ limit: 1 })).toHaveLength(1);
  });

  it('fails a run with the error of its flow, and begins afresh the next time', async () => {
    const executed: string[] = [];
    const broken = new MaestroError('tests_cannot_start', 'no tests here', 'write some');
    await expect(
      engine.start(
        SPEC,
        twoSteps(executed, () => Promise.reject(broken)),
      ),
    ).rejects.toBe(broken);
    expect((await engine.list({}))[0]).toMatchObject({ status: 'failed', error: 'no tests here' });
    expect((await events()).at(-1)).toEqual({
      type: 'run_finished',
      payload: { status: 'failed', error: 'tests_cannot_start' },
    });
    expect(
      await engine.start(
        SPEC,
        twoSteps(executed, () => 1),
      ),
    ).toMatchObject({ resumed: false, stepsReused: 0 });
    expect(executed).toEqual(['one', 'two', 'one', 'two']);
  });

  it.each(['disk_full', 'store_busy', 'store_unwritable'] as const)('resumes a run that %s ended', async (code) => {
    const executed: string[] = [];
    const full = new MaestroError(code, 'it will pass', 'wait');
    await expect(
      engine.start(
        SPEC,
        twoSteps(executed, () => Promise.reject(full)),
      ),
    ).rejects.toBe(full);
    expect(
      await engine.start(
        SPEC,
        twoSteps(executed, () => 1),
      ),
    ).toMatchObject({ resumed: true, stepsReused: 2 });
    expect(executed).toEqual(['one', 'two']);
  });

  it('keeps no event of a step that failed', async () => {
    const flow = (run: Run) =>
      run.step('a', async (record) => {
        record(mark(1));
        throw new Error('no');
      });
    await expect(engine.start(SPEC, flow)).rejects.toThrow('no');
    expect((await events()).map(({ type }) => type)).toEqual(['run_started', 'run_finished']);
  });

  it('refuses two steps of one name in one execution: a defect of the flow', async () => {
    const flow = async (run: Run) => {
      await run.step('same', async () => 1);
      await run.step('same', async () => 2);
    };
    await expect(engine.start(SPEC, flow)).rejects.toThrow("has two steps named 'same'");
  });

  it('runs steps side by side when the flow does', async () => {
    const flow = (run: Run) =>
      Promise.all(
        [1, 2, 3].map((n) =>
          run.step(`s${n}`, async (record) => {
            record(mark(n));
            return n;
          }),
        ),
      );
    expect((await engine.start(SPEC, flow)).result).toEqual([1, 2, 3]);
    expect(await events()).toHaveLength(5);
  });

  it.each([
    ['a step', (run: Run) => run.step('a', async () => new Date())],
    ['the run', async () => new Map()],
  ])('refuses a result of %s that is not JSON', async (_, flow) => {
    await expect(engine.start<unknown>(SPEC, flow)).rejects.toThrow('is not JSON');
    expect((await engine.list({}))[0]).toMatchObject({ status: 'failed' });
  });

  it('refuses a request that is not JSON, and begins no run', async () => {
    await expect(engine.start({ ...SPEC, request: { n: 1n } }, async () => 1)).rejects.toThrow(
      'the request is not JSON',
    );
    expect(await engine.list({})).toEqual([]);
  });

  it('gives a step the same value the first time as after a resume', async () => {
    const seen: unknown[] = [];
    const flow = (end: () => Promise<number>) => async (run: Run) => {
      seen.push(
        await run.step('a', async () => ({ kept: 1, dropped: undefined })),
        await run.step('nothing', async () => {}),
      );
      return end();
    };
    const full = new MaestroError('disk_full', 'x', 'y');
    await expect(
      engine.start(
        SPEC,
        flow(() => Promise.reject(full)),
      ),
    ).rejects.toBe(full);
    await engine.start(
      SPEC,
      flow(async () => 1),
    );
    expect(seen).toStrictEqual([{ kept: 1 }, null, { kept: 1 }, null]);
  });

  it('refuses an event that is recorded when its step is over, rather than lose it', async () => {
    const flow = async (run: Run) => {
      let late: ((event: typeof EVENT) => void) | undefined;
      await run.step('a', async (record) => {
        late = record;
      });
      late?.(EVENT);
    };
    const EVENT = mark(1);
    await expect(engine.start(SPEC, flow)).rejects.toThrow(TypeError);
  });

  it('begins no two runs of one key, however many start at once', async () => {
    const { flow, begun, letGo } = heldFlow();
    const starts = Array.from({ length: 8 }, () => engine.start(SPEC, flow));
    const refused = Promise.allSettled(starts);
    const { id } = await begun;
    await expect(engine.start(SPEC, flow)).rejects.toMatchObject({
      code: 'already_running',
      message: `run ${id} is already being worked on by process ${process.pid}`,
    });
    letGo();
    const outcomes = await refused;
    expect(outcomes.filter(({ status }) => status === 'fulfilled')).toHaveLength(1);
    expect(await engine.list({})).toHaveLength(1);
  });
});

describe('an interrupted run', () => {
  it('stops, says how to go on, and resumes with what it had committed', async () => {
    const { engine, store } = await engineOn();
    const cancel = new AbortController();
    const executed: string[] = [];
    const { flow, begun } = heldFlow();
    const before = (run: Run) => run.step('before', async () => executed.push('before'));
    const interrupted = engine.start({ ...SPEC, signal: cancel.signal }, async (run) => {
      await before(run);
      return flow(run);
    });
    const { id } = await begun;
    cancel.abort();
    await expect(interrupted).rejects.toMatchObject({
      code: 'cancelled',
      message: `run ${id} was interrupted`,
      remedy: 'run the same command again to resume it',
    });
    expect(await engine.find(id)).toMatchObject({ status: 'cancelled', pid: null, attempts: 0, stepsCommitted: 1 });
    const again = await engine.start(SPEC, async (run) => {
      await before(run);
      return 'done';
    });
    expect(again).toEqual({ id, result: 'done', resumed: true, stepsReused: 1 });
    expect(executed).toEqual(['before']);
    expect((await readEvents(store.queries)).map(({ type }) => type)).toEqual([
      'run_started',
      'run_finished',
      'run_started',
      'run_finished',
    ]);
  });

  it('begins no further step, but keeps the one that was finished meanwhile', async () => {
    const { engine } = await engineOn();
    const cancel = new AbortController();
    const executed: string[] = [];
    const flow = async (run: Run) => {
      await run.step('paid for', async () => {
        cancel.abort();
        executed.push('paid for');
      });
      await run.step('next', async () => executed.push('next'));
    };
    await expect(engine.start({ ...SPEC, signal: cancel.signal }, flow)).rejects.toMatchObject({ code: 'cancelled' });
    expect(executed).toEqual(['paid for']);
    expect((await engine.list({}))[0]).toMatchObject({ stepsCommitted: 1 });
  });

  it('that finished all the same is done', async () => {
    const { engine } = await engineOn();
    const signal = AbortSignal.abort();
    expect(await engine.start({ ...SPEC, signal }, async () => 1)).toMatchObject({ result: 1 });
  });

  it('may be interrupted any number of times: only crashes count as attempts', async () => {
    const { engine } = await engineOn(undefined, { maxAttempts: 2 });
    const flow = (run: Run) => run.step('a', async () => 1);
    for (let n = 0; n < 4; n++)
      await expect(engine.start({ ...SPEC, signal: AbortSignal.abort() }, flow)).rejects.toMatchObject({
        code: 'cancelled',
      });
    expect(await engine.start(SPEC, flow)).toMatchObject({ result: 1, resumed: true });
  });
});

describe('what a loss of power may undo', () => {
  const ruled: NewEvent = {
    type: 'policy_decided',
    payload: { subject: 'consult', decision: 'allow', rule: 'budget', reason: 'there is room', forced: false },
  };
  const step = (run: Run, name: string, events: readonly NewEvent[]) =>
    run.step(name, async (record) => {
      for (const event of events) record(event);
    });
  const steps = async (run: Run) => {
    await step(run, 'nothing', []);
    await step(run, 'seen', [mark(1)]);
    await step(run, 'ruled', [ruled]);
    await step(run, 'both', [ruled, mark(2)]);
  };
  /** An engine with this under its log. */
  const over = (store: Store, flush: () => Promise<void>) =>
    createEngine({
      ...store,
      disk: { put: putting({ now: flush, meanwhile: flush }), close: async () => undefined },
    });
  const committed = async (store: Store) =>
    (await store.queries.selectFrom('steps').select('name').orderBy('committed_at').execute()).map(({ name }) => name);

  it('is a step that recorded nothing, or only what the rules say: never one that asked, answered or observed', async () => {
    const { store } = await engineOn();
    const flushed: string[] = [];
    await over(store, async () => void flushed.push((await committed(store)).at(-1)!)).start(SPEC, steps);
    expect(flushed).toEqual(['seen', 'both']);
  });

  it('is no step that another was begun after: the disk has it before its flow goes on', async () => {
    const { store } = await engineOn();
    const disk = Promise.withResolvers<void>();
    const reached: string[] = [];
    const done = over(store, () => disk.promise).start(SPEC, async (run) => {
      await step(run, 'paid', [mark(1)]);
      reached.push('asked');
    });
    await vi.waitFor(async () => expect(await committed(store)).toEqual(['paid']));
    expect(reached).toEqual([]);
    disk.resolve();
    await done;
    expect(reached).toEqual(['asked']);
  });

  it('leaves a run that can be resumed where the disk refuses', async () => {
    const { engine, store } = await engineOn();
    const full = new MaestroError('disk_full', 'no space left', 'free some');
    await expect(over(store, () => Promise.reject(full)).start(SPEC, steps)).rejects.toBe(full);
    expect(await engine.start(SPEC, steps)).toMatchObject({ resumed: true, stepsReused: 2 });
  });

  it.each(['EIO', 'EMFILE', 'ENOENT', 'ENOSPC'])(
    'asks nothing again that was answered when the disk said %s',
    async (code) => {
      const { file } = await engineOn().then(({ store }) => store);
      let refuses = true;
      const openLog: OpenLog = async (path, flags) => {
        const log = await open(path, flags);
        return {
          // The number of no open file is refused by the system itself.
          get fd() {
            return refuses ? -1 : log.fd;
          },
          datasync: () => (refuses ? Promise.reject(Object.assign(new Error(code), { code })) : log.datasync()),
          close: () => log.close(),
        };
      };
      await using store = await openStore(file, openLog);
      const engine = createEngine(store);
      const asked: string[] = [];
      const ask = (run: Run, name: string) =>
        run.step(name, async (record) => {
          asked.push(name);
          record(mark(1));
          return name;
        });
      const flow = (run: Run) => Promise.all([ask(run, 'a'), ask(run, 'b')]);
      await expect(engine.start(SPEC, flow)).rejects.toMatchObject({
        code: expect.stringMatching(/^(disk_full|store_unwritable)$/),
      });
      refuses = false;
      expect(await engine.start(SPEC, flow)).toMatchObject({ resumed: true, stepsReused: 2, result: ['a', 'b'] });
      expect(asked).toEqual(['a', 'b']);
    },
  );

  it('is the same where each transaction has to wait for the disk by itself', async () => {
    const { store } = await engineOn();
    await sql`create table levels (name text, level integer)`.execute(store.queries);
    await sql`create trigger noted after insert on steps begin
      insert into levels select new.name, synchronous from pragma_synchronous; end`.execute(store.queries);
    await createEngine({ ...store, disk: null }).start(SPEC, steps);
    const { rows } = await sql<{ name: string; level: number }>`select name, level from levels`.execute(store.queries);
    const levels = Object.fromEntries(rows.map(({ name, level }) => [name, level]));
    expect(levels).toEqual({ nothing: 1, seen: 2, ruled: 1, both: 2 });
  });
});
