import { redact } from '../../domain/redaction.ts';
import { familyOf } from '../collect/kinds.ts';
import { chunksOf } from '../index/chunks.ts';
import { printableName } from './names.ts';
import type { Source } from './source.ts';

const MOST_NAMES = 10;
const MOST_CHARACTERS = 200;

/** One line for a file: its path and what it defines, `name:line`, as many as fit. */
export function outlineOf({ ranked, raw }: Source, mostNames = MOST_NAMES, mostCharacters = MOST_CHARACTERS): string {
  const names = chunksOf(raw, familyOf(ranked.path) ?? 'text').flatMap(({ defines }) =>
    defines.map(({ name, line }) => `${name.slice(0, 60)}:${line}`),
  );
  const shown = [...new Set(names)].slice(0, mostNames);
  const text = redact(`${printableName(ranked.path)}: ${shown.join(' ')}`.slice(0, mostCharacters)).text;
  return names.length > shown.length ? `${text} …` : text;
}
