import { execFileSync } from 'node:child_process';
import { cpSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { contents, example, folder, maestro } from './maestro.ts';

const FILE = 'src/interval.js';
const TESTS = ['--test-command', 'node --test'];

/** The bookings example and a file of candidates made by editing its interval module. */
function prepared(edits: Record<string, (text: string) => string>) {
  const root = example('bookings');
  const original = readFileSync(join(root, FILE), 'utf8');
  const candidates = Object.entries(edits).map(([id, edit]) => ({ id, files: { [FILE]: edit(original) } }));
  const file = join(folder(), 'candidates.json');
  writeFileSync(file, JSON.stringify(candidates));
  return { root, file };
}

const right = (text: string) => text.replace('a.start <= b.end', 'a.start < b.end');
const wrong = (text: string) => text.replace('b.start < a.end', 'b.start <= a.end');
const breaking = (text: string) => text.replace('return a.start', 'return false && a.start');

describe('maestro select', () => {
  it('chooses the candidate that passes, ranks the others and changes nothing', async () => {
    const { root, file } = prepared({ wrong, right, breaking });
    const before = contents(root);
    const { status, json } = await maestro(['select', '--json', '--candidates', file, ...TESTS], root);
    expect(status).toBe(0);
    expect(json).toMatchObject({
      winner: 'right',
      ranking: [{ id: 'right', rank: 1 }, { rank: 2 }, { rank: 3 }],
      next: expect.any(String),
    });
    expect(Object.keys(json).sort()).toEqual(['closest', 'next', 'ranking', 'why', 'winner']);
    expect(contents(root)).toEqual(before);
  });

  it('says that none of them passes, and which is closest', async () => {
    const { root, file } = prepared({ wrong, breaking });
    const { status, json } = await maestro(['select', '--json', '--candidates', file, ...TESTS], root);
    expect(status).toBe(1);
    expect(json).toMatchObject({ winner: null, closest: expect.any(String) });
  });

  it('takes patches, and says of one that does not apply why', async () => {
    const { root } = prepared({});
    const clean = join(folder(), 'clean');
    cpSync(root, clean, { recursive: true });
    writeFileSync(join(clean, FILE), right(readFileSync(join(clean, FILE), 'utf8')));
    const patch = execFileSync(
      'sh',
      ['-c', `diff -u "$1/${FILE}" "$2/${FILE}" | sed "s#$1/#a/#; s#$2/#b/#" || true`, 'sh', root, clean],
      { encoding: 'utf8' },
    );
    const file = join(folder(), 'patches.json');
    writeFileSync(
      file,
      JSON.stringify([
        { id: 'elsewhere', patch: patch.replaceAll('b.end', 'b.finish') },
        { id: 'fits', patch },
      ]),
    );
    const { json } = await maestro(['select', '--json', '--candidates', file, ...TESTS], root);
    expect(json).toMatchObject({
      winner: 'fits',
      ranking: [
        { id: 'fits' },
        { id: 'elsewhere', evidence: { applies: false, problem: expect.stringContaining(FILE) } },
      ],
    });
  });

  it('tells behaviours apart with the probe command', async () => {
    const same = (text: string) => right(text).replace('(a, b) {', '(a, b) {\n  // the same again');
    const odd = (text: string) => right(text).replace('return end - start;', 'return start === 1 ? 99 : end - start;');
    const { root, file } = prepared({ odd, right, same });
    const probe = `node -e "import('./src/interval.js').then(m => console.log(m.length({start: 1, end: 3})))"`;
    const { json } = await maestro(
      ['select', '--json', '--candidates', file, ...TESTS, '--probe-command', probe],
      root,
    );
    expect(json).toMatchObject({ winner: 'right', ranking: [{ id: 'right' }, { id: 'same' }, { id: 'odd' }] });
  });

  it('judges by results that someone else observed, and says so', async () => {
    const { root, file } = prepared({ wrong, right });
    const results = join(folder(), 'results.json');
    writeFileSync(
      results,
      JSON.stringify([
        { id: 'wrong', passed: ['a'], failed: ['b'] },
        { id: 'right', passed: ['a', 'b'], failed: [] },
      ]),
    );
    const { json } = await maestro(['select', '--json', '--candidates', file, '--test-results', results], root);
    expect(json).toMatchObject({ winner: 'right', ranking: [{ evidence: { basis: 'reported' } }, { id: 'wrong' }] });
  });

  it.each([
    ['not json at all', 'not JSON'],
    ['[{"id":"a"}]', 'candidates[0]'],
    ['[{"id":"a","text":"x"},{"id":"a","text":"y"}]', 'candidates[1].id'],
  ])('refuses %s, naming the place', async (content, says) => {
    const { root } = prepared({});
    const file = join(folder(), 'bad.json');
    writeFileSync(file, content);
    const { status, stderr } = await maestro(['select', '--candidates', file], root);
    expect(stderr).toContain(says);
    expect(status).toBe(2);
  });
});
