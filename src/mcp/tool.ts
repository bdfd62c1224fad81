import type { z } from 'zod';
import type { CallContext, Maestro } from '../app/calls.ts';
import type { KeptAnswers } from './kept-answers.ts';

/** What a host is told about a tool, all four explicitly. None of the tools changes the user's files. */
interface ToolAnnotations {
  readonly readOnlyHint: true;
  readonly destructiveHint: false;
  /** An identical call in the same state is answered from what was recorded. */
  readonly idempotentHint: boolean;
  /** It may reach models of others. */
  readonly openWorldHint: boolean;
}

/** One tool, one file in `tools/`. Its schemas are made when they are first needed, which is not at the start of a server. `call` gets checked arguments with the workspace filled in. */
export interface ToolDefinition<Input extends z.ZodObject = z.ZodObject> {
  readonly name: string;
  readonly title: string;
  readonly description: string;
  readonly input: () => Input;
  /** What `structuredContent` holds; a field that is optional here is left out when it is null. */
  readonly output: () => z.ZodObject;
  readonly annotations: ToolAnnotations;
  /** Other names under which hosts send an argument, and the argument's own name. */
  readonly aliases?: Readonly<Record<string, string>>;
  /** Optional fields of the answer in which null says something, so that it stays. */
  readonly nullsThatAnswer?: readonly string[];
  /** Fields of the answer that another model wrote, in a few words; null when there are none in this answer. */
  readonly untrusted?: (answer: Readonly<Record<string, unknown>>) => string | null;
  call(
    maestro: Maestro,
    args: z.output<Input> & { workspace: string },
    context: CallContext,
    kept: KeptAnswers,
  ): Promise<object>;
}

/** Any tool, for the code that treats all alike. */
export type Tool = ToolDefinition;

/** Checks a definition against its own input schema, and forgets which one it is. */
export function defineTool<Input extends z.ZodObject>(definition: ToolDefinition<Input>): Tool {
  return definition as unknown as Tool;
}

/** A schema made by its first use. */
export function once<Schema>(make: () => Schema): () => Schema {
  let made: Schema | undefined;
  return () => (made ??= make());
}
