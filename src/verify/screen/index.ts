import { realpath } from 'node:fs/promises';
import { sep } from 'node:path';
import type { ChangeSet } from '../../domain/change.ts';
import type { Baseline } from '../../domain/evidence.ts';
import type { Screener, Screening, Snapshot } from '../../domain/ports.ts';
import { loadDefinitions } from '../../platform/load-definitions.ts';
import type { ProcessSpec } from '../../platform/process.ts';
import { programOf } from '../runners/index.ts';
import { commandScreener } from './command-screener.ts';
import type { Launch, ScreenKind } from './kind.ts';
import { openWarmScreener } from './warm-screener.ts';

const KINDS = new URL('./kinds/', import.meta.url);

export interface ScreenerOptions {
  readonly snapshot: Snapshot;
  /** A copy of the tree on disk to run in; nothing of it is changed by screening. */
  readonly dir: string;
  /** Where in `dir` the command runs; '' for `dir` itself. */
  readonly folder?: string;
  /** The user's argv. */
  readonly command: readonly string[];
  readonly baseline: Baseline;
  /** How many candidates are tried at once. */
  readonly concurrency: number;
  /** Wraps an argv in the sandbox; identity where there is none. */
  confine(argv: readonly string[]): readonly string[];
  readonly env: ProcessSpec['env'];
  readonly signal: AbortSignal;
  /** Runs the user's command for one candidate. */
  fallback(change: ChangeSet, signal: AbortSignal): Promise<Screening>;
}

/**
 * Opens the warm screener of the command's runner. Where there is none, where it cannot start, or where it does not
 * see the tests fail and pass as the baseline says, the screener is of kind `command`: it runs `fallback`.
 */
export async function openScreener(options: ScreenerOptions): Promise<Screener> {
  const dir = await realpath(options.dir);
  const launched = await launch(options, dir);
  const warm = launched && (await openWarmScreener({ ...options, dir, ...launched }));
  return warm ?? commandScreener(options);
}

async function launch(options: ScreenerOptions, dir: string) {
  const { command, snapshot, folder = '' } = options;
  const program = await programOf(command, folder === '' ? dir : `${dir}${sep}${folder}`);
  const kinds = await loadDefinitions<ScreenKind>(KINDS, 'kind');
  const kind = program && kinds.find(({ runners }) => runners.includes(program.runner));
  if (!kind) return null;
  const read = (path: string) => snapshot.read(path);
  const within = (path: string) => (folder === '' ? path : path === '' ? folder : `${folder}/${path}`);
  const here = { ...program, testFiles: program.testFiles.map(within), folder: within(program.folder) };
  const found: Launch | null = await kind.launch({ program: here, command, dir, original: snapshot.root, read });
  return found && { kind, runner: program.runner, launch: { ...found, env: { ...options.env, ...found.env } } };
}
