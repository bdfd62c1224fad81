import { spawnSync } from 'node:child_process';
import { mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
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

  it('says in one line that a broken index was built again, and packs the same', () => {
    const args = ['pack', '--task', 'zebra counts its stripes wrong', '--format', 'json'];
    const before = JSON.parse(maestro(args).stdout) as { text: string };
    const indexes = join(state, 'context');
    for (const entry of readdirSync(indexes, { withFileTypes: true }))
      if (entry.isDirectory()) writeFileSync(join(indexes, entry.name, 'manifest'), 'garbage');
    const { stdout, stderr } = maestro(args);
    expect((JSON.parse(stdout) as { text: string }).text).toBe(before.text);
    expect(stderr).toMatch(/^maestro: the index in .* is built again\n$/);
  });

  it('says for people what it withheld, cut and took out, and never prints a secret', () => {
    const secret = ['ghp', 'a1B2c3D4e5F6g7H8i9J0k1L2m3N4o5P6q7R8'].join('_');
    const project = mkdtempSync(join(tmpdir(), 'maestro-pack-'));
    const long = Array.from({ length: 400 }, (_, i) => `def tiger_${i}(x):\n    return x\n`).join('\n');
    writeFileSync(join(project, 'tiger.py'), long);
    writeFileSync(join(project, 'token.py'), `TOKEN = "${secret}"\n`);
    writeFileSync(join(project, '.env'), `TOKEN=${secret}\n`);
    const git = (...given: string[]) => spawnSync('git', given, { cwd: project, timeout: 30_000 });
    git('init', '-q');
    git('add', '-A');
    const args = ['--cwd', project, '--files', '*.py', '--files', '.env', '--budget', '400'];
    const { status, stdout, stderr } = maestro(['pack', '--task', 'token of a tiger', ...args]);
    rmSync(project, { recursive: true, force: true });
    expect(status).toBe(0);
    expect(stderr).toMatch(/maestro: cut: tiger\.py: \d+ of \d+ lines fit\n/);
    expect(stderr).toContain('maestro: withheld: 1 files (.env: environment file: it may hold secrets)\n');
    expect(stderr).toContain('maestro: taken out: github-token at token.py:1\n');
    expect(stdout).toContain('[redacted:github-token]');
    expect(stdout + stderr).not.toContain(secret);
  });

  it('packs from the folder it is told, with errors of several files', () => {
    writeFileSync(join(root, 'a.log'), 'Error: first\n  File "lion.py", line 2, in lion\n');
    writeFileSync(join(root, 'b.log'), 'Error: second\n');
    const { stdout } = maestro(['pack', '--errors', 'a.log', '--errors', 'b.log', '--budget', '600']);
    expect(stdout).toMatch(/Error: first[\s\S]*Error: second[\s\S]*## lion\.py/);
  });
});
