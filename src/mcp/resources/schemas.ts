import { STAGE_ORDER } from '../../domain/stage.ts';
import type { ResourceDefinition } from '../resource.ts';

export const resource: ResourceDefinition = {
  name: 'schema',
  title: "Schema of a stage's output",
  description: 'JSON schema of what is handed in with maestro_run_stage.',
  address: 'maestro://schemas/{id}',
  mimeType: 'application/json',
  ids: STAGE_ORDER,
  async read(id) {
    const { outputSchemaOfStage, stageDefinitions } = await import('../../app/stages.ts');
    const stage = [...(await stageDefinitions()).values()].find((one) => one.id === id);
    return stage ? JSON.stringify(outputSchemaOfStage(stage), null, 2) : null;
  },
};
