import { spawnSync } from 'node:child_process';
import { readdirSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { temporaryFolder } from '../verify/project.ts';

/** Runs a bench of the built program, for its soundness and not for its figures. */
function bench(name: string, times: string) {
  const temporary = temporaryFolder();
  const script = fileURLToPath(new URL(`../../bench/${name}.ts`, import.meta.url));
  const { stdout, stderr, status } = spawnSync(process.execPath, [script, times], {
    encoding: 'utf8',
    env: { ...process.env, TMPDIR: temporary },
  });
  // Node keeps what it compiled for every program of the user.
  const left = readdirSync(temporary).filter((name) => name !== 'node-compile-cache');
  return { lines: stdout.trim().split('\n'), stderr, status, left };
}

describe('the bench of calls', () => {
  const TOOLS = ['workflow_state', 'run_stage', 'get_metrics', 'pack_context', 'consult', 'select_best'];
  const FIGURE = String.raw`\d+\.\d / \d+\.\d`;

  it('has figures for every tool in both repositories, judges nothing by few calls, and leaves nothing behind', () => {
    const { lines, stderr, status, left } = bench('calls', '2');
    expect(stderr).toBe('');
    const repositories = [2, 1_000].flatMap((files) => [
      expect.stringContaining(`a repository of ${files} files`),
      ...TOOLS.map((tool) =>
        expect.stringMatching(
          new RegExp(`maestro_${tool} +1 in flight ${FIGURE} +2 in flight ${FIGURE} +CPU \\d+\\.\\d$`),
        ),
      ),
    ]);
    expect(lines).toEqual([
      expect.stringContaining('2 calls each'),
      ...repositories,
      expect.stringContaining('not judged by so few calls'),
    ]);
    expect(status).toBe(0);
    expect(left).toEqual([]);
  });

  it('refuses what is no number of calls', () => {
    const { stderr, status } = bench('calls', 'many');
    expect(stderr).toContain('many is not how often to measure');
    expect(status).not.toBe(0);
  });
});

describe('the bench of the start', () => {
  it('has ratios for both ways a host opens a connection and for commands, and judges nothing by few rounds', () => {
    const { lines, stderr, status, left } = bench('startup', '1');
    expect(stderr).toBe('');
    const figures = ['ms CPU', 'ms wall', 'MiB'].map((unit) =>
      expect.stringMatching(new RegExp(`bare \\d+, maestro \\d+ ${unit} +\\d+\\.\\d\\d×`)),
    );
    expect(lines.slice(0, 9)).toEqual([
      expect.stringContaining('initialize'),
      ...figures,
      expect.stringContaining('server/discover'),
      ...figures,
      expect.stringContaining('not judged by so few rounds'),
    ]);
    const commands = lines.slice(9).filter((line) => /^ +(node|maestro) /.test(line));
    expect(commands.length).toBeGreaterThan(0);
    for (const line of commands) expect(line).toMatch(/\d+ ms cpu +\d+\.\d\d× +\d+ ms wall +\d+\.\d\d×$/);
    expect(status).toBe(0);
    expect(left).toEqual([]);
  });
});
