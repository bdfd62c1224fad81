import type { ChangeSet } from '../domain/change.ts';
import { Draft, type ReadText } from './patch-draft.ts';
import { applyHunks } from './patch-hunks.ts';
import { refusal } from './patch-names.ts';
import { type FilePatch, readDiff } from './patch-read.ts';

/** A text as a change of a workspace, or one line that says why it is none. */
export type ParsedPatch =
  | { readonly ok: true; readonly change: ChangeSet }
  | { readonly ok: false; readonly problem: string };

/** Which edits a text holds, applied to a draft; `left` is the text without them, where others may still be found. */
export type Taken =
  | { readonly found: number; readonly left: string; readonly problem?: undefined }
  | { readonly problem: string };

type Failure = { readonly problem: string };

/**
 * Turns the unified diffs in a text into whole new files. Forgives wrong line counts, moved hunks, missing `a/` and `b/`
 * prefixes, Markdown fences, prose around it and differing line ends; refuses paths out of the workspace or into
 * `.git`, and context that does not match, with one line that says which file and hunk.
 */
export function parsePatch(text: string, read: ReadText): ParsedPatch {
  const draft = new Draft(read);
  const taken = takeDiffs(text, draft);
  if (taken.problem !== undefined) return { ok: false, problem: taken.problem };
  if (taken.found === 0) return { ok: false, problem: 'there is no unified diff in the text' };
  return { ok: true, change: draft.changes() };
}

/** Applies the unified diffs in a text, file by file, each to what the ones before it left. */
export function takeDiffs(text: string, draft: Draft): Taken {
  const files = readDiff(text);
  for (const file of files) {
    const failure = applyFile(file, draft);
    if (failure) return failure;
  }
  return { found: files.length, left: text };
}

/** Applies what a diff says about one file; the failure says which file and hunk, and the first line that differs. */
export function applyFile(file: FilePatch, draft: Draft): Failure | null {
  const read: ReadText = (path) => draft.read(path);
  const names = namesOf(file, read);
  for (const name of [names.from, names.to]) {
    const reason = name === null ? null : refusal(name);
    if (reason) return { problem: `${JSON.stringify(name)} ${reason}` };
  }
  const path = names.to ?? names.from;
  if (path === null) return { problem: 'the diff names no file' };
  if (file.binary) return { problem: `${path}: binary patches are not supported` };
  if (names.from === null && read(path) !== null) return { problem: `${path}: the patch creates it, but it exists` };
  const before = names.from === null ? '' : read(names.from);
  if (before === null) return { problem: `${names.from}: there is no such text file` };
  const after = applyHunks(before, file.hunks);
  if (typeof after !== 'string') return { problem: `${path}: ${after.problem}` };
  if (names.to === null && after !== '')
    return { problem: `${path}: the patch deletes it, but does not match all of it` };
  if (file.renamed && names.from !== null) draft.write(names.from, null);
  draft.write(path, names.to === null ? null : after);
  return null;
}

/**
 * Which workspace files the two names of a diff mean. `a/` and `b/` are prefixes unless only the whole name exists;
 * a name that both sides write alike has no prefix if it exists as it is.
 */
function namesOf({ from, to, renamed }: FilePatch, read: ReadText): { from: string | null; to: string | null } {
  const exists = (path: string) => refusal(path) === null && read(path) !== null;
  if (from === null) return { from, to: to === null ? null : withoutPrefix(to) };
  const source = existingName(from, from === to, exists);
  if (to === null || renamed) return { from: source, to: to === null ? null : withoutPrefix(to) };
  const target = existingName(to, from === to, exists);
  const path = exists(target) ? target : source;
  return { from: path, to: path };
}

function existingName(name: string, alike: boolean, exists: (path: string) => boolean): string {
  const plain = name.replace(/^(\.\/)+/, '');
  const mnemonic = plain.replace(/^[ciow]\//, '');
  const choices = alike ? [plain, withoutPrefix(name)] : [withoutPrefix(name), plain];
  return [...choices, mnemonic].find(exists) ?? withoutPrefix(name);
}

function withoutPrefix(name: string): string {
  return name.replace(/^(\.\/)+/, '').replace(/^[ab]\//, '');
}
