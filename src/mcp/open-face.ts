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

/** What the connections of one process share. The operations are opened by the first call, and again when that failed or their state file is gone. */
export function openFace(
  open: () => Promise<Maestro>,
  { whereabouts, log }: { readonly whereabouts: Whereabouts; readonly log: (text: string) => void },
): OpenFace {
  let opened: Promise<Maestro> | null = null;
  /** Those whose state file is gone: what they work on goes on, but nobody is given them any more. */
  const left: Maestro[] = [];
  const current = async (): Promise<Maestro> => {
    opened ??= open().catch((error: unknown) => {
      opened = null;
      throw error;
    });
    const asked = opened;
    const maestro = await asked;
    if (maestro.isInPlace()) return maestro;
    if (opened === asked) {
      log('the state file was deleted, moved or replaced while this server ran: it goes on with the one there is now');
      left.push(maestro);
      opened = null;
    }
    return current();
  };
  return {
    whereabouts,
    log,
    kept: new KeptAnswers(),
    conversations: new Conversations(),
    patienceMs: PATIENCE_MS,
    maestro: current,
    close: async () => {
      const maestro = await opened?.catch(() => null);
      for (const one of [...left, maestro]) await one?.[Symbol.asyncDispose]();
    },
  };
}
