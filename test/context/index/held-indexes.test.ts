import { appendFileSync, readdirSync, readlinkSync, rmSync, statSync, truncateSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { type ListedFile, listWorkspace } from '../../../src/context/collect/listing.ts';
import { HeldIndexes } from '../../../src/context/index/held-indexes.ts';
import type { Index } from '../../../src/context/index/open-index.ts';
import { hashTerm } from '../../../src/context/question/terms.ts';
import { folder, plainFolder } from '../workspace-of.ts';

const LATER = () => Date.now() + 60_000;
const sample = (): string => plainFolder({ 'a.py': 'zebra = 1\n', 'b.py': 'lion = 1\n' });
const listed = async (root: string): Promise<readonly ListedFile[]> =>
  (await listWorkspace(root, new AbortController().signal)).files;

function hits(index: Index, word: string): number {
  let found = 0;
  for (const segment of index.segments) segment.postings(hashTerm(word), () => found++);
  return found;
}

/** Open files of this process that lie in a folder. */
function openIn(state: string): number {
  return readdirSync('/proc/self/fd').filter((fd) => {
    try {
      return readlinkSync(`/proc/self/fd/${fd}`).startsWith(state);
    } catch {
      return false;
    }
  }).length;
}

const open = (
  indexes: HeldIndexes,
  state: string,
  root: string,
  files: readonly ListedFile[],
  warnings: string[] = [],
): Promise<Index> => indexes.open(state, root, files, (line) => void warnings.push(line), LATER);

describe('an index that is held', () => {
  it('is not opened again for the same files, and says that it read nothing', async () => {
    const [indexes, state, root] = [new HeldIndexes(), folder(), sample()];
    const files = await listed(root);
    const first = await open(indexes, state, root, files);
    first.close();
    const second = await open(indexes, state, root, files);
    expect(second.places).toBe(first.places);
    expect(second).toMatchObject({ reused: 2, bytesRead: 0 });
    expect(hits(second, 'zebra')).toBe(1);
    second.close();
    indexes.closeAll();
  });

  it.each([
    ['cut off', (path: string) => truncateSync(path, 300)],
    ['written over', (path: string) => writeFileSync(path, Buffer.alloc(statSync(path).size))],
    ['taken away', (path: string) => rmSync(path)],
  ])('is built again when a part of it was %s on the disk', async (_, damage) => {
    const [indexes, state, root] = [new HeldIndexes(), folder(), sample()];
    const files = await listed(root);
    const first = await open(indexes, state, root, files);
    first.close();
    damage(first.segments[0]!.path);
    const warnings: string[] = [];
    const second = await open(indexes, state, root, files, warnings);
    expect(hits(second, 'zebra')).toBe(1);
    expect(warnings).toEqual([expect.stringContaining('it is built again')]);
    second.close();
    indexes.closeAll();
    expect(openIn(state)).toBe(0);
  });

  it('is opened again for other files, and those that were lent before stay open until they are given back', async () => {
    const [indexes, state, root] = [new HeldIndexes(), folder(), sample()];
    const one = await open(indexes, state, root, await listed(root));
    appendFileSync(join(root, 'b.py'), 'zebra = 2\n');
    const fresh = await open(indexes, state, root, await listed(root));
    expect(hits(fresh, 'zebra')).toBe(2);
    expect(hits(one, 'zebra')).toBe(1);
    one.close();
    one.close();
    expect(hits(fresh, 'zebra')).toBe(2);
    fresh.close();
    indexes.closeAll();
  });

  it.runIf(process.platform === 'linux')('leaves no file open once all have given it back', async () => {
    const [indexes, state, root] = [new HeldIndexes(), folder(), sample()];
    const files = await listed(root);
    const lent = await Promise.all(Array.from({ length: 5 }, () => open(indexes, state, root, files)));
    indexes.closeAll();
    expect(openIn(state)).toBeGreaterThan(0);
    for (const index of lent) {
      expect(hits(index, 'lion')).toBe(1);
      index.close();
    }
    expect(openIn(state)).toBe(0);
  });

  it('is not held when a file changed in the last two seconds: it is looked at again', async () => {
    const [indexes, state, root] = [new HeldIndexes(), folder(), sample()];
    const files = await listed(root);
    const now = () => Date.now();
    (await indexes.open(state, root, files, () => {}, now)).close();
    const again = await indexes.open(state, root, files, () => {}, now);
    expect(again.bytesRead).toBeGreaterThan(0);
    again.close();
  });

  it('is built anew when what is on disk was broken or taken away, and that is said where it was broken', async () => {
    const [indexes, state, root] = [new HeldIndexes(), folder(), sample()];
    const files = await listed(root);
    (await open(indexes, state, root, files)).close();
    writeFileSync(join(state, 'manifest'), 'garbage');
    const warnings: string[] = [];
    (await open(indexes, state, root, files, warnings)).close();
    expect(warnings).toEqual([expect.stringContaining('is built again')]);
    rmSync(state, { recursive: true });
    const anew = await open(indexes, state, root, files, warnings);
    expect(hits(anew, 'zebra')).toBe(1);
    anew.close();
    expect(warnings).toHaveLength(1);
    expect(readdirSync(state)).toContain('manifest');
    indexes.closeAll();
  });

  it.runIf(process.platform === 'linux')('is one of four: that used longest ago goes first', async () => {
    const indexes = new HeldIndexes();
    const all = await Promise.all(
      Array.from({ length: 6 }, async () => {
        const root = sample();
        return { state: folder(), root, files: await listed(root) };
      }),
    );
    for (const { state, root, files } of all) (await open(indexes, state, root, files)).close();
    expect(all.map(({ state }) => openIn(state) > 0)).toEqual([false, false, true, true, true, true]);
    indexes.closeAll();
    expect(all.every(({ state }) => openIn(state) === 0)).toBe(true);
  });
});
