import {
  accessSync,
  constants,
  mkdirSync,
  readFileSync,
  realpathSync,
  renameSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { delimiter, isAbsolute, join } from 'node:path';
import type { AdviceSurroundings } from '../../domain/advice.ts';
import { runProcess } from '../../platform/process.ts';
import type { Program } from './program.ts';

/** Where the program is and which version it has. */
export interface Located {
  readonly binary: string;
  readonly version: string;
}

const VERSION_MS = 20_000;

/** The path of a program: as configured, else on the user's PATH, else where its installer puts it; null when there is none. */
export function binaryOf(
  { command }: Pick<Program, 'command'>,
  { settings, env }: Pick<AdviceSurroundings, 'settings' | 'env'>,
): string | null {
  if (settings.binary !== null) return runnable(settings.binary) ? settings.binary : null;
  const home = env.HOME ? [join(env.HOME, '.local', 'bin'), join(env.HOME, '.npm-global', 'bin')] : [];
  const folders = [...(env.PATH ?? '').split(delimiter), ...home, '/usr/local/bin', '/opt/homebrew/bin'];
  const names = process.platform === 'win32' ? [`${command}.exe`, `${command}.cmd`] : [command];
  return (
    folders
      .filter(isAbsolute)
      .flatMap((folder) => names.map((name) => join(folder, name)))
      .find(runnable) ?? null
  );
}

function runnable(path: string): boolean {
  try {
    accessSync(path, constants.X_OK);
    return statSync(path).isFile();
  } catch {
    return false;
  }
}

/** What is remembered of one program file; another file (an update) is asked anew. */
export interface Remembered {
  readonly key: string;
  readonly version: string;
  /** Whether a request of this version was seen to offer no tool; null: not looked at. */
  readonly offersNothing: boolean | null;
}

/** The identity of a program file: its real path, size and time of change. */
export function keyOf(binary: string): string {
  const path = realpathSync(binary);
  const { size, mtimeMs } = statSync(path);
  return `${path} ${size} ${mtimeMs}`;
}

/** What was remembered of this very file in the cache folder, or null. */
export function recall(folder: string, program: string, key: string): Remembered | null {
  try {
    const found = JSON.parse(readFileSync(join(folder, `${program}.json`), 'utf8')) as Remembered;
    return found.key === key && typeof found.version === 'string' ? found : null;
  } catch {
    return null;
  }
}

/** Remembers it, whole or not at all; a folder that takes no files only costs time. */
export function remember(folder: string, program: string, what: Remembered): void {
  const file = join(folder, `${program}.json`);
  try {
    mkdirSync(folder, { recursive: true, mode: 0o700 });
    writeFileSync(`${file}.${process.pid}`, JSON.stringify(what), { mode: 0o600 });
    renameSync(`${file}.${process.pid}`, file);
  } catch {}
}

/** The version: from a file beside the program where there is one, else what it prints; null when it prints none. */
export async function versionOf(
  program: Program,
  binary: string,
  start: { readonly cwd: string; readonly env: Readonly<Record<string, string>> },
  signal: AbortSignal,
): Promise<string | null> {
  const told = program.versionFile(realpathSync(binary));
  if (told !== null) return told;
  const limits = { timeLimitMs: VERSION_MS, outputCapBytes: 8_192, signal };
  const { stdout } = await runProcess({ argv: [binary, '--version'], ...start, stdin: '' }, limits);
  return /\d+\.\d+\.\d+[\w.+-]*/.exec(stdout)?.[0] ?? null;
}

/** Whether version `a` comes before `b`, by their numbers. */
export function isOlder(a: string, b: string): boolean {
  const [left, right] = [a, b].map((version) =>
    version
      .split(/[.+-]/)
      .slice(0, 3)
      .map((part) => Number.parseInt(part, 10) || 0),
  );
  for (let index = 0; index < 3; index++) {
    if (left![index] !== right![index]) return left![index]! < right![index]!;
  }
  return false;
}
