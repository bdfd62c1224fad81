import { mkdirSync, mkdtempSync, readFileSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterEach } from 'vitest';
import type { HostDefinition, Surroundings } from '../../../src/app/setup/host.ts';
import type { ServerCommand } from '../../../src/app/setup/server-command.ts';
import type { SetupRequest } from '../../../src/app/setup.ts';
import { loadHosts, setUp, surroundingsOf } from '../../../src/app/setup.ts';

/** A server command that is the same on every machine. */
export const SERVER: ServerCommand = { command: '/opt/node', args: ['/opt/m/bin/maestro.mjs', 'mcp'], fetches: false };
/** The same Maestro after it was moved. */
export const MOVED: ServerCommand = { ...SERVER, args: ['/opt/moved/bin/maestro.mjs', 'mcp'] };

export const HOSTS: readonly HostDefinition[] = await loadHosts();
const made: string[] = [];

afterEach(() => {
  for (const folder of made.splice(0)) rmSync(folder, { recursive: true, force: true });
});

/** A home, and a project in it, that no one else has. */
export function home(env: Record<string, string> = {}): Surroundings {
  const root = realpathSync(mkdtempSync(join(tmpdir(), 'setup-')));
  made.push(root);
  mkdirSync(join(root, 'project'));
  const own = surroundingsOf({ HOME: root, PATH: '', ...env }, join(root, 'project'));
  return { ...own, platform: 'linux' };
}

/** Puts a host's file into a home and returns its path. */
export function write(path: string, text: string): string {
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(path, text);
  return path;
}

export const read = (path: string): string => readFileSync(path, 'utf8');

/** Sets a host up in a home; the user's configuration unless told otherwise. */
export function set(
  host: string,
  surroundings: Surroundings,
  request: Partial<SetupRequest> = {},
  command: ServerCommand = SERVER,
) {
  return setUp(host, { scope: 'user', remove: false, dryRun: false, ...request }, surroundings, command);
}
