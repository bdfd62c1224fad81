// The tests a file declares, whatever its test library is called, and how one of them is run.
import { bounded, Demand } from './guard.mjs';

export const HOOKS = ['before', 'after', 'beforeEach', 'afterEach'];
export const SKIPPED = Symbol('skipped');

export class Suite {
  constructor(name, parent, options = {}) {
    this.name = name;
    this.parent = parent;
    this.options = options;
    this.children = [];
    this.hooks = { before: [], after: [], beforeEach: [], afterEach: [] };
  }

  get chain() {
    return this.parent ? [...this.parent.chain, this] : [this];
  }

  /** Names from the outermost suite inwards; the file's own suite has none. */
  get path() {
    return this.parent ? [...this.parent.path, this.name] : [];
  }

  get skipped() {
    return Boolean(this.options.skip || this.options.todo || this.parent?.skipped);
  }

  /** All tests below, in order. */
  *tests() {
    for (const child of this.children) {
      if (child instanceof Suite) yield* child.tests();
      else yield child;
    }
  }
}

export class Test {
  /** `invoke(record)` calls the test's function the way its library does; `record(path, outcome)` tells of subtests. */
  constructor(name, parent, options, invoke) {
    this.name = name;
    this.parent = parent;
    this.options = options;
    this.invoke = invoke;
  }

  get path() {
    return [...this.parent.path, this.name];
  }

  get skipped() {
    return Boolean(this.options.skip || this.options.todo || this.parent.skipped || !this.invoke);
  }
}

/** With an `only` anywhere, everything else is left out. */
export function selectOnly(root) {
  const marked = (node) => node.options.only || (node.parent && marked(node.parent));
  const tests = [...root.tests()];
  return tests.some(marked) ? tests.filter(marked) : tests;
}

/** Runs tests of one file one after the other with the hooks around them; `limits`, `begin` and `report` are the caller's. */
export class Runner {
  constructor({ limits, begin, report, stray, waiting }) {
    this.limits = limits;
    this.begin = begin;
    this.report = report;
    this.stray = stray;
    this.waiting = waiting;
    this.entered = [];
    this.failedSuites = new Set();
  }

  *run(tests) {
    for (const test of tests) {
      if (test.skipped) {
        if (this.report(test, { outcome: 'skipped' })) break;
        continue;
      }
      yield new Demand(this.limits(test).ms);
      const result = yield* this.#one(test);
      if (this.report(test, result)) return;
    }
    yield* this.#leave([]);
  }

  *#one(test) {
    const limit = this.limits(test);
    const inner = [];
    const record = (path, outcome) => inner.push({ path, outcome });
    this.stray.reset();
    this.begin(test);
    const failure =
      (yield* this.#enter(test.parent.chain, limit)) ?? (yield* this.#eachHooks(test, 'beforeEach', limit));
    const main = failure ?? (yield* this.#call(() => test.invoke(record), limit));
    const after = main?.state === 'hang' ? undefined : yield* this.#eachHooks(test, 'afterEach', limit);
    const bad = main ?? after ?? this.stray.taken();
    if (!bad) return { outcome: 'passed', inner };
    if (bad.error === SKIPPED) return { outcome: 'skipped', inner };
    return { outcome: 'failed', inner, hang: bad.state === 'hang', starved: bad.starved, error: bad.error };
  }

  /** Undefined when it went well. */
  *#call(work, limit) {
    const result = yield* bounded(work, limit.ms, limit.wall, this.waiting);
    return result.state === 'returned' ? undefined : result;
  }

  *#enter(chain, limit) {
    yield* this.#leave(chain);
    for (const suite of chain) {
      if (this.failedSuites.has(suite)) return { state: 'threw', error: new Error('a hook failed') };
      if (this.entered.includes(suite)) continue;
      this.entered.push(suite);
      for (const hook of suite.hooks.before) {
        const failure = yield* this.#call(hook, limit);
        if (failure) {
          this.failedSuites.add(suite);
          return failure;
        }
      }
    }
    return undefined;
  }

  *#leave(chain) {
    while (this.entered.length > 0 && !chain.includes(this.entered.at(-1))) {
      const suite = this.entered.pop();
      for (const hook of suite.hooks.after) yield* this.#call(hook, this.limits(null));
    }
  }

  *#eachHooks(test, kind, limit) {
    const chain = kind === 'beforeEach' ? test.parent.chain : test.parent.chain.reverse();
    for (const suite of chain) {
      for (const hook of suite.hooks[kind]) {
        const failure = yield* this.#call(hook, limit);
        if (failure) return failure;
      }
    }
    return undefined;
  }
}
