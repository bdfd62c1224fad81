import type { Advisor } from '../domain/ports.ts';

/**
 * The advisor that ships with Maestro: it proposes edits from templates over the program's syntax. It has no model,
 * opens no connection and needs no key; what it proposes is a guess like any other and must pass the tests.
 */
export const provider = {
  id: 'embedded',
  description: 'templates, not a language model: small edits of suspicious lines in JavaScript, TypeScript and Python',
  network: false,
  /** Text that `propose` needs beside the brief: none. */
  requires: [] as readonly string[],
  /** An advisor over the repair function, which is handed in: providers do not know the module it comes from. */
  advisor(propose: Advisor['propose']): Advisor {
    return { id: 'embedded', usage: { input_tokens: 0, output_tokens: 0, cost_usd: 0 }, propose };
  },
} as const;
