import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { folder, home, repository } from '../../app/world.ts';
import { maestro } from '../terminal.ts';

const FOLDER = new URL('../../../src/cli/commands/', import.meta.url);
const COMMANDS = readdirSync(FOLDER).map((file) => file.replace(/\.ts$/, ''));

/** What each command needs before it does anything. */
const NEEDED: Readonly<Record<string, readonly string[]>> = {
  fix: ['--', 'true'],
  select: ['--candidates', 'x.json'],
  consult: ['why?'],
  ensemble: ['what?'],
  approve: ['w'],
};

function nowhere() {
  const cwd = folder();
  return { cwd, env: { PATH: process.env.PATH!, HOME: cwd, MAESTRO_HOME: join(cwd, 'state') } };
}

const elsewhere = (args: readonly string[]) => {
  const { cwd, env } = nowhere();
  return maestro(args, cwd, env);
};

describe.each(COMMANDS)('maestro %s', (name) => {
  it('explains itself on stdout, each option in words, and does nothing', async () => {
    const place = nowhere();
    const { status, stdout, stderr } = await maestro([name, '--help'], place.cwd, place.env);
    expect([status, stderr]).toEqual([0, '']);
    expect(stdout).toContain(`Usage: maestro ${name}`);
    const [, options = ''] = stdout.split('\nOptions:\n');
    const told = options.split('\n').filter((line) => line.startsWith('  -'));
    expect(told.length).toBeGreaterThan(0);
    for (const line of told) expect(line).toMatch(/^ {2}--?[\w-]+(, --[\w-]+)?( <[\w-]+>)? {2,}\S/);
    expect(existsSync(join(place.cwd, 'state'))).toBe(false);
  });

  const given = name === 'select' ? ['--candidates', 'x.json'] : [];

  it.each([
    ['an option that there is not', ['--bogus'], /unknown option '--bogus'/],
    ['an argument too many', ['one', 'two', 'three'], /too many arguments/],
  ])('refuses %s with 2, on stderr alone, with the way to its help', async (_, args, words) => {
    const { status, stdout, stderr } = await elsewhere([name, ...given, ...args]);
    expect([status, stdout]).toEqual([2, '']);
    expect(stderr).toMatch(words);
    expect(stderr).toContain('maestro --help');
  });

  it('says so in one line of JSON where that is asked for', async () => {
    const { status, stdout } = await elsewhere([name, ...given, '--json', '--bogus']);
    expect(status).toBe(2);
    expect(stdout.match(/\n/g)).toHaveLength(1);
    expect(JSON.parse(stdout)).toEqual({
      status: 'error',
      error: { code: 'usage', message: expect.stringMatching(/^error: unknown option/), remedy: 'maestro --help' },
    });
  });
});

