import { endings } from './endings.ts';
import { serveHttp } from './http.ts';
import { openFace } from './open-face.ts';
import { type OpenMaestro, openMaestro } from './open-maestro.ts';
import { build } from './server.ts';
import { loadSurface } from './surface.ts';
import type { Whereabouts } from './workspace.ts';

/** Serves Maestro over HTTP until a signal comes, then ends the process with status 0. `told` gets the address. */
export async function serveOverHttp(
  { whereabouts, port }: { readonly whereabouts: Whereabouts; readonly port: number },
  told: (url: string) => void,
  open: OpenMaestro = openMaestro,
): Promise<never> {
  const log = (text: string): void => void process.stderr.write(`maestro: ${text}\n`);
  const surface = await loadSurface();
  const face = openFace(() => open(whereabouts.env, log), { whereabouts, log });
  const serving = await serveHttp(() => build(face, surface), { port, log });
  const over = endings(log);
  told(serving.url);
  await over.ended;
  return over.exit([serving.close, face.close]);
}
