import { withoutBoilerplate } from './clean.ts';
import { type Mention, mentionsOf } from './locations.ts';
import { hashTerm, termsOf } from './terms.ts';

/** One search term of the question with its weight before rarity. */
export interface QueryTerm {
  readonly term: string;
  readonly hash: number;
  readonly weight: number;
}

/** What is asked, ready to search with. */
export interface Question {
  readonly title: string;
  /** The cleaned text. */
  readonly text: string;
  /** The distilled output of what failed. */
  readonly errors: string;
  readonly terms: readonly QueryTerm[];
  /** Words written as code or looking like it, as written. */
  readonly identifiers: ReadonlyMap<string, number>;
  readonly mentions: readonly Mention[];
  /** Names of modules or of what is in them, as in `package.module.name`, in parts. */
  readonly modules: ReadonlyArray<readonly string[]>;
}

/** How much a word counts by where it stands. */
const ZONES = { title: 3, inlineCode: 1.5, prose: 1, codeBlock: 0.6, error: 0.4 } as const;
type Zone = keyof typeof ZONES;

const SATURATION = 3;
const MOST_TERMS = 160;
const LONGEST_TEXT = 60_000;
const MOST_MODULES = 100;

/** Reads a task (title, prose, code) and distilled error text into terms, identifiers and places. */
export function readQuestion(task: string, errors: string, forms?: ReadonlySet<string>): Question {
  const text = withoutBoilerplate(task.slice(0, LONGEST_TEXT), forms);
  const reader = new Reader();
  const title = titleOf(text.split('\n'));
  reader.read(title, 'title');
  let fenced = false;
  for (const line of text.split('\n')) {
    if (/^\s*(```|~~~)/.test(line)) fenced = !fenced;
    else if (fenced || CODE_LINE.test(line)) reader.read(line, 'codeBlock');
    else reader.readProse(line);
  }
  reader.read(errors.slice(0, LONGEST_TEXT), 'error');
  return {
    title,
    text,
    errors,
    terms: reader.terms(),
    identifiers: reader.identifiers,
    mentions: mentionsOf(`${text}\n${errors}`),
    modules: modulesIn(text),
  };
}

function modulesIn(text: string): string[][] {
  const found = new Set<string>();
  for (const [module] of text.matchAll(/(?<![\w./])[A-Za-z_]\w*(?:\.[A-Za-z_]\w*){1,8}/g))
    if (found.size < MOST_MODULES) found.add(module);
  return [...found].map((module) => module.split('.'));
}

/** A line of code outside of a fence: indented, of a prompt, closing something, or ending like a statement. */
const CODE_LINE = /^(\t| {4}|>>> |\.\.\. |In \[\d)|^\s*["'}\])][^a-z]*|[;{[(]\s*$|^\s*(at |File ")/;

/** The first line that has something to say in words. */
function titleOf(lines: readonly string[]): string {
  const said = lines.filter((line) => line.trim() !== '' && !/^\s*(```|~~~)/.test(line));
  return said.find((line) => !CODE_LINE.test(line) && line.trim().split(/\s+/).length > 1) ?? said[0] ?? '';
}

class Reader {
  readonly #weights = new Map<string, number>();
  readonly identifiers = new Map<string, number>();

  readProse(line: string): void {
    for (const [i, piece] of line.split('`').entries()) this.read(piece, i % 2 === 1 ? 'inlineCode' : 'prose');
  }

  read(text: string, zone: Zone): void {
    for (const [word] of text.matchAll(/[\w$\u0080-\uffff]{2,}/g)) {
      const isCode =
        zone === 'inlineCode' || /[a-z][A-Z]|[A-Za-z0-9]_[A-Za-z0-9]|^[A-Z][a-z]+[A-Z]|^__\w+__$/.test(word);
      if (isCode || zone !== 'prose')
        this.identifiers.set(word, (this.identifiers.get(word) ?? 0) + (isCode ? ZONES[zone] : ZONES[zone] / 2));
      for (const term of termsOf(word)) this.#weights.set(term, (this.#weights.get(term) ?? 0) + ZONES[zone]);
    }
  }

  /** Repetition saturates; the heaviest terms are kept. */
  terms(): QueryTerm[] {
    return [...this.#weights]
      .map(([term, count]) => ({
        term,
        hash: hashTerm(term),
        weight: (count * (SATURATION + 1)) / (count + SATURATION),
      }))
      .sort((a, b) => b.weight - a.weight || (a.term < b.term ? -1 : 1))
      .slice(0, MOST_TERMS);
  }
}
