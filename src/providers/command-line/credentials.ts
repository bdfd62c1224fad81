import { accessSync, constants, readFileSync } from 'node:fs';
import { homedir } from 'node:os';
import { join } from 'node:path';
import type { AdviceSurroundings } from '../../domain/advice.ts';

/** The first of these variables that is set, or the one that the configuration names; null where none is. */
export function keyFrom(
  { env, settings }: AdviceSurroundings,
  names: readonly string[],
): { readonly name: string; readonly value: string } | null {
  const wanted = settings.apiKeyEnv === null ? names : [settings.apiKeyEnv];
  for (const name of wanted) if (env[name]) return { name, value: env[name] };
  return null;
}

/** A folder below the user's home. */
export function homeFolder({ env }: AdviceSurroundings, ...below: string[]): string {
  return join(env.HOME || env.USERPROFILE || homedir(), ...below);
}

/** Whether the file can be read. */
export function readable(path: string): boolean {
  try {
    accessSync(path, constants.R_OK);
    return true;
  } catch {
    return false;
  }
}

/** What a JSON file holds; null where it cannot be read. */
export function jsonFile(path: string): unknown {
  try {
    return JSON.parse(readFileSync(path, 'utf8'));
  } catch {
    return null;
  }
}
