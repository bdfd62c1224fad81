import { lineObjects, text } from '../json-lines.ts';
import { Block, someLine } from '../lines.ts';
import type { Report, ReportDefinition, ReportedTest } from '../report.ts';

const EVENT = /^\{.*"Action":"(start|run|output|pass|fail|skip|build-output|build-fail)"/;

/** The events of `go test -json` (test2json). */
export const report: ReportDefinition = {
  id: 'go-json',
  order: 30,
  recognises: (source) => someLine(source.slice(0, 1_000_000), EVENT),
  parse,
};

interface Package {
  readonly output: Map<string, Block>;
  readonly tests: ReportedTest[];
  readonly running: Set<string>;
  failed: boolean;
  ended: boolean;
}

const OUTCOMES = { pass: 'passed', fail: 'failed', skip: 'skipped' } as const;

function parse(source: string): Report {
  const packages = new Map<string, Package>();
  for (const event of lineObjects(source)) {
    const name = text(event.Package) ?? text(event.ImportPath)?.replace(/ \[.*$/, '');
    if (name !== undefined && typeof event.Action === 'string') take(packageOf(packages, name), name, event);
  }
  const entries = [...packages];
  const tests = entries.flatMap(([name, found]) => [...found.tests, ...ending(name, found)]);
  return { tests, complete: entries.every(([, found]) => found.ended) };
}

function packageOf(packages: Map<string, Package>, name: string): Package {
  const found = packages.get(name) ?? { output: new Map(), tests: [], running: new Set(), failed: false, ended: false };
  packages.set(name, found);
  return found;
}

function take(found: Package, name: string, event: Readonly<Record<string, unknown>>): void {
  const action = String(event.Action);
  const test = text(event.Test);
  if (action === 'output' || action === 'build-output') {
    const key = test ?? '';
    const block = found.output.get(key) ?? new Block();
    found.output.set(key, block);
    block.add((text(event.Output) ?? '').replace(/\n$/, ''));
  } else if (test !== undefined && action === 'run') found.running.add(test);
  else if (test !== undefined && (action === 'pass' || action === 'fail' || action === 'skip')) {
    const message = action === 'fail' ? found.output.get(test)?.text() : undefined;
    found.output.delete(test);
    found.running.delete(test);
    found.tests.push({
      path: [name, ...test.split('/')],
      outcome: OUTCOMES[action],
      ...(message === undefined ? {} : { message }),
      ...(typeof event.Elapsed === 'number' ? { ms: event.Elapsed * 1_000 } : {}),
    });
  } else if (test === undefined && /^(pass|fail|skip|build-fail)$/.test(action)) {
    found.ended = true;
    if (action === 'fail') found.tests.push(...unfinished(name, found));
    found.failed ||= action === 'fail' || action === 'build-fail';
  }
}

/** A panic ends the process before the events of the tests that were running. */
function unfinished(name: string, found: Package): ReportedTest[] {
  const message = (test: string) => found.output.get(test)?.text() ?? '';
  return [...found.running].map((test) => ({
    path: [name, ...test.split('/')],
    outcome: 'failed',
    message: message(test),
  }));
}

/** A package that failed without a failed test did not build, or its process ended badly. */
function ending(name: string, found: Package): ReportedTest[] {
  if (!found.failed || found.tests.some((test) => test.outcome === 'failed')) return [];
  const message = found.output.get('')?.text() ?? '';
  const ran = found.tests.length > 0;
  return [
    {
      path: [name, ran ? '(process exit)' : '(file)'],
      outcome: 'failed',
      message,
      ...(ran ? {} : { unloadable: true }),
    },
  ];
}
