const MOST = 64;
const MOST_CHARACTERS = 16_000_000;

/** Long answers that belong to no run, kept by this process while it lives so that they can be paged through. */
export class KeptAnswers {
  readonly #texts = new Map<string, string>();
  #characters = 0;

  /** Keeps an answer, dropping the oldest beyond 64 or 16 million characters; the same answer has the same id. */
  keep(answer: unknown): string {
    const text = JSON.stringify(answer);
    // Loaded here: it takes a tenth of the server's start, and most answers are short.
    const { createHash } = process.getBuiltinModule('node:crypto');
    const id = `kept_${createHash('sha256').update(text).digest('hex').slice(0, 16)}`;
    this.#drop(id);
    this.#texts.set(id, text);
    this.#characters += text.length;
    for (const oldest of this.#texts.keys()) {
      if (this.#texts.size === 1 || (this.#texts.size <= MOST && this.#characters <= MOST_CHARACTERS)) break;
      this.#drop(oldest);
    }
    return id;
  }

  /** The answer of that id, wrapped; null when it was never kept here, or was dropped. */
  find(id: string): { readonly answer: unknown } | null {
    const text = this.#texts.get(id);
    return text === undefined ? null : { answer: JSON.parse(text) };
  }

  #drop(id: string): void {
    this.#characters -= this.#texts.get(id)?.length ?? 0;
    this.#texts.delete(id);
  }
}

/** Whether an id is one that `keep` gives. */
export const isKept = (id: string): boolean => /^kept_[0-9a-f]{16}$/.test(id);
