import { PassThrough } from 'node:stream';
import { describe, expect, it } from 'vitest';
import { showError } from '../../src/cli/errors.ts';
import { readTextAndFiles } from '../../src/cli/input.ts';
import type { Io } from '../../src/cli/io.ts';
import { paint } from '../../src/cli/io.ts';
import { ERROR_CODES, type ErrorCode, MaestroError } from '../../src/domain/errors.ts';
import { folder, repository } from '../app/world.ts';
import { sink } from './terminal.ts';

async function shown(error: unknown, json: boolean) {
  const [stdout, stderr] = [sink(), sink()];
  const status = await showError(error, { stdout, stderr } as unknown as Io, json);
  return { status, stdout: stdout.text(), stderr: stderr.text() };
}

describe('a failure', () => {
  it.each(Object.entries(ERROR_CODES))(
    'that is expected (%s) ends with %i, one line and its remedy',
    async (code, status) => {
      const error = new MaestroError(code as ErrorCode, 'it is \u001b[2Jso', 'do \u0007that');
      expect(await shown(error, false)).toEqual({ status, stdout: '', stderr: 'maestro: it is so\n  → do that\n' });
    },
  );

  it('is one line of JSON too, where that is asked for', async () => {
    const { stdout, stderr } = await shown(new MaestroError('usage', 'it is "so"\n', 'do that'), true);
    expect(stdout.match(/\n/g)).toHaveLength(1);
    expect(JSON.parse(stdout)).toEqual({
      status: 'error',
      error: { code: 'usage', message: 'it is "so"\n', remedy: 'do that' },
    });
    expect(stderr).toContain('maestro: it is "so"');
  });

  it.each([
    ['an error', new TypeError('x is not a function'), 'TypeError: x is not a function'],
    ['a text', 'boom \u001b[2J', 'boom '],
    ['nothing', undefined, 'undefined'],
  ])('that is not expected (%s) ends with 3 and asks to be reported', async (_, error, words) => {
    const { status, stdout, stderr } = await shown(error, true);
    expect(status).toBe(3);
    expect(stderr).toContain(`maestro: this is a defect in Maestro, please report it\n${words}`);
    expect(JSON.parse(stdout)).toMatchObject({ status: 'error', error: { code: 'defect' } });
  });

  it('keeps its stack where it is a defect', async () => {
    expect((await shown(new Error('x'), false)).stderr).toContain('errors.test.ts');
  });
});

describe('text that is given', () => {
  const io = (cwd: string, input = '') => ({ cwd, stdin: PassThrough.from([Buffer.from(input)]) }) as unknown as Io;
  const here = () => repository({ 'a.txt': 'of a file\n', 'b.txt': 'ü🙂' });

  it('is taken as it is, from a file, or from standard input', async () => {
    const cwd = here();
    expect(await readTextAndFiles('words @a.txt', [], io(cwd))).toEqual({ text: 'words @a.txt', files: [] });
    expect(await readTextAndFiles('@a.txt', [], io(cwd))).toEqual({ text: 'of a file\n', files: [] });
    expect(await readTextAndFiles('-', [], io(cwd, 'ü🙂'))).toEqual({ text: 'ü🙂', files: [] });
    expect(await readTextAndFiles(undefined, [], io(cwd))).toEqual({ text: undefined, files: [] });
  });

  it('may come with files, in the order given, standard input among them', async () => {
    const cwd = here();
    const read = await readTextAndFiles('@b.txt', ['a.txt', '-', `${cwd}/b.txt`], io(cwd, 'piped'));
    expect(read).toEqual({ text: 'ü🙂', files: ['of a file\n', 'piped', 'ü🙂'] });
  });

  it.each([
    ['-', ['-']],
    ['x', ['-', '-']],
  ])('takes standard input once only: %j with %j', async (text, files) => {
    await expect(readTextAndFiles(text, files, io(folder()))).rejects.toMatchObject({ code: 'usage' });
  });

  it.each([
    ['@none', [], /^none cannot be read \(ENOENT\)$/],
    ['@.', [], /^\. cannot be read \(EISDIR\)$/],
    ['x', ['none'], /^none cannot be read \(ENOENT\)$/],
  ])('has to be readable: %j with %j', async (text, files, words) => {
    const reading = readTextAndFiles(text, files, io(folder()));
    await expect(reading).rejects.toMatchObject({ code: 'usage', message: expect.stringMatching(words) });
  });
});

describe('colour', () => {
  it('is for terminals alone, and for none that says NO_COLOR', () => {
    expect(paint(sink(), 'red', 'x')).toBe('x');
  });
});
