import { EXIT_STATUS } from '../../domain/evidence.ts';
import { loadDefinitions } from '../../platform/load-definitions.ts';
import type { ParsedReport, Report, ReportDefinition } from './report.ts';
import { settle } from './settle.ts';
import { causeIn, plain } from './text.ts';

export type { ParsedReport, ReportDefinition } from './report.ts';
export { isStandIn, PROCESS_EXIT } from './settle.ts';

const FORMATS = new URL('./formats/', import.meta.url);

let definitions: Promise<ReportDefinition[]> | undefined;

/** Every report format, the surest first. */
export async function reportFormats(): Promise<readonly ReportDefinition[]> {
  definitions ??= loadDefinitions<ReportDefinition>(FORMATS, 'report');
  return (await definitions).toSorted((a, b) => a.order - b.order);
}

/** What a finished run left to read. */
export interface RunOutput {
  readonly stdout: string;
  readonly stderr: string;
  readonly exitCode: number | null;
  readReport(name: string): Promise<string | null>;
}

/** Where to look for a report, and what to expect. */
export interface Expectation {
  readonly files: readonly string[];
  /** Ids of formats, best first; `[]` tries all. */
  readonly formats: readonly string[];
  readonly root: string;
  readonly folder: string;
}

interface Found {
  readonly format: string;
  readonly report: Report;
}

/** Reads a run's report files, or failing that what it printed, or failing that only its exit status. */
export async function readRun(run: RunOutput, expected: Expectation): Promise<ParsedReport> {
  const output = `${run.stdout}\n${run.stderr}`;
  const ending = { exitCode: run.exitCode, output, root: expected.root, folder: expected.folder };
  const found = (await inFiles(run, expected)) ?? (await inOutput(run, expected));
  if (found) return settle(found.format, found.report, ending);
  const problem =
    run.exitCode === 127 || run.exitCode === 126 ? (causeIn(output) ?? 'the command was not found') : undefined;
  return { format: EXIT_STATUS, tests: null, ...(problem === undefined ? {} : { problem }) };
}

async function inFiles(run: RunOutput, expected: Expectation): Promise<Found | null> {
  const formats = await reportFormats();
  for (const file of expected.files) {
    const text = await run.readReport(file);
    const format = text === null ? undefined : formats.find((candidate) => candidate.recognises(text));
    if (text !== null && format) return { format: format.id, report: format.parse(text) };
  }
  return null;
}

/** Streams apart first, then together: some runners write to one, some to the other, some to both. */
async function inOutput(run: RunOutput, expected: Expectation): Promise<Found | null> {
  const all = await reportFormats();
  const preferred = expected.formats.flatMap((id) => all.filter((format) => format.id === id));
  const streams = [run.stdout, run.stderr].map(plain);
  const texts = streams.some((text) => text === '') ? streams : [...streams, streams.join('\n')];
  for (const format of [...preferred, ...all.filter((other) => !preferred.includes(other))]) {
    const text = (format.wholeOutput ? texts.toReversed() : texts).find((candidate) => format.recognises(candidate));
    if (text !== undefined) return { format: format.id, report: format.parse(text) };
  }
  return null;
}
