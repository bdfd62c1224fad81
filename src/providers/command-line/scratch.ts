import { chmodSync, mkdirSync, symlinkSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { makeTempDir, removeTempDir } from '../../platform/temp.ts';
import type { Login, Scratch } from './program.ts';

/** Private folders for one ask, mode 0700, with the user's login files linked into the private home; disposing removes them. */
export function openScratch(system: string, { files }: Pick<Login, 'files'>): Scratch & AsyncDisposable {
  const root = makeTempDir('ask');
  chmodSync(root, 0o700);
  const folder = (name: string): string => {
    mkdirSync(join(root, name), { mode: 0o700 });
    return join(root, name);
  };
  const scratch = {
    root,
    cwd: folder('cwd'),
    home: folder('home'),
    tmp: folder('tmp'),
    system: join(root, 'system.md'),
  };
  writeFileSync(scratch.system, system, { mode: 0o600 });
  for (const [name, target] of Object.entries(files)) {
    const link = join(scratch.home, name);
    mkdirSync(dirname(link), { recursive: true, mode: 0o700 });
    symlinkSync(target, link);
  }
  return { ...scratch, [Symbol.asyncDispose]: () => removeTempDir(root) };
}

const PASSED_ON = /^(PATH|LANG|LC_\w+|TZ|TERM|SSL_CERT_(FILE|DIR)|NODE_EXTRA_CA_CERTS|(HTTPS?|ALL|NO)_PROXY)$/i;

/** The whole environment of a program: what it needs to run at all, its private folders, and its own variables. */
export function environmentOf(
  user: Readonly<Record<string, string | undefined>>,
  { home, tmp }: Pick<Scratch, 'home' | 'tmp'>,
  own: Readonly<Record<string, string>>,
): Record<string, string> {
  const kept = Object.entries(user).filter(
    (entry): entry is [string, string] => entry[1] !== undefined && PASSED_ON.test(entry[0]),
  );
  return { ...Object.fromEntries(kept), HOME: home, TMPDIR: tmp, NO_COLOR: '1', ...own };
}
