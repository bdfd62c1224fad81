/** The text in a fence that is longer than any in it, cut after so many characters, which then is said. */
export function fenced(text: string, most: number): string {
  const shown = text.length > most ? `${text.slice(0, most)}\n(cut: ${text.length - most} more characters)` : text;
  const longest = Math.max(2, ...[...shown.matchAll(/`{3,}/g)].map(([ticks]) => ticks.length));
  const fence = '`'.repeat(longest + 1);
  return `${fence}\n${shown.trimEnd()}\n${fence}`;
}
