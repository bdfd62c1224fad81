import { unquoteName } from './patch-names.ts';

/** One line of a hunk. `bare` means that no newline ends it in the file. */
export interface HunkLine {
  readonly sign: ' ' | '+' | '-';
  readonly text: string;
  readonly bare: boolean;
}

/** `start` is the first old line as the header says it, from 1; `null` when the header says nothing. */
export interface Hunk {
  readonly start: number | null;
  readonly lines: readonly HunkLine[];
}

/** What a diff says about one file. Names are unquoted but otherwise as written; `null` stands for /dev/null. */
export interface FilePatch {
  readonly from: string | null;
  readonly to: string | null;
  /** Whether the `from` file goes away though it is not deleted. */
  readonly renamed: boolean;
  readonly binary: boolean;
  readonly hunks: readonly Hunk[];
}

type MutableFile = { -readonly [K in keyof FilePatch]: FilePatch[K] } & { hunks: Hunk[] };

const HUNK = /^@@(?: -(\d+)(?:,(\d+))? \+(\d+)(?:,(\d+))?)?/;

/**
 * Reads the unified diffs in a text, whatever stands around them: prose, Markdown fences, mail headers. Wrong line
 * counts in hunk headers are forgiven. Says nothing about whether they apply.
 */
export function readDiff(text: string): FilePatch[] {
  const lines = text.split('\n');
  if (lines.at(-1) === '') lines.pop();
  if (hasForeignEnds(lines)) for (const [at, line] of lines.entries()) lines[at] = line.replace(/\r$/, '');
  const files: MutableFile[] = [];
  let file: MutableFile | null = null;
  let titled = false;
  for (let at = 0; at < lines.length; ) {
    const line = lines[at]!;
    if (line.startsWith('diff --git ')) {
      file = startFile(files, gitNames(line));
      titled = true;
    } else if (isFileHeader(lines, at)) {
      if (!file || !titled || file.hunks.length > 0) file = startFile(files, [null, null]);
      titled = false;
      file.from = headerName(line);
      file.to = headerName(lines[++at]!);
    } else if (file && HUNK.test(line)) {
      const hunk = readHunk(lines, at);
      file.hunks.push(hunk.hunk);
      at = hunk.next;
      continue;
    } else if (file) readExtendedHeader(file, line);
    at++;
  }
  return files.filter((found) => found.from !== found.to || found.hunks.length > 0 || found.binary);
}

function startFile(files: MutableFile[], [from, to]: readonly [string | null, string | null]): MutableFile {
  const file: MutableFile = { from, to, renamed: false, binary: false, hunks: [] };
  files.push(file);
  return file;
}

function isFileHeader(lines: readonly string[], at: number): boolean {
  return lines[at]!.startsWith('--- ') && (lines[at + 1] ?? '').startsWith('+++ ');
}

function readExtendedHeader(file: MutableFile, line: string): void {
  if (/^new file mode /.test(line)) file.from = null;
  else if (/^deleted file mode /.test(line)) file.to = null;
  else if (/^(Binary files |GIT binary patch)/.test(line)) file.binary = true;
  const move = /^(rename|copy) (from|to) (.*)$/.exec(line);
  if (!move) return;
  if (move[1] === 'rename') file.renamed = true;
  file[move[2] as 'from' | 'to'] = `${move[2] === 'from' ? 'a' : 'b'}/${unquoteName(move[3]!)}`;
}

/** `--- "a/name"`, `--- a/name<TAB>date`, `--- /dev/null`. */
function headerName(line: string): string | null {
  const rest = line.slice(4);
  const quoted = /^"(?:[^"\\]|\\.)*"/.exec(rest);
  const plain = rest.includes('\t') ? rest.slice(0, rest.indexOf('\t')) : rest.trimEnd();
  const name = quoted ? unquoteName(quoted[0]) : plain;
  return name === '/dev/null' ? null : name;
}

/** The two names of `diff --git a/x b/x`; unquoted names may hold spaces, so the line is cut where both halves agree. */
function gitNames(line: string): readonly [string | null, string | null] {
  const rest = line.slice('diff --git '.length);
  const quoted = /^("(?:[^"\\]|\\.)*"|\S+) ("(?:[^"\\]|\\.)*"|\S+)$/.exec(rest);
  if (quoted) return [unquoteName(quoted[1]!), unquoteName(quoted[2]!)];
  for (let at = rest.indexOf(' '); at !== -1; at = rest.indexOf(' ', at + 1)) {
    const [from, to] = [rest.slice(0, at), rest.slice(at + 1)];
    if (from.replace(/^a\//, '') === to.replace(/^b\//, '')) return [from, to];
  }
  return [null, null];
}

function readHunk(lines: readonly string[], at: number): { hunk: Hunk; next: number } {
  const [, start, oldLines = '1', , newLines = '1'] = HUNK.exec(lines[at]!)!;
  const counted = start === undefined ? null : readCounted(lines, at + 1, Number(oldLines), Number(newLines));
  const { body, next } = counted ?? readUncounted(lines, at + 1);
  return { hunk: { start: start === undefined ? null : Number(start), lines: body }, next };
}

/** The body as the header counts it, or `null` when the counts are wrong: too few lines, or the body goes on. */
function readCounted(lines: readonly string[], first: number, oldLines: number, newLines: number) {
  const body: HunkLine[] = [];
  let [at, olds, news] = [first, oldLines, newLines];
  for (; olds > 0 || news > 0; at++) {
    const line = lines[at];
    const parsed = line === undefined ? null : bodyLine(line);
    if (!parsed && !line?.startsWith('\\')) return null;
    if (!parsed) markBare(body);
    else {
      body.push(parsed);
      if (parsed.sign !== '+') olds--;
      if (parsed.sign !== '-') news--;
    }
    if (olds < 0 || news < 0) return null;
  }
  if (lines[at]?.startsWith('\\')) {
    markBare(body);
    at++;
  }
  const goesOn = /^[-+ ]/.test(lines[at] ?? '') && !isFileHeader(lines, at) && !/^-- ?$/.test(lines[at]!);
  return goesOn ? null : { body, next: at };
}

/** The body up to what can be none of it. Empty lines at its end separate, they are not context. */
function readUncounted(lines: readonly string[], first: number) {
  const body: HunkLine[] = [];
  let at = first;
  for (let line = lines[at]; line !== undefined && !isFileHeader(lines, at); line = lines[++at]) {
    const parsed = bodyLine(line);
    if (parsed) body.push(parsed);
    else if (line.startsWith('\\')) markBare(body);
    else break;
  }
  for (let last = at - 1; last >= first && lines[last] === ''; last--) body.pop();
  return { body, next: at };
}

/** A line of a hunk; one that is wholly empty is context whose space an editor has cut off. */
function bodyLine(line: string): HunkLine | null {
  if (line === '') return { sign: ' ', text: '', bare: false };
  const sign = line[0];
  return sign === ' ' || sign === '+' || sign === '-' ? { sign, text: line.slice(1), bare: false } : null;
}

function markBare(body: HunkLine[]): void {
  const last = body.pop();
  if (last) body.push({ ...last, bare: true });
}

/** Whether the diff's own lines end in CRLF, not only those of the files it shows. */
function hasForeignEnds(lines: readonly string[]): boolean {
  return lines.some((line, at) => /^@@ .*\r$/.test(line) && /^\+\+\+ .*\r$/.test(lines[at - 1] ?? ''));
}
