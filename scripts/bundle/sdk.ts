import { fileURLToPath } from 'node:url';
import type { Plugin } from 'rolldown';
import type { parseAst } from 'rolldown/parseAst';
import { Visitor } from 'rolldown/utils';

const SDK = /node_modules[\\/]@modelcontextprotocol[\\/]/;

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
      return makings.length === 0
        ? source
        : `import { lazily as __lazily } from ${LAZILY};\n${wrapped(source, makings)}`;
    },
    buildEnd(error) {
      if (error || (found.tables === 2 && found.schemas > 400)) return;
      throw new Error(
        `the SDK has ${found.tables} tables of ${found.schemas} schemas, not 2 of 400: look what changed`,
      );
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
      const made =
        value.type === 'CallExpression' && value.callee.type === 'Identifier' && MAKERS.has(value.callee.name);
      if (made) makings.push([value.start, value.end]);
    },
  }).visit(program);
  return makings;
}

const MAKERS = new Set(['dispatchRequest', 'liftedResult', 'wireResultResponse', 'shapeKeys']);

function wrapped(code: string, makings: readonly Making[]): string {
  return makings
    .toSorted(([a], [b]) => b - a)
    .reduce(
      (text, [from, to]) =>
        `${text.slice(0, from)}/* @__PURE__ */ __lazily(() => ${text.slice(from, to)})${text.slice(to)}`,
      code,
    );
}
