import { join } from 'node:path';
import type { Listing } from './listing.ts';
import { readBytes, textOf } from './read-text.ts';

const TEMPLATE =
  /(^|\/)\.(github|gitlab|gitea)\/(.*\/)?[^/]*(template|issue|bug|feature|pull)[^/]*(\/[^/]*)?\.(md|ya?ml|txt)$|(^|\/)(issue|pull[-_]request|bug[-_]report)[-_]?(template|form)?[^/]*\.(md|ya?ml|txt)$|(^|\/)templates?\/[^/]*(issue|bug|report|proposal|pull)[^/]*\.(md|ya?ml|txt)$/i;
const LARGEST = 64 * 1024;
const MOST_FILES = 20;

/** The lines, as `plainLine` gives them, of the forms that the repository has people fill in when they report something. */
export function templateLines(root: string, { files }: Listing): ReadonlySet<string> {
  const lines = new Set<string>();
  for (const { path } of formsAmong(files)) {
    const bytes = readBytes(join(root, path), LARGEST);
    if (typeof bytes === 'string') continue;
    for (const line of textOf(bytes).split('\n')) {
      const plain = plainLine(
        line.replace(/^\s*-?\s*(label|description|value|placeholder|title|about|name):\s*[|>]?/, ''),
      );
      if (plain.length > 3) lines.add(plain);
    }
  }
  return lines;
}

/** Which files of a list are forms, looked for once. */
const known = new WeakMap<Listing['files'], Listing['files']>();

function formsAmong(files: Listing['files']): Listing['files'] {
  let forms = known.get(files);
  if (!forms) {
    forms = files.filter(({ path, size }) => size <= LARGEST && TEMPLATE.test(path)).slice(0, MOST_FILES);
    known.set(files, forms);
  }
  return forms;
}

/** A line without markup, so that it is the same in the form and in what came of it. */
export function plainLine(line: string): string {
  return line
    .replace(/<!--|-->/g, ' ')
    .replace(/^\s*[-*]?\s*\[[ xX]?\]/, '')
    .replace(/[^\p{L}\p{N}]+/gu, ' ')
    .trim()
    .toLowerCase();
}
