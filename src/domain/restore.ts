import { redact } from './redaction.ts';

const MARK = '[redacted:';

/** Whether a text holds what redaction leaves behind. */
export function holdsRedactions(text: string): boolean {
  return text.includes(MARK);
}

/**
 * A changed file with its secrets again: `changed` was made from the redacted text of `original`, so each of its redacted lines that stands
 * in that is the line of the original in the same turn. `null` where a line with a secret was itself changed, moved about or made up.
 */
export function restored(original: string, changed: string): string | null {
  const shown = redact(original).text.split('\n');
  const real = original.split('\n');
  if (shown.length !== real.length) return null;
  const lines = new Map<string, string[]>();
  for (const [index, line] of shown.entries())
    if (holdsRedactions(line)) lines.set(line, [...(lines.get(line) ?? []), real[index]!]);
  const result: string[] = [];
  const used = new Map<string, number>();
  for (const line of changed.split('\n')) {
    if (!holdsRedactions(line)) {
      result.push(line);
      continue;
    }
    const turn = used.get(line) ?? 0;
    const secret = lines.get(line)?.[turn];
    if (secret === undefined) return null;
    used.set(line, turn + 1);
    result.push(secret);
  }
  const isWhole = [...used].every(
    ([line, count]) => new Set(lines.get(line)).size === 1 || lines.get(line)!.length === count,
  );
  return isWhole ? result.join('\n') : null;
}
