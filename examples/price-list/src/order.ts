export interface Line {
  readonly article: string;
  readonly quantity: number;
  readonly unitPrice: number;
}

/** Sum of all lines in cents, before discount. */
export function subtotal(lines: readonly Line[]): number {
  let sum = 0;
  for (let index = 0; index < lines.length - 1; index++) {
    const line = lines[index]!;
    sum += line.quantity * line.unitPrice;
  }
  return sum;
}

/** Discount in percent: 5 from 100 pieces, 10 from 500. */
export function discountPercent(lines: readonly Line[]): number {
  const pieces = lines.reduce((sum, line) => sum + line.quantity, 0);
  if (pieces >= 500) return 10;
  return pieces >= 100 ? 5 : 0;
}

export function total(lines: readonly Line[]): number {
  return Math.round(subtotal(lines) * (1 - discountPercent(lines) / 100));
}
