import { existsSync, mkdirSync, mkdtempSync, readFileSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { PassThrough } from 'node:stream';
import { expect, it, onTestFinished } from 'vitest';
import { execute } from '../../../src/cli/main.ts';

/** A home of its own, and the command line in it. */
function home() {
  const root = realpathSync(mkdtempSync(join(tmpdir(), 'setup-cli-')));
  onTestFinished(() => rmSync(root, { recursive: true, force: true }));
  const run = async (...args: string[]) => {
    const stdout = new PassThrough() as PassThrough & NodeJS.WriteStream;
    const stderr = new PassThrough() as PassThrough & NodeJS.WriteStream;
    const io = { stdout, stderr, stdin: process.stdin, env: { HOME: root, PATH: '' }, cwd: root };
    const status = await execute(['setup', ...args], io, new AbortController().signal);
    return { status, stdout: String(stdout.read() ?? ''), stderr: String(stderr.read() ?? '') };
  };
  return { root, run };
}

it('shows the change, says where it was written and what is left to do', async () => {
  const { root, run } = home();
  const { status, stdout } = await run('claude');
  expect(status).toBe(0);
  const lines = stdout.trimEnd().split('\n');
  expect(lines[0]).toBe(`Claude Code: Maestro added, ${root}/.claude.json`);
  expect(lines).toContain('+    "maestro": {');
  expect(lines.at(-1)).toMatch(/\/mcp shows the server/);
});

it('says that it is there already, that it was taken out, and that it is not there', async () => {
  const { root, run } = home();
  await run('codex');
  expect((await run('codex')).stdout).toBe(`Codex: Maestro is there already, ${root}/.codex/config.toml\n`);
  expect((await run('codex', '--remove')).stdout).toMatch(/^Codex: Maestro taken out, /);
  expect((await run('codex', '--remove')).stdout).toBe(`Codex: Maestro is not there, ${root}/.codex/config.toml\n`);
});

it('writes nothing on a dry run, and says so', async () => {
  const { root, run } = home();
  const { status, stdout } = await run('gemini', '--dry-run');
  expect(status).toBe(0);
  expect(stdout).toMatch(/^Gemini CLI: Maestro added \(not written\), /);
  expect(existsSync(join(root, '.gemini'))).toBe(false);
});

it('cuts long lines of the change, since a file may be one line', async () => {
  const { root, run } = home();
  writeFileSync(join(root, '.claude.json'), JSON.stringify({ long: 'x'.repeat(10_000) }));
  const { stdout } = await run('claude');
  expect(Math.max(...stdout.split('\n').map((line) => line.length))).toBeLessThanOrEqual(201);
});

it('prints one object with --json', async () => {
  const { root, run } = home();
  const { stdout } = await run('vscode', '--scope', 'project', '--json');
  expect(JSON.parse(stdout)).toMatchObject({
    host: 'vscode',
    file: join(root, '.vscode', 'mcp.json'),
    change: 'added',
    written: true,
  });
});

it('says without a host which are here and what to type', async () => {
  const { root, run } = home();
  mkdirSync(join(root, '.cursor'));
  mkdirSync(join(root, '.gemini'));
  writeFileSync(join(root, '.gemini', 'settings.json'), 'not json');
  await run('codex');
  const { status, stdout } = await run();
  expect(status).toBe(0);
  expect(stdout.split('\n')).toEqual([
    '– Claude Code  not found here',
    `✔ Codex        set up already, ${root}/.codex/config.toml`,
    `→ Cursor       maestro setup cursor   adds Maestro to ${root}/.cursor/mcp.json`,
    expect.stringMatching(/^✘ Gemini CLI {3}.*settings\.json: line 1: /),
    '– VS Code      not found here',
    '',
  ]);
  const { hosts } = JSON.parse((await run('--json')).stdout) as { hosts: unknown[] };
  expect(hosts).toHaveLength(5);
});

it.each([['--remove'], ['--dry-run'], ['--scope', 'project']])('wants a host with %s', async (...options) => {
  const { status, stderr } = await home().run(...options);
  expect(status).toBe(2);
  expect(stderr).toMatch(/which host\?/);
});

it('refuses a file that it cannot read with one line and a remedy, and leaves it', async () => {
  const { root, run } = home();
  writeFileSync(join(root, '.claude.json'), '{ "a": 1, // no comments here\n}');
  const { status, stderr } = await run('claude');
  expect(status).toBe(3);
  expect(stderr.trimEnd().split('\n')).toEqual([
    expect.stringMatching(/^maestro: \/.*\/\.claude\.json: line 1: /),
    expect.stringMatching(/^ {2}→ mend it/),
  ]);
  expect(readFileSync(join(root, '.claude.json'), 'utf8')).toBe('{ "a": 1, // no comments here\n}');
});

it('names the hosts there are when asked for another', async () => {
  const { status, stderr } = await home().run('emacs');
  expect(status).toBe(2);
  expect(stderr).toMatch(/choose among: claude, codex, cursor, gemini, vscode/);
});
