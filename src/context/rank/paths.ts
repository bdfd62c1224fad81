import type { Question } from '../question/question.ts';
import { rarity } from './lexical.ts';
import { PathWords } from './path-words.ts';

/** A text that names more files than these says less by each. */
const FEW_NAMES = 4;

/** Names of files without their ending and without separators, so that `no-extra-parens` is `noExtraParens`. */
export function plainName(path: string): string {
  const name = path.slice(path.lastIndexOf('/') + 1);
  const dot = name.indexOf('.', 1);
  const bare = dot > 0 ? name.slice(0, dot) : name;
  if (NAMELESS.test(bare)) return plain(path.split('/').at(-2) ?? bare);
  return plain(bare);
}

const NAMELESS = /^(index|__init__|mod|main|lib)$/;

function plain(text: string): string {
  return text.replace(/[^\p{L}\p{N}]+/gu, '').toLowerCase();
}

/** How well each path's words answer the question: the file's own name in full, folders in part, rare words more. */
export function pathScores(paths: readonly string[], question: Question, words = new PathWords(paths)): Float64Array {
  const weights = new Float64Array(words.size);
  for (const { term, weight } of question.terms) {
    const word = words.numberOf(term);
    if (word !== undefined) weights[word] = weight;
  }
  const having = new Float64Array(words.size);
  for (const word of words.words) having[word]!++;
  const scores = new Float64Array(paths.length);
  for (let file = 0; file < paths.length; file++) {
    for (let i = words.begins[file]!; i < words.begins[file + 1]!; i++) {
      const word = words.words[i]!;
      if (weights[word] === 0) continue;
      const worth = weights[word]! * rarity(paths.length, having[word]!) * words.shares[i]!;
      scores[file]! += worth / Math.sqrt(1 + words.lengths[file]! / 3);
    }
  }
  return scores;
}

/** 1 for files whose name stands in the text as a word of its own (`no-undef`, `viewcode`), less when many files share the name. */
export function namedInText(
  paths: readonly string[],
  kinds: readonly string[],
  question: Question,
  names: readonly string[] = paths.map(plainName),
): Float64Array {
  const said = saidNames(question);
  const owners = new Map<string, number[]>();
  names.forEach((name, file) => {
    if (name.length < 3 || !said.has(name)) return;
    const same = owners.get(name);
    if (same) same.push(file);
    else owners.set(name, [file]);
  });
  const scores = new Float64Array(paths.length);
  const crowd = Math.max(1, Math.sqrt(owners.size / FEW_NAMES));
  for (const [name, files] of owners) {
    const sources = files.filter((file) => kinds[file] === 'source').length;
    for (const file of files) scores[file] = Math.max(scores[file]!, said.get(name)! / Math.max(1, sources) / crowd);
  }
  return scores;
}

/** Words and compounds of the text without separators, with how much they look like a name. */
function saidNames(question: Question): Map<string, number> {
  const said = new Map<string, number>();
  const add = (word: string, weight: number): void => {
    const name = plain(word);
    if (name.length > 2) said.set(name, Math.max(said.get(name) ?? 0, weight));
  };
  for (const [compound] of question.text.matchAll(/(?<![\w$])[\w$]{1,100}(?:[-/.:]{1,4}[\w$]{1,100})+/g)) {
    add(compound, 1);
    const parts = compound.split(/[/.:]+/);
    for (const part of parts) add(part, 0.8);
  }
  for (const [word, weight] of question.identifiers) add(word, weight >= 1.5 ? 0.9 : 0.5);
  for (const [word] of question.title.matchAll(/[\w$-]{3,}/g)) add(word, 0.6);
  return said;
}
