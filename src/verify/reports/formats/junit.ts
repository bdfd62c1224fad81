import { someLine } from '../lines.ts';
import type { Report, ReportDefinition, ReportedTest } from '../report.ts';
import { type XmlEvent, xmlEvents } from '../xml.ts';

/** JUnit XML as pytest, vitest, mocha, node:test, Gradle, Maven and many others write it. */
export const report: ReportDefinition = {
  id: 'junit',
  order: 10,
  recognises: (source) =>
    someLine(source.slice(0, 200_000), /^[^<]{0,3}(<\?xml.*\?>)?\s*<testsuites?[\s>]/) ||
    /^\s*<\?xml[^>]{0,200}\?>\s*<testsuites?[\s>]/.test(source.slice(0, 2_000)),
  parse,
};

interface Case {
  readonly attributes: Readonly<Record<string, string>>;
  readonly suites: readonly Suite[];
  outcome: 'passed' | 'failed' | 'skipped';
  headline: string;
  message: string;
}

interface Suite {
  readonly name: string;
  readonly file: string | undefined;
}

const VERDICTS = /^(failure|error|skipped|rerunFailure|flakyFailure)$/;
const MAX_DEPTH = 100;

function parse(source: string): Report {
  const tests: ReportedTest[] = [];
  const suites: Suite[] = [];
  let current: Case | null = null;
  let inside: string | null = null;
  let complete = false;
  const close = () => {
    if (current) tests.push(test(current));
    current = null;
  };
  for (const event of xmlEvents(source)) {
    if (event.kind === 'open') {
      const { name, attributes } = event;
      if (name === 'testsuite' && suites.length < MAX_DEPTH)
        suites.push({ name: attributes.name ?? '', file: attributes.file });
      else if (name === 'testcase')
        current = {
          attributes,
          suites: [...suites],
          outcome: notRun(attributes) ? 'skipped' : 'passed',
          headline: '',
          message: '',
        };
      else if (current && VERDICTS.test(name)) {
        judge(current, event);
        inside = name;
      } else if (name === 'system-out' || name === 'system-err') inside = name;
    } else if (event.kind === 'close') {
      if (event.name === 'testcase') close();
      else if (event.name === 'testsuite') suites.pop();
      else if (event.name === 'testsuites') complete = true;
      if (event.name === inside) inside = null;
      if (event.name === 'testsuite' && suites.length === 0) complete = true;
    } else if (current && inside !== null && VERDICTS.test(inside) && current.message.length < 20_000)
      current.message += event.text;
  }
  if (current !== null && (current as Case).outcome !== 'passed') close();
  return { tests: suitesApart(tests), complete };
}

/** vitest lists a suite whose hook failed as if it were a test. */
function suitesApart(tests: readonly ReportedTest[]): ReportedTest[] {
  const key = (test: ReportedTest, length: number) => JSON.stringify([test.file, test.path.slice(0, length)]);
  const suites = new Set(
    tests
      .filter((test) => test.path.length < 50)
      .flatMap((test) => test.path.slice(1).map((_, index) => key(test, index + 1))),
  );
  const isSuite = (test: ReportedTest) =>
    test.outcome === 'failed' && test.path.length > 0 && suites.has(key(test, test.path.length));
  return tests.map((test) => (isSuite(test) ? { ...test, path: [...test.path, '(hook)'] } : test));
}

function notRun(attributes: Readonly<Record<string, string>>): boolean {
  return attributes.status === 'notrun' || attributes.status === 'disabled' || attributes.result === 'suppressed';
}

function judge(current: Case, { name, attributes }: Extract<XmlEvent, { kind: 'open' }>): void {
  if (name === 'flakyFailure') return;
  if (name === 'skipped') {
    if (current.outcome === 'passed') current.outcome = 'skipped';
    return;
  }
  current.outcome = 'failed';
  current.headline ||= attributes.message ?? '';
}

function test({ attributes, suites, outcome, headline, message }: Case): ReportedTest {
  const body = message.trim();
  const said = headline === COLLECTION ? '' : headline.trim();
  const text = body.includes(said) ? body : `${said}\n${body}`;
  const seconds = Number.parseFloat(attributes.time ?? '');
  return {
    ...place(attributes, suites, headline),
    outcome,
    ...(outcome === 'failed' ? { message: text } : {}),
    ...(Number.isFinite(seconds) ? { ms: seconds * 1_000 } : {}),
  };
}

/** What pytest says of a file it could not load. */
const COLLECTION = 'collection failure';

/** Runners disagree on what a class is: a dotted module (pytest), a file (vitest), the word `test` (node:test), or a class. */
function place(
  attributes: Readonly<Record<string, string>>,
  suites: readonly Suite[],
  headline: string,
): Pick<ReportedTest, 'file' | 'path' | 'unloadable' | 'id'> {
  const { name = '', classname = '' } = attributes;
  const file = attributes.file ?? attributes.filepath ?? suites.findLast((suite) => suite.file)?.file;
  if (headline === COLLECTION)
    return file === undefined
      ? { id: `${name} (file)`, path: [name], unloadable: true }
      : { file, path: [], unloadable: true };
  if (/\.[cm]?[jt]sx?$/.test(classname))
    return name === classname
      ? { file: classname, path: [], unloadable: true }
      : { file: classname, path: name.split(' > ') };
  if (classname === 'test' && file !== undefined && (name === file || file.endsWith(`/${name}`)))
    return { file, path: [] };
  if (file?.endsWith('.py') && suites[0]?.name.startsWith('pytest'))
    return { file, path: [pythonName(file, classname, name)] };
  const names = suites.map((suite) => suite.name).filter((suite) => suite !== 'Mocha Tests');
  const path = [...classPath(classname, name, names), name];
  return file === undefined ? { path } : { file, path };
}

/** Nested suites say more than a class made of their names. */
function classPath(classname: string, name: string, suites: readonly string[]): readonly string[] {
  if (classname === name) return [];
  return classname === '' || classname === 'test' || classname === suites.join('.') ? suites : [classname];
}

/** `tests.test_x.Class` and `tests/test_x.py` → `Class::name`. */
function pythonName(file: string, classname: string, name: string): string {
  const module = file.replace(/\.py$/, '').replace(/[\\/]/g, '.');
  const rest =
    classname === module ? '' : classname.startsWith(`${module}.`) ? classname.slice(module.length + 1) : classname;
  return [...rest.split('.').filter(Boolean), name].join('::');
}
