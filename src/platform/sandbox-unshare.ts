import { dirname, join, relative } from 'node:path';
import type { SandboxKind, SandboxView } from './sandbox.ts';
import { isBelow, pathsToHide, programsBelow, tunables } from './sandbox-paths.ts';

/**
 * util-linux `unshare` and `mount`: user, mount, pid, network and ipc namespaces. The command itself runs in a second
 * user namespace under the caller's own ids, so it owns none of the mounts and can't undo them.
 */
export const unshare: SandboxKind = {
  kind: 'unshare',
  overlays: true,
  wrap(argv, view) {
    const ids = [String(process.getuid?.() ?? 0), String(process.getgid?.() ?? 0)];
    const plan = planMounts(view);
    const tables = [plan.needed, plan.wanted, plan.last].map((mounts) => mounts.map(fstabLine).join(''));
    const removed = (view.lower?.removed ?? []).map((path) => join(staged(view.showAt), path));
    const setup = [
      ...ids,
      view.cwd ?? view.showAt,
      plan.layers.join(' '),
      ...tables,
      ...plan.writable,
      '--',
      ...removed,
      '--',
    ];
    return [...ISOLATION, 'sh', '-c', SETUP, 'maestro-sandbox', ...setup, ...argv];
  },
};

const ISOLATION = 'unshare --user --map-root-user --mount --pid --net --ipc --fork --kill-child --mount-proc --'.split(
  / /,
);

/** What is to lie below /tmp and /dev is put together here first: it exists everywhere, and nothing of ours lies below it. */
const STAGE = '/sys';

/**
 * Arguments: uid, gid, the folder to start in, folders to make for layers (words), three mount tables (what must be mounted, what may fail, what comes last), folders
 * that can be written, `--`, paths to remove, `--`, the command. One `mount` for a whole table, because each process
 * costs a millisecond. The shell stays pid 1, so that the command is not: signals without a handler mean nothing to pid 1.
 */
const SETUP = `
set -eu
uid=$1 gid=$2 cwd=$3 layers=$4 needed=$5 wanted=$6 last=$7 n=0
shift 7
ip link set lo up
mount --all -t noproc -o remount,bind,ro 2>/dev/null || true
mount -t tmpfs -o mode=755 tmpfs ${STAGE}
mkdir -p -m 1777 ${STAGE}/tmp ${STAGE}/dev ${STAGE}/dev/pts ${STAGE}/dev/shm $layers
for device in null zero full random urandom tty ptmx; do : > "${STAGE}/dev/$device"; done
cp -RP /dev/fd /dev/stdin /dev/stdout /dev/stderr ${STAGE}/dev
while [ "$1" != -- ]; do
  mount --rbind -o X-mount.mkdir -- "$1" "${STAGE}/open/$n"
  mount -o remount,bind,rw "${STAGE}/open/$n"
  n=$((n + 1))
  shift
done
shift
printf %s "$needed" > ${STAGE}/table
mount --all --fstab ${STAGE}/table
if [ -n "$wanted" ]; then
  printf %s "$wanted" > ${STAGE}/table
  mount --all --fstab ${STAGE}/table 2>/dev/null || true
fi
while [ "$1" != -- ]; do rm -rf -- "$1"; shift; done
shift
printf %s "$last" > ${STAGE}/table
mount --all --fstab ${STAGE}/table
umount -l ${STAGE}
cd -- "$cwd"
status=0
unshare --user --map-user="$uid" --map-group="$gid" -- "$@" || status=$?
exit "$status"
`;

/** Source, target, type, options; as in fstab(5). */
type Mount = readonly [source: string, target: string, type: string, options: string];

interface Plan {
  readonly needed: readonly Mount[];
  /** Layers over dependency folders: where one can't be had, what is below it is seen read-only. */
  readonly wanted: readonly Mount[];
  readonly last: readonly Mount[];
  /** Folders to make before anything is mounted. */
  readonly layers: readonly string[];
  /** Folders of the host, in the order of `${STAGE}/open/<n>`. */
  readonly writable: readonly string[];
}

function planMounts({ workspace, showAt, lower, writable = [], readOnly = [] }: SandboxView): Plan {
  const folders = [lower ? dirname(workspace) : workspace, ...writable];
  const opened = (path: string) => {
    const index = folders.findIndex((folder) => folder === path || isBelow(folder, path));
    return join(STAGE, 'open', String(index), relative(folders[index]!, path));
  };
  const at = staged(showAt);
  const shown: Mount = lower
    ? layer(lower.folder, opened(workspace), opened(lower.work), at)
    : bind(opened(workspace), at);
  const shared = readOnly.map((path, n) => ({ path: staged(path), own: join(STAGE, 'shared', String(n)), from: path }));
  return {
    needed: [
      ...tunables().map((path): Mount => [path, path, 'none', 'bind,ro']),
      ...DEVICES,
      ...programsBelow('/tmp').map((path) => bind(path, staged(path))),
      ...shared.map(({ own, from }) => bind(from, own)),
      shown,
      ...shared.map(({ own, path }) => bind(own, path)),
      ...writable.map((path) => bind(opened(path), staged(path))),
    ],
    layers: lower ? shared.flatMap((_, n) => [memory(n, 'upper'), memory(n, 'work')]) : [],
    wanted: lower ? shared.map(({ own, path }, n) => layer(own, memory(n, 'upper'), memory(n, 'work'), path)) : [],
    last: [
      ...pathsToHide(showAt).map(([path, isFolder]) => (isFolder ? emptied(path) : bind('/dev/null', path))),
      bind(join(STAGE, 'tmp'), '/tmp'),
      bind(join(STAGE, 'dev'), '/dev'),
    ],
    writable: folders,
  };
}

const DEVICES: readonly Mount[] = [
  ...['null', 'zero', 'full', 'random', 'urandom', 'tty'].map((name) =>
    bind(`/dev/${name}`, `${STAGE}/dev/${name}`, ''),
  ),
  ['devpts', `${STAGE}/dev/pts`, 'devpts', 'newinstance,ptmxmode=666,mode=620'],
  bind(`${STAGE}/dev/pts/ptmx`, `${STAGE}/dev/ptmx`, ''),
  ['tmpfs', `${STAGE}/dev/shm`, 'tmpfs', 'mode=1777'],
];

function bind(source: string, target: string, more = ',X-mount.mkdir'): Mount {
  return [source, target, 'none', `rbind${more}`];
}

function emptied(path: string): Mount {
  return ['tmpfs', path, 'tmpfs', 'ro,mode=700'];
}

function layer(lower: string, upper: string, work: string, target: string): Mount {
  return ['overlay', target, 'overlay', `lowerdir=${lower},upperdir=${upper},workdir=${work},userxattr,X-mount.mkdir`];
}

/** Where what is written over a dependency folder goes: it is gone with the command. */
function memory(n: number, part: 'upper' | 'work'): string {
  return `${STAGE}/memory/${n}/${part}`;
}

function staged(path: string): string {
  return isBelow('/tmp', path) ? join(STAGE, 'tmp', relative('/tmp', path)) : path;
}

function fstabLine(mount: Mount): string {
  const fields = mount.map((field) =>
    field.replace(/[\s\\#]/g, (c) => `\\${c.charCodeAt(0).toString(8).padStart(3, '0')}`),
  );
  return `${fields.join(' ')} 0 0\n`;
}
