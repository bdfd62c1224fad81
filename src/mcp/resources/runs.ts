import { labelled } from '../../domain/untrusted.ts';
import type { ResourceDefinition } from '../resource.ts';

export const resource: ResourceDefinition = {
  name: 'run',
  title: 'Result of a run',
  description: 'The whole stored result of a consult, an ensemble or a selection. Holds what other models wrote.',
  address: 'maestro://runs/{id}',
  mimeType: 'application/json',
  ids: [],
  async read(id, face) {
    const maestro = await face.maestro();
    const run = await maestro.runResult(id);
    return run ? JSON.stringify(labelled({ run_id: id, ...run }, { result: run.result })) : null;
  },
};
