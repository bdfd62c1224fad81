import { join } from 'node:path';
import { KINDS, RULES } from '../collect/kinds.ts';
import { BrokenIndex } from './segment-reader.ts';
import { readTable, writeTable } from './table.ts';

/** 'CPM' and the version. */
const KIND = 0x4d504303;
const COLUMNS = 6;

/** What the last update knew: one row a file, in columns; `segment` -1 for files whose text is not indexed. */
export interface Manifest {
  readonly segments: readonly string[];
  readonly paths: readonly string[];
  readonly sizes: Float64Array;
  readonly mtimes: Float64Array;
  readonly ctimes: Float64Array;
  readonly segment: Float64Array;
  readonly doc: Float64Array;
  /** Numbers of kinds, as in KINDS. */
  readonly kinds: Float64Array;
  /** When the update began, in ms of the system's clock: files touched later are looked at again. */
  readonly at: number;
}

/** A manifest of these paths with room for what is known of them. */
export function blankManifest(segments: readonly string[], paths: readonly string[], at: number): Manifest {
  const column = () => new Float64Array(paths.length);
  const times = { mtimes: column(), ctimes: column() };
  return { segments, paths, at, sizes: column(), ...times, segment: column(), doc: column(), kinds: column() };
}

export const EMPTY = blankManifest([], [], 0);

/** Reads the manifest; EMPTY when there is none, or by other rules for what a path is. Throws BrokenIndex when it is not one of ours, whole. */
export function readManifest(folder: string): Manifest {
  const table = readTable(manifestIn(folder), KIND);
  if (table === null) return EMPTY;
  const { segments, at, rules } = table.facts as { segments: readonly string[]; at: number; rules: string };
  if (rules !== RULES) return EMPTY;
  const { texts: paths, numbers } = table;
  const column = (i: number): Float64Array => numbers.subarray(i * paths.length, (i + 1) * paths.length);
  const [sizes, mtimes, ctimes, segment, doc, kinds] = [0, 1, 2, 3, 4, 5].map(column) as [
    Float64Array,
    Float64Array,
    Float64Array,
    Float64Array,
    Float64Array,
    Float64Array,
  ];
  const isWhole =
    numbers.length === paths.length * COLUMNS &&
    segments.every((name) => /^[\w-]+\.seg$/.test(name)) &&
    segment.every((number) => number >= -1 && number < segments.length) &&
    kinds.every((number) => KINDS[number] !== undefined);
  if (!isWhole) throw new BrokenIndex('manifest');
  return { segments, paths, at, sizes, mtimes, ctimes, segment, doc, kinds };
}

/** Puts a manifest in place in one step. */
export async function writeManifest(folder: string, manifest: Manifest): Promise<void> {
  const { segments, paths, at, sizes, mtimes, ctimes, segment, doc, kinds } = manifest;
  const numbers = new Float64Array(paths.length * COLUMNS);
  [sizes, mtimes, ctimes, segment, doc, kinds].forEach((column, i) => {
    numbers.set(column, i * paths.length);
  });
  await writeTable(manifestIn(folder), KIND, { facts: { segments, at, rules: RULES }, numbers, texts: paths });
}

/** The file that a manifest is. */
export function manifestIn(folder: string): string {
  return join(folder, 'manifest');
}
