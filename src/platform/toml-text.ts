/** Where a text stops being TOML: the line (from 1) and what was found there. */
export class TomlError extends Error {
  readonly line: number;

  constructor(line: number, message: string) {
    super(message);
    this.line = line;
  }
}

const BARE_KEY = /[A-Za-z0-9_-]+/y;
const PLAIN_VALUE =
  /(?:true|false|[+-]?(?:inf|nan)|\d{4}-\d\d-\d\d(?:[Tt ]\d\d:\d\d:\d\d(?:\.\d+)?(?:[Zz]|[+-]\d\d:\d\d)?)?|\d\d:\d\d:\d\d(?:\.\d+)?|0x[\dA-Fa-f]+(?:_[\dA-Fa-f]+)*|0o[0-7]+(?:_[0-7]+)*|0b[01]+(?:_[01]+)*|[+-]?(?:0|[1-9]\d*(?:_\d+)*)(?:\.\d+(?:_\d+)*)?(?:[eE][+-]?\d+(?:_\d+)*)?)(?=[\s,\]}#]|$)/y;
const SPACE = /[ \t]*/y;
const BLANK = /(?:[ \t\r\n]|#[^\n]*)*/y;
const LINE_END = /[ \t]*(?:#[^\n]*)?(?:\r?\n|$)/y;
// biome-ignore lint/suspicious/noControlCharactersInRegex: TOML forbids control characters in strings
const CONTROL = /[\u0000-\u0008\u000a-\u001f\u007f]/;
const ESCAPES: Readonly<Record<string, string>> = {
  b: '\b',
  t: '\t',
  n: '\n',
  f: '\f',
  r: '\r',
  e: '\u001b',
  '"': '"',
  '\\': '\\',
};

/** A TOML text read from left to right; whatever does not fit is thrown as a `TomlError`. */
export class TomlText {
  readonly #text: string;
  offset: number;

  constructor(text: string) {
    this.#text = text;
    this.offset = text.startsWith('\uFEFF') ? 1 : 0;
  }

  atEnd(): boolean {
    return this.offset >= this.#text.length;
  }

  peek(): string {
    return this.#text[this.offset] ?? '';
  }

  fail(message: string, offset: number = this.offset): never {
    throw new TomlError(this.#text.slice(0, offset).split('\n').length, message);
  }

  take(token: string): boolean {
    if (!this.#text.startsWith(token, this.offset)) return false;
    this.offset += token.length;
    return true;
  }

  expect(token: string): void {
    if (!this.take(token)) this.fail(`'${token}' expected`);
  }

  skipSpace(): void {
    this.#match(SPACE);
  }

  /** Spaces, line ends and comments. */
  skipBlank(): void {
    this.#match(BLANK);
  }

  endLine(): void {
    if (this.#match(LINE_END) === null) this.fail('one statement a line');
  }

  /** A bare, quoted or dotted key. */
  key(): string[] {
    const path = [this.#simpleKey()];
    for (;;) {
      const before = this.offset;
      this.skipSpace();
      if (!this.take('.')) {
        this.offset = before;
        return path;
      }
      this.skipSpace();
      path.push(this.#simpleKey());
    }
  }

  value(): unknown {
    const start = this.peek();
    if (start === '"' || start === "'") return this.#string(true);
    if (start === '[') return this.#list();
    if (start === '{') return this.#table();
    const plain = this.#match(PLAIN_VALUE);
    if (plain === null) this.fail('a value expected');
    if (plain === 'true' || plain === 'false') return plain === 'true';
    return /^[+-]?\d+$/.test(plain) ? Number(plain) : plain;
  }

  #match(pattern: RegExp): string | null {
    pattern.lastIndex = this.offset;
    const found = pattern.exec(this.#text);
    if (!found) return null;
    this.offset += found[0].length;
    return found[0];
  }

  #simpleKey(): string {
    const start = this.peek();
    if (start === '"' || start === "'") return this.#string(false);
    return this.#match(BARE_KEY) ?? this.fail('a key expected');
  }

  #string(mayHaveLines: boolean): string {
    const quote = this.peek();
    if (mayHaveLines && this.take(quote.repeat(3))) return this.#lines(quote);
    this.offset++;
    let out = '';
    for (let char = this.peek(); char !== quote; char = this.peek()) {
      if (char === '' || CONTROL.test(char)) this.fail('a string without an end');
      out += this.#character(quote);
    }
    this.offset++;
    return out;
  }

  /** After the opening three quotes; up to two more may stand before the closing three. */
  #lines(quote: string): string {
    const close = quote.repeat(3);
    if (!this.take('\n')) this.take('\r\n');
    let out = '';
    while (!this.#text.startsWith(close, this.offset) || this.#text[this.offset + 3] === quote) {
      if (this.atEnd()) this.fail('a string without an end');
      if (quote === '"' && this.#match(/\\[ \t]*\r?\n\s*/y) !== null) continue;
      out += this.#character(quote);
    }
    this.offset += 3;
    return out;
  }

  #character(quote: string): string {
    const char = this.peek();
    this.offset++;
    if (char !== '\\' || quote === "'") return char;
    const kind = this.peek();
    this.offset++;
    const plain = ESCAPES[kind];
    if (plain !== undefined) return plain;
    const digits = { x: 2, u: 4, U: 8 }[kind];
    const code = digits ? this.#text.slice(this.offset, this.offset + digits) : '';
    if (!digits || code.length !== digits || !/^[\dA-Fa-f]+$/.test(code) || Number.parseInt(code, 16) > 0x10ffff)
      this.fail('no such escape');
    this.offset += digits;
    return String.fromCodePoint(Number.parseInt(code, 16));
  }

  #list(): unknown[] {
    this.expect('[');
    const items: unknown[] = [];
    for (this.skipBlank(); !this.take(']'); this.skipBlank()) {
      items.push(this.value());
      this.skipBlank();
      if (!this.take(',') && this.peek() !== ']') this.fail("',' or ']' expected");
    }
    return items;
  }

  #table(): Record<string, unknown> {
    this.expect('{');
    const entries: Array<[string, unknown]> = [];
    for (this.skipBlank(); !this.take('}'); this.skipBlank()) {
      const path = this.key();
      this.skipSpace();
      this.expect('=');
      this.skipSpace();
      const value = this.value();
      entries.push([path[0]!, path.slice(1).reduceRight<unknown>((inner, step) => ({ [step]: inner }), value)]);
      this.skipBlank();
      if (!this.take(',') && this.peek() !== '}') this.fail("',' or '}' expected");
    }
    return Object.fromEntries(entries);
  }
}
