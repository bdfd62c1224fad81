import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { atomicWrite } from '../../platform/files.ts';
import { BrokenIndex } from './segment-reader.ts';

const VERSION = 1;

/** What the last update knew: one row a file, in columns; `segment` -1 for files whose text is not indexed. */
export interface Manifest {
  readonly segments: readonly string[];
  readonly paths: readonly string[];
  readonly sizes: readonly number[];
  readonly mtimes: readonly number[];
  readonly ctimes: readonly number[];
  readonly segment: readonly number[];
  readonly doc: readonly number[];
  /** When the update began, in ms of the system's clock: files touched later are looked at again. */
  readonly at: number;
}

export const EMPTY: Manifest = {
  segments: [],
  paths: [],
  sizes: [],
  mtimes: [],
  ctimes: [],
  segment: [],
  doc: [],
  at: 0,
};

/** Reads the manifest; EMPTY when there is none. Throws BrokenIndex when it is not one of ours, whole. */
export function readManifest(folder: string): Manifest {
  let text: string;
  try {
    text = readFileSync(join(folder, 'manifest.json'), 'utf8');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return EMPTY;
    throw new BrokenIndex('manifest.json');
  }
  try {
    const { version, ...manifest } = JSON.parse(text) as Manifest & { version: number };
    if (version === VERSION && isWhole(manifest)) return manifest;
  } catch {
    // Falls through: not JSON.
  }
  throw new BrokenIndex('manifest.json');
}

function isWhole(manifest: Manifest): boolean {
  const { paths, sizes, mtimes, ctimes, segment, doc, segments } = manifest;
  const numbers = [sizes, mtimes, ctimes, segment, doc];
  return (
    Array.isArray(paths) &&
    paths.every((path) => typeof path === 'string') &&
    Array.isArray(segments) &&
    segments.every((name) => typeof name === 'string' && /^[\w-]+\.seg$/.test(name)) &&
    numbers.every(
      (column) => Array.isArray(column) && column.length === paths.length && column.every(Number.isFinite),
    ) &&
    segment.every((number) => number >= -1 && number < segments.length)
  );
}

/** Puts a manifest in place in one step. */
export async function writeManifest(folder: string, manifest: Manifest): Promise<void> {
  await atomicWrite(join(folder, 'manifest.json'), JSON.stringify({ version: VERSION, ...manifest }));
}
