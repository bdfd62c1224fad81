import { basename } from 'node:path';
import { splitArguments } from '../arguments.ts';
import type { Invocation } from '../invocation.ts';
import type { Addition, RunnerDefinition } from '../runner.ts';

const VALUES =
  /^(-p|--package|--test|--bin|--example|--bench|--features|-F|--target|--target-dir|--manifest-path|--profile|-j|--jobs|--exclude|--color|--message-format|--config|-Z)$/;

export const runner: RunnerDefinition = { id: 'cargo', matches, plan };

function matches(words: readonly string[]): boolean {
  return (
    basename(words[0] ?? '') === 'cargo' &&
    /^(test|t)$/.test(words.find((word, index) => index > 0 && !word.startsWith('+') && !word.startsWith('-')) ?? '')
  );
}

/** The machine-readable output of libtest is not stable: what it prints by default names every test. */
function plan(invocation: Invocation): Addition {
  return { argv: invocation.argv, formats: ['cargo'], only: (ids) => only(invocation, ids) };
}

function only(invocation: Invocation, ids: readonly string[]): readonly string[] | null {
  const { words } = invocation;
  const dashes = words.indexOf('--');
  const before = dashes < 0 ? words : words.slice(0, dashes);
  const after = dashes < 0 ? [] : words.slice(dashes + 1);
  const filtered = splitArguments(before, VALUES).positional.filter((word) => !word.startsWith('+')).length > 2;
  const names = ids.map((id) =>
    id
      .split(' > ')
      .at(-1)!
      .replace(/ #\d+$/, ''),
  );
  if (filtered || after.some((word) => !word.startsWith('-')) || !names.every((name) => /^[\w:]+$/u.test(name)))
    return null;
  return invocation.replace([...before, '--', ...after, '--exact', ...new Set(names)]);
}
