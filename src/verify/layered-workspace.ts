import { existsSync } from 'node:fs';
import { chmod, mkdir, realpath, stat } from 'node:fs/promises';
import { homedir } from 'node:os';
import { basename, dirname, join, relative, resolve } from 'node:path';
import type { ChangeSet, FileChange } from '../domain/change.ts';
import { MaestroError } from '../domain/errors.ts';
import { isInside, writeTree } from '../platform/files.ts';
import type { Sandbox, SandboxView } from '../platform/sandbox.ts';
import { makeTempDir, removeTempDir } from '../platform/temp.ts';
import type { TreeSnapshot } from './snapshot.ts';
import { sharedFolders, type Workspace, type Workspaces } from './workspace.ts';

/** Caches of tools that write to them on every run; what they write is thrown away. */
const TOOL_CACHES = ['.cache', '.npm', '.cargo', 'go'];

/** Each workspace is an empty layer over the snapshot that holds nothing but the change: it costs the same for any size of tree. */
export function openLayers(snapshot: TreeSnapshot, sandbox: Sandbox): Workspaces {
  const caches = TOOL_CACHES.map((name) => join(homedir(), name)).filter(
    (path) => existsSync(path) && !isInside(path, snapshot.root),
  );
  const readOnly = [...sharedFolders(snapshot, sandbox), ...caches];
  const open = new Set<string>();
  const drop = async (home: string) => {
    open.delete(home);
    await removeTempDir(home);
  };
  return {
    open: async (change) => {
      const home = makeTempDir('workspace');
      open.add(home);
      try {
        return await layer(snapshot, sandbox, change, { home, readOnly, drop: () => drop(home) });
      } catch (error) {
        await drop(home);
        throw error;
      }
    },
    close: async () => void (await Promise.all([...open].map(drop))),
  };
}

interface Place {
  readonly home: string;
  readonly readOnly: readonly string[];
  drop(): Promise<void>;
}

async function layer(
  snapshot: TreeSnapshot,
  sandbox: Sandbox,
  change: ChangeSet,
  { home, readOnly, drop }: Place,
): Promise<Workspace> {
  const [upper, work, reportDir] = ['upper', 'work', 'report'].map((name) => join(home, name)) as [
    string,
    string,
    string,
  ];
  await Promise.all([upper, work, reportDir].map((folder) => mkdir(folder)));
  const placed = await Promise.all(change.map((file) => placeIn(snapshot.dir, file)));
  await writeTree(
    upper,
    placed.filter(({ content }) => content !== null),
  );
  await keepModes(snapshot.dir, upper, placed);
  const removed = placed.filter(({ content }) => content === null).map(({ path }) => path);
  const cwd = join(snapshot.root, snapshot.folder);
  const view: SandboxView = {
    ...{ workspace: upper, showAt: snapshot.root, cwd, writable: [reportDir], readOnly },
    lower: { folder: snapshot.dir, work, removed },
  };
  return {
    ...{ root: snapshot.root, cwd, reportDir, env: { TMPDIR: '/tmp' }, close: drop },
    locate: (path) =>
      removed.includes(path)
        ? null
        : ([upper, snapshot.dir, snapshot.root].map((base) => join(base, path)).find((at) => existsSync(at)) ?? null),
    wrap: (argv) => ({ argv: sandbox.wrap(argv, view), cwd: '/' }),
  };
}

/** The change under the path it really has in the tree: folders on the way may be links. */
async function placeIn(dir: string, { path, content }: FileChange): Promise<FileChange> {
  const target = resolve(dir, path);
  let folder = dirname(target);
  while (!existsSync(folder) && isInside(dir, folder)) folder = dirname(folder);
  const real = await realpath(folder);
  const placed = relative(dir, join(real, relative(folder, dirname(target)), basename(target)));
  if (!isInside(dir, real) || placed.startsWith('..') || placed === '') throw leadsOut(path);
  return { path: placed, content };
}

async function keepModes(dir: string, upper: string, files: ChangeSet): Promise<void> {
  for (const { path } of files.filter(({ content }) => content !== null)) {
    const before = await stat(join(dir, path)).catch(() => null);
    if (before?.isFile()) await chmod(join(upper, path), before.mode & 0o777);
  }
}

function leadsOut(path: string): MaestroError {
  return new MaestroError(
    'bad_candidates',
    `${JSON.stringify(path)} leads out of the workspace`,
    'Name files by their path inside the workspace, and not through links.',
  );
}
