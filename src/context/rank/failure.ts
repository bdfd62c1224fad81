import type { Kind } from '../collect/kinds.ts';
import type { Distilled } from '../question/errors.ts';
import { isForeign, type PathIndex, tracesOf } from '../question/locations.ts';
import { importedBy } from './imports.ts';
import { plainName } from './paths.ts';

/** What failing output points to, by file: frames of its traces, and what its failing tests test. */
export interface FailureScores {
  readonly frame: Float64Array;
  readonly tested: Float64Array;
  /** Lines of workspace files that stand in a trace. */
  readonly lines: ReadonlyMap<number, readonly number[]>;
}

const MOST_TESTS = 20;
const IMPORTED_SHARE = 0.5;

/** Scores files by the traces and the failing tests of distilled output. */
export function failureScores(
  root: string,
  paths: readonly string[],
  kinds: readonly Kind[],
  index: PathIndex,
  failure: Distilled,
): FailureScores {
  const frame = new Float64Array(paths.length);
  const lines = new Map<number, number[]>();
  const tests = new Set<number>();
  for (const trace of tracesOf(failure.frames, (mention) => !isForeign(mention))) {
    let position = 0;
    for (const mention of trace) {
      const files = index.resolve(mention.path);
      const sources = files.filter((file) => kinds[file] === 'source');
      if (sources.length > 0) position++;
      for (const file of sources) frame[file] = Math.max(frame[file]!, 1 / position);
      for (const file of files) {
        if (kinds[file] === 'test') tests.add(file);
        lines.set(file, [...(lines.get(file) ?? []), mention.line!]);
      }
    }
  }
  for (const { path } of failure.tests) if (path) for (const file of filesOfTest(path, index)) tests.add(file);
  return { frame, tested: testedScores(root, paths, kinds, index, [...tests].slice(0, MOST_TESTS)), lines };
}

const CLASS_ENDINGS = ['.java', '.kt', '.cs', '.php', '.scala', '.groovy'];

function filesOfTest(path: string, index: PathIndex): number[] {
  if (/\.\w{1,5}$/.test(path)) return index.resolve(path);
  return CLASS_ENDINGS.flatMap((ending) => index.resolve(path + ending));
}

/** Files named like a failing test, nearer ones more, and files it imports, rarer ones more. */
function testedScores(
  root: string,
  paths: readonly string[],
  kinds: readonly Kind[],
  index: PathIndex,
  tests: readonly number[],
): Float64Array {
  const scores = new Float64Array(paths.length);
  if (tests.length === 0) return scores;
  const named = new Map<string, number[]>();
  paths.forEach((path, file) => {
    if (kinds[file] !== 'source') return;
    const name = plainName(path);
    named.set(name, [...(named.get(name) ?? []), file]);
  });
  for (const test of tests) {
    const subjects = subjectsOf(paths[test]!).flatMap((name) => named.get(name) ?? []);
    const nearest = Math.max(0, ...subjects.map((file) => shared(paths[file]!, paths[test]!)));
    for (const file of subjects)
      scores[file] = Math.max(scores[file]!, shared(paths[file]!, paths[test]!) === nearest ? 1 : 0.4);
    const imported = importedBy(root, paths, index, test).filter((file) => kinds[file] === 'source');
    for (const file of imported) scores[file] = Math.max(scores[file]!, IMPORTED_SHARE / Math.sqrt(imported.length));
  }
  return scores;
}

/** Plain names that a test file's own name tells: `test_ext_autodoc` → extautodoc, autodoc; its folder where it is named so. */
function subjectsOf(path: string): string[] {
  const name = path
    .slice(path.lastIndexOf('/') + 1)
    .replace(/\.\w+$/, '')
    .replace(/^(tests?)[-_.]|[-_.](tests?|spec|e2e|it)$|Tests?$|IT$|Spec$/gi, '');
  const parts = name.split(/[-_.]/);
  const whole = parts.join('').toLowerCase();
  const tails = parts.slice(1).map((_, i) =>
    parts
      .slice(i + 1)
      .join('')
      .toLowerCase(),
  );
  return [whole, ...tails].filter((subject) => subject.length > 2);
}

function shared(a: string, b: string): number {
  const own = new Set(b.split('/').slice(0, -1));
  return a
    .split('/')
    .slice(0, -1)
    .filter((part) => own.has(part)).length;
}
