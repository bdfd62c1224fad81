import type { SandboxKind, SandboxView } from './sandbox.ts';
import { pathsToHide, programsBelow, tunables } from './sandbox-paths.ts';

/** bubblewrap (`bwrap`): user, mount, pid, network and ipc namespaces, no capabilities left. No overlays before 0.11, so none. */
export const bubblewrap: SandboxKind = {
  kind: 'bubblewrap',
  overlays: false,
  wrap(argv, view) {
    if (view.lower) throw new TypeError('this sandbox has no overlays');
    return ['bwrap', ...ISOLATION, ...mounts(view), '--chdir', view.cwd ?? view.showAt, '--', ...argv];
  },
};

const ISOLATION = [
  ...['--unshare-user', '--unshare-pid', '--unshare-net', '--unshare-ipc', '--unshare-uts', '--die-with-parent'],
  ...['--cap-drop', 'ALL', '--ro-bind', '/', '/', '--dev', '/dev', '--proc', '/proc'],
];

function mounts({ workspace, showAt, writable = [], readOnly = [] }: SandboxView): string[] {
  return [
    ...tunables().flatMap((path) => ['--ro-bind', path, path]),
    ...['--tmpfs', '/tmp'],
    ...programsBelow('/tmp').flatMap((path) => ['--ro-bind', path, path]),
    ...['--bind', workspace, showAt],
    ...readOnly.flatMap((path) => ['--ro-bind', path, path]),
    ...writable.flatMap((path) => ['--bind', path, path]),
    ...pathsToHide(showAt).flatMap(([path, isFolder]) =>
      isFolder ? ['--tmpfs', path, '--remount-ro', path] : ['--ro-bind', '/dev/null', path],
    ),
  ];
}
