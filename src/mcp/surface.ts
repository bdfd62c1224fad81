import { loadDefinitions } from '../platform/load-definitions.ts';
import type { Prompt } from './prompt.ts';
import type { ResourceDefinition } from './resource.ts';
import type { Tool } from './tool.ts';

/** All that a server offers. */
export interface Surface {
  readonly tools: readonly Tool[];
  readonly prompts: readonly Prompt[];
  readonly resources: readonly ResourceDefinition[];
}

/** Everything there is a file for. */
export async function loadSurface(): Promise<Surface> {
  const [tools, prompts, resources] = await Promise.all([
    loadDefinitions<Tool>(new URL('./tools/', import.meta.url), 'tool'),
    loadDefinitions<Prompt>(new URL('./prompts/', import.meta.url), 'prompt'),
    loadDefinitions<ResourceDefinition>(new URL('./resources/', import.meta.url), 'resource'),
  ]);
  return { tools, prompts, resources };
}
