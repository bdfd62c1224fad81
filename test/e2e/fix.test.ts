import { execFileSync } from 'node:child_process';
import { cpSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { contents, example, folder, maestro, project } from './maestro.ts';

const NODE_TEST = ['node', '--test'];
const cases = [
  { name: 'bookings', command: NODE_TEST, file: 'src/interval.js' },
  { name: 'price-list', command: ['node', '--test', 'test/order.test.ts'], file: 'src/order.ts' },
  { name: 'inventory', command: ['python3', '-m', 'unittest'], file: 'stock.py' },
];

describe('maestro fix', () => {
  it.each(cases)(
    'finds a patch for the example $name that passes by hand, and changes nothing',
    async ({ name, command, file }) => {
      const root = example(name);
      const before = contents(root);
      const { status, json, stderr } = await maestro(['fix', '--json', '--', ...command], root);
      expect(stderr).toContain('Fixed');
      expect(status).toBe(0);
      expect(json).toMatchObject({ status: 'fixed', files: [file], after: { failed: 0 }, applied: false });
      expect(contents(root)).toEqual(before);
      const clean = join(folder(), 'clean');
      cpSync(root, clean, { recursive: true });
      execFileSync('git', ['apply', '-'], { cwd: clean, input: String(json.patch) });
      execFileSync(command[0]!, command.slice(1), { cwd: clean, stdio: 'pipe' });
    },
  );

  it('answers with exactly the fields that it promises', async () => {
    const { json } = await maestro(['fix', '--json', '--', ...NODE_TEST], example('bookings'));
    expect(Object.keys(json)).toEqual([
      'status',
      'patch',
      'files',
      'baseline',
      'after',
      'evidence',
      'candidates_tried',
      'ended_by_budget',
      'winner',
      'hypotheses',
      'why',
      'stages',
      'metrics',
      'applied',
      'left_unapplied',
      'resumed',
      'elapsed_ms',
      'run_id',
    ]);
    expect(json.baseline).toEqual({ passed: 11, failed: 2, total: 13, flaky: 0 });
    expect(json.after).toEqual({ passed: 13, failed: 0, total: 13 });
    expect(json.winner).toMatchObject({ provider: 'embedded', rank: expect.any(Number), operator: expect.any(String) });
  });

  it('prints the patch alone on stdout, so that it can be piped into git apply', async () => {
    const root = example('bookings');
    const { stdout } = await maestro(['fix', '--', ...NODE_TEST], root);
    execFileSync('git', ['apply', '-'], { cwd: root, input: stdout });
    execFileSync('node', ['--test'], { cwd: root, stdio: 'pipe' });
  });

  it('applies the patch when asked to', async () => {
    const root = example('bookings');
    const { json } = await maestro(['fix', '--json', '--apply', '--', ...NODE_TEST], root);
    expect(json).toMatchObject({ applied: true, left_unapplied: null });
    execFileSync('node', ['--test'], { cwd: root, stdio: 'pipe' });
  });

  it('writes the patch to a file when asked to', async () => {
    const root = example('bookings');
    const out = join(folder(), 'fix.patch');
    const { stdout } = await maestro(['fix', '--out', out, '--', ...NODE_TEST], root);
    expect(stdout).toBe('');
    expect(readFileSync(out, 'utf8')).toContain('--- a/src/interval.js');
  });

  it('says that nothing fails', async () => {
    const root = project({ 'a.test.js': "require('node:test')('passes', () => {});\n" });
    const { status, json } = await maestro(['fix', '--json', '--', ...NODE_TEST], root);
    expect(status).toBe(0);
    expect(json).toMatchObject({ status: 'already_passing', patch: null, candidates_tried: 0 });
  });

  it('says that it found none, with what it learned, and ends with 1', async () => {
    const root = project({
      'sum.js': 'exports.sum = (a, b) => a + b;\n',
      'sum.test.js':
        "const { sum } = require('./sum.js');\nrequire('node:test')('is a poem', () => { if (sum(1, 2) !== 'a rose is a rose') throw new Error('no'); });\n",
    });
    const { status, json, stderr } = await maestro(['fix', '--json', '--time-limit', '8s', '--', ...NODE_TEST], root);
    expect(status).toBe(1);
    expect(json).toMatchObject({ status: 'not_fixed', patch: null, winner: null, after: null });
    expect(json.hypotheses).toMatchObject([{ id: 'h1' }]);
    expect(stderr).toContain('Where to look first');
  });

  it('never proposes a change to a protected file', async () => {
    const { status, json } = await maestro(
      ['fix', '--json', '--time-limit', '8s', '--protect', 'src/interval.js', '--', ...NODE_TEST],
      example('bookings'),
    );
    expect(status).toBe(1);
    expect(json).toMatchObject({ status: 'not_fixed' });
  });

  it('never changes the script that does the testing, whatever it is called', async () => {
    const root = project({
      'poem.js': 'exports.line = (n) => n + 1;\n',
      'check.js': "if (require('./poem.js').line(5) !== 'a rose') process.exit(1);\n",
      'package.json': '{ "scripts": { "test": "node check.js" } }\n',
    });
    for (const command of [
      ['node', 'check.js'],
      ['npm', 'test'],
    ]) {
      const { json } = await maestro(['fix', '--json', '--time-limit', '6s', '--', ...command], root);
      expect(json).toMatchObject({ status: 'not_fixed' });
    }
  });

  it('leaves the patch unapplied when the tree changed meanwhile', async () => {
    const root = example('bookings');
    const slow = `setTimeout(() => {}, 300);\n`;
    writeFileSync(join(root, 'test', 'slow.test.js'), slow);
    const running = maestro(['fix', '--json', '--apply', '--', ...NODE_TEST], root);
    await new Promise((resolve) => setTimeout(resolve, 1_500));
    writeFileSync(
      join(root, 'src', 'interval.js'),
      `${readFileSync(join(root, 'src', 'interval.js'), 'utf8')}\n// mine\n`,
    );
    const { json } = await running;
    expect(json).toMatchObject({
      status: 'fixed',
      applied: false,
      left_unapplied: expect.stringContaining('src/interval.js'),
    });
    expect(readFileSync(join(root, 'src', 'interval.js'), 'utf8')).toContain('// mine');
  });
});
