// Writes dist/mcp.mjs: what `maestro mcp` needs to list its tools, in one file. Run after the build.
import { readdirSync, readFileSync } from 'node:fs';
import { dirname, join, relative, resolve, sep } from 'node:path';
import { fileURLToPath } from 'node:url';
import { type Plugin, rolldown } from 'rolldown';

const ROOT = fileURLToPath(new URL('../', import.meta.url));
const DIST = join(ROOT, 'dist');
const SDK = /node_modules[\\/]@modelcontextprotocol[\\/]/;

/** A bundle has no folders to list: `loadDefinitions(new URL('./tools/', import.meta.url), 'tool')` becomes imports of its files. */
export function listedFolders(): Plugin {
  const CALL = /loadDefinitions\(new URL\('([^']+)', import\.meta\.url\), '(\w+)'\)/g;
  return {
    name: 'listed-folders',
    transform(code, id) {
      const imports: string[] = [];
      const transformed = code.replace(CALL, (_, folder: string, name: string) => {
        const names = definitionsIn(join(dirname(id), folder)).map((file) => {
          const local = `__definition${imports.length}`;
          imports.push(`import { ${name} as ${local} } from ${JSON.stringify(`${folder}${file}`)};`);
          return local;
        });
        return `Promise.resolve([${names.join(', ')}])`;
      });
      return imports.length === 0 ? null : `${imports.join('\n')}\n${transformed}`;
    },
  };
}

function definitionsIn(folder: string): string[] {
  return readdirSync(folder)
    .filter((file) => /\.js$/.test(file))
    .sort();
}

/** Leaves the SDK's JSON schema validator out: Maestro gives its own (`src/mcp/server.ts`), so it is never made. */
export function withoutSdkValidator(): Plugin {
  const SHIMS = '@modelcontextprotocol/server/_shims';
  const code = `export const { process } = globalThis;
    export class DefaultJsonSchemaValidator { constructor() { throw new Error('a JSON schema validator must be given'); } }`;
  return {
    name: 'without-sdk-validator',
    resolveId: (id) => (id === SHIMS ? `\0${SHIMS}` : null),
    load: (id) => (id === `\0${SHIMS}` ? code : null),
  };
}

/**
 * Leaves out what half of the SDK's start goes into: it makes a schema of every type in the specification, OAuth included, for
 * a table of validators that a server does not look into. What is used stays. Throws when the SDK has changed.
 */
export function withoutUnusedSchemas(): Plugin {
  const TABLE = /^for \(const .*\) register\(key, .*\);$/gm;
  /** Making one changes nothing else. Not in a comment: the lines of those begin with a star. */
  const MADE = /(?<=^(?!\s*\*).*)(?<![\w.$])(z|\w+Schema)\.(?=\w+\()/gm;
  let tables = 0;
  return {
    name: 'without-unused-schemas',
    transform(code, id) {
      if (!SDK.test(id)) return null;
      tables += code.match(TABLE)?.length ?? 0;
      return code.replace(TABLE, '').replace(MADE, '/* @__PURE__ */ $1.');
    },
    buildEnd(error) {
      if (!error && tables !== 2)
        throw new Error(`the SDK has ${tables} tables of validators, not 2: look what changed`);
    },
  };
}

/** The version as a text: a bundle lies elsewhere than the file that reads package.json. */
export function fixedVersion(): Plugin {
  const { version } = JSON.parse(readFileSync(join(ROOT, 'package.json'), 'utf8')) as { version: string };
  return {
    name: 'fixed-version',
    load: (id) =>
      id === join(DIST, 'app', 'version.js') ? `export const VERSION = ${JSON.stringify(version)};` : null,
  };
}

/** The schemas of the tools as they are listed, made now instead of at every start. */
export async function fixedListings(): Promise<Plugin> {
  const { loadSurface } = (await import(join(DIST, 'mcp', 'surface.js'))) as typeof import('../src/mcp/surface.ts');
  const schemas = (await import(join(DIST, 'mcp', 'json-schema.js'))) as typeof import('../src/mcp/json-schema.ts');
  const { tools } = await loadSurface();
  const listings = tools.map(({ name, input, output }) => [
    name,
    { input: schemas.inputSchemaOf(input()), output: schemas.outputSchemaOf(output()) },
  ]);
  const text = JSON.stringify(JSON.stringify(Object.fromEntries(listings)));
  return {
    name: 'fixed-listings',
    load: (id) => (id === join(DIST, 'mcp', 'listings.js') ? `export const LISTINGS = JSON.parse(${text});` : null),
  };
}

/**
 * The face and its libraries in one file; the rest of Maestro stays where it is in dist/, so that the app loads the same
 * modules (errors, processes) as the face does.
 */
async function bundleMcp(): Promise<void> {
  const bundle = await rolldown({
    input: join(DIST, 'mcp', 'stdio.js'),
    platform: 'node',
    plugins: [
      listedFolders(),
      withoutSdkValidator(),
      withoutUnusedSchemas(),
      fixedVersion(),
      await fixedListings(),
      outside(),
    ],
  });
  await bundle.write({ file: join(DIST, 'mcp.mjs'), format: 'esm', minify: true });
  await bundle.close();
}

function outside(): Plugin {
  const inside = ['mcp', 'app/version.js'].map((path) => join(DIST, path));
  return {
    name: 'outside',
    resolveId(id, importer) {
      if (!id.startsWith('.') || !importer?.startsWith(DIST)) return null;
      const file = resolve(dirname(importer), id);
      if (inside.some((path) => file === path || file.startsWith(path + sep))) return null;
      return { id: `./${relative(DIST, file).split(sep).join('/')}`, external: true };
    },
  };
}

if (import.meta.main) await bundleMcp();
