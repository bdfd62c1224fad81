import { type Dirent, existsSync } from 'node:fs';
import { readdir, realpath } from 'node:fs/promises';
import { basename, join, relative } from 'node:path';
import { isInside } from '../platform/files.ts';
import { dependencyFolderOf } from './dependency-folders.ts';
import type { TreeSnapshot } from './snapshot.ts';

/** A link to make: `path` relative to the tree. */
export interface Link {
  readonly path: string;
  readonly target: string;
}

/**
 * How a copy at `tree` reaches the original's dependency folders where nothing can be mounted. `node_modules` becomes a
 * folder of links, so that what tools write into it stays in the copy, and packages that are parts of the tree itself
 * (workspaces) lead to the copy; other folders are linked whole.
 */
export async function linkDependencies(snapshot: TreeSnapshot, tree: string): Promise<Link[]> {
  const links = await Promise.all(
    snapshot.dependencies
      .filter((path) => existsSync(join(snapshot.root, path)))
      .map((path) =>
        basename(path) === 'node_modules'
          ? linkPackages(snapshot.root, tree, path)
          : [{ path, target: join(snapshot.root, path) }],
      ),
  );
  return links.flat();
}

async function linkPackages(root: string, tree: string, folder: string): Promise<Link[]> {
  const inside = await readdir(join(root, folder), { withFileTypes: true });
  const links = await Promise.all(
    inside
      .filter(({ name }) => !/^\.(cache|vite|vite-temp|vitest|tmp)$/.test(name))
      .map((entry) => linkPackage(root, tree, `${folder}/${entry.name}`, entry)),
  );
  return links.flat();
}

async function linkPackage(root: string, tree: string, path: string, entry: Dirent): Promise<Link[]> {
  const from = join(root, path);
  if (entry.isDirectory() && entry.name.startsWith('@')) return linkPackages(root, tree, path);
  if (!entry.isSymbolicLink()) return [{ path, target: from }];
  const real = await realpath(from).catch(() => from);
  const way = relative(root, real);
  const isOurs = isInside(root, real) && dependencyFolderOf(`${way}/`) === null;
  return [{ path, target: isOurs ? join(tree, way) : real }];
}
