/** Share of fixes per candidate of a kind, and where the figure came from. */
export const PRIORS: Readonly<Record<string, number>> = {};

/** What an edit of an operator's variant starts with. */
export function prior(operator: string, variant: string): number {
  return PRIORS[`${operator}:${variant}`] ?? PRIORS[operator] ?? 0.001;
}
