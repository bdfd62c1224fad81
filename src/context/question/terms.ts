import { STOP_WORDS } from './words.ts';

const LONGEST = 64;

/**
 * The search terms of one identifier or word: the whole in lower case where it has several parts, and every part
 * (camelCase, snake_case, digits apart) stemmed. Stop words give none.
 */
export function termsOf(word: string): string[] {
  if (word.length < 2 || word.length > LONGEST) return [];
  const parts = partsOf(word);
  const terms: string[] = [];
  if (parts.length > 1) {
    const whole = word.replace(/[_$]+/g, '').toLowerCase();
    if (whole.length > 2) terms.push(`=${whole}`);
  }
  for (const part of parts) {
    if (part.length < 2 || STOP_WORDS.has(part)) continue;
    const stemmed = stem(part);
    if (!terms.includes(stemmed)) terms.push(stemmed);
  }
  return terms;
}

/** `HTTPServer_name2` → http, server, name, 2: lower case, in order. */
export function partsOf(word: string): string[] {
  const parts = word.match(/[A-Z]+(?![a-z\u0080-\uffff])|[A-Z]?[a-z\u0080-\uffff]+|\d+/g) ?? [];
  return parts.map((part) => part.toLowerCase());
}

/** A light stemmer: plural, -ing, -ed, -er, -ion endings, so that `parsing`, `parsed`, `parser` and `parses` meet. */
export function stem(word: string): string {
  if (word.length < 4 || !/^[a-z]+$/.test(word)) return word;
  let w = word;
  if (w.endsWith('sses')) w = w.slice(0, -2);
  else if (w.endsWith('ies') && w.length > 4) w = w.slice(0, -2);
  else if (w.endsWith('s') && !/(ss|us|is)$/.test(w)) w = w.slice(0, -1);
  if (w.endsWith('ing') && w.length > 5) w = undouble(w.slice(0, -3));
  else if (w.endsWith('ed') && w.length > 4) w = undouble(w.slice(0, -2));
  else if (w.endsWith('er') && w.length > 4) w = undouble(w.slice(0, -2));
  else if (w.endsWith('ion') && w.length > 5) w = w.slice(0, -3);
  if (w.endsWith('e') && w.length > 3) w = w.slice(0, -1);
  else if (w.endsWith('y') && w.length > 3) w = `${w.slice(0, -1)}i`;
  return w;
}

function undouble(word: string): string {
  return /([bdgklmnprt])\1$/.test(word) ? word.slice(0, -1) : word;
}

/** A 32-bit hash (FNV-1a over UTF-16 units): terms are kept in the index by it alone. */
export function hashTerm(term: string): number {
  let hash = 0x811c9dc5 | 0;
  for (let i = 0; i < term.length; i++) hash = Math.imul(hash ^ term.charCodeAt(i), 0x01000193);
  return hash >>> 0;
}
