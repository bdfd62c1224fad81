const ESCAPE = String.fromCharCode(27);
const BELL = String.fromCharCode(7);
const COLOURS = new RegExp(
  `${ESCAPE}(?:\\[[0-?]*[ -/]*[@-~]|\\][^${BELL}${ESCAPE}]*(?:${BELL}|${ESCAPE}\\\\)?|[()][0-9A-B])`,
  'g',
);

/** The text without terminal colours and titles, with `\n` line ends. Linear in its length. */
export function plain(text: string): string {
  const still = text.includes(ESCAPE) ? text.replace(COLOURS, '') : text;
  return still.includes('\r') ? still.replace(/\r+\n/g, '\n') : still;
}

const MAX_MESSAGE = 4_000;
const MAX_FRAMES = 2_000;
const FRAME =
  /^\s*(?:at .*:\d+|at \S+ \(|File ".*", line \d+|[^\s:]+:\d+(?::\d+)?:? )|^\s*❯ .*:\d+:\d+|^[^\s:]+\.\w+:\d+: /;

/** At most 4,000 characters of a failure: its beginning, and the stack frames that would be cut. */
export function boundMessage(message: string): string {
  const text = plain(
    message.length > 200_000 ? `${message.slice(0, 100_000)}\n${message.slice(-100_000)}` : message,
  ).trim();
  if (text.length <= MAX_MESSAGE) return text;
  const lines = text.split('\n');
  const frames: string[] = [];
  let size = 0;
  for (const line of lines) {
    if (line.length > 500 || !FRAME.test(line)) continue;
    if (size + line.length + 1 > MAX_FRAMES) break;
    frames.push(line);
    size += line.length + 1;
  }
  const head = text.slice(0, MAX_MESSAGE - size - 2);
  const missing = frames.filter((line) => !head.includes(line));
  return [head, '…', ...missing].join('\n').slice(0, MAX_MESSAGE);
}

const MAX_LINE = 300;

/** One line of bounded length. */
export function oneLine(text: string): string {
  return plain(text.slice(0, 5_000)).replace(/\s+/g, ' ').trim().slice(0, MAX_LINE);
}

const CAUSES = [
  /^(?!.*Failed to import test module).*\b(?:SyntaxError|IndentationError|TabError|ModuleNotFoundError|ImportError|ERR_MODULE_NOT_FOUND)\b.*$/m,
  /^.*\b(?:Cannot find (?:module|package)|Could not resolve|Failed to resolve import|No module named|Unexpected token)\b.*$/m,
  /^.*\b(?:no tests? (?:files? )?found|no tests (?:were )?(?:ran|run)|no test files|Could not find)\b.*$/im,
  /^.*\b(?:command not found|No such file or directory|Permission denied)\b.*$/m,
  /^error(?:\[E\d+\])?: .*$/m,
];

/** The line of an output that says why nothing ran, or `null`. */
export function causeIn(output: string): string | null {
  const text = plain(output.length > 100_000 ? `${output.slice(0, 50_000)}\n${output.slice(-50_000)}` : output);
  const lines = text.split('\n').filter((line) => line.length < 2_000);
  for (const cause of CAUSES) {
    const line = lines.find((candidate) => cause.test(candidate));
    if (line !== undefined) return oneLine(line);
  }
  return null;
}
