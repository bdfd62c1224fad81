import { PassThrough } from 'node:stream';
import { expect, it } from 'vitest';
import { execute } from '../../src/cli/main.ts';

/** What the command line prints on stdout, without colours, 80 columns wide. */
async function help(...args: string[]): Promise<string> {
  const stdout = new PassThrough() as unknown as NodeJS.WriteStream;
  const stderr = new PassThrough() as unknown as NodeJS.WriteStream;
  const io = { stdout, stderr, stdin: process.stdin, env: {}, cwd: process.cwd() };
  expect(await execute(args, io, new AbortController().signal)).toBe(0);
  return String((stdout as unknown as PassThrough).read());
}

it.each(['', 'fix', 'select', 'doctor', 'metrics'])('keeps the help of maestro %s', async (command) => {
  expect(await help(...(command === '' ? [] : [command]), '--help')).toMatchSnapshot();
});
