import { posix } from 'node:path';
import type { TestCoverage, TestResult } from '../domain/evidence.ts';
import { languageOf } from './grammar.ts';
import { MAX_FILE_LENGTH } from './program.ts';
import { framesOf } from './stack-frames.ts';

/** A file an advisor may edit, whole. */
interface Source {
  readonly path: string;
  readonly text: string;
}

interface Tree {
  /** Paths of the snapshot. */
  readonly files: readonly string[];
  /** Text of a file; `null` when it is missing, binary or too large. */
  readonly read: (path: string) => Promise<string | null>;
  /** Files the user declared untouchable. */
  readonly isProtected: (path: string) => boolean;
}

const MAX_FILES = 12;
const MAX_LENGTH = 1_000_000;
/** A tree of so few candidates is offered whole when nothing points anywhere. */
const FEW = 20;

const TEST_FOLDER = /(^|\/)(tests?|testing|__tests__|__mocks__|specs?|fixtures?|__fixtures__|testdata|e2e)\//i;
const TEST_FILE = /(^|\/)(test_[^/]*|conftest|[^/]*[._-](test|tests|spec|specs|e2e|bench))\.[^./]+$/i;
const FOREIGN =
  /(^|\/)(node_modules|bower_components|vendor|third_party|dist|build|out|coverage|site-packages|\.[^/]+|__pycache__)\//;
const NOT_SOURCE = /(^|\/)(setup\.py|[^/]*\.config\.[^./]+|[^/]*\.min\.js|[^/]*\.d\.[cm]?ts)$/;
const GENERATED = /@generated|DO NOT EDIT|automatically generated/i;

/**
 * The files a repair may edit, most suspicious first: those the failing tests executed, that stand in their stacks,
 * that they import, and in a small tree all others. Tests, fixtures, foreign, built, generated and protected files are left out.
 */
export async function editableFiles(
  tree: Tree,
  failures: readonly TestResult[],
  coverage: readonly TestCoverage[] | null,
): Promise<Source[]> {
  const tests = new Set(failures.flatMap((failure) => (failure.file ? [failure.file] : [])));
  const candidates: string[] = [];
  for (const path of tree.files)
    if (isSource(path) && !tests.has(path) && !tree.isProtected(path) && (await languageOf(path)))
      candidates.push(path);
  const scores = await scored(tree, candidates, failures, coverage, tests);
  const pointed = candidates.filter((path) => (scores.get(path) ?? 0) > 0);
  const offered = pointed.length > 0 ? pointed : candidates.length <= FEW ? candidates : [];
  offered.sort((a, b) => (scores.get(b) ?? 0) - (scores.get(a) ?? 0) || (a < b ? -1 : 1));
  return withinBounds(tree, offered);
}

function isSource(path: string): boolean {
  return !TEST_FOLDER.test(path) && !TEST_FILE.test(path) && !FOREIGN.test(path) && !NOT_SOURCE.test(path);
}

async function scored(
  tree: Tree,
  candidates: readonly string[],
  failures: readonly TestResult[],
  coverage: readonly TestCoverage[] | null,
  tests: ReadonlySet<string>,
): Promise<Map<string, number>> {
  const scores = new Map<string, number>();
  const add = (path: string, amount: number) => scores.set(path, (scores.get(path) ?? 0) + amount);
  const failing = (coverage ?? []).filter((test) => test.outcome === 'failed');
  for (const test of failing)
    for (const [path, lines] of Object.entries(test.lines))
      if (lines.length > 0) add(path, 1 / failing.length + passedOnly(coverage!, path));
  for (const failure of failures)
    for (const { path, depth } of framesOf(failure.message ?? '', candidates)) add(path, 1 / (1 + depth));
  if (scores.size === 0 || failing.length === 0) {
    const known = new Set(tree.files);
    const testFiles = tests.size > 0 ? [...tests] : tree.files.filter((path) => TEST_FILE.test(path)).slice(0, 50);
    const first = await imported(tree, testFiles, known);
    for (const path of first) add(path, 0.5);
    for (const path of await imported(tree, first.slice(0, 30), known)) add(path, 0.2);
  }
  return scores;
}

/** A file that every test runs says less than one that the failing ones run. */
function passedOnly(coverage: readonly TestCoverage[], path: string): number {
  const passed = coverage.filter((test) => test.outcome === 'passed');
  const through = passed.filter((test) => (test.lines[path]?.length ?? 0) > 0).length;
  return passed.length > 0 ? 0.5 * (1 - through / passed.length) : 0;
}

const IMPORTS =
  /(?:from\s+|import\s*\(?\s*|require\s*\(\s*)['"]([^'"\n]+)['"]|^\s*from\s+([.\w]+)\s+import|^\s*import\s+([\w.]+(?:\s*,\s*[\w.]+)*)/gm;

/** Files of the tree that the given files import, as far as their text tells. */
async function imported(tree: Tree, from: readonly string[], known: ReadonlySet<string>): Promise<string[]> {
  const found = new Set<string>();
  for (const path of from) {
    const text = (await tree.read(path)) ?? '';
    for (const [, quoted, module, modules] of text.matchAll(IMPORTS)) {
      const names = quoted ? [quoted] : module ? [module] : (modules ?? '').split(',').map((each) => each.trim());
      for (const name of names) for (const each of resolved(name, path, known, quoted !== undefined)) found.add(each);
    }
  }
  return [...found];
}

const ENDINGS = ['', '.js', '.ts', '.mjs', '.cjs', '.mts', '.cts', '.jsx', '.tsx', '/index.js', '/index.ts'];

function resolved(name: string, importer: string, known: ReadonlySet<string>, quoted: boolean): string[] {
  const folder = posix.dirname(importer);
  if (quoted) {
    const base = posix.join(folder, name);
    const bare = base.replace(/\.[cm]?js$/, '');
    return name.startsWith('.')
      ? ENDINGS.flatMap((end) => [base + end, bare + end]).filter((path) => known.has(path))
      : [];
  }
  const dots = /^\.*/.exec(name)![0].length;
  const parts = name.slice(dots).split('.').filter(Boolean).join('/');
  const up = dots > 0 ? posix.join(folder, '../'.repeat(dots - 1)) : null;
  const bases = up === null ? ['', 'src', folder, posix.dirname(folder)] : [up];
  return bases
    .flatMap((base) => [posix.join(base, `${parts}.py`), posix.join(base, parts, '__init__.py')])
    .filter((path) => known.has(path));
}

async function withinBounds(tree: Tree, offered: readonly string[]): Promise<Source[]> {
  const sources: Source[] = [];
  let length = 0;
  for (const path of offered) {
    if (sources.length >= MAX_FILES) break;
    const text = await tree.read(path);
    if (text === null || text.length > MAX_FILE_LENGTH || length + text.length > MAX_LENGTH) continue;
    if (GENERATED.test(text.slice(0, 500))) continue;
    sources.push({ path, text });
    length += text.length;
  }
  return sources;
}
