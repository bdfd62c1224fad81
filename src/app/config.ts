import { readFile } from 'node:fs/promises';
import { dirname, join, resolve } from 'node:path';
import type { z } from 'zod';
import { type Config, configFrom, projectConfig, userConfig } from '../domain/config.ts';
import { MaestroError } from '../domain/errors.ts';
import type { WorkflowLimits } from '../domain/stage-limits.ts';
import { configFolder } from '../platform/config-folder.ts';
import { projectRoot } from '../platform/project-root.ts';
import { readJsonc } from './read-jsonc.ts';

/** Name of the file, in the user's folder for settings and at the root of a project. */
const CONFIG_FILE = 'maestro.config.jsonc';

const MAX_BYTES = 1024 * 1024;
const USER_REMEDY = 'mend that line; docs/reference/configuration.md lists every key';
const PROJECT_REMEDY =
  'a project may only tighten limits, approval and pack_budget; advisors, programs, addresses and keys belong in your own file';

/** Where the user's own file is: `MAESTRO_CONFIG`, else in their folder for settings. */
export function userConfigFile(env: Readonly<Record<string, string | undefined>>): string {
  return env.MAESTRO_CONFIG ? resolve(env.MAESTRO_CONFIG) : join(configFolder(env), CONFIG_FILE);
}

/**
 * The configuration in force in a workspace (a real path; null: in none): defaults, the user's file, tightened by the project's, from the workspace up to the
 * root of its git repository. A file that is not there changes nothing, except one that `MAESTRO_CONFIG` names. Throws `bad_config` with file, line, column and key.
 */
export async function loadConfig(
  workspace: string | null,
  env: Readonly<Record<string, string | undefined>>,
): Promise<Config> {
  const own = userConfigFile(env);
  const user = await read(own, userConfig, USER_REMEDY);
  if (user === null && env.MAESTRO_CONFIG)
    throw new MaestroError('bad_config', `${own} is not there`, 'MAESTRO_CONFIG names it: create it, or unset that');
  const folders = workspace === null ? [] : projectFolders(workspace);
  const theirs = folders.map((folder) => join(folder, CONFIG_FILE));
  const reading = theirs.filter((file) => file !== own).map((file) => read(file, projectConfig, PROJECT_REMEDY));
  const project = (await Promise.all(reading)).filter((file) => file !== null);
  refuseRepeatedIds(own, user?.advisors ?? []);
  return configFrom(user ?? {}, ...project);
}

/** The workspace and the folders above it up to the root of its project. */
function projectFolders(workspace: string): readonly string[] {
  const root = projectRoot(workspace);
  const folders = [workspace];
  for (let folder = workspace; folder !== root; ) {
    folder = dirname(folder);
    folders.push(folder);
  }
  return folders;
}

/** The limits of the workflows of a workspace. Throws as `loadConfig`. */
export async function limitsIn(
  workspace: string | null,
  env: Readonly<Record<string, string | undefined>>,
): Promise<WorkflowLimits> {
  return limitsOf(await loadConfig(workspace, env));
}

/** The limits that a configuration sets. */
export function limitsOf({ consults, debugIterations }: Config): WorkflowLimits {
  return { ...consults, debug_iterations: debugIterations };
}

async function read<S extends z.ZodType>(file: string, schema: S, remedy: string): Promise<z.output<S> | null> {
  const text = await readFile(file, 'utf8').catch((cause: NodeJS.ErrnoException) => {
    if (cause.code === 'ENOENT' || cause.code === 'ENOTDIR') return null;
    throw new MaestroError(
      'bad_config',
      `${file} cannot be read (${cause.code})`,
      'make it readable, or move it away',
      {
        cause,
      },
    );
  });
  if (text === null) return null;
  if (text.length > MAX_BYTES) throw new MaestroError('bad_config', `${file} is over ${MAX_BYTES} bytes`, remedy);
  const known = checked.get(file);
  if (known?.text === text && known.schema === schema) return structuredClone(known.value) as z.output<S>;
  const value = readJsonc(file, text, schema, remedy);
  if (checked.size >= MAX_CHECKED) checked.clear();
  checked.set(file, { text, schema, value: structuredClone(value) });
  return value;
}

const MAX_CHECKED = 16;
/** What a file's text came to: it is read every time, and checked again when it is not the same to the letter. */
const checked = new Map<string, { readonly text: string; readonly schema: z.ZodType; readonly value: unknown }>();

function refuseRepeatedIds(file: string, advisors: Config['advisors']): void {
  const ids = advisors.map(({ id, provider }) => id ?? provider);
  const twice = ids.find((id, index) => ids.indexOf(id) !== index);
  if (twice === undefined) return;
  throw new MaestroError('bad_config', `${file}: two advisors are called '${twice}'`, 'give each an id of its own');
}
