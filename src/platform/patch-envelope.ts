import { applyFile, type Taken } from './patch-apply.ts';
import type { Draft } from './patch-draft.ts';
import { refusal } from './patch-names.ts';
import type { FilePatch, Hunk, HunkLine } from './patch-read.ts';

const BEGIN = /^\s*\*\*\* Begin Patch\s*$/;
const END = /^\s*\*\*\* End Patch\s*$/;
const FILE = /^\*\*\* (Add|Update|Delete) File: (.+?)\s*$/;
const MOVE = /^\*\*\* Move to: (.+?)\s*$/;

/** What an envelope says about one file; names are prefixed as git does. */
interface Section {
  readonly from: string | null;
  to: string | null;
  renamed: boolean;
  readonly binary: false;
  readonly hunks: Array<{ readonly start: number | null; lines: HunkLine[] }>;
}

/**
 * Applies the envelopes in a text that some models are trained to write: `*** Begin Patch`, `*** Update File: path`,
 * hunks without line numbers, `*** End Patch`. What a hunk shows of a file must be found exactly once.
 */
export function takeEnvelopes(text: string, draft: Draft): Taken {
  if (!/^\s*\*\*\* Begin Patch/m.test(text)) return { found: 0, left: text };
  const left: string[] = [];
  let inside: string[] | null = null;
  let found = 0;
  for (const line of text.split('\n').map((one) => one.replace(/\r$/, ''))) {
    if (BEGIN.test(line)) inside = [];
    else if (inside === null) left.push(line);
    else if (!END.test(line)) inside.push(line);
    else {
      const failure = applyAll(sectionsOf(inside), draft);
      if (failure) return failure;
      [inside, found] = [null, found + 1];
    }
  }
  if (inside !== null) return { problem: 'the patch is cut off: it has no *** End Patch' };
  return { found, left: left.join('\n') };
}

function applyAll(sections: readonly FilePatch[], draft: Draft): { readonly problem: string } | null {
  for (const section of sections) {
    const failure = section.to === null ? remove(section.from!, draft) : applyFile(section, draft);
    if (failure) return failure;
  }
  return sections.length === 0
    ? { problem: 'the patch between *** Begin Patch and *** End Patch names no file' }
    : null;
}

function sectionsOf(lines: readonly string[]): FilePatch[] {
  const sections: Section[] = [];
  for (const line of lines) {
    const section = sections.at(-1);
    const file = FILE.exec(line);
    const target = MOVE.exec(line)?.[1];
    if (file) sections.push(started(file[1]!, file[2]!));
    else if (!section) continue;
    else if (target !== undefined) {
      section.to = `b/${target}`;
      section.renamed = true;
    } else if (line.startsWith('@@')) section.hunks.push(emptyHunk(section));
    else if (!line.startsWith('***')) addLine(section, line);
  }
  return sections.map((section) => ({ ...section, hunks: section.hunks.flatMap(trimmed) }));
}

function started(kind: string, path: string): Section {
  const from = kind === 'Add' ? null : `a/${path}`;
  return { from, to: kind === 'Delete' ? null : `b/${path}`, renamed: false, binary: false, hunks: [] };
}

/** A new file's lines go to its start; those of others where they are found. */
function emptyHunk({ from }: Section): Section['hunks'][number] {
  return { start: from === null ? 0 : null, lines: [] };
}

function addLine(section: Section, line: string): void {
  const sign = line === '' ? ' ' : line[0];
  if (sign !== ' ' && sign !== '+' && sign !== '-') return;
  if (section.hunks.length === 0) section.hunks.push(emptyHunk(section));
  section.hunks.at(-1)!.lines.push({ sign, text: line.slice(1), bare: false });
}

function remove(name: string, draft: Draft): { readonly problem: string } | null {
  const path = name.slice('a/'.length);
  const refused = refusal(path);
  if (refused) return { problem: `${JSON.stringify(path)} ${refused}` };
  if (draft.read(path) === null) return { problem: `${path}: there is no such text file` };
  draft.write(path, null);
  return null;
}

/** Without the empty lines at its end, which separate; nothing of a hunk that has no other. */
function trimmed({ start, lines }: Hunk): Hunk[] {
  const last = lines.findLastIndex(({ sign, text }) => sign !== ' ' || text !== '');
  return last === -1 ? [] : [{ start, lines: lines.slice(0, last + 1) }];
}
