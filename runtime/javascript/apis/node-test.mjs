// Stands in for `node:test`.
import assert from 'node:assert';
import { SKIPPED, Suite, Test } from '../suites.mjs';

export function create(declare) {
  const options = (values) => values.find((value) => value && typeof value === 'object') ?? {};
  const name = (values, fn) => (typeof values[0] === 'string' ? values[0] : fn?.name || '<anonymous>');
  const declareTest = (extra, values) => {
    const fn = values.find((value) => typeof value === 'function');
    const given = { ...options(values), ...extra };
    const invoke = fn ? (record) => run(fn, given, (path, outcome) => record(path, outcome)) : () => {};
    declare.add((parent) => new Test(name(values, fn), parent, given, invoke));
    return Promise.resolve();
  };
  const declareSuite = (extra, values) => {
    const fn = values.find((value) => typeof value === 'function');
    declare.suite((parent) => new Suite(name(values, fn), parent, { ...options(values), ...extra }), fn);
    return Promise.resolve();
  };
  const test = variants(declareTest);
  const suite = variants(declareSuite);
  const hook = (kind) => (fn) => declare.hook(kind, () => callback(fn, undefined, {}));
  const { mock, snapshot } = process.getBuiltinModule('node:test');
  const api = Object.assign(test, {
    test,
    it: test,
    describe: suite,
    suite,
    mock,
    snapshot,
    assert: { register() {} },
    before: hook('before'),
    after: hook('after'),
    beforeEach: hook('beforeEach'),
    afterEach: hook('afterEach'),
  });
  return { globals: {}, standIns: { 'node:test': api }, reset: () => mock.reset() };
}

function variants(make) {
  return Object.assign((...values) => make({}, values), {
    skip: (...values) => make({ skip: true }, values),
    todo: (...values) => make({ todo: true }, values),
    only: (...values) => make({}, values),
  });
}

/** A function with one more parameter than usual gets a callback to call at its end. */
function callback(fn, self, first, known = 1) {
  if (fn.length <= known) return fn.call(self, first);
  return new Promise((resolve, reject) => {
    const done = (error) => (error ? reject(error) : resolve());
    Promise.resolve(fn.call(self, first, done)).catch(reject);
  });
}

/** `record` hears the outcome of each subtest with its names below this test. */
function run(fn, given, record) {
  const context = new Context(given, record);
  const finish = () => context.finish();
  const value = callback(fn, context, context);
  if (typeof value?.then !== 'function' && context.plain) return context.skipped ? Promise.reject(SKIPPED) : undefined;
  return Promise.resolve(value).then(finish);
}

class Context {
  #subtests = [];
  #after = [];
  #each = { beforeEach: [], afterEach: [] };
  #planned = null;
  #asserted = 0;
  plain = true;
  skipped = false;
  name = '';
  signal = new AbortController().signal;

  constructor(given, record) {
    this.record = record;
    if (given.plan !== undefined) this.plan(given.plan);
  }

  get mock() {
    const { MockTracker, mock } = process.getBuiltinModule('node:test');
    this.plain = false;
    return MockTracker ? new MockTracker() : mock;
  }

  get assert() {
    return new Proxy(assert, {
      get: (target, key) =>
        typeof target[key] === 'function'
          ? (...values) => {
              this.#asserted++;
              return target[key](...values);
            }
          : target[key],
    });
  }

  plan(count) {
    this.plain = false;
    this.#planned = count;
  }

  test = Object.assign((...values) => this.#test(values), {
    skip: async () => {},
    todo: async () => {},
    only: (...values) => this.#test(values),
  });

  #test(values) {
    this.plain = false;
    const fn = values.find((value) => typeof value === 'function');
    const options = values.find((value) => value && typeof value === 'object') ?? {};
    this.#asserted++;
    const name = typeof values[0] === 'string' ? values[0] : fn?.name || '<anonymous>';
    if (!fn || options.skip || options.todo) {
      this.record([name], 'skipped');
      return Promise.resolve();
    }
    const before = this.#subtests.at(-1) ?? Promise.resolve();
    const one = before.then(async () => {
      for (const hook of this.#each.beforeEach) await hook();
      let outcome = 'passed';
      try {
        await run(fn, options, (path, inner) => this.record([name, ...path], inner));
      } catch (error) {
        outcome = error === SKIPPED ? 'skipped' : 'failed';
        if (error !== SKIPPED) this.failure ??= { error };
      }
      this.record([name], outcome);
      for (const hook of this.#each.afterEach) await hook();
    });
    this.#subtests.push(one);
    return one;
  }

  async finish() {
    let seen = 0;
    while (seen < this.#subtests.length) await this.#subtests[seen++];
    for (const hook of this.#after) await hook();
    if (this.failure) throw this.failure.error;
    if (this.#planned !== null && this.#planned !== this.#asserted) throw new Error('plan not met');
    if (this.skipped) throw SKIPPED;
  }

  skip() {
    this.skipped = true;
  }

  todo() {
    this.skipped = true;
  }

  diagnostic() {}
  runOnly() {}
  before(fn) {
    return fn();
  }
  after(fn) {
    this.plain = false;
    this.#after.push(fn);
  }
  beforeEach(fn) {
    this.#each.beforeEach.push(fn);
  }
  afterEach(fn) {
    this.#each.afterEach.push(fn);
  }
}
