import { join } from 'node:path';
import { readTable, writeTable } from '../index/table.ts';
import type { Candidates } from './candidates.ts';
import { Marks } from './marks.ts';

/** 'CPL' and the version. */
const KIND = 0x4c504301;

/** Candidates and everything by whose change they could become others. */
export interface Kept {
  readonly candidates: Pick<Candidates, 'source' | 'paths'>;
  readonly marks: Marks;
}

interface Facts {
  readonly environment: string;
  readonly source: Candidates['source'];
  readonly candidates: number;
}

/** What another process kept in `folder`, if it was found in the same environment and nothing has changed since. */
export function readKept(folder: string, environment: string): Kept | null {
  try {
    const table = readTable(join(folder, 'listing'), KIND);
    if (table === null) return null;
    const { candidates, source, ...facts } = table.facts as Facts;
    if (facts.environment !== environment) return null;
    const marks = new Marks(table.texts.slice(candidates), table.numbers);
    return marks.hold() ? { candidates: { source, paths: table.texts.slice(0, candidates) }, marks } : null;
  } catch {
    // Broken or of another version: everything is found anew.
    return null;
  }
}

/** Keeps candidates for other processes; where that cannot be, they find them themselves. */
export async function keep(folder: string, environment: string, { candidates, marks }: Kept): Promise<void> {
  const { source, paths } = candidates;
  const facts: Facts = { environment, source, candidates: paths.length };
  const table = { facts, numbers: Float64Array.from(marks.facts), texts: [...paths, ...marks.paths] };
  await writeTable(join(folder, 'listing'), KIND, table).catch(() => undefined);
}
