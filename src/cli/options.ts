import { InvalidArgumentError, Option } from 'commander';
import { commandWords as wordsOf } from '../domain/command-words.ts';

const UNITS: Record<string, number> = { ms: 1, s: 1_000, m: 60_000, h: 3_600_000 };

/** `120s`, `2m`, `500ms`, `1h`; a bare number is seconds. In ms. */
export function duration(text: string): number {
  const match = /^(\d+(?:\.\d+)?)(ms|s|m|h)?$/.exec(text.trim());
  const ms = match ? Number(match[1]) * UNITS[match[2] ?? 's']! : 0;
  if (ms <= 0) throw new InvalidArgumentError('Give a length of time such as 90s, 2m or 500ms.');
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

/** A command as one text, by the rule of `domain/command-words.ts`. */
export function commandWords(text: string): readonly string[] {
  const words = wordsOf(text);
  if (words.length === 0) throw new InvalidArgumentError('Give a command, such as "npm test".');
  return words;
}
