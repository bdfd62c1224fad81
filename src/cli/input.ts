import { readFile } from 'node:fs/promises';
import { resolve } from 'node:path';
import { MaestroError } from '../domain/errors.ts';
import type { Io } from './io.ts';
import { readAll } from './io.ts';

/** Text given on the command line: as it is, `@file`, or `-` for standard input. Throws `usage` for a file that cannot be read. */
async function readText(text: string, io: Io): Promise<string> {
  if (text === '-') return readAll(io.stdin);
  return text.startsWith('@') ? readInput(text.slice(1), io) : text;
}

/** A text of `readText` and files beside it, `-` for standard input once among them all. Throws `usage`. */
export async function readTextAndFiles(
  text: string | undefined,
  files: readonly string[],
  io: Io,
): Promise<{ readonly text: string | undefined; readonly files: readonly string[] }> {
  const fromInput = files.filter((file) => file === '-').length + (text === '-' ? 1 : 0);
  if (fromInput > 1)
    throw new MaestroError('usage', 'standard input can be read once only', 'give - for one text or file only');
  return {
    text: text === undefined ? undefined : await readText(text, io),
    files: await Promise.all(files.map((file) => (file === '-' ? readAll(io.stdin) : readInput(file, io)))),
  };
}

async function readInput(file: string, io: Io): Promise<string> {
  try {
    return await readFile(resolve(io.cwd, file), 'utf8');
  } catch (cause) {
    const { code } = cause as NodeJS.ErrnoException;
    throw new MaestroError('usage', `${file} cannot be read (${code})`, 'give the path of a readable file, or -', {
      cause,
    });
  }
}
