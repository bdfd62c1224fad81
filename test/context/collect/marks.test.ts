import { appendFileSync, chmodSync, mkdirSync, renameSync, rmSync, symlinkSync, utimesSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { Marks } from '../../../src/context/collect/marks.ts';
import { plainFolder, write } from '../workspace-of.ts';

const FILES = { 'a.txt': 'a', 'folder/inner.txt': 'x', 'other.txt': 'b' };

function markedAt(root: string): Marks {
  const marks = new Marks();
  for (const name of ['a.txt', 'folder', 'absent', 'folder/none/deeper', 'a.txt/below']) marks.add(join(root, name));
  marks.addIdentity(join(root, 'other.txt'));
  return marks;
}

const BREAKING: Record<string, (root: string) => void> = {
  'more content': (root) => appendFileSync(join(root, 'a.txt'), 'b'),
  'another mode': (root) => chmodSync(join(root, 'a.txt'), 0o600),
  'an older time of change of content': (root) => utimesSync(join(root, 'a.txt'), 1_000_000, 1_000_000),
  'another file in its place': (root) => renameSync(join(root, 'other.txt'), join(root, 'a.txt')),
  'nothing in its place': (root) => rmSync(join(root, 'a.txt')),
  'something where nothing was': (root) => write(root, { absent: '' }),
  'an entry more in a folder': (root) => mkdirSync(join(root, 'folder/more')),
  'an entry less in a folder': (root) => rmSync(join(root, 'folder/inner.txt')),
  'a link to the folder in its place': (root) => {
    renameSync(join(root, 'folder'), join(root, 'moved'));
    symlinkSync('moved', join(root, 'folder'));
  },
  'nothing where something was to be': (root) => rmSync(join(root, 'other.txt')),
};

describe('marks', () => {
  for (const [what, change] of Object.entries(BREAKING)) {
    it(`(${what}) means that they no longer hold`, () => {
      const root = plainFolder(FILES);
      const marks = markedAt(root);
      expect(marks.hold()).toBe(true);
      change(root);
      expect(marks.hold()).toBe(false);
    });
  }

  it('hold while content changes of which only the presence was marked, and deeper in a folder', () => {
    const root = plainFolder(FILES);
    const marks = markedAt(root);
    appendFileSync(join(root, 'other.txt'), 'more');
    appendFileSync(join(root, 'folder/inner.txt'), 'more');
    expect(marks.hold()).toBe(true);
  });

  it('are calm two seconds after the last change of anything marked', () => {
    const marks = markedAt(plainFolder(FILES));
    expect(marks.isCalmAt(Date.now())).toBe(false);
    expect(marks.isCalmAt(Date.now() + 2_500)).toBe(true);
  });

  it('are the same when they are made again from what they give', () => {
    const root = plainFolder(FILES);
    const { paths, facts } = markedAt(root);
    const again = new Marks(paths, Float64Array.from(facts));
    expect(again.hold()).toBe(true);
    rmSync(join(root, 'a.txt'));
    expect(again.hold()).toBe(false);
  });
});
