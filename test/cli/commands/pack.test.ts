import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, describe, expect, it } from 'vitest';

const MAIN = fileURLToPath(new URL('../../../src/cli/main.ts', import.meta.url));
const state = mkdtempSync(join(tmpdir(), 'maestro-pack-state-'));
const root = mkdtempSync(join(tmpdir(), 'maestro-pack-'));
writeFileSync(join(root, 'zebra.py'), 'def zebra(stripes):\n    return stripes + 1\n');
writeFileSync(join(root, 'lion.py'), 'def lion(mane):\n    return mane\n');
writeFileSync(join(root, '.env'), 'TOKEN=x\n');
writeFileSync(join(root, 'task.txt'), 'zebra counts its stripes wrong');
afterAll(() => {
  for (const folder of [state, root]) rmSync(folder, { recursive: true, force: true });
});

function maestro(args: readonly string[], input = ''): { status: number | null; stdout: string; stderr: string } {
  const script = `import { main } from ${JSON.stringify(MAIN)}; await main(['node', 'maestro', ...${JSON.stringify(args)}]);`;
  const { status, stdout, stderr } = spawnSync(process.execPath, ['--input-type=module', '-e', script, 'x'], {
    cwd: root,
    input,
    encoding: 'utf8',
    timeout: 50_000,
    env: { PATH: process.env.PATH ?? '', HOME: state, MAESTRO_HOME: state },
  });
  return { status, stdout, stderr };
}

describe('maestro pack', () => {
  it('prints the text, and a summary beside it', () => {
    const { status, stdout, stderr } = maestro(['pack', '--task', 'zebra counts its stripes wrong']);
    expect(stdout).toContain('## zebra.py (2 lines)\n@@ 1-2 @@\ndef zebra(stripes):\n    return stripes + 1\n');
    expect(stderr).toMatch(/maestro: \d+ tokens, \d files/);
    expect(stderr).toContain('withheld: 1 files (.env');
    expect(status).toBe(0);
  });

  it('prints the whole answer as JSON', () => {
    const { stdout, stderr } = maestro([
      'pack',
      '--task',
      '@task.txt',
      '--format',
      'json',
      '--budget',
      '500',
      '--stage',
      'debug',
    ]);
    const answer = JSON.parse(stdout) as Record<string, unknown>;
    expect(Object.keys(answer).sort()).toEqual([
      'files',
      'index',
      'left_out',
      'ms',
      'redactions',
      'skeleton',
      'text',
      'tokens',
    ]);
    expect(answer.files).toContainEqual(expect.objectContaining({ path: 'zebra.py', ranges: [[1, 2]] }));
    expect(stderr).toBe('');
  });

  it('reads task or errors from standard input, not both', () => {
    expect(maestro(['pack', '--task', '-'], 'zebra stripes').stdout).toContain('def zebra');
    expect(maestro(['pack', '--errors', '-'], 'Error: bad\n  File "lion.py", line 2, in lion\n').stdout).toMatch(
      /Error: bad[\s\S]*## lion\.py/,
    );
    const both = maestro(['pack', '--task', '-', '--errors', '-']);
    expect(both.status).toBe(2);
    expect(both.stderr).toContain('standard input can be read once only');
  });

  it('takes files that must be in and says what it did not find', () => {
    const { stdout, stderr } = maestro(['pack', '--task', 'zebra', '--files', 'lion.py', '--files', 'tiger.py']);
    expect(stdout).toContain('def lion');
    expect(stderr).toContain('not found: tiger.py');
  });

  it('refuses what it does not understand with status 2, and an empty pack with 1', () => {
    expect(maestro(['pack', '--stage', 'dream']).status).toBe(2);
    expect(maestro(['pack', '--budget', 'much']).status).toBe(2);
    expect(maestro(['pack', '--errors', 'missing.log']).status).toBe(2);
    expect(maestro(['pack', '--cwd', 'missing']).status).toBe(2);
    expect(maestro(['pack', '--task', 'zebra', '--budget', '0']).status).toBe(1);
  });
});
