// Stands in for mocha: its globals, and `import { describe } from 'mocha'`.
import { SKIPPED } from '../suites.mjs';
import { bdd, withCallback } from './bdd.mjs';

export function create(declare) {
  const self = context();
  const { test, describe, ...hooks } = bdd(declare, {
    invoke: (fn, args) => withCallback(fn, self, args ?? []),
    context: () => self,
  });
  const skipped = { xit: test.skip, xspecify: test.skip, xdescribe: describe.skip, xcontext: describe.skip };
  const tdd = {
    suite: describe,
    setup: hooks.beforeEach,
    teardown: hooks.afterEach,
    suiteSetup: hooks.before,
    suiteTeardown: hooks.after,
  };
  const globals = {
    describe,
    context: describe,
    it: test,
    specify: test,
    test,
    ...skipped,
    ...hooks,
    ...tdd,
    run() {},
  };
  return { globals, standIns: { mocha: globals }, reset() {} };
}

function context() {
  const self = {
    timeout: () => self,
    slow: () => self,
    retries: () => self,
    skip() {
      throw SKIPPED;
    },
  };
  return self;
}
