import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { contents, example, folder, maestro, project } from './maestro.ts';

const one = (text: string) => text.trim().split('\n');

describe('called wrongly, maestro', () => {
  it.each([
    { title: 'fix without a command', args: ['fix'], says: 'there is no test command' },
    { title: 'fix with nothing after --', args: ['fix', '--'], says: 'there is no test command' },
    { title: 'a command in front of --', args: ['fix', 'npm', 'test'], says: 'too many arguments' },
    { title: 'an unknown command', args: ['fox'], says: "unknown command 'fox'" },
    { title: 'an unknown option', args: ['fix', '--fast', '--', 'true'], says: "unknown option '--fast'" },
    {
      title: 'a time limit that is none',
      args: ['fix', '--time-limit', 'soon', '--', 'true'],
      says: 'Give a length of time',
    },
    {
      title: 'a provider that nobody knows',
      args: ['fix', '--providers', 'oracle', '--', 'true'],
      says: "there is no provider 'oracle'",
    },
    { title: 'a folder that is not there', args: ['fix', '--cwd', 'nowhere', '--', 'true'], says: 'nowhere' },
    {
      title: '--out in a folder that is not there',
      args: ['fix', '--out', 'nowhere/x.patch', '--', 'true'],
      says: 'nowhere',
    },
    { title: 'select without candidates', args: ['select'], says: '--candidates' },
    { title: 'candidates that are no file', args: ['select', '--candidates', 'none.json'], says: 'none.json' },
  ])('ends with 2 and says what is wrong: $title', async ({ args, says }) => {
    const root = project({ 'a.js': '1\n' });
    const { status, stderr, stdout } = await maestro(args, root);
    expect(stderr).toContain(says);
    expect(status).toBe(2);
    expect(stdout).toBe('');
  });

  it('says so as JSON too, when that is asked for', async () => {
    const root = project({ 'a.js': '1\n' });
    for (const args of [
      ['fix', '--json', '--bogus'],
      ['fix', '--json', 'npm', 'test'],
      ['select', '--json'],
      ['fix', '--json'],
    ]) {
      expect(await maestro(args, root)).toMatchObject({
        status: 2,
        json: { status: 'error', error: { code: 'usage' } },
      });
    }
  });

  it('prints its version and its help on stdout and ends with 0', async () => {
    const root = folder();
    expect(await maestro(['--version'], root)).toMatchObject({
      status: 0,
      stdout: expect.stringMatching(/^\d+\.\d+\.\d+\n$/),
    });
    for (const args of [
      ['--help'],
      ['fix', '--help'],
      ['select', '--help'],
      ['doctor', '--help'],
      ['metrics', '--help'],
    ]) {
      expect(await maestro(args, root)).toMatchObject({
        status: 0,
        stderr: '',
        stdout: expect.stringContaining('Usage: maestro'),
      });
    }
  });
});

describe('where tests cannot run, maestro fix ends with 3', () => {
  it.each([
    { title: 'a program that does not exist', command: ['no-such-program', 'x'], says: 'no-such-program' },
    { title: 'a syntax error in the test file', command: ['node', '--test', 'broken.test.js'], says: 'SyntaxError' },
    {
      title: 'a module that is missing',
      command: ['python3', '-m', 'unittest', 'test_missing'],
      says: 'no_such_module',
    },
  ])('$title', async ({ command, says }) => {
    const root = project({
      'a.js': '1\n',
      'broken.test.js': 'const = ;\n',
      'test_missing.py': 'import no_such_module\n',
    });
    const before = contents(root);
    const { status, stderr, json } = await maestro(['fix', '--json', '--', ...command], root);
    expect(stderr).toContain(says);
    expect(status).toBe(3);
    expect(json).toMatchObject({ status: 'error', error: { message: expect.any(String), remedy: expect.any(String) } });
    expect(one(stderr).at(-1)).toMatch(/^ {2}→ /);
    expect(contents(root)).toEqual(before);
  });

  it('a suite that never ends', async () => {
    const root = project({ 'a.test.js': 'setInterval(() => {}, 1000);\n' });
    const { status, stderr } = await maestro(['fix', '--time-limit', '3s', '--', 'node', '--test'], root);
    expect(status).toBe(3);
    expect(stderr).toMatch(/time limit|did not end/);
  });

  it('a folder with nothing in it', async () => {
    const { status, stderr } = await maestro(['fix', '--', 'true'], folder());
    expect(status).toBe(3);
    expect(stderr).toMatch(/empty|no files/);
  });

  it('a state folder that takes no files', async () => {
    const { status, stderr } = await maestro(['metrics'], folder(), { state: '/proc' });
    expect(status).toBe(3);
    expect(stderr).toContain('MAESTRO_HOME');
  });

  it('a state file of a newer version, which stays as it is', async () => {
    const root = example('bookings');
    const state = folder();
    mkdirSync(state, { recursive: true });
    writeFileSync(join(state, 'maestro.db'), 'this is no database, whatever its name says');
    const { status, stderr } = await maestro(['fix', '--', 'node', '--test'], root, { state });
    expect(status).toBe(3);
    expect(stderr).toContain('maestro.db');
    expect(contents(state)['maestro.db']).toBe('this is no database, whatever its name says');
  });
});
