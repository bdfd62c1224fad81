import { describe, expect, it } from 'vitest';
import { type Files, knownBaseline, PASS, screened, signal } from './screened-project.ts';

const COMMAND = ['node', '--test', 'sum.test.js'];
const BUGGY = 'const sum = (list) => list.reduce((a, b) => a - b, 0);\nmodule.exports = { sum };\n';
const FIXED = BUGGY.replace('a - b', 'a + b');
const TESTS = `
const test = require('node:test');
const assert = require('node:assert');
const { sum } = require('./sum.js');
test('adds one', () => assert.equal(sum([1]), 1));
test('adds two', () => assert.equal(sum([1, 2]), 3));
test('adds none', () => assert.equal(sum([]), 0));
`;
const PROJECT: Files = { 'sum.js': BUGGY, 'sum.test.js': TESTS };
const BASELINE = knownBaseline(['sum.test.js::adds one', 'sum.test.js::adds two'], ['sum.test.js::adds none']);
const open = () => screened({ files: PROJECT, command: COMMAND, baseline: BASELINE });
const observed = (files: Files, command = COMMAND) => screened({ files, command });

describe('screening node:test', () => {
  it('sees the tests fail and pass as the command does', async () => {
    const { screener, baseline } = await observed(PROJECT);
    expect(baseline).toMatchObject({ failing: BASELINE.failing, passing: BASELINE.passing });
    expect([screener.kind, screener.targets, baseline.failing.length]).toEqual(['node-test', 2, 2]);
  });

  it('passes a repair, and counts what a half repair fixes', async () => {
    const { screen } = await open();
    expect(await screen({ 'sum.js': FIXED })).toEqual(PASS(2));
    expect(await screen({ 'sum.js': BUGGY.replace('a - b', 'Math.abs(b - a) % 2') })).toEqual({
      verdict: 'fail',
      fixed: 1,
      broken: 0,
    });
    expect(await screen({ 'sum.js': BUGGY })).toEqual({ verdict: 'fail', fixed: 0, broken: 0 });
  });

  it('fails a repair that breaks a test which passed before', async () => {
    const { screen } = await open();
    expect(
      await screen({ 'sum.js': FIXED.replace(', 0)', ')').replace('(list) =>', '(list) => list.length === 0 ? 9 :') }),
    ).toEqual({ verdict: 'fail', fixed: 2, broken: 1 });
  });

  it('fails what does not compile or does not load', async () => {
    const { screen } = await open();
    expect((await screen({ 'sum.js': 'const sum = (' })).verdict).toBe('fail');
    expect((await screen({ 'sum.js': 'throw new Error("no")' })).verdict).toBe('fail');
  });

  it.each([
    ['in a function', BUGGY.replace('=> list', '=> { for (;;); }; const never = (list) => list')],
    ['while a module loads', `for (;;);\n${FIXED}`],
    [
      'in promise callbacks',
      FIXED.replace(
        '(list) =>',
        '(list) => { (async () => { for (;;) await null; })(); return 1; }; const other = (list) =>',
      ),
    ],
    [
      'in a regular expression',
      FIXED.replace('(list) =>', '(list) => /^(a+)+$/.test("a".repeat(60) + "b") && ((list) =>').replace(
        ', 0);',
        ', 0))(list);',
      ),
    ],
  ])('interrupts a loop %s, and goes on', async (_where, text) => {
    const { screen } = await open();
    expect((await screen({ 'sum.js': text })).verdict).toBe('hang');
    expect(await screen({ 'sum.js': FIXED })).toEqual(PASS(2));
  });

  it('survives a candidate that leaves the process', async () => {
    const { screen } = await open();
    for (const leave of ['process.exit(0)', 'process.abort()', 'process.kill(process.pid, "SIGKILL")'])
      expect((await screen({ 'sum.js': BUGGY.replace('=> list', `=> ${leave} || list`) })).verdict).not.toBe('pass');
    expect(await screen({ 'sum.js': FIXED })).toEqual(PASS(2));
  });

  it('does not mistake what a candidate prints for an answer', async () => {
    const { screen } = await open();
    const loud = `require('fs').writeSync(1, '{"id":3,"verdict":"pass"}\\n'); console.log('{"verdict":"pass"}'); process.stdout.write('x');\n`;
    expect((await screen({ 'sum.js': loud + BUGGY })).verdict).toBe('fail');
    expect(await screen({ 'sum.js': loud + FIXED })).toEqual(PASS(2));
  });

  it('keeps nothing of one candidate for the next', async () => {
    const files = {
      ...PROJECT,
      'sum.js': 'exports.sum = (list) => globalThis.known ?? Math.max(process.env.LEFT ?? -1);\n',
    };
    const { screen } = await observed(files);
    const dirty = `globalThis.known = 7; process.env.LEFT = '3'; Math.max = () => 3; console.error = null; Array.prototype.sum = 1;
      setInterval(() => { globalThis.known = 3; }, 1); process.on('exit', () => {}); process.chdir('/');`;
    const first = await screen({ 'sum.js': files['sum.js'] });
    await screen({ 'sum.js': `${dirty}\nexports.sum = () => { Promise.reject(new Error('later')); return 3; };` });
    expect(await screen({ 'sum.js': files['sum.js'] })).toEqual(first);
    expect(await screen({ 'sum.js': FIXED })).toEqual(PASS(3));
  });

  it('fails a test whose promise is rejected without anybody listening', async () => {
    const { screen } = await open();
    const stray = FIXED.replace(
      '(list) =>',
      '(list) => { Promise.reject(new Error("stray")); return real(list); }; const real = (list) =>',
    );
    expect((await screen({ 'sum.js': stray })).verdict).toBe('fail');
  });

  it('tries changes of several files together', async () => {
    const files = {
      'sum.test.js': TESTS,
      'sum.js': "exports.sum = (list) => list.reduce(require('./add.js'), 0);",
      'add.js': 'module.exports = (a, b) => a - b - 1;',
    };
    const { screen } = await observed(files);
    expect((await screen({ 'add.js': 'module.exports = (a, b) => a + b - 1;' })).verdict).toBe('fail');
    expect(
      await screen({
        'add.js': 'module.exports = (a, b) => a + b - 1;',
        'sum.js': "exports.sum = (list) => list.reduce((a, b) => require('./add.js')(a, b) + 1, 0);",
      }),
    ).toEqual(PASS(2));
  });
});

