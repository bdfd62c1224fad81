import { InvalidArgumentError, Option } from 'commander';
import { commandWords as wordsOf } from '../domain/command-words.ts';
import { parseDuration } from '../domain/duration.ts';

/** `120s`, `2m`, `500ms`, `1h`; a bare number is seconds. In ms. */
export function duration(text: string): number {
  const ms = parseDuration(text);
  if (ms === null) throw new InvalidArgumentError('Give a length of time such as 90s, 2m or 500ms.');
  return ms;
}

/** `--time-limit`, two minutes unless given. */
export function timeLimit(description: string): Option {
  return new Option('--time-limit <time>', description).argParser(duration).default(120_000, '120s');
}

/** A whole number from 1. */
export function count(text: string): number {
  if (!/^\d+$/.test(text) || Number(text) < 1) throw new InvalidArgumentError('Give a whole number from 1.');
  return Number(text);
}

/** Collects an option that may be given several times. */
export function repeated(value: string, before: readonly string[] = []): readonly string[] {
  return [...before, value];
}

/** Names separated by commas, at least one. */
export function list(text: string): readonly string[] {
  const names = text.split(',').map((name) => name.trim());
  if (names.includes('')) throw new InvalidArgumentError('Give names separated by commas.');
  return names;
}

/** A command as one text, not blank. */
export function commandText(text: string): string {
  if (wordsOf(text).length === 0) throw new InvalidArgumentError('Give a command, such as "npm test".');
  return text;
}
