import { MaestroError } from '../domain/errors.ts';
import { redact } from '../domain/redaction.ts';

/** More than any model takes in; the rest of a log says little. */
const MAX_PROMPT = 300_000;
const MAX_ERRORS = 300_000;

/** A prompt as it is kept and sent: without secrets. Throws `usage` when it is empty or too long for any advisor. */
export function promptOf(text: string, name: 'prompt' | 'task'): string {
  if (text.trim() === '') throw new MaestroError('usage', `${name} is empty`, `say in ${name} what you want to know`);
  if (text.length > MAX_PROMPT)
    throw new MaestroError(
      'usage',
      `${name} has ${text.length} characters; at most ${MAX_PROMPT} are taken`,
      'name files in `files` instead of pasting them: what matters of them is packed',
    );
  return redact(text).text;
}

/** Outputs as they are kept and sent: without secrets, each cut in its middle as far as they are too long together. */
export function errorsOf(texts: readonly string[] = []): readonly string[] {
  const share = Math.floor(MAX_ERRORS / Math.max(1, texts.length));
  return texts.map((text) => redact(cutInTheMiddle(text, share)).text);
}

function cutInTheMiddle(text: string, most: number): string {
  if (text.length <= most) return text;
  const half = Math.floor(most / 2);
  return `${text.slice(0, half)}\n(${text.length - 2 * half} characters left out)\n${text.slice(-half)}`;
}
