import { fileURLToPath } from 'node:url';

const REPORTERS = new URL('../../../runtime/reporters/', import.meta.url);

/** Folder of what runs inside the user's own interpreter; it holds nothing that shadows a module of theirs. */
export const REPORTERS_DIR = fileURLToPath(REPORTERS);

/** Absolute path of one reporter. */
export function reporterPath(name: string): string {
  return fileURLToPath(new URL(name, REPORTERS));
}

/** `file:` address of one reporter, for options that take a module specifier. */
export function reporterUrl(name: string): string {
  return new URL(name, REPORTERS).href;
}

/** Name, within `reportDir`, of the file that our own reporters append to; its path is in `MAESTRO_REPORT`. */
export const EVENTS = 'events.jsonl';
