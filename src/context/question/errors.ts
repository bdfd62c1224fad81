import { type Mention, mentionsOf } from './locations.ts';

/** What failing output says, without its length. */
export interface Distilled {
  /** The lines that matter, in order, repetitions folded. */
  readonly text: string;
  /** Places with lines, in the order of the text. */
  readonly frames: readonly Mention[];
  /** Names of failing tests as printed, with their files. */
  readonly tests: ReadonlyArray<{ readonly name: string; readonly path: string | null }>;
  readonly linesIn: number;
  readonly linesOut: number;
}

const LONGEST_LINE = 400;
const MOST_CHARACTERS_READ = 2_000_000;
const MOST_SAME_SHAPE = 3;

/** Distils failing-test output and logs: frames, assertions, differences, names of tests; at most `mostLines` lines. */
export function distil(errors: readonly string[], mostLines = 120): Distilled {
  const lines = errors
    .flatMap((text) => bounded(text).replace(ANSI, '').split(/\r?\n/))
    .map((line) =>
      line.length > LONGEST_LINE
        ? `${line.slice(0, LONGEST_LINE)}… (${line.length - LONGEST_LINE} more characters)`
        : line,
    );
  const marks = lines.map(importance);
  for (let i = 0; i < lines.length; i++)
    if (marks[i] === FRAME && isQuotedSource(lines[i + 1] ?? '')) marks[i + 1] = Math.max(marks[i + 1]!, 2);
  const chosen = strongest(lines, marks, mostLines);
  const text = fold(chosen.map((i) => lines[i]!)).join('\n');
  const all = lines.join('\n');
  return {
    text,
    frames: mentionsOf(all).filter(({ line }) => line !== null),
    tests: testsNamed(lines),
    linesIn: lines.length,
    linesOut: chosen.length,
  };
}

/** The head and, longer, the tail of a log: failures stand at the end. */
function bounded(text: string): string {
  if (text.length <= MOST_CHARACTERS_READ) return text;
  return `${text.slice(0, MOST_CHARACTERS_READ / 4)}\n${text.slice(-(MOST_CHARACTERS_READ * 3) / 4)}`;
}

const ANSI = new RegExp(`${String.fromCharCode(27)}\\[[0-9;?]*[A-Za-z]`, 'g');
const FRAME = 3;
const FRAME_LINE =
  /^\s*(File "|at .+:\d+|at [\w$.]+\(|--> |\S+\.\w{1,5}:\d+(:\d+)?:?( |$)|from \S+:\d+:in |\S+\.go:\d+)/;
const FAILURE =
  /^\s*(E\s{2,}|>\s{2,}|[\w.]*(Error|Exception|Failure|Panic|Warning)\b\s*[:(]?|(FAIL|FAILED|ERROR|✗|✕|×|●|not ok)\b|thread '.*' panicked|panic:|error(\[\w+\])?:|fatal:|Caused by:|AssertionError|Segmentation fault|Traceback)/;
const DIFFERENCE =
  /^\s*([-+?]\s|[-+]{1}[^-+\s]|(Expected|Actual|Received|expected|actual|received|left|right|got|want|wanted|but was|First differing|First list|First extra)\b)/;
const NOISE =
  /^\s*$|^(={3,}|-{3,}) .* (={3,}|-{3,})$|^\S+\.\w{1,4} [.sxFE]+(\s+\[\s*\d+%\])?$|^[.sxFE\s]+(\[\s*\d+%\])?$|^[-=_*~#\s]+$|^\s*(collecting|collected \d+|platform |rootdir|plugins:|cachedir|PASS(ED)?\b|✓|✔|ok \d+|\d+ passing|Ran \d+ tests|System check|Creating test database|Destroying test|Testing against|Found \d+ test|npm (ERR|WARN|notice)|> \S+@\d|Duration|Start at)/;

function importance(line: string): number {
  if (NOISE.test(line)) return 0;
  if (FAILURE.test(line)) return 4;
  if (FRAME_LINE.test(line)) return FRAME;
  if (DIFFERENCE.test(line)) return 2;
  return 1;
}

function isQuotedSource(line: string): boolean {
  return /^\s{4,}\S/.test(line) && !FRAME_LINE.test(line);
}

/** Numbers of the lines to keep, in order: the most important, of equals the later; at most three of one shape. */
function strongest(lines: readonly string[], marks: readonly number[], most: number): number[] {
  const shapes = new Map<string, number>();
  const candidates: number[] = [];
  for (let i = 0; i < lines.length; i++) {
    if (marks[i] === 0) continue;
    const shape = lines[i]!.replace(/0x[0-9a-f]+|\d+/gi, '#');
    const seen = (shapes.get(shape) ?? 0) + 1;
    shapes.set(shape, seen);
    if (seen <= MOST_SAME_SHAPE) candidates.push(i);
  }
  return candidates
    .sort((a, b) => marks[b]! - marks[a]! || b - a)
    .slice(0, most)
    .sort((a, b) => a - b);
}

/** Neighbours that are equal but for numbers become one line that says how many. */
function fold(lines: readonly string[]): string[] {
  const folded: { line: string; shape: string; count: number }[] = [];
  for (const line of lines) {
    const shape = line.replace(/0x[0-9a-f]+|\d+/gi, '#');
    const last = folded.at(-1);
    if (last?.shape === shape) last.count++;
    else folded.push({ line, shape, count: 1 });
  }
  return folded.map(({ line, count }) => (count > 1 ? `${line}  (× ${count})` : line));
}

const TEST_NAMES: readonly RegExp[] = [
  /^(?:FAILED|ERROR|FAIL)\s+(\S+\.\w{1,5})::(\S+)/,
  /^(?:FAIL|ERROR):\s+(\w+)\s+\(([\w.]+)\)/,
  /^_{3,}\s*(?:ERROR at \w+ of )?([\w.[\]-]+)\s*_{3,}$/,
  /^\s*(?:FAIL|❯)\s+(\S+\.[cm]?[jt]sx?)(?:\s*>\s*(.+))?$/,
  /^\s*(?:●|✕|✗|×|\d+\))\s+(.+)$/,
  /^--- FAIL: (\w+)/,
  /^not ok \d+ (?:- )?(.+)$/,
  /^test (\S+) \.\.\. FAILED$/,
];

function testsNamed(lines: readonly string[]): { name: string; path: string | null }[] {
  const tests = new Map<string, { name: string; path: string | null }>();
  for (const line of lines) {
    for (const [i, pattern] of TEST_NAMES.entries()) {
      const match = pattern.exec(line);
      if (!match) continue;
      const [, first, second] = match;
      const test =
        i === 0 || i === 3
          ? { name: second ?? '', path: first! }
          : i === 1
            ? { name: first!, path: `${second!.split('.').slice(0, -1).join('/')}.py` }
            : { name: first!, path: null };
      if (tests.size < 50) tests.set(`${test.path}\0${test.name}`, test);
      break;
    }
  }
  return [...tests.values()];
}
