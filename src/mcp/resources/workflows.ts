import type { ResourceDefinition } from '../resource.ts';
import { workspaceHere } from '../workspace.ts';

export const resource: ResourceDefinition = {
  name: 'workflow',
  title: 'State of a workflow',
  description: 'Where a workflow stands, what was handed in, the budget used and left.',
  address: 'maestro://workflows/{id}',
  mimeType: 'application/json',
  ids: [],
  async read(id, { maestro, whereabouts, patienceMs }, signal) {
    const operations = await maestro();
    const context = { signal, progress: () => {}, patienceMs, askPerson: null };
    // A workflow is found by its id alone where the server's folder is nobody's project.
    const workspace = workspaceHere(whereabouts);
    const call = { workflow_id: id, ...(workspace !== null && { workspace }) };
    const state = await operations.workflowState(call, context);
    return state.workflow_id === null ? null : JSON.stringify(state);
  },
};