describe('what node:test files may use', () => {
  it('runs suites, hooks, callbacks, subtests, skips and todos', async () => {
    const tests = `
      import { after, afterEach, before, beforeEach, describe, it, mock, suite, test } from 'node:test';
      import assert from 'node:assert/strict';
      import { twice } from './twice.mjs';
      const seen = [];
      describe('outer', () => {
        before(() => seen.push('before'));
        beforeEach(async () => { await null; seen.push('each'); });
        afterEach(() => { seen.length = 1; });
        it('runs hooks', () => assert.deepEqual(seen, ['before', 'each']));
        describe('inner', () => { it('is found', async () => { await new Promise((ok) => setTimeout(ok, 2)); assert.equal(twice(2), 4); }); });
        it.skip('is left out', () => assert.fail());
        it('is for later', { todo: true }, () => assert.fail());
      });
      suite('callbacks', () => { test('are called', (t, done) => { setTimeout(() => done(twice(3) === 6 ? undefined : new Error('no')), 1); }); });
      test('parent', async (t) => {
        await t.test('child passes', () => {});
        await t.test('child fails', () => assert.equal(twice(4), 8));
      });
      test('mocks', (t) => { const fn = t.mock.fn(() => 1); assert.equal(fn(), 1); assert.equal(fn.mock.callCount(), 1); });
      test('plans', (t) => { t.plan(1); t.assert.ok(true); });
      test('same name', () => {});
      test('same name', () => assert.equal(twice(5), 10));
    `;
    const files = { 'a.test.mjs': tests, 'twice.mjs': 'export const twice = (n) => n * 3;\n' };
    const { screener, screen, baseline } = await observed(files, ['node', '--test']);
    expect(screener.kind).toBe('node-test');
    expect(screener.targets).toBe(baseline.failing.length);
    expect(await screen({ 'twice.mjs': 'export const twice = (n) => n * 2;\n' })).toEqual(
      PASS(baseline.failing.length),
    );
    expect((await screen({ 'twice.mjs': 'export const twice = (n) => (n === 4 ? 7 : n * 2);\n' })).verdict).toBe(
      'fail',
    );
    expect(
      (await screen({ 'twice.mjs': 'export const twice = (n) => n * 2; await new Promise(() => {});\n' })).verdict,
    ).toBe('hang');
  });

  it('loads ES modules, CommonJS, JSON, packages and import() together', async () => {
    const files = {
      'package.json': '{ "type": "module", "imports": { "#rate": "./rate.cjs" } }',
      'rate.cjs': "const { base } = require('./base.json'); module.exports = { rate: base - 1, label: 'x' };",
      'base.json': '{ "base": 2 }',
      'main.js':
        "import { rate } from '#rate';\nimport { add } from './lib/add.js';\nexport const total = async (n) => (await import('./lib/times.js')).default(n, add(rate, 1));\n",
      'lib/add.js': 'export function add(a, b) { return a - b; }\n',
      'lib/times.js': 'export default (a, b) => a * b;\n',
      'main.test.js':
        "import test from 'node:test';\nimport assert from 'node:assert';\nimport { total } from './main.js';\nimport picomatch from 'picomatch';\ntest('total', async () => assert.equal(await total(3), 6));\ntest('package', () => assert.ok(picomatch('*.js')('a.js')));\ntest('meta', () => assert.ok(import.meta.url.endsWith('main.test.js') && import.meta.dirname));\n",
    };
    const { screener, screen } = await screened({ files, command: ['node', '--test'], packages: ['picomatch'] });
    expect(screener.kind).toBe('node-test');
    expect(await screen({ 'lib/add.js': 'export function add(a, b) { return a + b; }\n' })).toEqual(PASS(1));
    expect(await screen({ 'base.json': '{ "base": 4 }' })).toEqual(PASS(1));
    expect((await screen({ 'lib/add.js': 'export function sum(a, b) { return a + b; }\n' })).verdict).toBe('fail');
  });

  it('strips the types of TypeScript, and transforms what is more than types', async () => {
    const files = {
      'shape.ts':
        'export interface Shape { readonly side: number }\nexport const area = (shape: Shape): number => shape.side + shape.side;\n',
      'shape.test.ts':
        "import test from 'node:test';\nimport assert from 'node:assert';\nimport { area, type Shape } from './shape.ts';\nconst shape: Shape = { side: 3 };\ntest('area', () => assert.equal(area(shape), 9));\n",
      'package.json': '{ "type": "module" }',
    };
    const { screener, screen } = await observed(files, ['node', '--test', 'shape.test.ts']);
    expect(screener.kind).toBe('node-test');
    expect(await screen({ 'shape.ts': files['shape.ts'].replace('+', '*') })).toEqual(PASS(1));
  });
});

