import { existsSync, lstatSync, readFileSync, realpathSync, rmdirSync, rmSync, statSync } from 'node:fs';
import { dirname } from 'node:path';
import { MaestroError } from '../../domain/errors.ts';
import { atomicWrite } from '../../platform/files.ts';
import { makeFolder } from '../../platform/make-folder.ts';
import { badConfig } from './config-format.ts';

/** A host's file as it was found: where it really is (links followed), and its text, null when there is none. */
export interface FoundFile {
  readonly real: string;
  readonly text: string | null;
}

/** Reads a host's file; throws `bad_host_config` where it is not a text that may be written. */
export function findFile(path: string): FoundFile {
  const link = lstatSync(path, { throwIfNoEntry: false });
  if (!link) return { real: path, text: null };
  try {
    const real = realpathSync(path);
    const found = statSync(real);
    if (!found.isFile()) throw badConfig('it is not a file', 'move it away, then run this again');
    if ((found.mode & 0o200) === 0)
      throw badConfig('it is read-only', `allow writing (chmod u+w), or edit what generates it`);
    return { real, text: new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(readFileSync(real)) };
  } catch (error) {
    if (error instanceof MaestroError) throw error;
    const { code, message } = error as NodeJS.ErrnoException;
    if (code === 'ENOENT') throw badConfig('it is a link to nothing', 'make or remove what it points to');
    throw badConfig(code === 'ERR_ENCODING_INVALID_ENCODED_DATA' ? 'it is not UTF-8 text' : (code ?? message));
  }
}

/** The folders that are missing above a file, outermost first. */
export function missingFolders(path: string): string[] {
  const missing: string[] = [];
  for (let folder = dirname(path); !existsSync(folder); folder = dirname(folder)) missing.unshift(folder);
  return missing;
}

/**
 * Writes a host's file in one go, or removes it (null) with those of `folders` that are then empty. Throws
 * `bad_host_config` when it is not as it was found any more, or the system does not let it.
 */
export async function replaceFound(found: FoundFile, text: string | null, folders: readonly string[]): Promise<void> {
  const now = existsSync(found.real) ? findFile(found.real).text : null;
  if (now !== found.text) throw badConfig('it changed meanwhile', 'run this again');
  try {
    if (text === null) {
      rmSync(found.real, { force: true });
      for (const folder of [...folders].reverse()) removeIfEmpty(folder);
    } else {
      makeFolder(dirname(found.real));
      await atomicWrite(found.real, text);
    }
  } catch (error) {
    if (error instanceof MaestroError) throw error;
    throw badConfig(`it cannot be written (${(error as NodeJS.ErrnoException).code})`, 'allow writing to its folder');
  }
}

function removeIfEmpty(folder: string): void {
  try {
    rmdirSync(folder);
  } catch {
    // Others have put something in it since.
  }
}
