import { z } from 'zod';
import { STAGE_ORDER, type StageId } from '../../domain/stage.ts';
import type { ResourceDefinition } from '../resource.ts';

export const resource: ResourceDefinition = {
  name: 'schema',
  title: "Schema of a stage's output",
  description: 'JSON schema of what is handed in with maestro_run_stage.',
  address: 'maestro://schemas/{id}',
  mimeType: 'application/json',
  ids: STAGE_ORDER,
  async read(id) {
    const { stageDefinitions } = await import('../../app/stages.ts');
    const stage = (await stageDefinitions()).get(id as StageId);
    return stage ? JSON.stringify(z.toJSONSchema(stage.output), null, 2) : null;
  },
};
