import { join } from 'node:path';
import { type Pack, type PackRequest, pack } from '../context/index.ts';
import type { StageId } from '../domain/stage.ts';
import { stateFolder } from '../platform/state-folder.ts';

export type { Pack, PackRequest, StageId };

/** Packs what a question is about; indexes live in the user's state folder, warnings go to `warn`, a line each. */
export function packContext(
  request: PackRequest,
  { signal, env, warn }: { signal: AbortSignal; env: NodeJS.ProcessEnv; warn: (line: string) => void },
): Promise<Pack> {
  return pack(request, { signal, warn, indexes: join(stateFolder(env), 'context') });
}