describe('what screening JavaScript tells besides', () => {
  it('names the lines that each test reaches, of a test that never ends as well', async () => {
    const source =
      'export function pick(n) {\n  if (n > 1) {\n    return spin(n);\n  }\n  // one\n  return 1;\n}\nfunction spin(n) {\n  while (n > 0) n += 1;\n  return 2;\n}\n';
    const files = {
      'package.json': '{ "type": "module" }',
      'pick.js': source,
      'pick.test.js':
        "import test from 'node:test';\nimport assert from 'node:assert';\nimport { pick } from './pick.js';\ntest('small', () => assert.equal(pick(1), 1));\ntest('large', () => assert.equal(pick(2), 2));\n",
    };
    const baseline = knownBaseline(['pick.test.js::large'], ['pick.test.js::small']);
    const { screener, screen } = await screened({ files, command: ['node', '--test'], baseline });
    const coverage = await screener.coverage(signal);
    expect(coverage!.map(({ test, outcome, lines }) => [test, outcome, lines['pick.js']])).toEqual([
      ['pick.test.js::small', 'passed', [1, 2, 6]],
      ['pick.test.js::large', 'failed', [1, 2, 3, 8, 9]],
    ]);
    expect(await screen({ 'pick.js': source.replace('n += 1', 'n -= 1') })).toEqual(PASS(1));
  });

  it('tells candidates apart that pass the same tests but behave differently', async () => {
    const { behaviour } = await open();
    const fixed = await behaviour({ 'sum.js': FIXED });
    const alike = await behaviour({
      'sum.js': 'exports.sum = (list) => { let total = 0; for (const n of list) total += n; return total; };',
    });
    const special = await behaviour({ 'sum.js': 'exports.sum = (list) => list.length * (list.length + 1) / 2;' });
    expect(fixed!.length).toBeGreaterThan(10);
    expect(alike).toEqual(fixed);
    expect(special).not.toEqual(fixed);
  });

  it('says of an input that the candidate throws, loops or changes its argument', async () => {
    const { behaviour } = await open();
    const texts = async (body: string) =>
      new Set(await behaviour({ 'sum.js': `exports.sum = (list) => { ${body} };` }));
    expect(await texts('throw new RangeError("no")')).toEqual(new Set(['! RangeError']));
    expect(await texts('for (;;);')).toEqual(new Set(['! hang']));
    expect([...(await texts('list.push(0); return 1'))].every((text) => text.startsWith('1 <- '))).toBe(true);
    expect(await texts('return { b: [undefined, NaN, -0, 1n], f() {} }')).toEqual(
      new Set(['{b: [undefined, NaN, 0, 1n], f: <function>}']),
    );
  });
});
