/** A place a text points to: a path as written (perhaps only its end, perhaps absolute), a line, a function. */
export interface Mention {
  readonly path: string;
  readonly line: number | null;
  readonly name: string | null;
  /** A frame of a stack trace, or said in prose. */
  readonly frame: boolean;
  /** Which trace of the text the frame belongs to; frames of one follow each other. */
  readonly trace: number;
  /** Whether its trace ends where it failed (Python) or begins there (most others). */
  readonly nearestLast: boolean;
}

const EXTENSION =
  '(?:py|pyx|pyi|[cm]?[jt]sx?|vue|svelte|java|kt|kts|scala|cs|go|rs|rb|php|c|cc|cpp|cxx|h|hpp|swift|m|ex|exs|lua|pl|sh|css|scss|less|html?|json|ya?ml|toml|ini|cfg|md|rst|txt)';
const PATH = `[\\w@.+~$()\\[\\]-]*(?:[\\\\/][\\w@.+$()\\[\\]-]+)*\\.${EXTENSION}`;

const DRIVE = '(?:(?<!\\w)[A-Za-z]:)?';

const PYTHON_FRAME = /File "([^"\n]{1,400})", line (\d+)(?:, in ([\w<>.]+))?/g;
const SCRIPT_FRAME = new RegExp(
  `\\bat (?:(?:async |new )?([\\w$.<>\\[\\] ]{1,120}?) )?\\(?(?:file://|webpack:///)?(${DRIVE}${PATH}):(\\d+)(?::\\d+)?\\)?`,
  'g',
);
const JAVA_FRAME = /\bat (?:[\w.@-]*\/{1,2})?([\w$.]+)\.([\w$<>]+)\(([\w$]+\.(?:java|kt|scala|groovy)):(\d+)\)/g;
const WITH_LINE = new RegExp(
  `(${DRIVE}${PATH})(?::(\\d+)(?::\\d+)?|\\((\\d+)(?:,\\d+)?\\)|#L(\\d+)|:? ?line (\\d+)| on line (\\d+))(?::? in ([\\w<>.]+))?`,
  'g',
);
const BARE = new RegExp(`(?<![\\w./\\\\-])(${DRIVE}${PATH})(?![\\w])`, 'g');
const MOST = 400;
const LONGEST_LINE = 2_000;
const LINES_BETWEEN_FRAMES = 6;

/** Every file, with line and function where given, that a text names; traces of the usual languages, compilers, links. */
export function mentionsOf(text: string): Mention[] {
  const found = new Map<string, Mention>();
  let trace = 0;
  let lastFrame = 0;
  let at = 0;
  const add = (path: string, line: string | undefined, name: string | undefined, frame: boolean): void => {
    const key = `${path}\0${line ?? ''}`;
    if (frame && at - lastFrame > LINES_BETWEEN_FRAMES) trace++;
    if (frame) lastFrame = at;
    if (found.size >= MOST || found.has(key)) return;
    const nearestLast = /\.py[xi]?$/.test(path);
    const written = path.replaceAll('\\', '/');
    found.set(key, { path: written, line: line ? Number(line) : null, name: name ?? null, frame, trace, nearestLast });
  };
  for (const full of text.split('\n')) {
    at++;
    const line = full.slice(0, LONGEST_LINE);
    const before = found.size;
    for (const match of line.matchAll(PYTHON_FRAME)) add(match[1]!, match[2], match[3], true);
    for (const match of line.matchAll(JAVA_FRAME)) add(javaPath(match[1]!, match[3]!), match[4], match[2], true);
    if (found.size === before)
      for (const match of line.matchAll(SCRIPT_FRAME)) add(match[2]!, match[3], match[1]?.split('.').at(-1), true);
    if (found.size > before) continue;
    for (const match of line.matchAll(WITH_LINE))
      add(match[1]!, match[2] ?? match[3] ?? match[4] ?? match[5] ?? match[6], match[7], true);
    for (const match of line.matchAll(BARE))
      if (![...found.values()].some(({ path }) => path === match[1])) add(match[1]!, undefined, undefined, false);
  }
  return [...found.values()];
}

/** The frames of each trace that `keep` lets pass, the nearest to the failure first. */
export function tracesOf(mentions: readonly Mention[], keep: (mention: Mention) => boolean): Mention[][] {
  const frames = mentions.filter((mention) => mention.frame && mention.line !== null && keep(mention));
  return [...Map.groupBy(frames, ({ trace }) => trace).values()].map((trace) =>
    trace[0]!.nearestLast ? trace.reverse() : trace,
  );
}

const FOREIGN =
  /(^|\/)(site-packages|dist-packages|node_modules|\.tox|\.venv|venv|lib\/python[\d.]+|usr\/lib|\.m2|\.gradle|\.cargo|rustc|go\/pkg\/mod|usr\/local\/go|gems|<frozen[^/]*)\/|^node:|^internal\/.*\.[cm]?js$/;

/** Whether a path as written lies in what was installed, not in the workspace. */
export function isForeign({ path }: Mention): boolean {
  return FOREIGN.test(path);
}

function javaPath(type: string, file: string): string {
  const folder = type.split('.').slice(0, -1).join('/');
  return folder ? `${folder}/${file}` : file;
}

/** Finds the workspace file a mention means: the longest agreeing end of the path; nothing when several agree equally. */
export class PathIndex {
  readonly #byName = new Map<string, number[]>();
  readonly #paths: readonly string[];
  /** Files of a name by the folder they are in. */
  readonly #homes = new Map<string, Map<string, number[]>>();

  constructor(paths: readonly string[]) {
    this.#paths = paths;
    paths.forEach((path, i) => {
      const name = path.slice(path.lastIndexOf('/') + 1);
      const same = this.#byName.get(name);
      if (same) same.push(i);
      else this.#byName.set(name, [i]);
    });
  }

  /** Numbers of the files a written path may mean, all that agree in the most parts; none when that is too vague. */
  resolve(written: string): number[] {
    const parts = written.split('/').filter((part) => part && part !== '.' && part !== '..');
    const candidates = this.#byName.get(parts.at(-1) ?? '') ?? [];
    let best = 0;
    let found: number[] = [];
    for (const candidate of candidates) {
      const own = this.#paths[candidate]!.split('/');
      let agree = 0;
      while (agree < own.length && agree < parts.length && own.at(-1 - agree) === parts.at(-1 - agree)) agree++;
      if (agree > best) found = [];
      if (agree >= best) found.push(candidate);
      best = Math.max(best, agree);
    }
    return found.length <= 3 || best === parts.length ? found.slice(0, 5) : [];
  }

  /** Files of this name directly in a folder of that name. */
  inFolder(folder: string, name: string): readonly number[] {
    let homes = this.#homes.get(name);
    if (!homes) {
      homes = Map.groupBy(this.named(name), (file) => this.#paths[file]!.split('/').at(-2) ?? '');
      this.#homes.set(name, homes);
    }
    return homes.get(folder) ?? [];
  }

  /** Files of exactly this name. */
  named(name: string): readonly number[] {
    return this.#byName.get(name) ?? [];
  }
}
