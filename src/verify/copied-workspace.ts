import { existsSync } from 'node:fs';
import { mkdir, symlink } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { removeTree, writeTree } from '../platform/files.ts';
import { NO_SANDBOX, type Sandbox } from '../platform/sandbox.ts';
import { makeTempDir, removeTempDir } from '../platform/temp.ts';
import { type FolderImage, fillFolder, restoreFolder } from './folder-image.ts';
import { linkDependencies } from './link-dependencies.ts';
import type { TreeSnapshot } from './snapshot.ts';
import { sharedFolders, type Workspace, type Workspaces } from './workspace.ts';

interface Slot {
  readonly home: string;
  readonly tree: string;
  readonly image: FolderImage;
}

/** Copies of the snapshot, as many as are in use at once; each is put right before it is used again. */
export function openCopies(snapshot: TreeSnapshot, sandbox: Sandbox): Workspaces {
  const free: Slot[] = [];
  const homes = new Set<string>();
  const drop = async (home: string) => {
    homes.delete(home);
    await removeTempDir(home);
  };
  const take = async (): Promise<Slot> => {
    const slot = free.pop();
    if (slot) {
      await restoreFolder(slot.tree, slot.image);
      return slot;
    }
    const home = makeTempDir('workspace');
    homes.add(home);
    return makeSlot(snapshot, sandbox, home);
  };
  return {
    open: async (change) => {
      const slot = await take();
      const giveBack = async () => void (homes.has(slot.home) && free.push(slot));
      try {
        await emptyFolders(slot.home);
        await writeTree(slot.tree, change);
        return workspace(snapshot, sandbox, slot, giveBack);
      } catch (error) {
        await giveBack();
        throw error;
      }
    },
    close: async () => {
      free.length = 0;
      await Promise.all([...homes].map(drop));
    },
  };
}

async function makeSlot(snapshot: TreeSnapshot, sandbox: Sandbox, home: string): Promise<Slot> {
  const tree = join(home, 'tree');
  const shared = sharedFolders(snapshot, sandbox);
  const links = sandbox.kind === NO_SANDBOX.kind ? await linkDependencies(snapshot, tree) : [];
  const points = sandbox.kind === NO_SANDBOX.kind ? [] : shared.map((path) => path.slice(snapshot.root.length + 1));
  const image = await fillFolder(snapshot.dir, tree, { links, folders: points });
  const above = nearestModules(dirname(snapshot.root));
  if (above && sandbox.kind === NO_SANDBOX.kind) await symlink(above, join(home, 'node_modules'));
  return { home, tree, image };
}

function workspace(
  snapshot: TreeSnapshot,
  sandbox: Sandbox,
  { home, tree }: Slot,
  close: () => Promise<void>,
): Workspace {
  const reportDir = join(home, 'report');
  const locate = (path: string) =>
    [tree, snapshot.root].map((base) => join(base, path)).find((at) => existsSync(at)) ?? null;
  if (sandbox.kind === NO_SANDBOX.kind) {
    const cwd = join(tree, snapshot.folder);
    return {
      root: tree,
      cwd,
      reportDir,
      env: { TMPDIR: join(home, 'tmp') },
      locate,
      close,
      wrap: (argv) => ({ argv: [...argv], cwd }),
    };
  }
  const cwd = join(snapshot.root, snapshot.folder);
  const view = {
    workspace: tree,
    showAt: snapshot.root,
    cwd,
    writable: [reportDir],
    readOnly: sharedFolders(snapshot, sandbox),
  };
  const env = { TMPDIR: '/tmp', GOCACHE: '/tmp/go-build' };
  return {
    root: snapshot.root,
    cwd,
    reportDir,
    env,
    locate,
    close,
    wrap: (argv) => ({ argv: sandbox.wrap(argv, view), cwd: '/' }),
  };
}

async function emptyFolders(home: string): Promise<void> {
  for (const name of ['report', 'tmp']) {
    await removeTree(join(home, name));
    await mkdir(join(home, name));
  }
}

/** Packages that programs of the tree find in a folder above it. */
function nearestModules(folder: string): string | null {
  const modules = join(folder, 'node_modules');
  if (existsSync(modules)) return modules;
  return folder === dirname(folder) ? null : nearestModules(dirname(folder));
}
