import { z } from 'zod';
import { STAGE_ORDER } from '../domain/stage.ts';

/** Where and for which task: on every tool. */
export const place = () => ({
  workspace: z.string().min(1).max(4_096).describe('Absolute project path').exactOptional(),
  workflow_id: z.string().min(1).max(200).describe('Default: the open one').exactOptional(),
});

/** What a question is about. */
export const material = () => ({
  files: z.array(z.string().min(1).max(4_096)).max(200).describe('Paths or globs').exactOptional(),
  errors: z.array(z.string().max(1_000_000)).max(20).describe('Failing output').exactOptional(),
});

export const stage = () => z.enum(STAGE_ORDER);
export const text = (): z.ZodString => z.string().trim().min(1).max(200_000);
