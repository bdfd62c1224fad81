/** How many o200k tokens a text has. */
export type CountTokens = (text: string) => number;

let loading: Promise<CountTokens> | undefined;

/** Loads the o200k vocabulary, once a process and only when something is to be counted. */
export function loadTokenCounter(): Promise<CountTokens> {
  loading ??= import('./o200k.ts').then(({ createCounter }) => createCounter());
  return loading;
}
