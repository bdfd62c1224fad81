import { join } from 'node:path';
import { type Pack, type PackRequest, pack } from '../context/index.ts';
import type { StageId } from '../domain/stage.ts';
import { stateFolder, statePath } from '../platform/state-folder.ts';
import type { RerankBy } from './rerank.ts';

export type { Pack, PackRequest, StageId };

/** Where a pack is made, and whom to ask for a better order of the likely files: nobody unless given. */
export interface PackSurroundings {
  readonly signal: AbortSignal;
  readonly env: NodeJS.ProcessEnv;
  readonly warn: (line: string) => void;
  readonly rerank?: RerankBy;
}

/**
 * Packs what a question is about; indexes live in the user's state folder, warnings go to `warn`, a line each. With
 * `rerank` one advisor is consulted once; without its answer the order is as it was, and the pack says why.
 */
export async function packContext(
  request: PackRequest,
  { signal, env, warn, rerank: by }: PackSurroundings,
): Promise<Pack> {
  const indexes = join(stateFolderIfAny(env), 'context');
  if (!by) return pack(request, { signal, warn, indexes });
  const { rerankBy } = await import('./rerank.ts');
  const { workspace, stage = null } = request;
  const rerank = await rerankBy(by, { workspace, stage, env, signal, warn });
  return pack(request, { signal, warn, indexes, rerank });
}

/** The state folder, made where it can be: without it a pack is made all the same, and says that its index is not kept. */
function stateFolderIfAny(env: NodeJS.ProcessEnv): string {
  try {
    return stateFolder(env);
  } catch {
    return statePath(env);
  }
}
