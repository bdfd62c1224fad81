import type { ReadText } from './patch-draft.ts';
import { refusal } from './patch-names.ts';

/**
 * The path that a line above an edit names: bare, in backticks or bold, as a heading, a comment, or after `File:`.
 * Null where the line is prose: a path holds no blanks unless the workspace has that file.
 */
export function pathOnLine(line: string, exists: (path: string) => boolean): string | null {
  const bare = line
    .trim()
    .replace(/^(?:#{1,6}|[-*+]|\d+[.)]|\/\/|--|<!--|\/\*)\s+/, '')
    .replace(/\s*(?:-->|\*\/)$/, '')
    .replace(
      /^(?:\*\*|__)?(?:new |modified |updated )?(?:file|path|filename)(?:\*\*|__)?\s*:\s*(?:(?:\*\*|__)\s*)?/i,
      '',
    );
  const quoted = /^(?:\*\*|__)?`([^`]+)`(?:\*\*|__)?\s*:?(?:\s*\([^)]*\))?\s*:?$/.exec(bare)?.[1];
  const name = quoted ?? bare.replace(/^(\*\*|__)(.*?)\1/, '$2').replace(/\s*:$/, '');
  return isPath(name, exists) ? name.replace(/^\.\//, '') : null;
}

/** The path that an opening fence names: `js path=a.js`, `js file="a.js"`; also `js:a/b.js` and `a/b.js`. */
export function pathInFence(info: string, exists: (path: string) => boolean): string | null {
  const named = /(?:^|[\s{,])(?:path|file|filename)\s*[=:]\s*(?:"([^"]+)"|'([^']+)'|([^\s"'}]+))/i.exec(info);
  const name = named?.[1] ?? named?.[2] ?? named?.[3];
  if (name !== undefined) return name.replace(/^\.\//, '');
  const [language = '', ...more] = info.split(/\s+/);
  const after = language.indexOf(':');
  const guesses = [after === -1 ? '' : language.slice(after + 1), ...more, language];
  return guesses.find((guess) => isPath(guess, exists) && (guess.includes('/') || exists(guess))) ?? null;
}

/** Whether there is such a file; what can be no path of the workspace is not asked for. */
export function existsIn(read: ReadText): (path: string) => boolean {
  return (path) => refusal(path) === null && read(path) !== null;
}

function isPath(name: string, exists: (path: string) => boolean): boolean {
  if (name === '' || name.length > 500) return false;
  if (/^[^\s`'"<>|*?]+$/.test(name) && (/\w\.\w+$|^\.\w[\w.-]*$/.test(name) || /[^/]\/[^/]/.test(name)))
    return !/^\w+:\/\//.test(name);
  return /^[\w.][^`"<>|*?]*$/.test(name) && exists(name);
}
