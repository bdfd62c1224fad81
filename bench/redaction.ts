import { readFile } from 'node:fs/promises';
import { redact } from '../src/domain/redaction.ts';
import { listFiles } from '../src/platform/git.ts';
import { ALL } from '../test/app/canaries.ts';

/** What redaction takes out of this repository's own files, where no secret is: each finding is a false positive, unless a test put it there. */
const TEXT = /\.(?:ts|mts|mjs|cjs|js|json|jsonc|md|py|toml|yml|yaml)$/;
const PLANTED = /^(?:test|bench)\//;

const files = ((await listFiles(process.cwd(), new AbortController().signal)) ?? []).filter((path) => TEXT.test(path));
const found: Array<{ readonly path: string; readonly line: number; readonly rule: string }> = [];
let lines = 0;
let ms = 0;
for (const path of files) {
  const text = await readFile(path, 'utf8').catch(() => '');
  lines += text.split('\n').length;
  const from = performance.now();
  const { found: here } = redact(text);
  ms += performance.now() - from;
  for (const { rule, line } of here) found.push({ path, line, rule });
}

const own = found.filter(({ path }) => !PLANTED.test(path));
const caught = ALL.filter(({ text, core }) => !redact(text).text.includes(core));
console.log(`${files.length} files, ${lines} lines, ${Math.round(ms)} ms`);
console.log(`taken out outside of test/ and bench/ (false positives): ${own.length}`);
for (const { path, line, rule } of own) console.log(`  ${path}:${line}  ${rule}`);
console.log(`taken out of test/ and bench/ (secrets made up for tests among them): ${found.length - own.length}`);
for (const [rule, all] of Map.groupBy(found, ({ rule }) => rule)) console.log(`  ${rule.padEnd(28)} ${all.length}`);
console.log(`planted secrets recognised where they stand: ${caught.length} of ${ALL.length}`);
