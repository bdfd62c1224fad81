// describe, it and hooks as mocha, jest and vitest have them; what differs comes in as `style`.
import { format } from 'node:util';
import { Suite, Test } from '../suites.mjs';

/**
 * `style.invoke(fn, args)` calls a test's or a hook's function: its value or a promise. `args` is a row of `each`, or null.
 * Returns `test`, `describe` and the hooks by mocha's names.
 */
export function bdd(declare, style) {
  const makeTest = (extra) => (name, first, second) => {
    const { fn, options } = parts(first, second);
    addTest(titleOf(name), fn, { ...options, ...extra }, null);
  };
  const addTest = (title, fn, options, args) => {
    const invoke = fn ? () => turned(options.fails, () => style.invoke(fn, args)) : null;
    declare.add((parent) => new Test(title, parent, options, invoke));
  };
  const makeSuite = (extra) => (name, first, second) => {
    const { fn, options } = parts(first, second);
    addSuite(titleOf(name), fn, { ...options, ...extra }, null);
  };
  const addSuite = (title, fn, options, args) =>
    declare.suite((parent) => new Suite(title, parent, options), fn && (() => fn.apply(style.context?.(), args ?? [])));
  const hook = (kind) => (first, second) =>
    declare.hook(kind, () => style.invoke(typeof second === 'function' ? second : first, null));
  return {
    test: variants(makeTest, addTest),
    describe: variants(makeSuite, addSuite),
    before: hook('before'),
    after: hook('after'),
    beforeEach: hook('beforeEach'),
    afterEach: hook('afterEach'),
  };
}

function variants(make, add, extra = {}, depth = 0) {
  const main = make(extra);
  const more = (added) => (depth > 1 ? main : variants(make, add, { ...extra, ...added }, depth + 1));
  Object.assign(main, {
    each: each(add, extra),
    for: each(add, extra, true),
    skipIf: (condition) => (condition ? make({ ...extra, skip: true }) : main),
    runIf: (condition) => (condition ? main : make({ ...extra, skip: true })),
  });
  const lazy = {
    skip: { skip: true },
    todo: { todo: true },
    only: { only: true },
    fails: { fails: true },
    failing: { fails: true },
    concurrent: {},
    sequential: {},
    shuffle: {},
  };
  for (const [name, added] of Object.entries(lazy)) Object.defineProperty(main, name, { get: () => more(added) });
  return main;
}

function each(add, extra, whole = false) {
  return (table, ...values) =>
    (name, first, second) => {
      const { fn, options } = parts(first, second);
      const rows = table.raw ? tagged(table, values) : table;
      for (const [index, row] of rows.entries()) {
        const args = Array.isArray(row) && !whole ? row : [row];
        add(rowTitle(titleOf(name), args, index), fn, { ...options, ...extra }, args);
      }
    };
}

/** The rows of a table written as a template: the names stand in its first line. */
function tagged(strings, values) {
  const names = strings[0].split('|').map((name) => name.trim());
  return Array.from({ length: values.length / names.length }, (_, row) =>
    Object.fromEntries(names.map((name, column) => [name, values[row * names.length + column]])),
  );
}

function rowTitle(title, args, index) {
  const holders = title.match(/%[sdifjop]/g)?.length ?? 0;
  const numbered = title.replaceAll('%#', String(index)).replaceAll('%$', String(index + 1));
  const printed = format(numbered.replaceAll('%p', '%o'), ...args.slice(0, holders));
  const [row] = args;
  if (row === null || typeof row !== 'object') return printed;
  return printed.replace(/\$([\w.]+)/g, (found, path) => {
    const value = path.split('.').reduce((inner, key) => inner?.[key], row);
    return value === undefined ? found : typeof value === 'string' ? value : format('%o', value);
  });
}

function parts(first, second) {
  const fn = [first, second].find((value) => typeof value === 'function') ?? null;
  const options = [first, second].find((value) => value !== null && typeof value === 'object') ?? {};
  return { fn, options };
}

function titleOf(name) {
  return typeof name === 'function' ? name.name : String(name);
}

/** A test that is expected to fail passes when it does. */
function turned(fails, run) {
  if (!fails) return run();
  return (async () => run())().then(
    () => {
      throw new Error('expected to fail');
    },
    () => {},
  );
}

/** Calls a function that may take a callback as its last parameter. */
export function withCallback(fn, self, args) {
  if (fn.length <= args.length) return fn.apply(self, args);
  return new Promise((resolve, reject) => {
    const done = (error) => (error ? reject(error) : resolve());
    const value = fn.apply(self, [...args, Object.assign(done, { fail: reject })]);
    if (typeof value?.then === 'function') value.then(undefined, reject);
  });
}
