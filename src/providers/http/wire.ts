import type { AdviceUsage } from '../../domain/advice.ts';

/** A question in the words every API shares. */
export interface Question {
  readonly model: string;
  readonly effort: string | null;
  readonly system: string;
  /** The conversation, ending with what is asked now. */
  readonly turns: ReadonlyArray<{ readonly role: 'user' | 'assistant'; readonly text: string }>;
}

/** What an API reports as wrong, as far as it says. */
export interface ApiError {
  readonly status: number | null;
  /** The API's own word for it: a code, type or status name. */
  readonly code: string;
  readonly message: string;
  readonly retryAfterMs: number | null;
}

/** What one event of a stream, or one whole body, says. What it does not mention is left out. */
export interface Reading {
  /** Text to append to the answer. */
  readonly text?: string | null;
  /** The whole answer, for a stream that brought no text piece by piece. */
  readonly whole?: string | null;
  readonly model?: string | null;
  readonly usage?: Partial<AdviceUsage>;
  /** The name of a tool that the model asks for though it was offered none. */
  readonly tool?: string | null;
  /** The answer is complete, or was ended at the API's own limit of length. */
  readonly ended?: 'complete' | 'length' | null;
  /** Nothing more of interest comes. */
  readonly last?: boolean;
  /** Why the answer was withheld. */
  readonly refused?: string | null;
  readonly error?: ApiError | null;
}

/** What one HTTP API is like: where it is, how it takes a key and a question, and what its events mean. */
export interface Wire {
  readonly id: string;
  readonly description: string;
  /** Where it is unless configured; null: only where it is configured. */
  readonly baseUrl: string | null;
  /** The environment variables that hold a key unless one is configured, the first that is set counts. */
  readonly keyNames: readonly string[];
  keyHeaders(key: string): Readonly<Record<string, string>>;
  /** `path` goes after the base URL; `search` is its query. */
  request(question: Question): {
    readonly path: string;
    readonly search?: Readonly<Record<string, string>>;
    readonly headers?: Readonly<Record<string, string>>;
    readonly body: unknown;
  };
  read(event: unknown): Reading;
}
