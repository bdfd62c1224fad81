// Loads test files on fresh modules and runs the selected tests of them.
import { bounded, Demand } from './guard.mjs';
import { idsOf } from './ids.mjs';
import { Runner } from './suites.mjs';

/** Errors and hangs that happen outside of any call: they belong to the test that runs. */
export class Strays {
  #first;
  #giveUp;

  reset() {
    this.#first = undefined;
    this.#giveUp = undefined;
  }

  /** `giveUp` is called at the first hang. */
  waitedFor(giveUp) {
    this.#giveUp = giveUp;
  }

  hear(error, hang = false) {
    this.#first ??= hang ? { state: 'hang', starved: 0 } : { state: 'threw', error };
    if (hang) this.#giveUp?.();
  }

  taken() {
    const first = this.#first;
    this.#first = undefined;
    return first;
  }
}

/**
 * `plan`: `texts` by path, `load` and `limits(id)` in ms, `select(id)`, `begin(id)`, `loaded(ms)`, `report(id, outcome, ms, result)`, true to stop, and
 * maybe a `recorder`. Returns what kept a file from loading, or undefined.
 */
export function* runFiles({ project, stray, waiting }, paths, plan) {
  for (const path of paths) {
    stray.reset();
    const { suite, enter, leave, start } = project.open(path, plan.texts, plan.load.ms, plan.recorder);
    yield new Demand(plan.load.ms);
    const began = performance.now();
    enter();
    const loaded = yield* bounded(start, plan.load.ms, plan.load.wall, waiting);
    leave();
    plan.loaded?.(performance.now() - began);
    const bad = loaded.state === 'returned' ? stray.taken() : loaded;
    if (bad)
      return {
        hang: bad.state === 'hang',
        starved: bad.starved,
        error: String(bad.error?.stack ?? bad.error ?? 'it did not end'),
      };
    const ids = idsOf(project.root, path, suite);
    if (yield* runTests(project.chosen(suite), ids, { stray, waiting }, plan)) return undefined;
  }
  return undefined;
}

function* runTests(tests, ids, { stray, waiting }, plan) {
  let stopped = false;
  let began = 0;
  const runner = new Runner({
    limits: (test) => plan.limits(test && ids.get(test)),
    stray,
    waiting,
    begin: (test) => {
      began = performance.now();
      plan.begin?.(ids.get(test));
    },
    report: (test, result) => {
      const id = ids.get(test);
      const ms = result.hang ? null : performance.now() - began;
      for (const { path, outcome } of result.inner ?? []) plan.report([id, ...path].join(' > '), outcome, 0);
      stopped = plan.report(id, result.outcome, ms, result) ?? false;
      return stopped;
    },
  });
  yield* runner.run(tests.filter((test) => plan.select(ids.get(test))));
  return stopped;
}
