/** A line of a source file that a failure's stack names; depth 0 is where it was raised. */
export interface Frame {
  readonly path: string;
  readonly line: number;
  readonly depth: number;
}

const PYTHON = /^\s*File "([^"\n]+)", line (\d+)/gm;
const V8 = /^\s*at .*?\(?((?:file:\/\/)?[^\s()]+|(?:file:\/\/)?\/[^()\n]+):(\d+):\d+\)?$/gm;
const PYTEST = /^([^\s:]+\.py):(\d+): /gm;

/** The frames of a printed failure that lie in one of the files. Python prints the innermost call last, V8 first. */
export function framesOf(message: string, paths: readonly string[]): Frame[] {
  const python = [...message.matchAll(PYTHON), ...message.matchAll(PYTEST)].reverse();
  const v8 = [...message.matchAll(V8)];
  return [python, v8].flatMap((matches) =>
    matches
      .flatMap(([, name, line]) => {
        const path = ownPath(name!, paths);
        return path === null ? [] : [{ path, line: Number(line) }];
      })
      .slice(0, 20)
      .map((frame, depth) => ({ ...frame, depth })),
  );
}

/** The file a printed path means: printed paths lead into some copy of the tree. */
function ownPath(printed: string, paths: readonly string[]): string | null {
  const plain = decoded(printed.replace(/^file:\/\//, '')).replaceAll('\\', '/');
  const candidates = paths.filter((path) => plain === path || plain.endsWith(`/${path}`));
  return candidates.sort((a, b) => b.length - a.length)[0] ?? null;
}

function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}
