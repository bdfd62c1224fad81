import { describe, expect, it } from 'vitest';
import { type Files, PASS, screened } from './screened-project.ts';

const BUGGY =
  "exports.clamp = (n, low, high) => (n < low ? low : n > high ? low : n);\nexports.later = async (n) => n + 2;\nexports.notify = (n, listener) => listener(n, 'x');\n";
const FIXED = BUGGY.replace('high ? low', 'high ? high').replace('n + 2', 'n + 1');
const MODULE = BUGGY.replaceAll(/exports\.(\w+) =/g, 'export const $1 =');
const MODULE_FIXED = FIXED.replaceAll(/exports\.(\w+) =/g, 'export const $1 =');

describe('screening mocha', () => {
  it('runs suites, hooks, callbacks, contexts and exclusive tests', async () => {
    const files: Files = {
      'clamp.js': BUGGY,
      'test/clamp.js': `
        const assert = require('assert');
        const { clamp, later } = require('../clamp');
        describe('clamp', function () {
          this.timeout(500);
          before(function () { this.low = 1; });
          beforeEach((done) => setTimeout(done, 1));
          it('keeps what is inside', function () { assert.strictEqual(clamp(2, this.low, 3), 2); });
          it('lowers', () => assert.strictEqual(clamp(9, 1, 3), 3));
          it('is later', (done) => { later(1).then((n) => { assert.strictEqual(n, 2); done(); }).catch(done); });
          it('awaits', async () => assert.strictEqual(await later(2), 3));
          it('leaves', function () { this.skip(); });
          it('is pending');
          context('deeper', () => specify('raises', () => assert.strictEqual(clamp(0, 1, 3), 1)));
        });`,
    };
    const { screener, screen } = await screened({ files, command: ['npx', 'mocha'], packages: ['mocha'] });
    expect([screener.kind, screener.targets]).toEqual(['mocha', 3]);
    expect(await screen({ 'clamp.js': FIXED })).toEqual(PASS(3));
    expect(await screen({ 'clamp.js': FIXED.replace('n + 1', 'n') })).toMatchObject({ verdict: 'fail', fixed: 1 });
    expect(
      (
        await screen({
          'clamp.js': FIXED.replace(
            'async (n) =>',
            'async (n) => { await new Promise((ok) => setTimeout(ok, 1)); for (;;); }; const other = (n) =>',
          ),
        })
      ).verdict,
    ).toBe('hang');
    expect(
      (
        await screen({
          'clamp.js': FIXED.replace('async (n) =>', '(n) => new Promise(() => {}); const other = (n) =>'),
        })
      ).verdict,
    ).toBe('hang');
    expect(await screen({ 'clamp.js': FIXED })).toEqual(PASS(3));
  });
});

describe('screening jest', () => {
  const tests = `
    describe('clamp', () => {
      let calls;
      beforeEach(() => { calls = []; });
      test('lowers', () => expect(clamp(9, 1, 3)).toBe(3));
      test.each([[2, 2], [0, 1]])('clamp(%i) is %i', (n, expected) => expect(clamp(n, 1, 3)).toEqual(expected));
      test('is later', () => expect(later(1)).resolves.toBe(2));
      test('calls back', () => { const fn = jest.fn(); notify(3, fn); expect(fn).toHaveBeenCalledWith(3, expect.any(String)); });
      test.skip('is left out', () => { throw new Error(); });
      it('done', (done) => { setTimeout(() => done(), 1); });
    });`;

  it('runs tables, mock functions and matchers with the project’s own expect', async () => {
    const files: Files = {
      'clamp.js': BUGGY,
      'clamp.test.js': `const { clamp, later, notify } = require('./clamp');${tests}`,
      'package.json': '{}',
    };
    const { screener, screen } = await screened({ files, command: ['npx', 'jest'], packages: ['jest'] });
    expect([screener.kind, screener.targets]).toEqual(['jest', 2]);
    expect(await screen({ 'clamp.js': FIXED })).toEqual(PASS(2));
    expect((await screen({ 'clamp.js': FIXED.replace("(n, 'x')", '(n)') })).broken).toBe(1);
  });

  it('leaves module mocks to jest itself', async () => {
    const files: Files = {
      'clamp.js': BUGGY,
      'clamp.test.js': `jest.mock('./other', () => 1, { virtual: true });const { clamp, later, notify } = require('./clamp');${tests}`,
      'package.json': '{}',
    };
    const { screener } = await screened({ files, command: ['npx', 'jest'], packages: ['jest'] });
    expect(screener.kind).toBe('command');
  });
});

describe('screening vitest', () => {
  const tests = `
    describe('clamp', () => {
      test('lowers', () => expect(clamp(9, 1, 3)).toBe(3));
      test.each([{ n: 2, wanted: 2 }, { n: 0, wanted: 1 }])('clamp($n) is $wanted', ({ n, wanted }) => expect(clamp(n, 1, 3)).toEqual(wanted));
      it('is later', async ({ task }) => { expect(task).toBeDefined(); await expect(later(1)).resolves.toBe(2); });
      it('calls back', () => { const fn = vi.fn(); notify(3, fn); expect(fn).toHaveBeenCalledWith(3, expect.any(String)); });
      it.skipIf(true)('is left out', () => { throw new Error(); });
      it.fails('is known to fail', () => { expect(1).toBe(2); });
    });`;
  const header =
    "import { beforeEach, describe, expect, it, test, vi } from 'vitest';\nimport { clamp, later, notify } from './clamp';\n";

  it('runs tests of TypeScript files that are imported without their ending', async () => {
    const files: Files = {
      'src/clamp.ts': MODULE.replace('(n, low', '(n: number, low'),
      'src/clamp.test.ts': header + tests,
      'package.json': '{ "type": "module" }',
    };
    const { screener, screen } = await screened({ files, command: ['npx', 'vitest', 'run'], packages: ['vitest'] });
    expect([screener.kind, screener.targets]).toEqual(['vitest', 2]);
    expect(await screen({ 'src/clamp.ts': MODULE_FIXED })).toEqual(PASS(2));
    expect((await screen({ 'src/clamp.ts': MODULE_FIXED.replace("(n, 'x')", '(n)') })).broken).toBe(1);
    expect(
      (
        await screen({
          'src/clamp.ts': MODULE_FIXED.replace('=> (n', '=> { for (;;); }; const other = (n, low, high) => (n'),
        })
      ).verdict,
    ).toBe('hang');
  });
});
