import { spawnSync } from 'node:child_process';
import { globSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import { fileURLToPath } from 'node:url';

/** A bubblewrap that works on this machine: an installed one, or the one that Codex brings along; else null. */
export function workingBubblewrap(): string | null {
  const installed = (process.env.PATH ?? '').split(delimiter).map((folder) => join(folder, 'bwrap'));
  const clients = fileURLToPath(new URL('../clients/node_modules', import.meta.url));
  const bundled = globSync('@openai/codex-*/vendor/*/codex-resources/bwrap', { cwd: clients }).map((path) =>
    join(clients, path),
  );
  const works = (path: string) =>
    spawnSync(path, ['--unshare-user', '--ro-bind', '/', '/', '/bin/sh', '-c', ':']).status === 0;
  return [...installed, ...bundled].find(works) ?? null;
}
