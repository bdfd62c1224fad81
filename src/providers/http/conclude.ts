import { apiFailure, type Failure, unusable, withheld } from './failures.ts';
import type { Gathered } from './gather.ts';
import type { Setup } from './setup.ts';

/** How the reading of an answer ended. */
export type Ending =
  | { readonly kind: 'over' }
  | { readonly kind: 'broken'; readonly why: string }
  | { readonly kind: 'stopped'; readonly failure: Failure };

/**
 * What keeps a gathered answer from being used, or null when it is one. A complete answer counts whatever broke after
 * it; a tool call or a refusal is none, whatever text came with it.
 */
export function verdict(gathered: Gathered, ending: Ending, setup: Setup): Failure | null {
  const { text, ended, full, tool, refused, error } = gathered;
  if (tool !== null) return unusable(`the model asked for a tool (${tool.slice(0, 80)}) instead of answering`);
  if (refused !== '') return withheld(refused);
  if ((ended !== null || full) && text.trim() !== '') return null;
  if (error !== null) return apiFailure(error, setup);
  if (ending.kind === 'stopped') return ending.failure;
  if (ending.kind === 'broken') return unusable(ending.why);
  if (ended === 'length') return unusable('the model reached its limit of length before it wrote any answer');
  if (ended === 'complete') return unusable('the answer is empty');
  return unusable(text === '' ? 'the reply ended without an answer' : 'the answer was cut off before its end');
}
