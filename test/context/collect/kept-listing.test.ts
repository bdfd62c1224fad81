import { mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { keep, readKept } from '../../../src/context/collect/kept-listing.ts';
import { Marks } from '../../../src/context/collect/marks.ts';
import { RememberedListings } from '../../../src/context/collect/remembered-listings.ts';
import { folder, plainFolder, repository, write } from '../workspace-of.ts';

const { signal } = new AbortController();
const LATER = () => Date.now() + 60_000;
const HERE = 'the environment';

function marked(root: string): Marks {
  const marks = new Marks();
  marks.add(root);
  marks.addIdentity(join(root, '.git'));
  return marks;
}

describe('what a listing is made from, kept for other processes', () => {
  it('is what was kept, as long as nothing changed', async () => {
    const [state, root] = [folder(), plainFolder({ 'a.py': 'x' })];
    const candidates = { source: 'walk', paths: ['a.py', 'ü/b.py'] } as const;
    await keep(state, HERE, { candidates, marks: marked(root) });
    expect(readKept(state, HERE)?.candidates).toEqual(candidates);
    expect(readKept(state, HERE)?.marks.hold()).toBe(true);
    write(root, { 'b.py': 'x' });
    expect(readKept(state, HERE)).toBeNull();
  });

  it('is nothing in another environment, where nothing is kept, and where what is kept is broken', async () => {
    const [state, root] = [folder(), plainFolder({ 'a.py': 'x' })];
    expect(readKept(state, HERE)).toBeNull();
    await keep(state, HERE, { candidates: { source: 'git', paths: ['a.py'] }, marks: marked(root) });
    expect(readKept(state, 'another')).toBeNull();
    const [name] = readdirSync(state);
    const bytes = readFileSync(join(state, name!));
    bytes[bytes.length - 1]! ^= 1;
    writeFileSync(join(state, name!), bytes);
    expect(readKept(state, HERE)).toBeNull();
  });

  it('need not be kept: where nothing can be written, that is no failure', async () => {
    const marks = marked(folder());
    const gone = join(folder(), 'gone');
    await expect(keep(gone, HERE, { candidates: { source: 'git', paths: [] }, marks })).resolves.toBeUndefined();
  });

  it('is used by another process: git is not asked again', async () => {
    const [state, root] = [folder(), repository({ 'a.py': 'x', 'b.py': 'x' })];
    const first = await new RememberedListings(LATER).list(root, state, signal);
    // Only what was kept can say that there is no b.py.
    const environment = environmentOf(state);
    const { candidates, marks } = readKept(state, environment)!;
    await keep(state, environment, { candidates: { ...candidates, paths: ['a.py'] }, marks });
    const second = await new RememberedListings(LATER).list(root, state, signal);
    expect(first.files.map(({ path }) => path)).toEqual(['a.py', 'b.py']);
    expect(second.files.map(({ path }) => path)).toEqual(['a.py']);
    expect(second.repository).toBe(true);
  });

  it('is not kept of what changed in the last two seconds', async () => {
    const [state, root] = [folder(), repository({ 'a.py': 'x' })];
    mkdirSync(join(root, 'fresh'));
    await new RememberedListings().list(root, state, signal);
    expect(readdirSync(state)).toEqual([]);
    rmSync(join(root, 'fresh'), { recursive: true });
  });
});

/** The environment that a listing was kept with. */
function environmentOf(state: string): string {
  const text = readFileSync(join(state, 'listing'), 'utf8');
  return (JSON.parse(/\{"environment".*?"candidates":\d+\}/.exec(text)![0]) as { environment: string }).environment;
}
