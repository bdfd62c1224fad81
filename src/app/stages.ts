import { z } from 'zod';
import { inStageOrder, type StageDefinition } from '../domain/stage.ts';
import { loadDefinitions } from '../platform/load-definitions.ts';

/** The five stages in their order. */
export async function stageDefinitions(): Promise<readonly StageDefinition[]> {
  return inStageOrder(await loadDefinitions<StageDefinition>(new URL('../stages/', import.meta.url), 'stage'));
}

/** The JSON schema of what a stage's holder hands in. */
export function outputSchemaOfStage(stage: StageDefinition): unknown {
  return z.toJSONSchema(stage.output, { io: 'input' });
}
