import { setTimeout as sleep } from 'node:timers/promises';
import { describe, expect, it } from 'vitest';
import type { Run } from '../../src/domain/ports.ts';
import { readEvents } from '../../src/store/events.ts';
import { startChild } from '../store/child-process.ts';
import { stateFile } from '../store/state-file.ts';
import { engineOn, heldFlow, mark, SPEC } from './engines.ts';

const HOUR = 60 * 60 * 1000;
/** Never renews by itself: as if the process did not get to run. */
const SILENT = { leaseMs: 200, heartbeatMs: 100_000 };
const EAGER = { leaseMs: 200, heartbeatMs: 20 };
const finish = async (): Promise<string> => 'adopted';

describe('a lease', () => {
  it('is renewed while the owner lives, however long its step takes', async () => {
    const file = stateFile();
    const [one, two] = [await engineOn(file, EAGER), await engineOn(file, EAGER)];
    const { flow, begun, letGo } = heldFlow();
    const running = one.engine.start(SPEC, flow);
    await begun;
    await sleep(500);
    await expect(two.engine.start(SPEC, finish)).rejects.toMatchObject({ code: 'already_running' });
    letGo();
    expect(await running).toMatchObject({ result: 'let go' });
  });

  it('that has run out lets another process adopt the run, from its last step', async () => {
    const file = stateFile();
    const [one, two] = [await engineOn(file, SILENT), await engineOn(file, EAGER)];
    const { flow, begun, letGo } = heldFlow();
    const first = async (run: Run) => run.step('first', async () => 1);
    const lost = one.engine.start(SPEC, async (run) => {
      await first(run);
      return flow(run);
    });
    const { id } = await begun;
    await sleep(250);
    const adopted = await two.engine.start(SPEC, async (run) => {
      await first(run);
      return 'adopted';
    });
    expect(adopted).toEqual({ id, result: 'adopted', resumed: true, stepsReused: 1 });
    letGo();
    await expect(lost).rejects.toMatchObject({ code: 'lease_lost', message: expect.stringContaining(id) });
  });

  it('that was lost fences every write: no step, no event, no end', async () => {
    const file = stateFile();
    const [one, two] = [await engineOn(file, SILENT), await engineOn(file, EAGER)];
    const old = heldFlow();
    const lost = one.engine.start(SPEC, async (run) => {
      await old.flow(run).catch(() => undefined);
      await run.step('after', async (record) => record(mark(99))).catch(() => undefined);
      return 'the old owner was here';
    });
    const { id } = await old.begun;
    await sleep(250);
    const now = heldFlow();
    const adopted = two.engine.start(SPEC, now.flow);
    await now.begun;
    old.letGo();
    await expect(lost).rejects.toMatchObject({ code: 'lease_lost' });
    expect(await two.engine.find(id)).toMatchObject({ status: 'running', stepsCommitted: 0, attempts: 2 });
    now.letGo();
    expect((await adopted).result).toBe('let go');
    expect((await readEvents(two.store.queries)).map(({ type }) => type)).toEqual([
      'run_started',
      'run_started',
      'stage_entered',
      'run_finished',
    ]);
  });

  it('that was lost aborts the flow at the next heartbeat', async () => {
    const file = stateFile();
    const [one, two] = [await engineOn(file, { leaseMs: 50, heartbeatMs: 1500 }), await engineOn(file, EAGER)];
    const { flow, begun } = heldFlow();
    const lost = one.engine.start(SPEC, flow);
    await begun;
    await sleep(100);
    await two.engine.start(SPEC, finish);
    await expect(lost).rejects.toMatchObject({ code: 'lease_lost' });
  });

  it('of a process that is over is not waited for', async () => {
    const file = stateFile();
    const [one, two] = [
      await engineOn(file, { ...SILENT, leaseMs: HOUR }),
      await engineOn(file, { processGone: () => true }),
    ];
    const { flow, begun, letGo } = heldFlow();
    const lost = one.engine.start(SPEC, flow);
    await begun;
    expect(await two.engine.start(SPEC, finish)).toMatchObject({ resumed: true });
    letGo();
    await expect(lost).rejects.toMatchObject({ code: 'lease_lost' });
  });

  it.each([
    ['forward, as after sleep', HOUR],
    ['back', -HOUR],
  ])('is not lost when the clock jumps %s: a living owner renews it in time', async (_, jump) => {
    let offset = 0;
    const clock = { now: () => Date.now() + offset };
    const file = stateFile();
    const [one, two] = [
      await engineOn(file, { ...EAGER, clock }),
      await engineOn(file, { ...EAGER, heartbeatMs: 200, clock }),
    ];
    const { flow, begun, letGo } = heldFlow();
    const running = one.engine.start(SPEC, flow);
    await begun;
    offset = jump;
    await expect(two.engine.start(SPEC, finish)).rejects.toMatchObject({ code: 'already_running' });
    letGo();
    expect(await running).toMatchObject({ result: 'let go' });
  });

  it('that a jump of the clock left far in the future does not block a run whose owner is silent', async () => {
    const file = stateFile();
    const ahead = { now: () => Date.now() + HOUR };
    const [one, two] = [await engineOn(file, { ...SILENT, clock: ahead }), await engineOn(file, EAGER)];
    const { flow, begun, letGo } = heldFlow();
    const lost = one.engine.start(SPEC, flow);
    await begun;
    expect(await two.engine.start(SPEC, finish)).toMatchObject({ resumed: true });
    letGo();
    await expect(lost).rejects.toMatchObject({ code: 'lease_lost' });
  });

  it('of a stopped process is adopted; when it goes on, it is told and writes nothing', async () => {
    const file = stateFile();
    const { engine } = await engineOn(file, EAGER);
    const child = startChild(new URL('./flow-child.ts', import.meta.url), [
      file,
      JSON.stringify({ steps: 40, stepMs: 50, leaseMs: 300 }),
    ]);
    await child.said('committed s2');
    child.process.kill('SIGSTOP');
    await sleep(400);
    const adopted = await engine.start({ ...SPEC, key: 'child' }, finish);
    child.process.kill('SIGCONT');
    expect(await child.ended).toMatchObject({
      code: 3,
      stderr: expect.stringContaining(`lease_lost: run ${adopted.id}`),
    });
    expect(await engine.find(adopted.id)).toMatchObject({ status: 'done', result: 'adopted' });
  });

  it('can be waited for no longer than the user wants', async () => {
    const file = stateFile();
    const [one, two] = [await engineOn(file, SILENT), await engineOn(file, { ...EAGER, heartbeatMs: HOUR })];
    const { flow, begun, letGo } = heldFlow();
    const running = one.engine.start(SPEC, flow);
    await begun;
    await sleep(250);
    await expect(two.engine.start({ ...SPEC, signal: AbortSignal.timeout(50) }, finish)).rejects.toMatchObject({
      code: 'cancelled',
    });
    letGo();
    expect(await running).toMatchObject({ result: 'let go' });
  });
});
