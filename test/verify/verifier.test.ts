import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import type { Baseline } from '../../src/domain/evidence.ts';
import { observeBaseline } from '../../src/verify/baseline.ts';
import {
  BEST_AND_NONE,
  BUGGY,
  FIX,
  NODE_TEST,
  options,
  project,
  repository,
  temporaryFolder,
  verifierOf,
  write,
} from './project.ts';

/** Two test files, the slow one of a passing test; every run says in its output which were run. */
const SLOW = {
  ...BUGGY,
  'slow.test.js': "require('node:test')('slow', async () => { await new Promise((done) => setTimeout(done, 1500)); });",
};

describe.each(BEST_AND_NONE)('verifying a change (sandbox: %s)', (_kind, sandbox) => {
  async function prepared(files: Readonly<Record<string, string>>, command: readonly string[] = NODE_TEST, more = {}) {
    const verifier = await verifierOf(project(files), command, { sandbox, ...more });
    return { verifier, baseline: await observeBaseline(verifier, command, options) };
  }

  it('confirms a fix with the whole suite', async () => {
    const { verifier, baseline } = await prepared(BUGGY);
    expect(await verifier.verify(FIX, baseline, options)).toMatchObject({
      ...{ basis: 'observed', applies: true, status: 'passed', protectedFiles: [], executed: 2 },
      ...{ fixed: ['math.test.js::adds'], broken: [], counts: { passed: 2, failed: 0, total: 2 } },
    });
  });

  it('shows what a change breaks, and what still fails', async () => {
    const { verifier, baseline } = await prepared(BUGGY);
    const breaks = await verifier.verify([...FIX, { path: 'sub.js', content: null }], baseline, options);
    expect([breaks.status, breaks.fixed, breaks.broken]).toEqual([
      'failed',
      ['math.test.js::adds'],
      ['math.test.js::subtracts'],
    ]);
    const useless = await verifier.verify(
      [{ path: 'add.js', content: 'exports.add = (a, b) => a * b;\n' }],
      baseline,
      options,
    );
    expect([useless.status, useless.fixed, useless.failures.map(({ id }) => id)]).toEqual([
      'failed',
      [],
      ['math.test.js::adds'],
    ]);
    expect(useless.failures[0]?.message).toContain('math.test.js:3');
  });

  it('runs the targets first and the whole suite only for those that pass, where the suite takes long', async () => {
    const { verifier, baseline } = await prepared(SLOW);
    expect(baseline.ms).toBeGreaterThan(1_000);
    const useless = await verifier.verify([{ path: 'add.js', content: 'exports.add = () => 0;\n' }], baseline, options);
    expect([useless.status, useless.broken, useless.counts]).toEqual(['failed', null, null]);
    expect(useless.executed).toBeLessThan(3);
    const fix = await verifier.verify(FIX, baseline, options);
    expect([fix.status, fix.broken, fix.executed]).toEqual(['passed', [], 3]);
  });

  it('does not run a change that touches protected files', async () => {
    const { verifier, baseline } = await prepared(BUGGY, NODE_TEST, { protect: ['sub.js'] });
    const change = [
      ...FIX,
      { path: 'math.test.js', content: '' },
      { path: 'package-lock.json', content: '{}' },
      { path: 'sub.js', content: '' },
    ];
    expect(await verifier.verify(change, baseline, options)).toMatchObject({
      ...{ applies: true, status: null, executed: null, fixed: null },
      protectedFiles: ['math.test.js', 'package-lock.json', 'sub.js'],
      problem: 'touches protected files: math.test.js, package-lock.json, sub.js',
    });
  });

  it('says that a change which leads out of the tree does not apply', async () => {
    const { verifier, baseline } = await prepared(BUGGY);
    const seen = await verifier.verify([{ path: '../outside.js', content: 'x' }], baseline, options);
    expect([seen.applies, seen.problem, seen.status]).toEqual([
      false,
      '"../outside.js" leads out of the workspace',
      null,
    ]);
  });

  it('ends a candidate that never ends', async () => {
    const { verifier, baseline } = await prepared(BUGGY);
    const seen = await verifier.verify([{ path: 'add.js', content: 'for (;;);' }], baseline, {
      ...options,
      timeLimitMs: 1_000,
    });
    expect([seen.status, seen.fixed]).toEqual(['timed_out', []]);
  });

  it('is not impressed by a candidate that ends the process with success', async () => {
    const { verifier, baseline } = await prepared(BUGGY);
    const seen = await verifier.verify([{ path: 'add.js', content: 'process.exit(0);\n' }], baseline, options);
    expect(seen.status).not.toBe('passed');
  });

  it('judges candidates independently of those before and beside them', async () => {
    const { verifier, baseline } = await prepared(BUGGY);
    const bad = [
      {
        path: 'add.js',
        content:
          "require('fs').writeFileSync('sub.js', ''); require('fs').writeFileSync('math.test.js', ''); exports.add = () => 3;\n",
      },
    ];
    const seen = await Promise.all(
      [bad, FIX, bad, FIX, FIX].map((change) => verifier.verify(change, baseline, options)),
    );
    expect(seen.map(({ status }) => status)).toEqual(['failed', 'passed', 'failed', 'passed', 'passed']);
    expect(readFileSync(join(verifier.snapshot.root, 'sub.js'), 'utf8')).toBe(BUGGY['sub.js']);
  });

  it('runs a command of Python', async () => {
    const files = {
      'calc.py': 'def add(a, b):\n    return a - b\n',
      'test_calc.py':
        'import unittest, calc\nclass T(unittest.TestCase):\n    def test_add(self):\n        self.assertEqual(calc.add(1, 2), 3)\n    def test_zero(self):\n        self.assertEqual(calc.add(1, 0), 1)\n',
    };
    const { verifier, baseline } = await prepared(files, ['python3', '-m', 'unittest']);
    expect([baseline.failing.length, baseline.passing.length]).toEqual([1, 1]);
    const fix = await verifier.verify(
      [{ path: 'calc.py', content: 'def add(a, b):\n    return a + b\n' }],
      baseline,
      options,
    );
    expect([fix.status, fix.executed]).toEqual(['passed', 2]);
  });

  it('runs any other command, judged by its exit status', async () => {
    const command = ['sh', '-c', 'grep -q right answer.txt'];
    const { verifier, baseline } = await prepared({ 'answer.txt': 'wrong' }, command);
    const right = await verifier.verify([{ path: 'answer.txt', content: 'right' }], baseline, options);
    expect([right.status, right.executed, right.counts]).toEqual(['passed', 1, { passed: 1, failed: 0, total: 1 }]);
    expect((await verifier.verify([{ path: 'answer.txt', content: 'no' }], baseline, options)).status).toBe('failed');
  });

  it('runs in the sub-folder the user was in, with paths from the root of the repository', async () => {
    const folder = repository({
      'lib/add.js': BUGGY['add.js'],
      'app/a.test.js':
        "require('node:test')('t', () => require('assert').equal(require('../lib/add.js').add(1, 2), 3));",
    });
    const verifier = await verifierOf(join(folder, 'app'), NODE_TEST, { sandbox });
    const baseline = await observeBaseline(verifier, NODE_TEST, options);
    const seen = await verifier.verify([{ path: 'lib/add.js', content: FIX[0]!.content }], baseline, options);
    expect(seen).toMatchObject({ status: 'passed', executed: 1 });
  });

  it('tests a dirty tree as it stands', async () => {
    const folder = repository(BUGGY);
    write(folder, {
      'math.test.js': `${BUGGY['math.test.js']}test('new', () => assert.equal(require('./new.js'), 1));`,
      'new.js': 'module.exports = 1;',
    });
    const verifier = await verifierOf(folder, NODE_TEST, { sandbox });
    expect((await observeBaseline(verifier, NODE_TEST, options)).passing).toContain('math.test.js::new');
  });

  it('leaves no folder behind once closed', async () => {
    const temporary = temporaryFolder();
    const verifier = await verifierOf(project(BUGGY), NODE_TEST, { sandbox });
    await verifier.run(FIX, options);
    await verifier.close();
    expect(readdirSync(temporary).filter((name) => name.startsWith('maestro-workspace'))).toEqual([]);
    expect(existsSync(verifier.snapshot.root)).toBe(true);
  });
});

it('knows targets that only stand for tests that could not run', async () => {
  const files = {
    'lib.js': 'exports.x = ;',
    'a.test.js': "require('./lib.js'); require('node:test')('a', () => {});",
    'b.test.js': "require('node:test')('b', () => {});",
  };
  const verifier = await verifierOf(project(files), NODE_TEST);
  const baseline: Baseline = { ...(await observeBaseline(verifier, NODE_TEST, options)), ms: 5_000 };
  expect(baseline.failing).toEqual(['a.test.js::(file)']);
  const seen = await verifier.verify([{ path: 'lib.js', content: 'exports.x = 1;' }], baseline, options);
  expect([seen.status, seen.fixed, seen.executed]).toEqual(['passed', ['a.test.js::(file)'], 2]);
});
