import { type Redaction, redact } from '../../domain/redaction.ts';

const LONGEST_LINE = 2_000;
const MOST_CHARACTERS = 4_000_000;

/** The lines of a text: as they are, and as they may leave. */
export class TextLines {
  readonly text: string;
  /** To measure and to search; they never leave. */
  readonly raw: readonly string[];
  #clean: { readonly lines: readonly string[]; readonly redactions: readonly Redaction[] } | undefined;

  constructor(text: string) {
    this.text = text;
    this.raw = linesOf(text);
  }

  /** Secrets taken out, every line where it was; they are looked for when this is first asked. */
  get clean(): { readonly lines: readonly string[]; readonly redactions: readonly Redaction[] } {
    if (!this.#clean) {
      const { text, found } = redact(this.text);
      this.#clean = { lines: found.length > 0 ? linesOf(text) : this.raw, redactions: found };
    }
    return this.#clean;
  }
}

const lately = new Map<string, TextLines>();
let characters = 0;

/** The lines of the text that was just read from a file; of one that is as it was lately, those of then. */
export function linesRead(path: string, text: string): TextLines {
  const earlier = lately.get(path);
  const lines = earlier?.text === text ? earlier : new TextLines(text);
  forget(path);
  if (text.length > MOST_CHARACTERS / 4) return lines;
  lately.set(path, lines);
  characters += text.length;
  for (const oldest of lately.keys()) {
    if (characters <= MOST_CHARACTERS) break;
    forget(oldest);
  }
  return lines;
}

function forget(path: string): void {
  const known = lately.get(path);
  if (!known) return;
  lately.delete(path);
  characters -= known.text.length;
}

function linesOf(text: string): string[] {
  const lines = text.split('\n').map(shortLine);
  if (lines.length > 1 && lines.at(-1) === '') lines.pop();
  return lines;
}

/** A line without its carriage return; of a very long one the beginning, and how much there is more. */
function shortLine(line: string): string {
  const bare = line.endsWith('\r') ? line.slice(0, -1) : line;
  return bare.length > LONGEST_LINE
    ? `${bare.slice(0, LONGEST_LINE)}… [${bare.length - LONGEST_LINE} more characters]`
    : bare;
}
