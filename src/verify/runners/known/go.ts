import { basename } from 'node:path';
import type { Invocation } from '../invocation.ts';
import type { Addition, RunnerDefinition } from '../runner.ts';

export const runner: RunnerDefinition = { id: 'go', matches, plan };

function matches(words: readonly string[]): boolean {
  return basename(words[0] ?? '') === 'go' && words[1] === 'test';
}

function plan(invocation: Invocation): Addition {
  const { words, argv } = invocation;
  const asked = words.includes('-json');
  const flags = asked ? [] : ['-json'];
  const json = invocation.replace([...words.slice(0, 2), ...flags, ...words.slice(2)]) ?? argv;
  return { argv: json, formats: ['go-json', 'go'], only: (ids) => only(invocation, flags, ids) };
}

/** By the names of top-level tests, in every package the command names. */
function only(invocation: Invocation, flags: readonly string[], ids: readonly string[]): readonly string[] | null {
  const { words } = invocation;
  if (words.some((word) => /^--?(test\.)?run(=|$)/.test(word))) return null;
  const names = new Set(ids.map((id) => id.split(' > ')[1] ?? ''));
  if (![...names].every((name) => /^(Test|Example|Fuzz)\w*$/u.test(name))) return null;
  return invocation.replace([...words.slice(0, 2), ...flags, '-run', `^(${[...names].join('|')})$`, ...words.slice(2)]);
}
