import { homedir } from 'node:os';
import { dirname, isAbsolute, relative, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { MaestroError } from '../domain/errors.ts';

/** What the process knows of where the work is. */
export interface Whereabouts {
  readonly cwd: string;
  readonly env: Readonly<Record<string, string | undefined>>;
}

/** Where hosts keep what they install; servers of theirs are started in there. */
const PLUGIN_FOLDER =
  /[\\/]\.(claude|codex|gemini|cursor|agents|kiro|qwen|vscode)([\\/][^\\/]+)*[\\/](plugins|extensions)([\\/]|$)/;
const PLUGIN_ROOTS = ['CLAUDE_PLUGIN_ROOT', 'PLUGIN_ROOT'];

/**
 * The absolute folder that a call is about: the one it names, else the host's project folder, else the folder the process
 * is in. Throws `workspace_missing` where that cannot be a project: a plugin's folder, the home folder, the root.
 */
export function workspaceOf(named: string | undefined, { cwd, env }: Whereabouts): string {
  const project = env.CLAUDE_PROJECT_DIR || null;
  if (named !== undefined) return absolute(named, project ?? (unfit(cwd, env) === null ? cwd : null));
  const folder = project ?? cwd;
  const why = project === null ? unfit(cwd, env) : null;
  if (why === null) return resolve(folder);
  throw new MaestroError('workspace_missing', `no workspace was named, and this server runs in ${why}`, REMEDY);
}

/** As `workspaceOf` where no folder is named, or null where the server's folder is nobody's project. */
export function workspaceHere(whereabouts: Whereabouts): string | null {
  try {
    return workspaceOf(undefined, whereabouts);
  } catch (error) {
    if (error instanceof MaestroError) return null;
    throw error;
  }
}

const REMEDY = 'call again with workspace: the absolute path of the project you are working on';

function absolute(named: string, base: string | null): string {
  const path = named.startsWith('file://') ? pathOf(named) : named.replace(/^~(?=$|\/)/, homedir());
  if (isAbsolute(path)) return aProject(resolve(path));
  if (base !== null) return resolve(base, path);
  throw new MaestroError('workspace_missing', `'${named}' is not an absolute path`, REMEDY);
}

/** Nobody's project is everything: it would be read for hours. */
function aProject(path: string): string {
  if (dirname(path) !== path) return path;
  throw new MaestroError('workspace_missing', `${path} is the root of the file system, not a project`, REMEDY);
}

function pathOf(url: string): string {
  try {
    return fileURLToPath(url);
  } catch (cause) {
    throw new MaestroError('workspace_missing', `'${url}' names no folder of this machine`, REMEDY, { cause });
  }
}

/** Why a folder cannot be the project, or null. */
function unfit(folder: string, env: Whereabouts['env']): string | null {
  const path = resolve(folder);
  if (dirname(path) === path) return 'the root folder';
  if (path === resolve(env.HOME || env.USERPROFILE || homedir())) return 'the home folder';
  const roots = PLUGIN_ROOTS.map((name) => env[name]).filter((root) => root !== undefined && root !== '');
  if (PLUGIN_FOLDER.test(path) || roots.some((root) => isInside(path, root!))) return "a plugin's folder";
  return null;
}

function isInside(path: string, folder: string): boolean {
  const way = relative(resolve(folder), path);
  return !way.startsWith('..') && !isAbsolute(way);
}
