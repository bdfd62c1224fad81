import { accessSync, constants, readFileSync, realpathSync, statSync } from 'node:fs';
import { delimiter, dirname, isAbsolute, join } from 'node:path';
import type { AdviceSurroundings } from '../../domain/advice.ts';
import { runProcess } from '../../platform/process.ts';
import type { Dialect, Program } from './dialect.ts';
import { programEnvironment } from './environment.ts';

const VERSION = /\d+\.\d+\.\d+(?:-[\w.]+)?/;
const VERSION_LIMIT_MS = 20_000;
const known = new Map<string, string>();

/** Where the program is: what the user named, else the first on the absolute entries of the PATH; null where it is not. */
export function findProgram({ program }: Dialect, { env, settings }: AdviceSurroundings): string | null {
  if (settings.binary !== null) return isProgram(settings.binary) ? settings.binary : null;
  const folders = (env.PATH ?? '').split(delimiter).filter(isAbsolute);
  return folders.map((folder) => join(folder, program)).find(isProgram) ?? null;
}

/**
 * The program's version: from the npm package it lies in, else from `--version`, once for each file. Null when it
 * names none in 20 s.
 */
export async function versionOf(
  dialect: Dialect,
  path: string,
  surroundings: AdviceSurroundings,
): Promise<string | null> {
  const { mtimeMs, size, ino } = statSync(path);
  const key = [path, mtimeMs, size, ino].join('\0');
  const version = known.get(key) ?? packageVersion(dialect, path) ?? (await saidVersion(path, surroundings));
  if (version !== null) known.set(key, version);
  return version;
}

/** Negative when `a` is older than `b`; a pre-release counts as its release. */
export function compareVersions(a: Program['version'], b: string): number {
  const [left, right] = [a, b].map((version) => version.split('-')[0]!.split('.').map(Number));
  for (let at = 0; at < 3; at++) if (left![at] !== right![at]) return (left![at] ?? 0) - (right![at] ?? 0);
  return 0;
}

function isProgram(path: string): boolean {
  try {
    accessSync(path, constants.X_OK);
    return statSync(path).isFile();
  } catch {
    return false;
  }
}

function packageVersion({ npmPackage }: Dialect, path: string): string | null {
  let folder = dirname(realpathSync(path));
  for (let up = 0; up < 3; up++, folder = dirname(folder)) {
    try {
      const { name, version } = JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8'));
      if (name === npmPackage && typeof version === 'string') return version;
    } catch {
      // No package here: perhaps one folder up.
    }
  }
  return null;
}

async function saidVersion(path: string, { env, signal }: AdviceSurroundings): Promise<string | null> {
  const { stdout, exitCode } = await runProcess(
    { argv: [path, '--version'], cwd: dirname(path), env: programEnvironment(env) },
    { timeLimitMs: VERSION_LIMIT_MS, outputCapBytes: 4096, signal },
  );
  return exitCode === 0 ? (VERSION.exec(stdout)?.[0] ?? null) : null;
}
