import type { Maestro } from '../app/calls.ts';

/** Opens the operations; `warn` gets lines for whoever reads the log. */
export type OpenMaestro = (
  env: Readonly<Record<string, string | undefined>>,
  warn: (line: string) => void,
) => Promise<Maestro>;

/** The real ones. Loaded by the first call, not before: hosts list the tools of many servers and call few. */
export const openMaestro: OpenMaestro = async (env, warn) => {
  const app = await import('../app/maestro.ts');
  return app.openMaestro({ env, warn });
};
