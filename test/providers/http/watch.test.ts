import { describe, expect, it } from 'vitest';
import { Watch } from '../../../src/providers/http/watch.ts';

const HOUR = 3_600_000;
const wide = { firstOutputMs: HOUR, silenceMs: HOUR, totalMs: HOUR, answerBytes: 1 };
const never = new AbortController().signal;
const pause = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms));

/** Resolves with what ended the watch. */
async function ended(watch: Watch): Promise<Watch['stopped']> {
  if (!watch.signal.aborted) await new Promise((resolve) => watch.signal.addEventListener('abort', resolve));
  watch.end();
  return watch.stopped;
}

describe('a watch over an exchange', () => {
  it('ends it when no first output comes', async () => {
    const watch = new Watch({ ...wide, firstOutputMs: 20 }, never);
    watch.attempt();
    expect(await ended(watch)).toBe('first output');
  });

  it('ends it when nothing more comes', async () => {
    const watch = new Watch({ ...wide, silenceMs: 20 }, never);
    watch.attempt();
    watch.heard();
    watch.heard();
    expect(await ended(watch)).toBe('silence');
  });

  it('lets it go on as long as something comes before the silence is too long', async () => {
    const watch = new Watch({ ...wide, silenceMs: 400 }, never);
    for (let beat = 0; beat < 45; beat++) {
      watch.heard();
      await pause(20);
    }
    expect(watch.stopped).toBeNull();
    watch.end();
  });

  it('ends it after the whole time, whatever is heard', async () => {
    const watch = new Watch({ ...wide, totalMs: 30 }, never);
    watch.attempt();
    const hearing = setInterval(() => watch.heard(), 1);
    expect(await ended(watch)).toBe('total');
    clearInterval(hearing);
  });

  it('waits for the first output anew with each attempt, and for nothing in between', async () => {
    const watch = new Watch({ ...wide, firstOutputMs: 20 }, never);
    watch.attempt();
    watch.rest();
    await pause(60);
    expect(watch.stopped).toBeNull();
    watch.attempt();
    expect(await ended(watch)).toBe('first output');
  });

  it('is over at once when the caller has cancelled, or as soon as it does', async () => {
    expect(await ended(new Watch(wide, AbortSignal.abort()))).toBe('cancelled');
    const caller = new AbortController();
    const watch = new Watch(wide, caller.signal);
    caller.abort();
    expect(await ended(watch)).toBe('cancelled');
  });

  it('remembers what ended it first', async () => {
    const caller = new AbortController();
    const watch = new Watch({ ...wide, totalMs: 10 }, caller.signal);
    expect(await ended(watch)).toBe('total');
    caller.abort();
    expect(watch.stopped).toBe('total');
  });

  it('lets go of its connection and its caller at its end, and calls that no stop', () => {
    const caller = new AbortController();
    const watch = new Watch(wide, caller.signal);
    watch.attempt();
    watch.end();
    caller.abort();
    expect(watch.signal.aborted).toBe(true);
    expect(watch.stopped).toBeNull();
  });

  it('takes limits longer than a timer can be', async () => {
    const watch = new Watch({ ...wide, totalMs: 2 ** 40, firstOutputMs: 2 ** 40 }, never);
    watch.attempt();
    await pause(20);
    expect(watch.stopped).toBeNull();
    watch.end();
  });
});
