import type { Language } from './language.ts';

type Family = Language['family'];

/** Share of fixes per candidate of a kind, and where the figure came from. */
export const PRIORS: Readonly<Record<string, readonly [javascript: number, python: number]>> = {};

const OTHERS: readonly [number, number] = [0.001, 0.001];

/** What an edit of an operator's variant starts with. */
export function prior(operator: string, variant: string, family: Family): number {
  return (PRIORS[`${operator}:${variant}`] ?? PRIORS[operator] ?? OTHERS)[family === 'python' ? 1 : 0];
}

const highest = new Map<string, number>();

/** The most that an edit of an operator can start with. */
export function highestPrior(operator: string, family: Family): number {
  const key = `${family} ${operator}`;
  let known = highest.get(key);
  if (known === undefined) {
    const at = family === 'python' ? 1 : 0;
    const own = Object.entries(PRIORS).filter(([name]) => name === operator || name.startsWith(`${operator}:`));
    known = Math.max((PRIORS[operator] ?? OTHERS)[at], ...own.map(([, values]) => values[at]));
    highest.set(key, known);
  }
  return known;
}
