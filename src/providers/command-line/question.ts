import type { Question } from './dialect.ts';

const TRANSCRIPT_CHARACTERS = 64 * 1024;

/**
 * The text for stdin: the newest earlier exchanges, at most 64 Ki characters of them, then the question. It begins with
 * a heading, so that no program takes it for a command of its own, and holds no NUL.
 */
export function questionText({ prompt, transcript }: Question): string {
  const earlier = newest(
    transcript.map(
      ({ question, answer }) => `# Earlier question\n\n${question}\n\n# Your answer then\n\n${answer}\n\n`,
    ),
  );
  return `${earlier.join('')}# Question\n\n${prompt}\n`.replaceAll('\0', '\ufffd');
}

function newest(exchanges: readonly string[]): string[] {
  const kept: string[] = [];
  let room = TRANSCRIPT_CHARACTERS;
  for (const exchange of exchanges.toReversed()) {
    room -= exchange.length;
    if (room < 0) break;
    kept.unshift(exchange);
  }
  return kept;
}
