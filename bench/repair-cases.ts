import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { runProcess } from '../src/platform/process.ts';

/** A small program with a bug, visible tests to repair it by, and hidden ones to judge the repair. */
export interface Case {
  readonly id: string;
  readonly lang: 'js' | 'python';
  readonly buggy_file: string;
  readonly test_file: string;
  readonly bug_type: string;
  readonly files: Readonly<Record<string, string>>;
  readonly test_command: readonly string[];
  readonly hidden: Readonly<Record<string, string>>;
  readonly hidden_command: readonly string[];
}

/** One screened candidate; what is judged later, or only for those that pass, is optional. */
export interface Tried {
  readonly rank: number;
  readonly operator: string;
  readonly iteration: number;
  readonly verdict: string;
  readonly fixed: number;
  readonly broken: number;
  readonly ms: number;
  text?: string;
  correct?: boolean;
  behaviour?: readonly string[] | null;
}

/** What screening one case came to. */
export interface Result {
  readonly id: string;
  readonly lang: string;
  readonly type: string;
  readonly screener: string;
  readonly ms: number;
  readonly tried: Tried[];
}

export interface Choice {
  readonly data?: string | undefined;
  readonly lang?: string | undefined;
  readonly ids?: string | undefined;
  readonly limit?: string | undefined;
}

const DATA = '../shared/data/repair/dev.jsonl';

/** The chosen cases; `null`, with a line that says so, when the data is not there. */
export function cases({ data = DATA, lang, ids, limit }: Choice): Case[] | null {
  if (!existsSync(data)) {
    console.log(`no development data at ${data}: nothing was measured (give its path with --data)`);
    return null;
  }
  const wanted = ids?.split(',');
  return readFileSync(data, 'utf8')
    .split('\n')
    .filter((line) => line.trim() !== '')
    .map((line) => JSON.parse(line) as Case)
    .filter((each) => (!lang || each.lang === lang) && (!wanted || wanted.includes(each.id)))
    .slice(0, limit ? Number(limit) : undefined);
}

/** The value that so many per cent are not above; `-` for none. */
export function percentile(values: readonly number[], percent: number): string {
  const sorted = [...values].sort((a, b) => a - b);
  const value = sorted[Math.max(0, Math.ceil((percent / 100) * sorted.length) - 1)];
  return value === undefined ? '-' : String(Math.round(value));
}

export function share<T>(all: readonly T[], holds: (each: T) => boolean): string {
  const count = all.filter(holds).length;
  return `${count} of ${all.length} (${all.length === 0 ? '-' : Math.round((100 * count) / all.length)} %)`;
}

/** Puts files into a folder. */
export function write(folder: string, files: Readonly<Record<string, string>>): void {
  for (const [name, text] of Object.entries(files)) {
    mkdirSync(dirname(join(folder, name)), { recursive: true });
    writeFileSync(join(folder, name), text);
  }
}

/** Whether a command ends with 0 within the limit; what it started is gone afterwards, whatever it did. */
export async function passes(cwd: string, argv: readonly string[], timeLimitMs: number): Promise<boolean> {
  const env = { ...process.env } as Record<string, string>;
  const limits = { timeLimitMs, outputCapBytes: 65_536, signal: new AbortController().signal };
  return (await runProcess({ argv, cwd, env }, limits)).exitCode === 0;
}
