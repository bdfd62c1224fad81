import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type * as Kinds from '../src/context/collect/kinds.ts';
import type * as Listing from '../src/context/collect/listing.ts';
import type * as ReadText from '../src/context/collect/read-text.ts';
import type * as Terms from '../src/context/question/terms.ts';

const built = async (module: string): Promise<unknown> =>
  import(new URL(`../dist/context/${module}.js`, import.meta.url).href);
const { kindOf } = (await built('collect/kinds')) as typeof Kinds;
const { listWorkspace } = (await built('collect/listing')) as typeof Listing;
const { LARGEST_FILE } = (await built('collect/read-text')) as typeof ReadText;
const { termsOf } = (await built('question/terms')) as typeof Terms;

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
