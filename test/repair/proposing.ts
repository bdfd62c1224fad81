import type { RepairBrief } from '../../src/domain/ports.ts';
import { applied, normalForm } from '../../src/repair/candidate.ts';
import { createEmbeddedAdvisor } from '../../src/repair/index.ts';
import { knownOperators, openProgram } from '../../src/repair/program.ts';

export type Ending = 'py' | 'js' | 'ts' | 'tsx';

/** Every text that an operator makes of a program, those left out that do not parse or change nothing. */
export async function made(operator: string, ending: Ending, text: string): Promise<string[]> {
  const [context] = await openProgram([{ path: `program.${ending}`, text }]);
  const [found] = (await knownOperators()).filter(({ id }) => id === operator);
  if (!context || !found) throw new Error(`no operator ${operator}, or no language for .${ending}`);
  return context.file.nodes.flatMap((node) =>
    [...found.propose(node, context)].flatMap(({ replacements }) =>
      normalForm(context.file, replacements) === null ? [] : [applied(text, replacements)!],
    ),
  );
}

/** A brief about files alone. */
export function briefOf(files: Record<string, string>, more: Partial<RepairBrief> = {}): RepairBrief {
  const sources = Object.entries(files).map(([path, text]) => ({ path, text }));
  return { task: null, sources, failures: [], suspects: [], iteration: 1, attempts: [], ...more };
}

/** The first patches for a brief. */
export async function proposed(brief: RepairBrief, most = Number.POSITIVE_INFINITY) {
  const proposals: { text: string; operator?: string }[] = [];
  for await (const proposal of createEmbeddedAdvisor().propose(brief, new AbortController().signal)) {
    proposals.push(proposal);
    if (proposals.length >= most) break;
  }
  return proposals;
}
