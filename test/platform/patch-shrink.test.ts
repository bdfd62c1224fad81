import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { withoutEachHunk } from '../../src/platform/patch-shrink.ts';

const before = 'a\nb\nc\nd\n';
const read = (path: string) => (path === 'x.js' ? before : null);

describe('leaving out each hunk', () => {
  it('gives nothing smaller for a single hunk', () => {
    expect(withoutEachHunk([{ path: 'x.js', content: 'A\nb\nc\nd\n' }], read)).toEqual([]);
  });

  it('takes back one edit at a time, also of neighbouring lines that are not adjacent', () => {
    const smaller = withoutEachHunk([{ path: 'x.js', content: 'A\nb\nC\nd\n' }], read);
    expect(smaller).toEqual([[{ path: 'x.js', content: 'a\nb\nC\nd\n' }], [{ path: 'x.js', content: 'A\nb\nc\nd\n' }]]);
  });

  it('leaves out a made file and a deleted file as a whole', () => {
    const changes = [
      { path: 'new.js', content: 'n\n' },
      { path: 'x.js', content: null },
    ];
    expect(withoutEachHunk(changes, read)).toEqual([[changes[1]], [changes[0]]]);
  });

  it('drops a file from the change when its only hunk is left out', () => {
    const changes = [
      { path: 'new.js', content: 'n\n' },
      { path: 'x.js', content: 'A\nb\nc\nd\n' },
    ];
    expect(withoutEachHunk(changes, read)).toContainEqual([changes[0]]);
  });

  it('keeps every other line as the change has it, whatever the edits are', () => {
    const lines = fc.array(fc.constantFrom('p', 'q', '', 'r r'), { minLength: 1, maxLength: 12 });
    fc.assert(
      fc.property(lines, lines, (old, now) => {
        const text = `${old.join('\n')}\n`;
        const all = withoutEachHunk([{ path: 'y', content: `${now.join('\n')}\n` }], () => text);
        for (const [change] of all) {
          expect(change!.content).not.toBe(`${now.join('\n')}\n`);
        }
        expect(all.length).not.toBe(1);
      }),
    );
  });
});
