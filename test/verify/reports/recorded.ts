import { readFileSync } from 'node:fs';
import { type ParsedReport, readRun } from '../../../src/verify/reports/index.ts';

const FIXTURES = new URL('../../fixtures/reports/', import.meta.url);

export function recorded(name: string): string {
  return readFileSync(new URL(name, FIXTURES), 'utf8');
}

/** What a run that printed this on standard output comes to; by default it failed, in `/project`. */
export function printed(stdout: string, exitCode: number | null = 1, folder = '/project'): Promise<ParsedReport> {
  const expected = { files: [], formats: [], root: '/project', folder };
  return readRun({ stdout, stderr: '', exitCode, readReport: async () => null }, expected);
}

/** Each id with its outcome's first letter, sorted. */
export function outcomes({ tests }: ParsedReport): string[] {
  return (tests ?? []).map(({ id, outcome }) => `${outcome[0]} ${id}`).sort();
}
