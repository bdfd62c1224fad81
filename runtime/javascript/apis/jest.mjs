// Stands in for jest's globals and `@jest/globals`; `expect` and mock functions are those of the project's own jest.
import { createRequire } from 'node:module';
import { bdd, withCallback } from './bdd.mjs';

/** Throws where the project's jest has not what is needed. */
export async function create(declare, _load, resolve) {
  const packages = new Packages(resolve('jest'));
  const { jestExpect: expect } = packages.require('@jest/expect');
  const { ModuleMocker } = packages.require('jest-mock');
  const mocker = new ModuleMocker(globalThis);
  const { test, describe, ...hooks } = bdd(declare, { invoke: (fn, args) => withCallback(fn, {}, args ?? []) });
  const { before, after, beforeEach, afterEach } = hooks;
  const jest = jestObject(mocker);
  const more = {
    it: test,
    fit: test.only,
    xit: test.skip,
    xtest: test.skip,
    fdescribe: describe.only,
    xdescribe: describe.skip,
  };
  const globals = { test, describe, ...more, beforeAll: before, afterAll: after, beforeEach, afterEach, expect, jest };
  const reset = () => {
    mocker.restoreAllMocks();
    mocker.resetAllMocks();
    expect.setState({ assertionCalls: 0, isExpectingAssertions: false, expectedAssertionsNumber: null });
  };
  return { globals, standIns: { '@jest/globals': globals }, reset };
}

/** What needs no transform and no module registry. */
function jestObject(mocker) {
  const jest = {
    fn: mocker.fn.bind(mocker),
    spyOn: mocker.spyOn.bind(mocker),
    replaceProperty: mocker.replaceProperty?.bind(mocker),
    isMockFunction: mocker.isMockFunction.bind(mocker),
    mocked: (value) => value,
    setTimeout: () => jest,
  };
  for (const name of ['clearAllMocks', 'resetAllMocks', 'restoreAllMocks'])
    jest[name] = () => {
      mocker[name]();
      return jest;
    };
  return jest;
}

/** Packages that jest depends on, wherever the package manager has put them. */
class Packages {
  #places;

  constructor(jest) {
    this.#places = [jest];
    for (const name of ['jest-cli', '@jest/core', 'jest-config', 'jest-circus', 'jest-runtime', '@jest/globals']) {
      const found = this.#resolve(name);
      if (found) this.#places.push(found);
    }
  }

  require(name) {
    const found = this.#resolve(name);
    if (!found) throw new Error(`${name} is not installed`);
    return createRequire(found)(found);
  }

  #resolve(name) {
    for (const place of this.#places) {
      try {
        return createRequire(place).resolve(name);
      } catch {}
    }
    return null;
  }
}
