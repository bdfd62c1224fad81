import { REDACTION_RULES, type RedactionRule } from './redaction-rules.ts';

/** A secret that was taken out: which rule saw it and the line (from 1) it stood in. */
export interface Redaction {
  readonly rule: string;
  readonly line: number;
}

export interface Redacted {
  readonly text: string;
  readonly found: readonly Redaction[];
}

/**
 * Replaces secrets by `[redacted:<rule>]`, keeping every line where it was: keys and tokens of known forms, private key
 * blocks (also cut off), passwords in URLs, headers and assignments. What is told only by a name must also look like a
 * secret. Time is linear in the text.
 */
export function redact(text: string): Redacted {
  const found: Redaction[] = [];
  let clean = redactKeys(text, found);
  const lower = clean.toLowerCase();
  for (const rule of REDACTION_RULES) {
    if (rule.hints.some((hint) => lower.includes(hint))) clean = applyRule(clean, rule, found);
  }
  return { text: clean, found: found.sort((a, b) => a.line - b.line) };
}

function applyRule(text: string, rule: RedactionRule, found: Redaction[]): string {
  let out = '';
  let from = 0;
  const lines = new LineCounter(text);
  for (const match of text.matchAll(rule.pattern)) {
    const secret = match.groups!.secret!;
    if (secret.includes('[redacted:') || (rule.judged && !looksSecret(secret, rule, match.groups!))) continue;
    const at = match.index + match[0].lastIndexOf(secret);
    out += `${text.slice(from, at)}[redacted:${rule.id}]`;
    from = at + secret.length;
    found.push({ rule: rule.id, line: lines.at(at) });
  }
  return from === 0 ? text : out + text.slice(from);
}

/** Line numbers of ascending offsets. */
class LineCounter {
  readonly #text: string;
  #offset = 0;
  #line = 1;

  constructor(text: string) {
    this.#text = text;
  }

  at(offset: number): number {
    for (
      let next = this.#text.indexOf('\n', this.#offset);
      next >= 0 && next < offset;
      next = this.#text.indexOf('\n', next + 1)
    ) {
      this.#line++;
      this.#offset = next + 1;
    }
    return this.#line;
  }
}

