// Which lines of the project's files ran between two moments, from the engine's own counters.
import { Session } from 'node:inspector';
import { fileURLToPath } from 'node:url';
import { WRAPPER_LENGTH } from './compile.mjs';

export class LineCounter {
  #session = new Session();

  /** `textOf(path)` is the text that was compiled and whether a wrapper stands before it; null for foreign files. */
  constructor(textOf) {
    this.textOf = textOf;
    this.#session.connect();
    this.#post('Profiler.enable');
    this.#post('Profiler.startPreciseCoverage', { callCount: true, detailed: true });
  }

  /** Lines by path since the last call. */
  take() {
    const lines = {};
    for (const { url, functions } of this.#post('Profiler.takePreciseCoverage').result) {
      const path = url.startsWith('file:') ? fileURLToPath(url) : url;
      const source = this.textOf(path);
      const executed = source ? executedLines(functions, source.text, source.wrapped ? WRAPPER_LENGTH : 0) : [];
      if (executed.length > 0) lines[path] = executed;
    }
    return lines;
  }

  close() {
    this.#post('Profiler.stopPreciseCoverage');
    this.#session.disconnect();
  }

  #post(method, parameters) {
    let answer;
    this.#session.post(method, parameters, (error, result) => {
      if (error) throw error;
      answer = result;
    });
    return answer;
  }
}

/** Lines with something that ran on them; what lies further in decides over what lies around it. */
export function executedLines(functions, text, shift) {
  const counts = new Uint8Array(text.length + 1);
  const ranges = functions.flatMap((one) => one.ranges);
  ranges.sort((a, b) => a.startOffset - b.startOffset || b.endOffset - a.endOffset);
  for (const { startOffset, endOffset, count } of ranges)
    counts.fill(count > 0 ? 1 : 0, Math.max(0, startOffset - shift), Math.max(0, endOffset - shift));
  const lines = [];
  let at = 0;
  for (const [index, line] of text.split('\n').entries()) {
    if (isCode(line) && ranOn(line, counts, at)) lines.push(index + 1);
    at += line.length + 1;
  }
  return lines;
}

function ranOn(line, counts, from) {
  for (let at = line.search(/\S/); at < line.length; at++)
    if (counts[from + at] && /[^\s{}();]/.test(line[at])) return true;
  return false;
}

function isCode(line) {
  return /\w|\S\s*\S/.test(line) && !/^\s*(\/\/|\/?\*)/.test(line);
}
