import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { availableParallelism, loadavg, tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Baseline } from '../src/domain/evidence.ts';
import type { Screening } from '../src/domain/ports.ts';
import { checkEnvironment } from '../src/platform/environment.ts';
import { openScreener } from '../src/verify/screen/index.ts';
import { takeSnapshot } from '../src/verify/snapshot.ts';

/** Prints how many candidates a second warm processes try, on small programs made here: failing ones, and one in 20 that never ends. */
const ROUNDS = Number(process.argv[2] ?? 600);
const AT_ONCE = 2;
const LOOP_EVERY = 20;
const TESTS = 8;

interface Program {
  readonly title: string;
  /** Candidates a second to reach; `null` where nothing is promised. */
  readonly goal: number | null;
  readonly command: readonly string[];
  readonly source: string;
  readonly files: Readonly<Record<string, string>>;
  readonly failing: readonly string[];
  readonly passing: readonly string[];
  candidate(number: number, loops: boolean): string;
}

const numbers = Array.from({ length: TESTS }, (_, index) => index);
const split = (id: (number: number) => string) => ({
  failing: numbers.filter((number) => number > 0).map(id),
  passing: [id(0)],
});

const javascript: Program = {
  title: 'node:test',
  goal: 400,
  command: ['node', '--test', 'sum.test.js'],
  source: 'sum.js',
  files: {
    'sum.js': 'exports.sum = (n) => { let total = 0; for (let i = 0; i <= n; i++) total -= i; return total + 0; };\n',
    'sum.test.js': `const test = require('node:test');\nconst assert = require('node:assert');\nconst { sum } = require('./sum.js');\n${numbers
      .map((n) => `test('t${n}', () => assert.strictEqual(sum(${n}), ${(n * (n + 1)) / 2}));`)
      .join('\n')}\n`,
  },
  ...split((number) => `sum.test.js::t${number}`),
  candidate: (number, loops) =>
    `exports.sum = (n) => { let total = ${number + 1}; for (let i = 0; i <= n; i${loops ? ' += 0' : '++'}) total -= i; return total; };\n`,
};

const pythonSource =
  'def total(n):\n    result = 0\n    for i in range(n + 1):\n        result -= i\n    return result\n';
const pythonCandidate = (number: number, loops: boolean) =>
  pythonSource
    .replace('= 0', `= ${number + 1}`)
    .replace('        result -= i', loops ? '        while True: pass' : '        result -= i');
const expected = (n: number) => (n * (n + 1)) / 2;

const unittest: Program = {
  title: 'unittest',
  goal: 200,
  command: ['python3', '-m', 'unittest', 'test_total'],
  source: 'total.py',
  files: {
    'total.py': pythonSource,
    'test_total.py': `import unittest\nfrom total import total\n\nclass Total(unittest.TestCase):\n${numbers
      .map((n) => `    def test_${n}(self):\n        self.assertEqual(total(${n}), ${expected(n)})\n`)
      .join('\n')}`,
  },
  ...split((number) => `test_total.Total.test_${number}`),
  candidate: pythonCandidate,
};

const pytest: Program = {
  ...unittest,
  title: 'pytest',
  goal: null,
  command: ['python3', '-m', 'pytest'],
  files: {
    'total.py': pythonSource,
    'test_total.py': `from total import total\n\n${numbers.map((n) => `def test_${n}():\n    assert total(${n}) == ${expected(n)}\n`).join('\n')}`,
  },
  ...split((number) => `test_total.py::test_${number}`),
};

for (const program of [javascript, unittest, pytest]) await measure(program);

async function measure({ title, goal, command, source, files, failing, passing, candidate }: Program): Promise<void> {
  const dir = mkdtempSync(join(tmpdir(), 'maestro-bench-'));
  for (const [path, text] of Object.entries(files)) writeFileSync(join(dir, path), text);
  const signal = new AbortController().signal;
  const snapshot = await takeSnapshot(dir, { signal });
  const baseline: Baseline = { format: 'known', failing, passing, flaky: [], runs: [], ms: 100 };
  const fallback = async (): Promise<Screening> => ({ verdict: 'fail', fixed: 0, broken: 0 });
  const started = performance.now();
  const screener = await openScreener({
    ...{ snapshot, dir, command, baseline, concurrency: AT_ONCE, env: checkEnvironment(), signal, fallback },
    confine: (argv) => argv,
  });
  const opening = performance.now() - started;
  const rate = (loops: boolean) =>
    perSecond(async (number) => {
      const content = candidate(number, loops && number % LOOP_EVERY === 0);
      await screener.screen([{ path: source, content }], signal);
    });
  await rate(false);
  const [plain, withLoops] = [await rate(false), await rate(true)];
  const verdict = goal === null ? '' : ` (goal ${goal}/s${plain >= goal ? '' : ', missed'})`;
  console.log(
    screener.kind === 'command'
      ? `${title}: not here, or not reproduced`
      : `${title}: opened in ${opening.toFixed(0)} ms; ${plain.toFixed(0)}/s${verdict}; ${withLoops.toFixed(0)}/s when one in ${LOOP_EVERY} never ends`,
  );
  await screener.close();
  await snapshot.dispose();
  rmSync(dir, { recursive: true });
}

async function perSecond(screen: (number: number) => Promise<void>): Promise<number> {
  const started = performance.now();
  let next = 0;
  const lane = async () => {
    while (next < ROUNDS) await screen(next++);
  };
  await Promise.all(Array.from({ length: AT_ONCE }, lane));
  return (ROUNDS * 1000) / (performance.now() - started);
}

console.log(`${AT_ONCE} at once on ${availableParallelism()} cores; load average ${loadavg()[0]!.toFixed(1)}`);
