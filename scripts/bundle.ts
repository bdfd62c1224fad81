// Writes the JavaScript of dist/: what `bin/maestro.mjs` and those who import the package load. Run after the declarations.
import { existsSync, readdirSync, rmSync } from 'node:fs';
import { join, sep } from 'node:path';
import { fileURLToPath } from 'node:url';
import { rolldown } from 'rolldown';
import { addresses } from './bundle/addresses.ts';
import { plainBuiltins } from './bundle/builtins.ts';
import { fixedListings, fixedVersion } from './bundle/fixed.ts';
import { licences } from './bundle/licences.ts';
import { lazySchemas, withoutSdkValidator } from './bundle/sdk.ts';
import { keptTables } from './bundle/tables.ts';

const ROOT = fileURLToPath(new URL('../', import.meta.url));
const SRC = join(ROOT, 'src') + sep;
const DIST = join(ROOT, 'dist') + sep;

/** What is started or imported by name; each becomes `dist/NAME.js`. */
const ENTRIES = {
  cli: `${SRC}cli/main.ts`,
  mcp: `${SRC}mcp/stdio.ts`,
  index: `${SRC}index.ts`,
  context: `${SRC}context/index.ts`,
};

/** They have files of their own that they look for beside themselves: native code and grammars. */
const OUTSIDE = [/^better-sqlite3/, /^@vscode\/tree-sitter-wasm/];

async function bundle(): Promise<void> {
  for (const file of existsSync(DIST) ? readdirSync(DIST) : []) if (file.endsWith('.js')) rmSync(join(DIST, file));
  const made = await rolldown({
    cwd: ROOT,
    input: ENTRIES,
    platform: 'node',
    checks: { ineffectiveDynamicImport: false },
    external: OUTSIDE,
    resolve: { mainFields: ['module', 'main'] },
    plugins: [
      plainBuiltins(ROOT),
      addresses(SRC, DIST),
      withoutSdkValidator(),
      lazySchemas(),
      fixedVersion(ROOT),
      await fixedListings(ROOT),
      keptTables(ROOT),
      licences('LICENCES.txt'),
    ],
  });
  await made.write({
    dir: DIST,
    format: 'esm',
    entryFileNames: '[name].js',
    chunkFileNames: '[name]-[hash].js',
    comments: { legal: true, annotation: false, jsdoc: false },
  });
  await made.close();
}

if (import.meta.main) await bundle();
