import { realpathSync } from 'node:fs';
import { isAbsolute, relative, resolve, sep } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { TestResult } from '../../domain/evidence.ts';
import type { ParsedReport, Report, ReportedTest } from './report.ts';
import { boundMessage, causeIn, oneLine } from './text.ts';

/** Last part of an id that stands for a whole file that could not be loaded, or that is one test itself. */
const WHOLE_FILE = '(file)';
/** Last part of an id that stands for a failed hook of a suite. */
const HOOK = '(hook)';
/** The test that is added when a run ended badly though no test it names failed. */
export const PROCESS_EXIT = '(process exit)';

/**
 * Whether an id stands for tests that could not run rather than for one test. Such ids are there only while they
 * fail: one that is gone in a run whose other tests are there has been fixed.
 */
export function isStandIn(id: string): boolean {
  return [WHOLE_FILE, HOOK, PROCESS_EXIT].some((ending) => id.endsWith(ending));
}

/** Where a run took place, and how it ended. */
export interface Ending {
  readonly exitCode: number | null;
  readonly output: string;
  /** The workspace: paths in ids are relative to it. */
  readonly root: string;
  /** Where the runner ran: relative paths in reports start here. */
  readonly folder: string;
}

/** Makes a report final: ids unique, paths relative to the workspace, messages bounded, a bad end never a pass. */
export function settle(format: string, report: Report, ending: Ending): ParsedReport {
  const place = placer(ending);
  const tests = numbered(report.tests.map((test) => result(test, place)));
  const failed = tests.some((test) => test.outcome === 'failed');
  const badEnd = ending.exitCode !== 0 || report.complete === false;
  const ran = report.tests.some((test) => !test.unloadable) || (report.unnamed ?? 0) > 0;
  const problem = ran ? undefined : whyNothingRan(report, ending, failed);
  if (badEnd && !failed && tests.length > 0)
    tests.push({ id: PROCESS_EXIT, outcome: 'failed', message: endMessage(ending) });
  return { format, tests, ...(problem === undefined ? {} : { problem }) };
}

function whyNothingRan(report: Report, ending: Ending, failed: boolean): string | undefined {
  const first = report.tests.find((test) => test.outcome === 'failed');
  const cause = first?.message === undefined ? null : causeIn(first.message);
  if (report.problem !== undefined) return oneLine(report.problem);
  if (failed) return cause ?? causeIn(ending.output) ?? oneLine(first?.message ?? 'the tests could not be loaded');
  return causeIn(ending.output) ?? 'no tests were found';
}

function endMessage({ exitCode, output }: Ending): string {
  const how = exitCode === null ? 'was killed' : exitCode === 0 ? 'ended early' : `exited with status ${exitCode}`;
  return boundMessage(`The command ${how} though no test it named failed.\n${output.slice(-3_000)}`);
}

type Place = (file: string) => string;

function placer({ root, folder }: Ending): Place {
  const roots = [root, real(root)];
  const known = new Map<string, string>();
  return (file) => {
    const before = known.get(file);
    if (before !== undefined) return before;
    const path = file.startsWith('file://') ? urlPath(file) : file;
    const absolute = isAbsolute(path) ? path : resolve(folder, path);
    const inside = roots
      .map((base) => relative(base, absolute))
      .find((way) => way !== '' && !way.startsWith('..') && !isAbsolute(way));
    const settled = (inside ?? path).split(sep).join('/');
    known.set(file, settled);
    return settled;
  };
}

function urlPath(url: string): string {
  try {
    return fileURLToPath(url);
  } catch {
    return url;
  }
}

function real(path: string): string {
  try {
    return realpathSync(path);
  } catch {
    return path;
  }
}

function result(test: ReportedTest, place: Place): TestResult {
  const file = test.file === undefined || test.file === '' ? undefined : place(test.file);
  const path = test.path
    .map(clean)
    .flatMap(hookNamed)
    .filter((part) => part !== '');
  const name = path.length > 0 ? path.join(' > ') : WHOLE_FILE;
  const id = test.id === undefined ? (file === undefined ? name : `${file}::${name}`) : clean(test.id);
  return {
    id,
    outcome: test.outcome,
    ...(file === undefined ? {} : { file }),
    ...(test.message === undefined || test.message === '' ? {} : { message: boundMessage(test.message) }),
    ...(test.ms === undefined || !Number.isFinite(test.ms) ? {} : { ms: test.ms }),
  };
}

const MOCHA_HOOK = /^(.{0,900}?) ?"(?:before|after) (?:all|each)" hook\b/;

/** Mocha calls a failed hook `suite "before all" hook for "name"`, which says of no test that it failed. */
function hookNamed(part: string): string[] {
  const hook = MOCHA_HOOK.exec(part);
  return hook ? [hook[1]!, HOOK] : [part];
}

const MAX_NAME = 1_000;

function clean(name: string): string {
  return name
    .slice(0, MAX_NAME)
    .replace(/[\s\p{Cc}]+/gu, ' ')
    .trim();
}

/** The second test of the same name gets ` #2`, and so on, in the order reported. */
function numbered(tests: readonly TestResult[]): TestResult[] {
  const taken = new Set(tests.map((test) => test.id));
  const seen = new Map<string, number>();
  return tests.map((test) => {
    const before = seen.get(test.id);
    if (before === undefined) {
      seen.set(test.id, 1);
      return test;
    }
    let count = before + 1;
    while (taken.has(`${test.id} #${count}`)) count++;
    seen.set(test.id, count);
    taken.add(`${test.id} #${count}`);
    return { ...test, id: `${test.id} #${count}` };
  });
}
