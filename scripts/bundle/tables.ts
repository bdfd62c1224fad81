import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Plugin } from 'rolldown';
import { o200kTables } from '../../src/context/fit/o200k-tables.ts';

const KEPT = fileURLToPath(new URL('kept-tables.ts', import.meta.url));

/** Tables of tokens as a file beside the bundle, so that no process makes them from the vocabulary. */
export function keptTables(root: string): Plugin {
  const file = join(root, 'src', 'context', 'fit', 'o200k-tables.ts');
  return {
    name: 'kept-tables',
    load: (id) => (id === file ? { code: `export * from ${JSON.stringify(KEPT)};` } : null),
    generateBundle() {
      const { buffer } = o200kTables();
      this.emitFile({ type: 'asset', fileName: 'o200k.tables', source: new Uint8Array(buffer as ArrayBuffer) });
    },
  };
}
