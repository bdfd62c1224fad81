import type { Baseline } from './evidence.ts';
import type { Verification } from './selection.ts';

/** What is known of the unchanged tree: the command that was run on it and what that showed, and the paths of its files. */
export interface KnownTests {
  readonly command: readonly string[] | null;
  readonly baseline: Pick<Baseline, 'failing' | 'passing'> | null;
  readonly files: readonly string[];
}

/** Shorter names would be found in anything. */
const SHORTEST_NAME = 4;

/**
 * How far a hypothesis' test gets on the unchanged tree. It comes from a model, so it is never run as a command: it counts as run when it
 * is the user's own command, or names tests or test files that this command ran. A file that no run showed exists, no more.
 */
export function verificationOf(test: string, { command, baseline, files }: KnownTests): Verification {
  const wanted = test.trim();
  if (wanted === '') return 'none';
  if (baseline) {
    const all = [...baseline.failing, ...baseline.passing];
    const named = isTheCommand(wanted, command) ? all : all.filter((id) => names(wanted, id));
    if (named.some((id) => baseline.failing.includes(id))) return 'reproduces';
    if (named.length > 0) return 'runs';
  }
  return words(wanted).some((word) => fileOf(word, files) !== null) ? 'exists' : 'none';
}

function isTheCommand(wanted: string, command: readonly string[] | null): boolean {
  if (command === null) return false;
  const plain = wanted.replace(/^[`$\s]+|[`\s]+$/g, '').replace(/\s+/g, ' ');
  return plain === command.join(' ') || (command[0] === 'sh' && command[1] === '-c' && plain === command[2]);
}

/** Whether the text names this test: by its id, by its own name, or by the file it is in. */
function names(wanted: string, id: string): boolean {
  const [file, ...rest] = id.split('::');
  const own = (rest.length > 0 ? rest.join('::') : id).split(' > ').at(-1)!;
  if (wanted === id || wanted === own) return true;
  if (own.length >= SHORTEST_NAME && hasPhrase(wanted, own)) return true;
  if (rest.length === 0) return false;
  const files = words(wanted).filter((word) => fileOf(word, [file!]) !== null);
  const mentionsTest = words(wanted).some((word) => word.includes('::')) || /\s-(?:k|t|g)\s|pattern|grep/i.test(wanted);
  return files.length > 0 && !mentionsTest;
}

/** Not as a part of a longer word. */
function hasPhrase(text: string, phrase: string): boolean {
  const at = text.indexOf(phrase);
  if (at < 0) return false;
  const isEdge = (character: string | undefined) => character === undefined || !/[\w]/.test(character);
  return isEdge(text[at - 1]) && isEdge(text[at + phrase.length]);
}

function words(text: string): string[] {
  return text.split(/[\s'"`(),;=]+/).filter((word) => word !== '');
}

function fileOf(word: string, files: readonly string[]): string | null {
  const path = word
    .split('::')[0]!
    .replace(/^\.\//, '')
    .replace(/:\d+(?::\d+)?$/, '');
  if (!/[./]/.test(path)) return null;
  return files.find((file) => file === path || file.endsWith(`/${path}`)) ?? null;
}
