import { hash as digest, randomUUID } from 'node:crypto';
import { mkdirSync, readdirSync, rmSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { atomicWrite } from '../../platform/files.ts';
import { type Family, familyOf, KINDS, type Kind, kindOf } from '../collect/kinds.ts';
import type { ListedFile } from '../collect/listing.ts';
import { readBytes, textOf } from '../collect/read-text.ts';
import { hashTerm } from '../question/terms.ts';
import { blankManifest, EMPTY, type Manifest, readManifest, writeManifest } from './manifest.ts';
import { SegmentBuilder } from './segment-builder.ts';
import { HASH_BYTES } from './segment-format.ts';
import { BrokenIndex, openSegment, type Segment } from './segment-reader.ts';
import { Vocabulary } from './vocabulary.ts';

/** Where a file's words are: a segment and its number there, or -1 twice when its text is not indexed. */
export interface Place {
  readonly segment: number;
  readonly doc: number;
}

/** The index of the files listed: `places[i]` and `kinds[i]` belong to `files[i]`. */
export interface Index {
  readonly files: readonly ListedFile[];
  readonly places: readonly Place[];
  readonly kinds: readonly Kind[];
  readonly segments: readonly Segment[];
  /** Files whose text had not to be read, and bytes of those that had. */
  readonly reused: number;
  readonly bytesRead: number;
  close(): void;
}

const SEGMENT_CHARACTERS = 12_000_000;
const MOST_WORDS = 400_000;
const MOST_SEGMENTS = 12;
const SMALL_SEGMENT_DOCS = 400;
const RACY_MS = 2_000;
const YIELD_EVERY = 64;
const ORPHAN_AGE_MS = 10 * 60_000;
const LARGEST_CONFIG = 64 * 1024;
const NOT_INDEXED: Place = { segment: -1, doc: -1 };

/**
 * Brings the index in `folder` up to date with the files under `root` and opens it. Files that look unchanged (size,
 * times) are not read; those whose content is known by its hash are not scanned. What is broken is built again and
 * `warn` is told. Several processes may do this at once: segments never change, and the last manifest wins.
 */
export async function openIndex(
  folder: string,
  root: string,
  files: readonly ListedFile[],
  warn: (line: string) => void,
  now: () => number = Date.now,
): Promise<Index> {
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  const startedAt = now();
  const { manifest, segments } = openKnown(folder, warn);
  const update = new Update(folder, root, manifest, segments);
  for (let i = 0; i < files.length; i++) {
    update.place(files[i]!);
    if (update.isFull) await update.flush();
    if (i % YIELD_EVERY === 0 && update.bytesRead > 0) await new Promise(setImmediate);
  }
  await update.flush();
  const live = update.finish(files);
  if (live.changed) {
    await writeManifest(folder, toManifest(files, update.kinds, live.places, live.segments, startedAt));
    removeOrphans(folder, live.segments, now());
  }
  return {
    files,
    places: live.places,
    kinds: update.kinds,
    segments: live.segments,
    reused: update.reused,
    bytesRead: update.bytesRead,
    close: () => {
      for (const segment of live.segments) segment.close();
    },
  };
}

function openKnown(folder: string, warn: (line: string) => void): { manifest: Manifest; segments: Segment[] } {
  const segments: Segment[] = [];
  try {
    const manifest = readManifest(folder);
    for (const name of manifest.segments) segments.push(openSegment(join(folder, name)));
    if (manifest.doc.some((doc, i) => manifest.segment[i]! >= 0 && doc >= segments[manifest.segment[i]!]!.docs))
      throw new BrokenIndex('manifest');
    return { manifest, segments };
  } catch (error) {
    for (const segment of segments) segment.close();
    warn(`the index in ${folder} is broken (${(error as Error).message}); it is built again`);
    return { manifest: EMPTY, segments: [] };
  }
}

class Update {
  readonly #folder: string;
  readonly #root: string;
  readonly #manifest: Manifest;
  readonly #segments: Segment[];
  readonly #renewed: ReadonlySet<number>;
  readonly #places: Place[] = [];
  /** The row after that of the file placed last: files come in the order that they had. */
  #next = 0;
  #rows: Map<string, number> | undefined;
  #byHash: Map<string, Place> | undefined;
  /** Made when a text is to be indexed: their tables are large. */
  #vocabulary: Vocabulary | undefined;
  #builder: SegmentBuilder | undefined;
  readonly kinds: Kind[] = [];
  reused = 0;
  bytesRead = 0;

  constructor(folder: string, root: string, manifest: Manifest, segments: Segment[]) {
    this.#folder = folder;
    this.#root = root;
    this.#manifest = manifest;
    this.#segments = segments;
    this.#renewed = segmentsToRenew(manifest, segments);
  }

  place(file: ListedFile): void {
    const row = this.#rowOf(file.path);
    const kind = row === undefined ? kindOf(file.path) : KINDS[this.#manifest.kinds[row]!]!;
    const known = row === undefined ? null : this.#unchanged(file, row);
    if (known) this.reused++;
    this.kinds.push(kind);
    this.#places.push(known ?? this.#index(file, kind));
  }

  /** Whether there is enough for a segment. */
  get isFull(): boolean {
    return this.#builder !== undefined && this.#builder.characters > SEGMENT_CHARACTERS;
  }

  /** Writes what was collected as a segment of its own. */
  async flush(): Promise<void> {
    if (!this.#builder) return;
    const path = join(this.#folder, `${randomUUID()}.seg`);
    await atomicWrite(path, this.#builder.finish());
    this.#segments.push(openSegment(path));
    if (this.#vocabulary!.words > MOST_WORDS) this.#vocabulary = undefined;
    this.#builder = undefined;
  }

  /** Drops segments that nothing points to any more and renumbers. */
  finish(files: readonly ListedFile[]): { places: Place[]; segments: Segment[]; changed: boolean } {
    const used = new Set(this.#places.map(({ segment }) => segment));
    const kept = this.#segments.map((_, i) => i).filter((i) => used.has(i));
    for (const [i, segment] of this.#segments.entries()) if (!used.has(i)) segment.close();
    const renumbered = new Map(kept.map((old, fresh) => [old, fresh]));
    const places = this.#places.map((place) =>
      place.segment < 0 ? place : { segment: renumbered.get(place.segment)!, doc: place.doc },
    );
    return {
      places,
      segments: kept.map((i) => this.#segments[i]!),
      changed: this.reused !== files.length || files.length !== this.#manifest.paths.length,
    };
  }

  #unchanged(file: ListedFile, row: number): Place | null {
    const { sizes, mtimes, ctimes, segment, doc, at } = this.#manifest;
    const same = sizes[row] === file.size && mtimes[row] === file.mtimeMs && ctimes[row] === file.ctimeMs;
    if (!same || Math.max(file.mtimeMs, file.ctimeMs) > at - RACY_MS || this.#renewed.has(segment[row]!)) return null;
    return { segment: segment[row]!, doc: doc[row]! };
  }

  #rowOf(path: string): number | undefined {
    const { paths } = this.#manifest;
    let row: number | undefined = this.#next;
    if (paths[row] !== path) {
      this.#rows ??= new Map(paths.map((known, i) => [known, i]));
      row = this.#rows.get(path);
    }
    if (row !== undefined) this.#next = row + 1;
    return row;
  }

  #index(file: ListedFile, kind: Kind): Place {
    const family = familyOf(file.path);
    if (family === null || kind === 'generated' || kind === 'data' || (kind === 'config' && file.size > LARGEST_CONFIG))
      return NOT_INDEXED;
    const bytes = readBytes(`${this.#root}/${file.path}`);
    if (typeof bytes === 'string') return NOT_INDEXED;
    this.bytesRead += bytes.length;
    const hash = contentHash(bytes, family);
    const known = this.#findHash(hash);
    if (known) return known;
    const text = textOf(bytes);
    if (text === 'binary' || text === 'minified') return NOT_INDEXED;
    this.#vocabulary ??= new Vocabulary();
    this.#builder ??= new SegmentBuilder(this.#vocabulary);
    const place = { segment: this.#segments.length, doc: this.#builder.add(hash, text, family) };
    this.#byHash!.set(hash, place);
    return place;
  }

  #findHash(hash: string): Place | undefined {
    if (!this.#byHash) {
      this.#byHash = new Map();
      for (const [i, segment] of this.#segments.entries()) {
        if (this.#renewed.has(i)) continue;
        for (let doc = 0; doc < segment.docs; doc++) this.#byHash.set(hashOf(segment, doc), { segment: i, doc });
      }
    }
    return this.#byHash.get(hash);
  }
}

/** 40 hex digits for a content read as one family: the same bytes may be cut otherwise as another. */
function contentHash(bytes: Buffer, family: Family): string {
  return digest('sha1', bytes, 'hex').slice(0, 32) + hashTerm(family).toString(16).padStart(8, '0');
}

function hashOf(segment: Segment, doc: number): string {
  return segment.hashes.toString('hex', doc * HASH_BYTES, (doc + 1) * HASH_BYTES);
}

/** Segments mostly of files that are gone, and small ones when there are too many, are read again from the files. */
function segmentsToRenew(manifest: Manifest, segments: readonly Segment[]): Set<number> {
  const live = segments.map(({ docs }) => new Uint8Array(docs));
  const sizes = segments.map(() => 0);
  for (const [row, segment] of manifest.segment.entries()) {
    const doc = manifest.doc[row]!;
    if (segment < 0 || live[segment]![doc] === 1) continue;
    live[segment]![doc] = 1;
    sizes[segment]!++;
  }
  const renewed = new Set<number>();
  segments.forEach((segment, i) => {
    const mostlyDead = sizes[i]! * 2 < segment.docs;
    const small = segments.length > MOST_SEGMENTS && segment.docs < SMALL_SEGMENT_DOCS;
    if (mostlyDead || small) renewed.add(i);
  });
  return renewed;
}

function toManifest(
  files: readonly ListedFile[],
  kinds: readonly Kind[],
  places: readonly Place[],
  segments: readonly Segment[],
  at: number,
): Manifest {
  const names = segments.map(({ path }) => path.slice(path.lastIndexOf('/') + 1));
  const paths = files.map(({ path }) => path);
  const manifest = blankManifest(names, paths, at);
  files.forEach(({ size, mtimeMs, ctimeMs }, row) => {
    manifest.sizes[row] = size;
    manifest.mtimes[row] = mtimeMs;
    manifest.ctimes[row] = ctimeMs;
    manifest.segment[row] = places[row]!.segment;
    manifest.doc[row] = places[row]!.doc;
    manifest.kinds[row] = KINDS.indexOf(kinds[row]!);
  });
  return manifest;
}

/** Segments no manifest names, once they are too old for another process to be about to name them. */
function removeOrphans(folder: string, segments: readonly Segment[], now: number): void {
  const named = new Set(segments.map(({ path }) => path));
  for (const name of readdirSync(folder)) {
    const path = join(folder, name);
    if (!/\.(seg|tmp)$|^manifest\.json$/.test(name) || named.has(path)) continue;
    const found = statSync(path, { throwIfNoEntry: false });
    if (found && now - found.mtimeMs > ORPHAN_AGE_MS) rmSync(path, { force: true });
  }
}
