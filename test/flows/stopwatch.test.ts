import { describe, expect, it } from 'vitest';
import { Arrivals } from '../../src/flows/arrivals.ts';
import { pause } from '../../src/flows/pause.ts';
import { trialLimitMs } from '../../src/flows/search.ts';
import { Stopwatch } from '../../src/flows/stopwatch.ts';
import { Journal } from './memory-run.ts';
import { World } from './world.ts';

/** A clock that stands still until it is moved. */
function standing() {
  const clock = { at: 1_000, now: () => clock.at };
  return clock;
}

describe('the time of a run', () => {
  it('is spent from the start, and never less than nothing is left', () => {
    const clock = standing();
    const watch = new Stopwatch(clock, 500);
    clock.at += 200;
    expect([watch.spentMs, watch.remainingMs]).toEqual([200, 300]);
    clock.at += 400;
    expect([watch.spentMs, watch.remainingMs]).toEqual([600, 0]);
  });

  it('counts once for a step that is done now, and again for one that an earlier process did', async () => {
    const journal = new Journal();
    const clock = standing();
    const slow = async () => {
      clock.at += 300;
      return 'done';
    };
    const first = new Stopwatch(clock, 1_000);
    expect(await first.step(journal.run(), 'slow', slow)).toEqual({ value: 'done', ms: 300 });
    expect(first.spentMs).toBe(300);
    const second = new Stopwatch(clock, 1_000);
    expect(await second.step(journal.run(), 'slow', slow)).toEqual({ value: 'done', ms: 300 });
    clock.at += 50;
    expect([second.spentMs, second.remainingMs]).toEqual([350, 650]);
  });

  it('never lets a run have more than its limit, however often it is taken up', async () => {
    const journal = new Journal();
    const clock = standing();
    for (let process = 1; process <= 5; process++) {
      const watch = new Stopwatch(clock, 1_000);
      for (let step = 1; step <= process; step++)
        await watch.step(journal.run(), `step ${step}`, async () => {
          clock.at += 200;
        });
      expect(watch.spentMs).toBe(200 * process);
    }
  });

  it('does not commit what a cancel cut off', async () => {
    const control = new AbortController();
    const journal = new Journal();
    const watch = new Stopwatch(standing(), 1_000);
    const cut = watch.step(journal.run(control.signal), 'cut', async () => control.abort(new Error('stop')));
    await expect(cut).rejects.toThrow('stop');
    expect([...journal.steps.keys()]).toEqual([]);
  });

  it('gives a trial a few times what the unchanged tree takes, at least a second, at most what is left', () => {
    const { baseline } = new World();
    const left = (ms: number) => new Stopwatch(standing(), ms);
    expect(trialLimitMs(baseline, left(100_000))).toBe(5_500);
    expect(trialLimitMs(baseline, left(3_000))).toBe(3_000);
    expect(trialLimitMs(baseline, left(10))).toBe(1_000);
    expect(trialLimitMs({ ...baseline, ms: 20_000, endless: true }, left(100_000))).toBe(20_000);
  });
});

describe('a pause', () => {
  it('ends with its time, at once when it is aborted already, and as soon as it is', async () => {
    const control = new AbortController();
    await pause(1, control.signal);
    await pause(3_600_000, AbortSignal.abort());
    const long = pause(3_600_000, control.signal);
    control.abort();
    await long;
  });
});

describe('patches of models', () => {
  const patch = (key: string) => ({ key, provider: 'p', text: key });

  it('are taken in the order in which they came, each once, and are over when all is taken and nothing comes', () => {
    const arrivals = new Arrivals();
    for (const key of ['a', 'b']) arrivals.add(patch(key));
    expect(arrivals.isOver).toBe(false);
    arrivals.end();
    expect(arrivals.isOver).toBe(false);
    expect([arrivals.take(), arrivals.take(), arrivals.take()].map((each) => each?.key)).toEqual(['a', 'b', undefined]);
    expect(arrivals.isOver).toBe(true);
  });

  it('wake who waits, at each arrival and at the end', async () => {
    const arrivals = new Arrivals();
    let woken = 0;
    for (const happen of [() => arrivals.add(patch('a')), () => arrivals.add(patch('b')), () => arrivals.end()]) {
      const change = arrivals.change.then(() => woken++);
      happen();
      await change;
    }
    expect(woken).toBe(3);
  });
});
