const UNITS: Record<string, number> = { ms: 1, s: 1_000, m: 60_000, h: 3_600_000 };

/** `120s`, `2m`, `500ms`, `1h`, or a bare number of seconds, in ms; null for any other text, and for nothing. */
export function parseDuration(text: string): number | null {
  const match = /^(\d+(?:\.\d+)?)(ms|s|m|h)?$/.exec(text.trim());
  const ms = match ? Number(match[1]) * UNITS[match[2] ?? 's']! : 0;
  return ms > 0 ? ms : null;
}
