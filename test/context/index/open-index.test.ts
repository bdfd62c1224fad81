import { spawn } from 'node:child_process';
import { existsSync, readdirSync, readFileSync, rmSync, truncateSync, utimesSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { RULES } from '../../../src/context/collect/kinds.ts';
import { listWorkspace } from '../../../src/context/collect/listing.ts';
import { readManifest } from '../../../src/context/index/manifest.ts';
import { type Index, openIndex } from '../../../src/context/index/open-index.ts';
import { pruneIndexes } from '../../../src/context/index/prune.ts';
import { readTable, writeTable } from '../../../src/context/index/table.ts';
import { hashTerm } from '../../../src/context/question/terms.ts';
import { folder, plainFolder, write } from '../workspace-of.ts';

const LATER = 10_000;
const signal = new AbortController().signal;

/** Opens the index of a workspace as a call some seconds after the last write would. */
async function open(state: string, root: string, warnings: string[] = []): Promise<Index> {
  const { files } = await listWorkspace(root, signal);
  return openIndex(
    state,
    root,
    files,
    (line) => warnings.push(line),
    () => Date.now() + LATER,
  );
}

/** Paths of the files that have a term. */
function having(index: Index, term: string): string[] {
  const found = new Set<string>();
  index.segments.forEach((segment, i) => {
    segment.postings(hashTerm(term), (chunk) => {
      index.places.forEach(({ segment: at, doc }, file) => {
        const next = segment.firstChunk[doc + 1] ?? segment.chunkStarts.length;
        if (at === i && chunk >= segment.firstChunk[doc]! && chunk < next) found.add(index.files[file]!.path);
      });
    });
  });
  return [...found].sort();
}

async function having1(state: string, root: string, term: string): Promise<string[]> {
  const index = await open(state, root);
  try {
    return having(index, term);
  } finally {
    index.close();
  }
}

const sample = (): string =>
  plainFolder({
    'a.py': 'def alphabet():\n    pass\n',
    'b.py': 'def bravado():\n    pass\n',
    'c/alphabet.txt': 'alphabet soup',
  });

describe('the index', () => {
  it('finds the files that have a word, a defined name, an imported name', async () => {
    const root = sample();
    write(root, { 'd.py': 'from alphabet import bravado\n' });
    const index = await open(folder(), root);
    expect(having(index, 'alphabet')).toEqual(['a.py', 'c/alphabet.txt', 'd.py']);
    expect(having(index, 'd:bravado')).toEqual(['b.py']);
    expect(having(index, 'i:alphabet')).toEqual(['d.py']);
    expect(having(index, 'nowhere')).toEqual([]);
    index.close();
  });

  it('reads nothing again when nothing changed', async () => {
    const root = sample();
    const state = folder();
    (await open(state, root)).close();
    const again = await open(state, root);
    expect([again.reused, again.bytesRead]).toEqual([3, 0]);
    expect(having(again, 'alphabet')).toEqual(['a.py', 'c/alphabet.txt']);
    again.close();
  });

  it('reads only the file that changed, and forgets what it said before', async () => {
    const root = sample();
    const state = folder();
    (await open(state, root)).close();
    write(root, { 'a.py': 'def charlatan():\n    pass\n' });
    const again = await open(state, root);
    expect([again.reused, again.bytesRead]).toEqual([2, 'def charlatan():\n    pass\n'.length]);
    expect(having(again, 'charlatan')).toEqual(['a.py']);
    expect(having(again, 'alphabet')).toEqual(['c/alphabet.txt']);
    again.close();
  });

  it('sees a change that leaves size and time of modification as they were', async () => {
    const root = plainFolder({ 'a.py': 'alphabet' });
    const state = folder();
    (await open(state, root)).close();
    const time = new Date(1_600_000_000_000);
    writeFileSync(join(root, 'a.py'), 'bravados');
    utimesSync(join(root, 'a.py'), time, time);
    (await open(state, root)).close();
    writeFileSync(join(root, 'a.py'), 'charlies');
    utimesSync(join(root, 'a.py'), time, time);
    expect(await having1(state, root, 'charli')).toEqual(['a.py']);
  });

  it('knows a content again by its hash: moved and touched files are not scanned', async () => {
    const root = sample();
    const state = folder();
    (await open(state, root)).close();
    const segments = readdirSync(state).filter((name) => name.endsWith('.seg'));
    rmSync(join(root, 'a.py'));
    write(root, { 'moved/a.py': 'def alphabet():\n    pass\n', 'b.py': 'def bravado():\n    pass\n' });
    const again = await open(state, root);
    expect(having(again, 'd:alphabet')).toEqual(['moved/a.py']);
    expect(readdirSync(state).filter((name) => name.endsWith('.seg'))).toEqual(segments);
    again.close();
  });

  it('has no words of files that are binary, minified, too large, data, or generated', async () => {
    const root = plainFolder({
      'bin.py': Buffer.from([97, 108, 0, 1, 2]),
      'min.js': `alphabet(${'x,'.repeat(5_000)})`,
      'large.py': 'alphabet\n'.repeat(150_000),
      'data.csv': 'alphabet',
      'package-lock.json': '"alphabet"',
      'invalid.py': Buffer.concat([Buffer.from('alphabet '), Buffer.from([0xff, 0xfe, 0xc3])]),
    });
    expect(await having1(folder(), root, 'alphabet')).toEqual(['invalid.py']);
  });

  it('grows no larger than its files need, however often they change', async () => {
    const root = plainFolder(Object.fromEntries(Array.from({ length: 20 }, (_, i) => [`f${i}.py`, `start${i}`])));
    const state = folder();
    for (let round = 0; round < 40; round++) {
      write(root, { [`f${round % 20}.py`]: `round${round} ${'word '.repeat(50)}` });
      (await open(state, root)).close();
    }
    expect(readManifest(state).segments.length).toBeLessThanOrEqual(13);
    expect(await having1(state, root, '=round39')).toEqual(['f19.py']);
  });
});

describe('the kinds of files', () => {
  const FILES = { 'src/a.py': 'a', 'test/a.py': 'a', 'a.md': 'a', 'a.json': '1', 'dist/a.js': 'a', 'a.bin': 'a' };
  const EXPECTED = ['data', 'config', 'docs', 'generated', 'source', 'test'];

  it('are those that their paths have, when the index is made and when it is opened again', async () => {
    const [state, root] = [folder(), plainFolder(FILES)];
    for (let round = 0; round < 2; round++) {
      const index = await open(state, root);
      expect(index.reused).toBe(round * 6);
      expect(index.files.map(({ path }) => path)).toEqual(Object.keys(FILES).sort());
      expect(index.kinds).toEqual(EXPECTED);
      index.close();
    }
  });

  it('stay with their paths when others come and go, and are told again for what is new', async () => {
    const [state, root] = [folder(), plainFolder(FILES)];
    (await open(state, root)).close();
    rmSync(join(root, 'a.md'));
    write(root, { '0_test.go': 'a', 'test/a.py': 'changed' });
    const index = await open(state, root);
    expect(index.kinds).toEqual(['test', 'data', 'config', 'generated', 'source', 'test']);
    index.close();
  });

  it('kept by other rules are not believed: everything is read again, without a word about it', async () => {
    const [state, root] = [folder(), plainFolder(FILES)];
    (await open(state, root)).close();
    const path = join(state, 'manifest');
    const kind = readFileSync(path).readUInt32LE(0);
    const table = readTable(path, kind)!;
    const facts = table.facts as { rules: string };
    expect(facts.rules).toBe(RULES);
    await writeTable(path, kind, { ...table, facts: { ...facts, rules: 'other' } });
    const warnings: string[] = [];
    const index = await open(state, root, warnings);
    expect([index.reused, index.kinds, warnings]).toEqual([0, EXPECTED, []]);
    index.close();
    expect((await open(state, root)).reused).toBe(6);
  });

  it('that there are none of make the manifest a broken one', async () => {
    const [state, root] = [folder(), plainFolder(FILES)];
    (await open(state, root)).close();
    const path = join(state, 'manifest');
    const kind = readFileSync(path).readUInt32LE(0);
    const { facts, numbers, texts } = readTable(path, kind)!;
    numbers[numbers.length - 1] = 7;
    await writeTable(path, kind, { facts, numbers, texts });
    const warnings: string[] = [];
    const index = await open(state, root, warnings);
    expect(warnings).toEqual([expect.stringContaining('built again')]);
    expect(index.kinds).toEqual(EXPECTED);
    index.close();
  });
});

describe('an index that is not as it was written', () => {
  const BREAKS: Record<string, (state: string) => void> = {
    'a manifest that is something else': (state) => writeFileSync(join(state, 'manifest'), '{"version":1,"paths":[]}'),
    'a manifest cut short': (state) => truncateSync(join(state, 'manifest'), 60),
    'a manifest that is empty': (state) => writeFileSync(join(state, 'manifest'), ''),
    'a manifest of another version': (state) => {
      const bytes = readFileSync(join(state, 'manifest'));
      bytes[0]! += 1;
      writeFileSync(join(state, 'manifest'), bytes);
    },
    'a flipped byte in the manifest': (state) => {
      const bytes = readFileSync(join(state, 'manifest'));
      bytes[bytes.length - 1]! ^= 255;
      writeFileSync(join(state, 'manifest'), bytes);
    },
    'a segment cut short': (state) => truncateSync(segmentIn(state), 50),
    'a segment of zeros': (state) => writeFileSync(segmentIn(state), Buffer.alloc(4_096)),
    'a flipped byte in its tables': (state) => {
      const bytes = readFileSync(segmentIn(state));
      bytes[40]! ^= 255;
      writeFileSync(segmentIn(state), bytes);
    },
    'a segment that is gone': (state) => rmSync(segmentIn(state)),
  };
  const segmentIn = (state: string): string => join(state, readdirSync(state).find((name) => name.endsWith('.seg'))!);

  for (const [what, breakIt] of Object.entries(BREAKS)) {
    it(`(${what}) is built again, and that is said in one line`, async () => {
      const root = sample();
      const state = folder();
      (await open(state, root)).close();
      breakIt(state);
      const warnings: string[] = [];
      const index = await open(state, root, warnings);
      expect(having(index, 'alphabet')).toEqual(['a.py', 'c/alphabet.txt']);
      index.close();
      expect(warnings).toEqual([expect.stringMatching(/^the index in .* is built again$/)]);
      const quiet: string[] = [];
      (await open(state, root, quiet)).close();
      expect(quiet).toEqual([]);
    });
  }

  it('may be deleted at any moment, even while it is open', async () => {
    const root = sample();
    const state = folder();
    const index = await open(state, root);
    rmSync(state, { recursive: true });
    expect(having(index, 'alphabet')).toEqual(['a.py', 'c/alphabet.txt']);
    index.close();
    const warnings: string[] = [];
    (await open(state, root, warnings)).close();
    expect(warnings).toEqual([]);
    expect(existsSync(join(state, 'manifest'))).toBe(true);
  });
});

describe('several processes', () => {
  it('build and use one index at the same moment and all find everything', async () => {
    const root = plainFolder(
      Object.fromEntries(
        Array.from({ length: 150 }, (_, i) => [
          `f${i}.py`,
          `def alphabet${'x'.repeat(i % 7)}():\n    shared_word${i}\n`,
        ]),
      ),
    );
    const state = folder();
    const script = join(folder(), 'open.mjs');
    const at = (path: string): string =>
      JSON.stringify(fileURLToPath(new URL(`../../../src/context/${path}`, import.meta.url)));
    writeFileSync(
      script,
      `import { openIndex } from ${at('index/open-index.ts')};
       import { listWorkspace } from ${at('collect/listing.ts')};
       import { hashTerm } from ${at('question/terms.ts')};
       const [state, root] = process.argv.slice(2);
       for (let i = 0; i < 3; i++) {
         const { files } = await listWorkspace(root, new AbortController().signal);
         const index = await openIndex(state, root, files, (line) => console.log(line), () => Date.now() + ${LATER});
         let hits = 0;
         for (const segment of index.segments) segment.postings(hashTerm('shar'), () => hits++);
         if (index.places.some(({ segment }) => segment < 0)) console.log('missing');
         index.close();
       }`,
    );
    const outputs = await Promise.all(
      Array.from(
        { length: 4 },
        () =>
          new Promise<string>((resolve) => {
            const child = spawn(process.execPath, [script, state, root], {
              stdio: ['ignore', 'pipe', 'pipe'],
              timeout: 50_000,
            });
            let text = '';
            child.stdout.on('data', (chunk: Buffer) => (text += chunk));
            child.stderr.on('data', (chunk: Buffer) => (text += chunk));
            child.on('close', (code) => resolve(`${text}${code}`));
          }),
      ),
    );
    expect(outputs).toEqual(['0', '0', '0', '0']);
  });
});

describe('the indexes of all workspaces', () => {
  it('are kept within bounds: the longest unused go first, never the one in use', () => {
    const indexes = plainFolder({
      'old/x.seg': 'x'.repeat(100),
      'newer/x.seg': 'x'.repeat(100),
      'own/x.seg': 'x'.repeat(100),
    });
    const day = 24 * 60 * 60_000;
    const now = Date.now();
    for (const [name, age] of [
      ['old', 30],
      ['newer', 2],
      ['own', 40],
    ] as const)
      utimesSync(join(indexes, name), new Date(now - age * day), new Date(now - age * day));
    pruneIndexes(indexes, 'own', now, 250);
    expect(readdirSync(indexes).sort()).toEqual(['newer', 'own']);
  });
});
