import { chmodSync, mkdirSync, readFileSync, utimesSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { differences, markTree, type TreeMarks } from '../../src/app/tree-watch.ts';
import { folder, repository } from './world.ts';

const { signal } = new AbortController();
const marks = async (root: string): Promise<TreeMarks> => (await markTree(root, signal))!;

describe('watching a tree', () => {
  it('sees no difference where nothing changed, files read included', async () => {
    const root = repository();
    const before = await marks(root);
    readFileSync(join(root, 'src/add.js'));
    expect(differences(before, await marks(root))).toEqual([]);
    expect(before.complete).toBe(true);
  });

  it.each([
    ['new contents', (file: string) => writeFileSync(file, 'new')],
    ['other permissions', (file: string) => chmodSync(file, 0o600)],
    ['another time of change', (file: string) => utimesSync(file, 1, 1)],
  ])('sees %s', async (_, act) => {
    const root = repository();
    const before = await marks(root);
    act(join(root, 'src/add.js'));
    expect(differences(before, await marks(root))).toEqual(['src/add.js']);
  });

  it('sees new files in new folders', async () => {
    const root = repository();
    const before = await marks(root);
    mkdirSync(join(root, 'deep'));
    writeFileSync(join(root, 'deep/a'), '');
    expect(differences(before, await marks(root))).toEqual(['deep/a']);
  });

  it('knows nothing where there is no repository, and once it was cancelled', async () => {
    expect(await markTree(folder(), signal)).toBeNull();
    expect(await markTree(repository(), AbortSignal.abort())).toBeNull();
  });

  it('says nothing of files that one side had no time to look at', () => {
    const of = (entries: Record<string, string>, complete: boolean) => ({
      marks: new Map(Object.entries(entries)),
      complete,
    });
    const before = of({ a: '1', b: '1', c: '1' }, true);
    expect(differences(before, of({ a: '2', b: '1' }, false))).toEqual(['a']);
    expect(differences(before, of({ a: '2', b: '1' }, true))).toEqual(['a', 'c']);
  });
});
