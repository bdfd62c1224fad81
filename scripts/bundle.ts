// Writes dist/mcp.mjs: what `maestro mcp` needs to list its tools, in one file. Run after the build.
import { readdirSync, readFileSync } from 'node:fs';
import { dirname, join, relative, resolve, sep } from 'node:path';
import { fileURLToPath } from 'node:url';
import { type Plugin, rolldown } from 'rolldown';
import type { parseAst } from 'rolldown/parseAst';
import { Visitor } from 'rolldown/utils';

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
 * Schemas of the SDK are made when they are first looked into: it has one for every type in the specification, twice, and a
 * start looks into a dozen. The table of validators that it makes of them all is left out. Throws when the SDK has changed.
 */
export function lazySchemas(): Plugin {
  const TABLE = /^for \(const .*\) register\(key, .*\);$/gm;
  const found = { tables: 0, schemas: 0 };
  return {
    name: 'lazy-schemas',
    transform(code, id) {
      if (!SDK.test(id)) return null;
      found.tables += code.match(TABLE)?.length ?? 0;
      const source = code.replace(TABLE, '');
      const makings = schemaMakings(this.parse(source), source);
      found.schemas += makings.length;
      return makings.length === 0 ? source : `import { lazily as __lazily } from ${LAZILY};\n${wrapped(source, makings)}`;
    },
    buildEnd(error) {
      if (error || (found.tables === 2 && found.schemas > 400)) return;
      throw new Error(`the SDK has ${found.tables} tables of ${found.schemas} schemas, not 2 of 400: look what changed`);
    },
  };
}

const LAZILY = JSON.stringify(fileURLToPath(new URL('lazily.ts', import.meta.url)));

type Making = readonly [from: number, to: number];

/** Where calls make a schema that is given a name, or a place in a table. */
function schemaMakings(program: ReturnType<typeof parseAst>, source: string): readonly Making[] {
  const makings: Making[] = [];
  new Visitor({
    VariableDeclarator({ id, init }) {
      if (!init || id.type !== 'Identifier') return;
      const made = init.type === 'CallExpression' && /^[A-Z]\w*Schema(\$\d+)?$/.test(id.name);
      const looksIn = init.type === 'NewExpression' && /Schema\.shape\b/.test(source.slice(init.start, init.end));
      if (made || looksIn) makings.push([init.start, init.end]);
    },
    Property({ value }) {
      const made = value.type === 'CallExpression' && value.callee.type === 'Identifier' && MAKERS.has(value.callee.name);
      if (made) makings.push([value.start, value.end]);
    },
  }).visit(program);
  return makings;
}

const MAKERS = new Set(['dispatchRequest', 'liftedResult', 'wireResultResponse', 'shapeKeys']);

function wrapped(code: string, makings: readonly Making[]): string {
  return makings.toSorted(([a], [b]) => b - a).reduce((text, [from, to]) => `${text.slice(0, from)}/* @__PURE__ */ __lazily(() => ${text.slice(from, to)})${text.slice(to)}`, code);
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
      lazySchemas(),
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
