import type { Face } from './face.ts';

/** A kind of resource, one file in `resources/`. `{id}` in the address is what `read` gets. */
export interface ResourceDefinition {
  readonly name: string;
  readonly title: string;
  readonly description: string;
  /** Such as `maestro://runs/{id}`. */
  readonly address: string;
  readonly mimeType: 'application/json' | 'text/markdown';
  /** The ids that are known beforehand; empty where they come up as the work goes on. */
  readonly ids: readonly string[];
  /** The content, or null when there is none of that id. */
  readonly read: (id: string, face: Face, signal: AbortSignal) => Promise<string | null>;
}
