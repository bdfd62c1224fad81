import type { z } from 'zod';

/** One prompt (a slash command in most hosts), one file in `prompts/`. `text` is what the user is taken to have said. */
export interface PromptDefinition<Args extends z.ZodObject = z.ZodObject> {
  readonly name: string;
  readonly title: string;
  readonly description: string;
  /** Made when they are first needed, which is not at the start of a server. */
  readonly args: () => Args;
  readonly text: (args: z.output<Args>) => string;
}

/** Any prompt, for the code that treats all alike. */
export type Prompt = PromptDefinition;

/** Checks a definition against its own arguments, and forgets which one it is. */
export function definePrompt<Args extends z.ZodObject>(definition: PromptDefinition<Args>): Prompt {
  return definition as unknown as Prompt;
}
