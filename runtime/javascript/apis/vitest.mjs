// Stands in for vitest's tests and hooks; `expect` and `vi` are those of the project's own vitest.
import { SKIPPED } from '../suites.mjs';
import { bdd } from './bdd.mjs';

/** `load(name)` imports a package as a file of the project would. Throws where this vitest works in its own runner only. */
export async function create(declare, load) {
  const own = await load('vitest');
  own.expect({ a: [1] }).toEqual({ a: [1] });
  const finished = [];
  const skip = () => {
    throw SKIPPED;
  };
  const context = {
    expect: own.expect,
    task: { name: '', meta: {} },
    skip,
    onTestFinished: (fn) => finished.push(fn),
    onTestFailed() {},
    signal: new AbortController().signal,
  };
  const invoke = (fn, args) => settle(fn(...(args ?? []), context), finished);
  const { test, describe, ...hooks } = bdd(declare, { invoke });
  const { before, after, beforeEach, afterEach } = hooks;
  const named = {
    test,
    it: test,
    describe,
    suite: describe,
    beforeAll: before,
    afterAll: after,
    beforeEach,
    afterEach,
    onTestFinished: context.onTestFinished,
    onTestFailed: context.onTestFailed,
  };
  const { expect, vi, vitest, assert, chai } = own;
  return {
    globals: { ...named, expect, vi, vitest, assert, chai },
    standIns: { vitest: { ...own, ...named } },
    reset: () => reset(vi, expect),
  };
}

function settle(value, finished) {
  if (typeof value?.then !== 'function' && finished.length === 0) return value;
  return (async () => {
    try {
      await value;
    } finally {
      for (const fn of finished.splice(0)) await fn();
    }
  })();
}

function reset(vi, expect) {
  vi.useRealTimers();
  vi.restoreAllMocks();
  vi.unstubAllGlobals();
  vi.unstubAllEnvs();
  expect.setState?.({ assertionCalls: 0, isExpectingAssertions: false, expectedAssertionsNumber: null });
}
