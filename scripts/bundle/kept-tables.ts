// Stands for src/context/fit/o200k-tables.ts in the bundle, beside which the tables lie.
import { readFileSync } from 'node:fs';

/** The tables of o200k's ranks as they were when Maestro was built. */
export function o200kTables(): Int32Array {
  const file = readFileSync(new URL('o200k.tables', import.meta.url));
  return new Int32Array(file.buffer, file.byteOffset, file.length / Int32Array.BYTES_PER_ELEMENT);
}
