import { type Mention, mentionsOf } from './locations.ts';

/** What failing output says, without its length. */
export interface Distilled {
  /** The lines that matter, in order, repetitions folded. */
  readonly text: string;
  /** Places with lines, in the order of the text. */
  readonly frames: readonly Mention[];
  readonly tests: readonly Test[];
  readonly linesIn: number;
  readonly linesOut: number;
}

/** A failing test as printed: its file, that file without its ending where only a class is named, or `null`. */
export interface Test {
  readonly name: string;
  readonly path: string | null;
}

const LONGEST_LINE = 400;
const MOST_TESTS = 50;
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

/** Lines that name a failing test, and which group is what; a class is written with its packages, if at all. */
const TEST_NAMES: ReadonlyArray<readonly [line: RegExp, is: 'file, name' | 'name, module' | 'class, name' | 'name']> = [
  [/^(?:FAILED|ERROR|FAIL)\s+(\S+\.\w{1,5})::(\S+)/, 'file, name'],
  [/^(?:FAIL|ERROR):\s+(\w+)\s+\(([\w.]+)\)/, 'name, module'],
  [/^_{3,}\s+(?:ERROR at \w+ of )?([\w.[\]-]+)\s+_{3,}$/, 'name'],
  [/^\s*(?:FAIL|❯)\s+(\S+\.[cm]?[jt]sx?)(?:\s*>\s*(.+))?$/, 'file, name'],
  [/^rspec (\S+_spec\.rb)(?:\S*)\s+# (.+)$/, 'file, name'],
  [/^\[ERROR\]\s+([\w$.]*[A-Z]\w*)\.(\w+)(?::\d+|\s+(?:--\s+)?Time elapsed)/, 'class, name'],
  [/^\s*Failed ([\w.+]+)\.(\w+)(?:\([^)]*\))? \[/, 'class, name'],
  [/^([\w$.]*[A-Z]\w*) > (.+?)(?:\(\))? FAILED$/, 'class, name'],
  [/^\d+\) ([\w\\]+)::(\w+)/, 'class, name'],
  [/^\s*(?:●|✕|✗|×|\d+\))\s+(.+)$/, 'name'],
  [/^--- FAIL: (\w+)/, 'name'],
  [/^not ok \d+ (?:- )?(.+)$/, 'name'],
  [/^test (\S+) \.\.\. FAILED$/, 'name'],
];

function testsNamed(lines: readonly string[]): Test[] {
  const tests = new Map<string, Test>();
  for (const line of lines) {
    for (const [pattern, is] of TEST_NAMES) {
      const match = pattern.exec(line);
      if (!match) continue;
      const test = testOf(match[1]!, match[2] ?? '', is);
      if (tests.size < MOST_TESTS) tests.set(`${test.path}\0${test.name}`, test);
      break;
    }
  }
  return [...tests.values()];
}

function testOf(first: string, second: string, is: (typeof TEST_NAMES)[number][1]): Test {
  if (is === 'file, name') return { name: second, path: first };
  if (is === 'name, module') return { name: first, path: `${second.split('.').slice(0, -1).join('/')}.py` };
  if (is === 'class, name') return { name: second, path: first.replace(/[$+].*$/, '').replace(/[.\\]/g, '/') };
  return { name: first, path: null };
}
