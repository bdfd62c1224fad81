// Runs code that may never end. Loops are interrupted inside this process, those in promise callbacks included.
import vm from 'node:vm';

const script = new vm.Script('globalThis[Symbol.for("maestro.guarded")]()');
const slot = Symbol.for('maestro.guarded');
const { setTimeout, setImmediate, clearTimeout } = globalThis;
const tick = process._tickCallback.bind(process);
const cpuMs = () => {
  const { user, system } = process.cpuUsage();
  return (user + system) / 1000;
};

export const PENDING = 'pending';
let depth = 0;

/**
 * Calls `work` and then whatever it left in the queue of promise callbacks, for at most `ms`.
 * `state`: returned | threw | pending (a promise that waits for something outside) | hang. A hang is `starved` when others had the
 * processor: by that factor it should have had longer, else 0.
 */
export function call(work, ms) {
  let result = { state: PENDING };
  const body = () => {
    const value = work();
    if (typeof value?.then !== 'function') {
      result = { state: 'returned', value };
      tick();
      return;
    }
    const promise = Promise.resolve(value);
    result = { state: PENDING, promise };
    promise.then(
      (settled) => {
        result = { state: 'returned', value: settled };
      },
      (error) => {
        result = { state: 'threw', error };
      },
    );
    tick();
  };
  return within(body, ms) ?? result;
}

/** The failure of `body` as a result, or undefined. Only the outermost of nested calls sets a limit: each costs a thread. */
function within(body, ms) {
  if (depth > 0) return attempt(body);
  const before = globalThis[slot];
  const start = cpuMs();
  depth = 1;
  globalThis[slot] = body;
  try {
    const run = () => script.runInThisContext({ timeout: Math.max(1, Math.ceil(ms)) });
    return attempt(run, () => shortage(ms, cpuMs() - start));
  } finally {
    depth = 0;
    globalThis[slot] = before;
  }
}

const ENOUGH = 0.6;
const MOST_PATIENCE = 5;

function shortage(ms, used) {
  return used >= ms * ENOUGH ? 0 : Math.min(MOST_PATIENCE, (1.3 * ms) / Math.max(used, 1));
}

function attempt(body, starved) {
  try {
    body();
    return undefined;
  } catch (error) {
    if (error?.code === 'ERR_SCRIPT_EXECUTION_TIMEOUT') return { state: 'hang', starved: starved?.() ?? 0 };
    return { state: 'threw', error };
  }
}

/**
 * Like `call`, in a generator run by `drive`: goes on waiting, at most `wallMs`, for what is still pending; `waiting` gets
 * a function that gives up at once.
 */
export function* bounded(work, ms, wallMs, waiting) {
  const result = call(work, ms);
  if (result.state !== PENDING) return result;
  return yield (resume) => {
    const timer = setTimeout(() => resume({ state: 'hang', starved: 0 }), wallMs);
    const settle = (settled) => {
      clearTimeout(timer);
      resume(settled);
    };
    waiting(wallMs, () => settle({ state: 'hang', starved: 0 }));
    result.promise.then(
      (value) => settle({ state: 'returned', value }),
      (error) => settle({ state: 'threw', error }),
    );
  };
}

/** What a generator yields before a part of its work: so many milliseconds are enough for it. */
export class Demand {
  constructor(ms) {
    this.ms = ms;
  }
}

const SLICE_MS = 20;

/**
 * Runs a generator under limits from outside, many parts in one call as long as they are short and demand about the same.
 * Returns what it returns, or `{ hang: true, starved }` when a part took longer than it had demanded; then the generator is lost.
 */
export function* batched(generator) {
  let turn = generator.next();
  let allowed = 0;
  while (!turn.done) {
    if (!(turn.value instanceof Demand)) {
      const resumed = yield turn.value;
      const result = within(() => {
        turn = generator.next(resumed);
      }, allowed + SLICE_MS);
      if (result) return failed(result);
      continue;
    }
    const { ms } = turn.value;
    allowed = ms;
    const start = performance.now();
    const fits = ({ done, value }) =>
      !done && value instanceof Demand && value.ms <= ms && value.ms * 2 >= ms && performance.now() - start < SLICE_MS;
    const result = within(() => {
      do turn = generator.next();
      while (fits(turn));
    }, ms + SLICE_MS);
    if (result) return failed(result);
  }
  return turn.value;
}

function failed(result) {
  if (result.state === 'hang') return { hang: true, starved: result.starved };
  throw result.error;
}

/** Runs a generator to its end; every part of it starts from the event loop, never from within a promise callback. */
export function drive(generator, finish) {
  const step = (value) => {
    let turn;
    try {
      turn = generator.next(value);
      while (!turn.done && turn.value instanceof Demand) turn = generator.next();
    } catch (error) {
      finish(error);
      return;
    }
    if (turn.done) finish(null, turn.value);
    else turn.value(once((next) => setImmediate(step, next)));
  };
  setImmediate(step);
}

function once(action) {
  let done = false;
  return (value) => {
    if (done) return;
    done = true;
    action(value);
  };
}
