/** One simple command of a shell text. */
export interface ShellCommand {
  readonly words: readonly string[];
  readonly env: Readonly<Record<string, string>>;
}

export interface ShellText {
  readonly commands: readonly ShellCommand[];
  /** Words written after the text would become arguments of the last command. */
  readonly openEnded: boolean;
}

const OPERATORS = new Set(['&', '|', ';', '\n', '(', ')']);
const ASSIGNMENT = /^([A-Za-z_]\w*)=([\s\S]*)$/;

/** Splits a package script or `sh -c` text into simple commands. Expansions stay as written; nothing is evaluated. */
export function shellCommands(text: string): ShellText {
  const commands: ShellCommand[] = [];
  let words: string[] = [];
  let openEnded = true;
  const finish = () => {
    if (words.length > 0) commands.push(command(words));
    words = [];
  };
  for (const token of tokens(text)) {
    if (token.operator) {
      finish();
      openEnded = false;
    } else if (token.redirect) openEnded = false;
    else {
      if (words.length === 0) openEnded = true;
      words.push(token.word);
    }
  }
  finish();
  return { commands, openEnded: openEnded && !/[)#]\s*$/.test(text.slice(-100)) };
}

/** Splits leading `A=b` words off. */
export function command(words: readonly string[]): ShellCommand {
  const env: Record<string, string> = {};
  let start = 0;
  for (; start < words.length; start++) {
    const match = ASSIGNMENT.exec(words[start]!);
    if (!match) break;
    env[match[1]!] = match[2]!;
  }
  return { words: words.slice(start), env };
}

interface Token {
  readonly word: string;
  readonly operator?: boolean;
  readonly redirect?: boolean;
}

function* tokens(text: string): Generator<Token> {
  let at = 0;
  while (at < text.length) {
    const char = text[at]!;
    if (char === ' ' || char === '\t' || char === '\r') at++;
    else if (char === '>' || char === '<' || /^\d?>/.test(text.slice(at, at + 2))) {
      at = wordEnd(text, skipRedirect(text, at)).end;
      yield { word: '', redirect: true };
    } else if (OPERATORS.has(char)) {
      yield { word: char, operator: true };
      at++;
    } else {
      const { word, end } = wordEnd(text, at);
      yield { word };
      at = end;
    }
  }
}

function skipRedirect(text: string, from: number): number {
  let at = from;
  while (at < text.length && /[\d<>&| \t]/.test(text[at]!)) at++;
  return at;
}

function wordEnd(text: string, from: number): { word: string; end: number } {
  let word = '';
  let at = from;
  while (at < text.length && !/[\s<>]/.test(text[at]!) && !OPERATORS.has(text[at]!)) {
    const char = text[at]!;
    if (char === "'" || char === '"') {
      const close = closing(text, at);
      word += char === "'" ? text.slice(at + 1, close) : text.slice(at + 1, close).replace(/\\(["\\$`])/g, '$1');
      at = close + 1;
    } else if (char === '\\' && at + 1 < text.length) {
      word += text[at + 1];
      at += 2;
    } else {
      word += char;
      at++;
    }
  }
  return { word, end: Math.max(at, from + 1) };
}

function closing(text: string, open: number): number {
  const quote = text[open]!;
  for (let at = open + 1; at < text.length; at++) {
    if (quote === '"' && text[at] === '\\') at++;
    else if (text[at] === quote) return at;
  }
  return text.length;
}
