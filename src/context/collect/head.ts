import { join } from 'node:path';
import { factsOf } from './facts.ts';
import { gitFoldersOf } from './git-folders.ts';
import { readBytes } from './read-text.ts';

const LARGEST_REF = 4_096;
const LARGEST_PACK_OF_REFS = 8 * 1024 * 1024;
const MOST_STEPS = 5;
const ID = /^[0-9a-f]{40}(?:[0-9a-f]{24})?$/;
const REF = /^ref: (refs\/heads\/[^\s~^:?*[\\]+)$/;

/**
 * The id of the last commit of the working tree that holds `folder`, read from its files; `''` where there is none yet, or
 * no repository. `null` where the files do not plainly say it (references kept in another way): then only git knows.
 */
export function readHead(folder: string): string | null {
  const place = gitFoldersOf(folder);
  if (place === 'none') return '';
  if (place === 'unclear' || factsOf(join(place.shared, 'reftable'))) return null;
  let said = textIn(join(place.own, 'HEAD'), LARGEST_REF);
  for (let step = 0; step < MOST_STEPS && said; step++) {
    if (ID.test(said)) return said;
    const [, ref] = REF.exec(said) ?? [];
    if (ref === undefined || ref.split('/').includes('..')) return null;
    said = textIn(join(place.shared, ref), LARGEST_REF) || packedRef(place.shared, ref);
    if (said === '') return '';
  }
  return null;
}

/** `''` where it is not packed. */
function packedRef(shared: string, ref: string): string | null {
  const packed = textIn(join(shared, 'packed-refs'), LARGEST_PACK_OF_REFS);
  if (!packed) return packed;
  const line = packed.split('\n').find((one) => one.endsWith(` ${ref}`));
  return line?.slice(0, line.indexOf(' ')) ?? '';
}

/** A file's text without the end of its last line; `''` where there is none, `null` where it cannot be read. */
function textIn(path: string, most: number): string | null {
  if (!factsOf(path)) return '';
  const bytes = readBytes(path, most);
  return typeof bytes === 'string' ? null : bytes.toString('utf8').trimEnd();
}
