import { realpath } from 'node:fs/promises';
import { STAGE_ORDER, type StageId } from '../../domain/stage.ts';
import type { ResourceDefinition } from '../resource.ts';
import { type Whereabouts, workspaceHere } from '../workspace.ts';

export const resource: ResourceDefinition = {
  name: 'stage',
  title: 'Brief of a stage',
  description: 'Goal, steps and rules of a stage, and whom it may ask.',
  address: 'maestro://stages/{id}',
  mimeType: 'text/markdown',
  ids: STAGE_ORDER,
  async read(id, { whereabouts }) {
    const [{ stageDefinitions }, limits] = await Promise.all([import('../../app/stages.ts'), limitsHere(whereabouts)]);
    const stage = (await stageDefinitions()).get(id as StageId);
    if (!stage) return null;
    const list = (lines: readonly string[]): string => lines.map((line) => `- ${line}`).join('\n');
    const { fromIteration } = stage.consults;
    const most = Math.min(stage.consults.most, limits.stage, limits.workflow);
    const rounds =
      stage.iterations > 1 ? ` At most ${limits.debug_iterations} iterations, then a person takes over.` : '';
    const from = fromIteration > 1 ? `, from iteration ${fromIteration} on` : '';
    return [
      `# ${stage.id}`,
      stage.goal,
      `## Steps\n\n${list(stage.steps)}`,
      `## Rules\n\n${list(stage.rules)}`,
      `## Asking others\n\nConsults: at most ${most}${from}, of ${limits.workflow} in a workflow. Ensembles: ${stage.ensemble.replaceAll('_', ' ')}.${rounds}`,
      `The output is described by maestro://schemas/${stage.id}.`,
    ].join('\n\n');
  },
};

/** What is configured for the project of the server's folder, else what the user configured for all. */
async function limitsHere(whereabouts: Whereabouts) {
  const { limitsIn } = await import('../../app/config.ts');
  const here = workspaceHere(whereabouts);
  const real = here === null ? null : await realpath(here).catch(() => null);
  return limitsIn(real, whereabouts.env);
}
