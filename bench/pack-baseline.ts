import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { kindOf } from '../src/context/collect/kinds.ts';
import { listWorkspace } from '../src/context/collect/listing.ts';
import { LARGEST_FILE } from '../src/context/collect/read-text.ts';
import { termsOf } from '../src/context/question/terms.ts';

/** Reads every file that an index would and splits it into terms, once; prints the CPU seconds of this process for it. */
const root = process.argv[2]!;
const { files } = await listWorkspace(root, new AbortController().signal);
const indexed = files.filter(({ path, size }) => !['data', 'generated'].includes(kindOf(path)) && size <= LARGEST_FILE);
const known = new Map<string, readonly string[]>();
let characters = 0;
let terms = 0;
for (const { path } of indexed) {
  const text = readFileSync(join(root, path), 'utf8');
  characters += text.length;
  for (const word of text.match(/[\w$\u0080-\uffff]{2,}/g) ?? []) {
    const own = known.get(word) ?? termsOf(word);
    known.set(word, own);
    terms += own.length;
  }
}
const { user, system } = process.cpuUsage();
process.stdout.write(
  JSON.stringify({ files: indexed.length, terms, megabytes: characters / 1e6, cpu: (user + system) / 1e6 }),
);
