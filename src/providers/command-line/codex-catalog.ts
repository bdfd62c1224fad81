import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { atomicWrite } from '../../platform/files.ts';
import { makeFolder } from '../../platform/make-folder.ts';
import { runProcess } from '../../platform/process.ts';
import type { Call } from './dialect.ts';
import { programEnvironment } from './environment.ts';
import { type Json, listAt } from './json-lines.ts';

/** What a model's entry may bring in as tools, whatever the feature flags say. */
const NO_TOOLS: Json = {
  tool_mode: 'direct',
  apply_patch_tool_type: null,
  experimental_supported_tools: [],
  multi_agent_version: null,
  supports_search_tool: false,
  shell_type: 'disabled',
  input_modalities: ['text'],
};
const TIME_LIMIT_MS = 30_000;
const LARGEST_BYTES = 64 * 1024 * 1024;

/** The program's own list of models with every tool taken out: made once a version. Throws when it cannot be had, or is cancelled. */
export async function toollessCatalog({ program, folders, cacheFolder, env, signal }: Call): Promise<string> {
  const file = join(cacheFolder, `models-${program.version.replace(/[^\w.-]/g, '_')}.json`);
  if (existsSync(file)) return file;
  const { stdout, exitCode, truncated } = await runProcess(
    {
      argv: [program.path, 'debug', 'models', '--bundled'],
      cwd: folders.cwd,
      env: { ...programEnvironment(env), HOME: folders.home, CODEX_HOME: folders.home, TMPDIR: folders.tmp },
    },
    { timeLimitMs: TIME_LIMIT_MS, outputCapBytes: LARGEST_BYTES, signal },
  );
  signal.throwIfAborted();
  if (exitCode !== 0 || truncated) throw new Error('it does not list its models');
  const catalog = JSON.parse(stdout) as Json;
  const models = listAt(catalog, 'models').map((model) => ({ ...model, ...NO_TOOLS }));
  makeFolder(cacheFolder);
  await atomicWrite(file, JSON.stringify({ ...catalog, models }));
  return file;
}
