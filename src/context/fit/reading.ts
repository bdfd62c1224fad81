import { Codes } from '../index/codes.ts';
import type { Question } from '../question/question.ts';
import { termsOf } from '../question/terms.ts';
import { rarity } from '../rank/lexical.ts';
import type { Stretch } from './select.ts';

/** A stretch of a file, to be read. */
export interface Passage extends Stretch {
  readonly lines: readonly string[];
}

/** What reading a passage tells; what has to do with the question is told against the best of all passages. */
export interface Reading {
  /** Identifiers of the question, written exactly so, rare ones more. */
  readonly identifiers: number;
  /** Words that stand side by side in the question stand side by side here. */
  readonly pairs: number;
  /** How many lines decide or assign something. */
  readonly steps: number;
}

const MOST_WEIGHT = 3;
const SHORTEST_IDENTIFIER = 3;
const LONGEST_LINE = 2_000;

/** Reads passages for what an index of single words cannot know. */
export function readPassages(passages: readonly Passage[], question: Question): Reading[] {
  const words = new QuestionWords(question);
  const found = passages.map((passage) => words.in(passage));
  const identifiers = sums(
    found.map((one) => one.identifiers),
    (word) => Math.min(question.identifiers.get(word)!, MOST_WEIGHT),
  );
  const pairs = sums(
    found.map((one) => one.pairs),
    () => 1,
  );
  return passages.map((passage, i) => ({ identifiers: identifiers[i]!, pairs: pairs[i]!, steps: stepsIn(passage) }));
}

const STEP =
  /[^=!<>]=[^=>]|&&|\|\||\?\?|\b(?:if|else|elif|elsif|unless|for|while|switch|case|match|when|return|throw|raise|try|catch|except|rescue|yield|await)\b/;
const NO_STEP =
  /^\s*(?:\/\/|\/?\*|#(?!\[|!\[)|--|"|'''|<!--|(?:import|from|using|use|package|namespace|require)\b|const .*= require\()/;

/** How many lines before each line of a file do something: a file that stays as it is is looked through once. */
const known = new WeakMap<readonly string[], Uint32Array>();

/** Lines of a passage that do something, where a fix is rather than in comments, imports and declarations. */
function stepsIn({ lines, start, end }: Passage): number {
  let before = known.get(lines);
  if (!before) {
    before = new Uint32Array(lines.length + 1);
    for (const [at, line] of lines.entries()) before[at + 1] = before[at]! + (isStep(line) ? 1 : 0);
    known.set(lines, before);
  }
  return before[end]! - before[start - 1]!;
}

function isStep(line: string): boolean {
  return line.length <= LONGEST_LINE && STEP.test(line) && !NO_STEP.test(line);
}

/** For each set the sum of its members' weights times their rarity, over the best sum. */
function sums<T>(sets: ReadonlyArray<ReadonlySet<T>>, weight: (member: T) => number): number[] {
  const having = new Map<T, number>();
  for (const set of sets) for (const member of set) having.set(member, (having.get(member) ?? 0) + 1);
  const values = sets.map((set) => {
    let sum = 0;
    for (const member of set) sum += weight(member) * rarity(sets.length, having.get(member)!);
    return sum;
  });
  const best = values.reduce((a, b) => Math.max(a, b), 0) || 1;
  return values.map((value) => value / best);
}

/** The question's identifiers and pairs, and a memory of words, so that none is taken apart twice. */
class QuestionWords {
  readonly #question: Question;
  readonly #numbers = new Map<string, number>();
  readonly #pairs = new Set<number>();
  readonly #known = new Map<number, Word>();
  readonly #codes = new Codes();

  constructor(question: Question) {
    this.#question = question;
    for (const line of `${question.text}\n${question.errors}`.split('\n')) {
      let last = 0;
      for (const [word] of line.matchAll(/[\w$\u0080-\uffff]{2,}/g)) {
        for (const term of singleTerms(word)) {
          const number = this.#numbers.get(term) ?? this.#numbers.size + 1;
          this.#numbers.set(term, number);
          if (last > 0) this.#pairs.add(last * SHIFT + number);
          last = number;
        }
      }
    }
  }

  /** Which identifiers and pairs of the question a passage has. */
  in({ lines, start, end }: Passage): { identifiers: Set<string>; pairs: Set<number> } {
    const identifiers = new Set<string>();
    const pairs = new Set<number>();
    const text = textOf(lines, start, end);
    let last = 0;
    const visit = (from: number, to: number, hash: number, second: number): void => {
      const { identifier, terms } = this.#read(text, from, to, hash, second);
      if (identifier !== null) identifiers.add(identifier);
      for (const term of terms) {
        const pair = last * SHIFT + term;
        if (last > 0 && term > 0 && this.#pairs.has(pair)) pairs.add(pair);
        last = term;
      }
    };
    this.#codes.take(text);
    for (let at = start; at <= end; at++) {
      last = 0;
      this.#codes.eachWordOf(1, visit);
    }
    return { identifiers, pairs };
  }

  #read(text: string, from: number, to: number, hash: number, second: number): Word {
    const known = this.#known.get(hash);
    if (known?.second === second) return known;
    const word = text.slice(from, to);
    const isIdentifier = word.length >= SHORTEST_IDENTIFIER && this.#question.identifiers.has(word);
    const terms = singleTerms(word).map((term) => this.#numbers.get(term) ?? 0);
    const fresh = { second, identifier: isIdentifier ? word : null, terms };
    if (!known) this.#known.set(hash, fresh);
    return fresh;
  }
}

/** A word that was read: the second hash tells it from others of the same first. */
interface Word {
  readonly second: number;
  readonly identifier: string | null;
  /** Numbers of its terms in the question, 0 for terms that it does not have. */
  readonly terms: readonly number[];
}

const SHIFT = 2 ** 20;

/** The lines from `start` to `end` (from 1), of very long ones the beginning. */
function textOf(lines: readonly string[], start: number, end: number): string {
  const own = lines.slice(start - 1, end);
  return (own.some((line) => line.length > LONGEST_LINE) ? own.map((line) => line.slice(0, LONGEST_LINE)) : own).join(
    '\n',
  );
}

/** The terms of a word without the one that is the whole of its parts. */
function singleTerms(word: string): string[] {
  return termsOf(word).filter((term) => !term.startsWith('='));
}
