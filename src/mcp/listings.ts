import type { JsonSchema } from './json-schema.ts';

/** A tool's schemas as they are listed. */
export interface Listing {
  readonly input: JsonSchema;
  readonly output: JsonSchema;
}

/** Made when the server is bundled, so that listing the tools costs no conversion at every start; empty in the source. */
export const LISTINGS: Readonly<Record<string, Listing>> = {};
