import { ERROR_CODES, EXIT, MaestroError } from '../domain/errors.ts';
import type { Io } from './io.ts';
import { paint, print, printable } from './io.ts';

/** Prints a failure and returns its exit status: one line and a remedy when it was expected, a stack when not. */
export async function showError(error: unknown, io: Io, json: boolean): Promise<number> {
  if (error instanceof MaestroError) {
    const { code, remedy } = error;
    const message = printable(error.message);
    if (json) await print(io.stdout, errorJson(code, message, remedy));
    await print(
      io.stderr,
      `${paint(io.stderr, 'red', 'maestro:')} ${message}\n  ${paint(io.stderr, 'dim', '→')} ${printable(remedy)}\n`,
    );
    return ERROR_CODES[code];
  }
  const text = error instanceof Error ? (error.stack ?? error.message) : String(error);
  if (json) await print(io.stdout, errorJson('defect', text.split('\n')[0]!, 'report it'));
  await print(io.stderr, `maestro: this is a defect in Maestro, please report it\n${printable(text)}\n`);
  return EXIT.environment;
}

/** What a failed command prints with `--json`: one line. */
export function errorJson(code: string, message: string, remedy: string): string {
  return `${JSON.stringify({ status: 'error', error: { code, message, remedy } })}\n`;
}
