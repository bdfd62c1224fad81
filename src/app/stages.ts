import { inStageOrder, STAGE_ORDER, type StageDefinition, type StageId } from '../domain/stage.ts';
import { loadDefinitions } from '../platform/load-definitions.ts';

let loaded: Promise<ReadonlyMap<StageId, StageDefinition>> | undefined;

/** The five stages by id, in their order; read once. */
export function stageDefinitions(): Promise<ReadonlyMap<StageId, StageDefinition>> {
  loaded ??= loadDefinitions<StageDefinition>(new URL('../stages/', import.meta.url), 'stage').then(
    (definitions) => new Map(inStageOrder(definitions).map((definition, index) => [STAGE_ORDER[index]!, definition])),
  );
  return loaded;
}