describe('an option that takes a value', () => {
  const numbers = ['0', '-1', '1.5', 'many', ''];
  const times = ['0', '-5s', 'soon', '5 minutes', ''];
  const wrong: ReadonlyArray<readonly [string, string, readonly string[], RegExp]> = [
    ['fix', '--time-limit', times, /length of time/],
    ['fix', '--max-candidates', numbers, /whole number from 1/],
    ['fix', '--max-iterations', numbers, /whole number from 1/],
    ['select', '--time-limit', times, /length of time/],
    ['select', '--test-command', ['', '  '], /Give a command/],
    ['select', '--lint-command', ['', '  '], /Give a command/],
    ['select', '--probe-command', ['', '  '], /Give a command/],
    ['ensemble', '--n', numbers, /whole number from 1/],
    ['ensemble', '--providers', ['', 'a,,b', ','], /names separated by commas/],
    ['ensemble', '--kind', ['', 'poem', 'Patch'], /Allowed choices/],
    ['consult', '--role', ['', 'judge', 'poet'], /Allowed choices/],
    ['consult', '--stage', ['', 'rest'], /Allowed choices/],
    ['pack', '--stage', ['', 'rest'], /Allowed choices/],
    ['pack', '--format', ['', 'xml'], /Allowed choices/],
    ['pack', '--budget', ['-1', '1.5', 'many', ''], /whole number from 0/],
    ['metrics', '--scope', ['', 'world'], /Allowed choices/],
    ['setup', '--scope', ['', 'world'], /Allowed choices/],
    ['serve', '--port', ['-1', '65536', '123456', 'http', ''], /port from 0 to 65535/],
  ];
  const cases = wrong.flatMap(([name, option, values, words]) =>
    values.map((value) => [name, option, value, words] as const),
  );

  it.each(cases)('is refused: maestro %s %s=%j', async (name, option, value, words) => {
    const { status, stdout, stderr } = await elsewhere([name, `${option}=${value}`, ...(NEEDED[name] ?? [])]);
    expect([status, stdout]).toEqual([2, '']);
    expect(stderr).toMatch(words);
  });

  it.each<readonly [readonly string[], RegExp]>([
    [['fix', '--out', '.', '--', 'true'], /--out: .* is a folder/],
    [['fix', '--out', 'no/such/x.patch', '--', 'true'], /--out: there is no folder/],
    [['fix', '--providers', '', '--', 'true'], /no provider/],
    [['fix', '--providers', 'embedded,oracle', '--', 'true'], /no provider 'oracle'/],
    [['fix', '--cwd', 'nowhere', '--', 'true'], /nowhere/],
    [['fix'], /no test command/],
    [['fix', '--'], /no test command/],
    [['select', '--candidates', 'none.json'], /none\.json cannot be read \(ENOENT\)/],
    [['select', '--candidates', '.'], /cannot be read \(EISDIR\)/],
    [['select', '--candidates', '-', '--mode', 'dice'], /'dice'/],
    [['select', '--candidates', '-', '--criteria', 'beauty'], /--criteria is for a judge/],
    [['consult', '@none.txt'], /none\.txt cannot be read/],
    [['consult', '-', '--errors', '-'], /standard input can be read once only/],
    [['pack', '--task', '-', '--errors', '-'], /standard input can be read once only/],
    [['ensemble', 'x', '--confidence', 'high'], /confidence/],
    [['ensemble', 'x', '--confidence', '1.5'], /confidence/],
    [['metrics', '--since', 'yesterday'], /'yesterday' is no time/],
    [['approve', 'w'], /a person at a terminal/],
    [['setup', 'emacs'], /emacs/],
    [['setup', '--remove'], /which host/],
  ])('maestro %j ends with 2, one line and a remedy', async (args, words) => {
    const { status, stdout, stderr } = await maestro(args, repository(), home(), '[]');
    expect(stderr).toMatch(words);
    expect([status, stdout]).toEqual([2, '']);
    expect(stderr).toMatch(/^maestro: .*\n {2}→ .+\n$/);
  });
});

describe('maestro itself', () => {
  it.each([
    ['a command that there is not', ['fox'], /unknown command 'fox'/],
    ['an option in front of the command', ['--json', 'fix'], /unknown option/],
  ])('refuses %s', async (_, args, words) => {
    const { status, stderr } = await elsewhere(args);
    expect(status).toBe(2);
    expect(stderr).toMatch(words);
  });

  it('lists every command with --help, and is its version with --version', async () => {
    const { stdout } = await elsewhere(['--help']);
    for (const name of COMMANDS) expect(stdout).toMatch(new RegExp(`^ {2}${name}\\b`, 'm'));
    expect(await elsewhere(['--version'])).toEqual({
      status: 0,
      stdout: expect.stringMatching(/^\d+\.\d+\.\d+\n$/),
      stderr: '',
    });
  });

  it('shows how a test command is given where it stands in the wrong place', async () => {
    const { status, stderr } = await elsewhere(['fix', 'npm', 'test']);
    expect(status).toBe(2);
    expect(stderr).toContain('maestro fix -- npm test');
  });
});
