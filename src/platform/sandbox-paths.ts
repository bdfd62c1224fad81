import { existsSync, realpathSync, statSync } from 'node:fs';
import { homedir } from 'node:os';
import { basename, delimiter, dirname, isAbsolute, join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';

const PACKAGE_ROOT = fileURLToPath(new URL('../..', import.meta.url)).replace(/\/$/, '');

/** Where credentials usually lie, relative to the home folder. */
const SECRETS = [
  '.ssh .aws .azure .gnupg .kube .docker .password-store .mozilla .npmrc .yarnrc.yml .netrc .pypirc .git-credentials .vault-token .pgpass',
  '.config/gh .config/gcloud .config/git/credentials .config/hub .config/op .config/google-chrome .config/chromium .config/rclone',
  '.claude .claude.json .codex .gemini .cargo/credentials .cargo/credentials.toml .gem/credentials .local/share/keyrings .m2/settings.xml',
]
  .join(' ')
  .split(' ');

/** Sockets through which a process gets out although every file is read-only. */
const DOORS = [
  '/run/docker.sock',
  '/run/containerd',
  '/run/podman',
  '/run/dbus',
  '/run/systemd/private',
  '/run/snapd.socket',
];

/** Existing paths, and whether each is a folder, that no sandboxed command has any business with: credentials and sockets of services; none that holds `shown` or lies in it. */
export function pathsToHide(shown: string, home: string = homedir()): Array<[path: string, isFolder: boolean]> {
  const user = process.getuid ? [`/run/user/${process.getuid()}`] : [];
  const agent = process.env.SSH_AUTH_SOCK;
  const paths = [...SECRETS.map((name) => join(home, name)), ...DOORS, ...user, ...(agent ? [agent] : [])];
  const real = new Set(paths.filter((path) => isAbsolute(path) && existsSync(path)).map((path) => realpathSync(path)));
  return [...real]
    .filter((path) => path !== shown && !isBelow(path, shown) && !isBelow(shown, path) && !isBelow('/tmp', path))
    .map((path) => [path, statSync(path).isDirectory()]);
}

/** Parts of /proc through which root, even one without capabilities, changes the running system; those that are there. */
export function tunables(): string[] {
  return ['sys', 'sysrq-trigger', 'irq', 'bus'].map((name) => `/proc/${name}`).filter((path) => existsSync(path));
}

/**
 * Folders below `tmp` that stay visible although a private one takes its place: programs on PATH with what belongs
 * to them (`/tmp/venv` for `/tmp/venv/bin`), this runtime and this package.
 */
export function programsBelow(tmp: string, path: string = process.env.PATH ?? ''): string[] {
  const programs = path.split(delimiter).filter(isAbsolute);
  const roots = [...programs, dirname(process.execPath)].map((folder) =>
    basename(folder) === 'bin' ? dirname(folder) : folder,
  );
  const found = [...roots, PACKAGE_ROOT].filter((folder) => isBelow(tmp, folder) && existsSync(folder));
  return [...new Set(found)].sort();
}

/** Whether `path` lies in `folder` and is not the folder itself. */
export function isBelow(folder: string, path: string): boolean {
  const way = relative(folder, path);
  return way !== '' && way !== '..' && !way.startsWith('../') && !isAbsolute(way);
}
