import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Plugin } from 'rolldown';
import { inputSchemaOf, outputSchemaOf } from '../../src/mcp/json-schema.ts';
import { loadSurface } from '../../src/mcp/surface.ts';

/** The version as a text, so that no start reads package.json. */
export function fixedVersion(root: string): Plugin {
  const { version } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')) as { version: string };
  return inPlaceOf(
    'fixed-version',
    join(root, 'src', 'app', 'version.ts'),
    `export const VERSION = ${JSON.stringify(version)};`,
  );
}

/** The schemas of the tools as they are listed, made now instead of at every start. */
export async function fixedListings(root: string): Promise<Plugin> {
  const { tools } = await loadSurface();
  const listings = tools.map(({ name, input, output }) => [
    name,
    { input: inputSchemaOf(input()), output: outputSchemaOf(output()) },
  ]);
  const text = JSON.stringify(JSON.stringify(Object.fromEntries(listings)));
  return inPlaceOf(
    'fixed-listings',
    join(root, 'src', 'mcp', 'listings.ts'),
    `export const LISTINGS = JSON.parse(${text});`,
  );
}

function inPlaceOf(name: string, file: string, code: string): Plugin {
  return { name, load: (id) => (id === file ? { code } : null) };
}
