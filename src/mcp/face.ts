import type { Maestro } from '../app/calls.ts';
import type { Conversations } from './conversations.ts';
import type { KeptAnswers } from './kept-answers.ts';
import type { Whereabouts } from './workspace.ts';

/** What all connections of one process share; HTTP builds a server for every request, so nothing may live in those. */
export interface Face {
  /** The operations, opened when the first call needs them. */
  readonly maestro: () => Promise<Maestro>;
  readonly whereabouts: Whereabouts;
  readonly kept: KeptAnswers;
  readonly conversations: Conversations;
  /** One line or a stack, for whoever reads the server's log. */
  readonly log: (text: string) => void;
  /** After this long a call is answered with a handle, in ms. */
  readonly patienceMs: number;
}
