import type { z } from 'zod';

/** The stages in the order in which a workflow goes through them. */
export const STAGE_ORDER = ['analyze', 'hypothesize', 'implement', 'debug', 'improve'] as const;
export type StageId = (typeof STAGE_ORDER)[number];

/** How often others may be asked within one visit to a stage: at most `most`, and not before iteration `fromIteration` (from 1). */
interface ConsultAllowance {
  readonly most: number;
  readonly fromIteration: number;
}

/** What must hold to enter a stage: one of the stages just left (none: the workflow begins here), and what the tests must say. */
interface EntryGate {
  readonly after: readonly StageId[];
  readonly tests: 'any' | 'some_failing' | 'all_passing';
}

/** One stage as data: what a host is told, what it may ask for, and the shape of what it hands in. */
export interface StageDefinition {
  readonly id: StageId;
  readonly goal: string;
  readonly steps: readonly string[];
  readonly rules: readonly string[];
  readonly consults: ConsultAllowance;
  readonly ensemble: 'no' | 'encouraged' | 'refused' | 'for_review';
  /** Rounds before it is handed to a person. */
  readonly iterations: number;
  readonly entry: EntryGate;
  readonly output: z.ZodType;
}

/** The definitions in the order of the workflow; throws a TypeError unless there is exactly one for each stage. */
export function inStageOrder(definitions: readonly StageDefinition[]): readonly StageDefinition[] {
  if (definitions.length !== STAGE_ORDER.length) {
    throw new TypeError(`${definitions.length} stage definitions for ${STAGE_ORDER.length} stages`);
  }
  return STAGE_ORDER.map((id) => {
    const definition = definitions.find((one) => one.id === id);
    if (!definition) throw new TypeError(`no definition of the stage '${id}'`);
    return definition;
  });
}
