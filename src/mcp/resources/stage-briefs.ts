import { STAGE_ORDER, type StageId } from '../../domain/stage.ts';
import type { ResourceDefinition } from '../resource.ts';

export const resource: ResourceDefinition = {
  name: 'stage',
  title: 'Brief of a stage',
  description: 'Goal, steps and rules of a stage, and whom it may ask.',
  address: 'maestro://stages/{id}',
  mimeType: 'text/markdown',
  ids: STAGE_ORDER,
  async read(id) {
    const { stageDefinitions } = await import('../../app/stages.ts');
    const stage = (await stageDefinitions()).get(id as StageId);
    if (!stage) return null;
    const list = (lines: readonly string[]): string => lines.map((line) => `- ${line}`).join('\n');
    const { most, fromIteration } = stage.consults;
    const from = fromIteration > 1 ? `, from iteration ${fromIteration} on` : '';
    return [
      `# ${stage.id}`,
      stage.goal,
      `## Steps\n\n${list(stage.steps)}`,
      `## Rules\n\n${list(stage.rules)}`,
      `## Asking others\n\nConsults: at most ${most}${from}. Ensembles: ${stage.ensemble.replaceAll('_', ' ')}.`,
      `The output is described by maestro://schemas/${stage.id}.`,
    ].join('\n\n');
  },
};
