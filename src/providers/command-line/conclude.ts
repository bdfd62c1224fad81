import { Buffer } from 'node:buffer';
import type { Advice } from '../../domain/advice.ts';
import { printable } from '../../platform/printable.ts';
import type { WatchedEnd } from '../../platform/watched-process.ts';
import type { Dialect, Reading } from './dialect.ts';
import { classify, type Failure, failure, stopFailure } from './failures.ts';

const LONGEST_MESSAGE = 300;

/**
 * What came of a run. A complete answer counts whatever else went wrong, but not after a cancel. No exit status makes an
 * answer. `secrets` are taken out of everything that is handed on.
 */
export function conclude(
  end: WatchedEnd,
  reading: Reading,
  dialect: Dialect,
  {
    answerBytes,
    secrets,
    model,
  }: { readonly answerBytes: number; readonly secrets: readonly string[]; readonly model: string | null },
): Advice {
  const clean = (text: string) => printable(secrets.reduce((left, secret) => left.replaceAll(secret, '[key]'), text));
  const exchange = {
    ran: end.spawnError === null,
    model: reading.model === null ? model : oneLine(clean(reading.model)),
    usage: reading.usage,
    ms: end.ms,
  };
  const { text, truncated } = cut(clean(reading.text), answerBytes);
  const failed = whyNoAnswer(end, { ...reading, text }, dialect);
  if (failed === null) return { ok: true, ...exchange, text, truncated };
  return {
    ok: false,
    ...exchange,
    ...failed,
    message: oneLine(clean(failed.message)),
    partial: text.trim() === '' ? null : text,
  };
}

function whyNoAnswer(end: WatchedEnd, reading: Reading, dialect: Dialect): Failure | null {
  const { program } = dialect;
  if (end.spawnError)
    return failure(
      missing(end.spawnError) ? 'not_installed' : 'crashed',
      `${program}: ${end.spawnError.message}`,
      dialect,
      true,
    );
  if (end.stopped === 'cancelled' || end.stopped === 'unwanted' || end.stopped === 'complaint')
    return stopFailure(end.stopped, dialect);
  if (reading.complete && reading.text.trim() !== '' && reading.tool === null) return null;
  if (reading.refused)
    return failure(
      'refused',
      `the model declined to answer${reading.error ? `: ${reading.error.message}` : ''}`,
      dialect,
    );
  if (reading.tool !== null)
    return failure(
      'bad_output',
      `the model asked for a tool (${reading.tool.slice(0, 80)}) instead of answering`,
      dialect,
    );
  if (reading.error) return saidFailure(reading.error, end, dialect);
  if (end.stopped) return stopFailure(end.stopped, dialect);
  if (end.stdout.trim() === '') return silentFailure(end, dialect);
  if (/^\s*<(!doctype|html)/i.test(end.stdout))
    return failure('bad_output', `${program} printed a web page instead of an answer`, dialect);
  if (reading.complete) return failure('bad_output', `the answer of ${program} is empty`, dialect);
  if (reading.text !== '') return failure('bad_output', `the answer of ${program} was cut off before its end`, dialect);
  if (end.signal !== null) return failure('crashed', `${program} was ended by ${end.signal}`, dialect);
  return silentFailure(end, dialect);
}

function saidFailure({ message, status }: NonNullable<Reading['error']>, end: WatchedEnd, dialect: Dialect): Failure {
  const known = classify(message, status, dialect);
  if (known) return known;
  if (end.stopped) return stopFailure(end.stopped, dialect);
  return failure('bad_output', `${dialect.program}: ${message}`, dialect);
}

/** Nothing usable on stdout: stderr may say why. */
function silentFailure({ stderr, exitCode, signal }: WatchedEnd, dialect: Dialect): Failure {
  const said = stderr.trim();
  const known = said === '' ? null : classify(said.slice(-2000), null, dialect);
  if (known) return { ...known, message: `${dialect.program}: ${telling(said)}` };
  const last = said === '' ? '' : `: ${telling(said)}`;
  if (signal !== null) return failure('crashed', `${dialect.program} was ended by ${signal}${last}`, dialect);
  if (exitCode !== 0) return failure('crashed', `${dialect.program} ended with status ${exitCode}${last}`, dialect);
  return failure('bad_output', `${dialect.program} ended without an answer${last}`, dialect);
}

function missing({ code }: NodeJS.ErrnoException): boolean {
  return code === 'ENOENT' || code === 'EACCES';
}

/** The message of the last JSON error in a text, else its last line. */
function telling(text: string): string {
  const message = /.*"message": ?("(?:[^"\\]|\\.)*")/s.exec(text)?.[1];
  try {
    if (message !== undefined) return JSON.parse(message) as string;
  } catch {
    // It only looked like JSON.
  }
  return text.split('\n').at(-1)!.trim();
}

/** A text as one line of at most 300 characters. */
function oneLine(text: string): string {
  const line = text
    .slice(0, 4 * LONGEST_MESSAGE)
    .replace(/\s+/g, ' ')
    .trim();
  return line.length > LONGEST_MESSAGE ? `${line.slice(0, LONGEST_MESSAGE)}…` : line;
}

/** The text cut at a whole character. */
function cut(text: string, bytes: number): { text: string; truncated: boolean } {
  const whole = Buffer.from(text);
  if (whole.length <= bytes) return { text, truncated: false };
  let end = bytes;
  while (end > 0 && (whole[end]! & 0xc0) === 0x80) end--;
  return { text: whole.toString('utf8', 0, end), truncated: true };
}
