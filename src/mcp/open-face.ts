import type { Maestro } from '../app/calls.ts';
import { Conversations } from './conversations.ts';
import type { Face } from './face.ts';
import { KeptAnswers } from './kept-answers.ts';
import type { Whereabouts } from './workspace.ts';

/** Codex cuts a call at 300 s, whatever progress it hears of. */
const PATIENCE_MS = 240_000;

export interface OpenFace extends Face {
  /** Closes the operations where they were opened. */
  readonly close: () => Promise<void>;
}

/** What the connections of one process share. The operations are opened by the first call, and again when that failed. */
export function openFace(
  open: () => Promise<Maestro>,
  { whereabouts, log }: { readonly whereabouts: Whereabouts; readonly log: (text: string) => void },
): OpenFace {
  let opened: Promise<Maestro> | null = null;
  return {
    whereabouts,
    log,
    kept: new KeptAnswers(),
    conversations: new Conversations(),
    patienceMs: PATIENCE_MS,
    maestro: () => {
      opened ??= open().catch((error: unknown) => {
        opened = null;
        throw error;
      });
      return opened;
    },
    close: async () => {
      const maestro = await opened?.catch(() => null);
      await maestro?.[Symbol.asyncDispose]();
    },
  };
}