const PLACEHOLDER =
  /^(?:[x*.•-]{3,}|<.*>?|\.{3}|your[-_ ]?.*|my[-_ ]?.*|changeme.*|change[-_]me.*|example.*|dummy.*|fake.*|test.*|sample.*|placeholder.*|redacted.*|none|null|nil|undefined|true|false|string|str|bool(ean)?|number|int|optional.*|required.*|password\d*|passwd|passw0rd|secret\d*|token\d*|key\d*|credentials?|user(name)?|admin|root|postgres|mysql|guest|foo.*|bar.*|baz.*|abc.*|123.*|1234.*|hunter2|\[?redacted.*|%[sdr].*|\$.*|#.*|\\.*|&.*|@.*|\/.*|\.\/.*)$/i;
const CODE =
  /^(?:self|this|cls|os|process|env|config|settings|options|opts|args|kwargs|request|req|ctx|context|props|state|data|params|user|account|session|client|conf|app|module|window|document|import|new|await|function|lambda|return|get|set|str|bytes|f|r|b|u)[.[(]|\w\(|^\w+(?:\.\w+)+$|^\w+\[|^\w+::|->|=>|\|\||&&|^[!*&~]|^\w+\??:$/;

/** Whether a value told only by its place is one that somebody would want to hide. */
function looksSecret(value: string, rule: RedactionRule, groups: Record<string, string | undefined>): boolean {
  const bare = value.replace(/[.,:;!?)\]}]+$/, '');
  if (bare.length < 3 || PLACEHOLDER.test(bare)) return false;
  if (rule.id === 'password-in-url' || rule.id === 'curl-user')
    return !/^(pass(word)?|pwd|pw|secret|token|port|\d{1,5})$/i.test(bare);
  if (rule.id === 'connection-string-password') return true;
  const quoted = Boolean(groups.quote) && groups.quote === groups.after;
  if (!quoted && CODE.test(bare)) return false;
  return quoted ? isStrange(bare, 2.5, 8) : isStrange(bare, 3, 10);
}

/** High entropy for its length, and more than one kind of character: not a word, not a name made of words. */
function isStrange(value: string, bits: number, shortest: number): boolean {
  if (value.length < shortest || entropy(value) < bits) return false;
  if (/^[a-z]+(?:[-_. /][a-z]+)*$/i.test(value))
    return (
      value.length >= 20 &&
      !/[-_. /]/.test(value) &&
      entropy(value) >= 3.8 &&
      /[a-z][A-Z].*[a-z][A-Z]/.test(value) &&
      unpronounceable(value)
    );
  const kinds = [/[a-z]/, /[A-Z]/, /\d/, /[^A-Za-z0-9]/].filter((kind) => kind.test(value)).length;
  if (/^[A-Za-z]+(?:[-_.:/][A-Za-z0-9]+)+$/.test(value) && !/\d.*[A-Za-z].*\d/.test(value)) return false;
  return kinds >= 2 && /\d|[^\w.:/-]/.test(value);
}

/** Whether letters run as no language lets them: five consonants in a row, or case that changes like a dice. */
function unpronounceable(value: string): boolean {
  return /[bcdfghjklmnpqrstvwxz]{5}/i.test(value) || (value.match(/[a-z][A-Z]/g)?.length ?? 0) > value.length / 5;
}

/** Shannon entropy in bits a character. */
function entropy(value: string): number {
  const counts = new Map<string, number>();
  for (const character of value) counts.set(character, (counts.get(character) ?? 0) + 1);
  let sum = 0;
  for (const count of counts.values()) sum -= (count / value.length) * Math.log2(count / value.length);
  return sum;
}

const BEGIN = /-----BEGIN (?:[A-Z0-9]+ ){0,4}PRIVATE KEY(?: BLOCK)?-----/;
const END = /-----END (?:[A-Z0-9]+ ){0,4}PRIVATE KEY(?: BLOCK)?-----/;
const KEY_BODY = /^[\s"'`+>|*#/\\]*(?:[A-Za-z0-9+/=]{16,}|[A-Za-z-]{4,20}: .*|)(?:\\n|\\r)*[\s"'`+,;)\\]*$/;
const LONGEST_KEY = 200;

/** Takes private key blocks out, line by line. */
function redactKeys(text: string, found: Redaction[]): string {
  if (!text.includes('PRIVATE KEY')) return text;
  const lines = text.split('\n');
  const marks = privateKeyLines(lines);
  return lines
    .map((line, i) => {
      if (marks[i] === 'first') found.push({ rule: 'private-key', line: i + 1 });
      return marks[i] ? redactKeyLine(line, marks[i]) : line;
    })
    .join('\n');
}

/** Marks the lines of private key blocks; one without an end lasts as long as its lines look like a key's. */
function privateKeyLines(lines: readonly string[]): Array<'first' | 'inner' | undefined> {
  const marks: Array<'first' | 'inner' | undefined> = new Array(lines.length);
  for (let i = 0; i < lines.length; i++) {
    if (!BEGIN.test(lines[i]!)) continue;
    marks[i] = 'first';
    if (END.test(lines[i]!.slice(lines[i]!.search(BEGIN)))) continue;
    let last = i;
    for (let j = i + 1; j < lines.length && j - i <= LONGEST_KEY; j++) {
      if (END.test(lines[j]!)) {
        last = j;
        break;
      }
      if (!KEY_BODY.test(lines[j]!)) break;
      last = j;
    }
    for (let j = i + 1; j <= last; j++) marks[j] = 'inner';
    i = last;
  }
  return marks;
}

function redactKeyLine(line: string, mark: 'first' | 'inner'): string {
  if (mark === 'inner') return '[redacted:private-key]';
  const at = line.search(BEGIN);
  const rest = line.slice(at);
  const end = END.exec(rest);
  return `${line.slice(0, at)}[redacted:private-key]${end ? rest.slice(end.index + end[0].length) : ''}`;
}
