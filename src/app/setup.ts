import { existsSync } from 'node:fs';
import { homedir } from 'node:os';
import { delimiter, join } from 'node:path';
import { MaestroError } from '../domain/errors.ts';
import { redact } from '../domain/redaction.ts';
import { loadDefinitions } from '../platform/load-definitions.ts';
import { renderPatch } from '../platform/patch.ts';
import { loadConfig } from './config.ts';
import { type FoundFile, findFile, missingFolders, replaceFound } from './setup/config-file.ts';
import { badConfig } from './setup/config-format.ts';
import type { HostDefinition, Scope, Surroundings, Variables } from './setup/host.ts';
import { dropReceipt, keepReceipt, readReceipt, receiptFor, undone } from './setup/receipt.ts';
import { type ServerCommand, serverCommand, startsMaestro } from './setup/server-command.ts';
import { variablesFor } from './setup/variables.ts';

/** What is asked for. */
export interface SetupRequest {
  readonly scope: Scope;
  /** Takes Maestro out again. */
  readonly remove: boolean;
  /** Says what would be done and does nothing. */
  readonly dryRun: boolean;
}

/** What was done to one host's file, or would be. */
export interface SetupOutcome {
  readonly host: string;
  readonly title: string;
  readonly file: string;
  readonly change: 'added' | 'updated' | 'unchanged' | 'removed' | 'absent';
  /** The change as hunks of a unified diff, without anything that looks like a secret; empty when there is none. */
  readonly diff: string;
  readonly written: boolean;
  readonly afterwards: string;
}

/** A host as it was found on this machine: whether it is installed, and what setting it up would do. */
export interface FoundHost {
  readonly host: string;
  readonly title: string;
  readonly installed: boolean;
  /** Null where it is not installed, or its file cannot be read; then `problem` says why. */
  readonly outcome: SetupOutcome | null;
  readonly problem: string | null;
}

/** How the server is started, and with which variables; found out once for all hosts. */
interface Server {
  readonly command: ServerCommand;
  readonly variables: Variables;
}

const FOLDER = new URL('./hosts/', import.meta.url);

/** Every host, by listing their folder. */
export function loadHosts(): Promise<HostDefinition[]> {
  return loadDefinitions<HostDefinition>(FOLDER, 'host');
}

/** Where hosts look for their files, from an environment. */
export function surroundingsOf(env: Surroundings['env'], cwd: string): Surroundings {
  return { env, cwd, home: env.HOME || env.USERPROFILE || homedir(), platform: process.platform };
}

/** Puts Maestro into one host's configuration, or takes it out. Throws `bad_host_config` for a file it cannot change. */
export async function setUp(
  id: string,
  request: SetupRequest,
  surroundings: Surroundings,
  command: ServerCommand = serverCommand(),
): Promise<SetupOutcome> {
  const hosts = await loadHosts();
  const host = hosts.find((one) => one.id === id);
  if (!host) {
    const known = hosts.map((one) => one.id).join(', ');
    throw new MaestroError('usage', `there is no host '${id}'`, `choose among: ${known}`);
  }
  const server = { command, variables: await variables(surroundings) };
  return change(host, request, surroundings, server);
}

/** Looks for every host and says what setting each up would do; nothing is written. */
export async function findHosts(
  surroundings: Surroundings,
  command: ServerCommand = serverCommand(),
): Promise<FoundHost[]> {
  const server = { command, variables: await variables(surroundings) };
  const found: FoundHost[] = [];
  for (const host of await loadHosts()) found.push(await look(host, surroundings, server));
  return found;
}

async function look(host: HostDefinition, surroundings: Surroundings, server: Server): Promise<FoundHost> {
  const named = { host: host.id, title: host.title };
  if (!isInstalled(host, surroundings)) return { ...named, installed: false, outcome: null, problem: null };
  try {
    const outcome = await change(host, { scope: 'user', remove: false, dryRun: true }, surroundings, server);
    return { ...named, installed: true, outcome, problem: null };
  } catch (error) {
    if (!(error instanceof MaestroError)) throw error;
    return { ...named, installed: true, outcome: null, problem: error.message };
  }
}

async function change(
  host: HostDefinition,
  { scope, remove, dryRun }: SetupRequest,
  surroundings: Surroundings,
  server: Server,
): Promise<SetupOutcome> {
  const file = host.file(scope, surroundings);
  return inFile(file, async () => {
    const found = findFile(file);
    const original = originalOf(host, found, surroundings);
    const after = remove ? original.text : withServer(host, found.text ?? '', server);
    const outcome: SetupOutcome = {
      host: host.id,
      title: host.title,
      file,
      change: describe(found.text, original.text, after, remove),
      diff: hunks(found.text, after),
      written: !dryRun && after !== found.text,
      afterwards: host.afterwards,
    };
    if (!outcome.written) return outcome;
    const folders = original.folders ?? missingFolders(found.real);
    if (after !== null) await remember(found, original.text, after, folders, remove, surroundings);
    await replaceFound(found, after, folders);
    if (remove) dropReceipt(found.real, surroundings.env);
    return outcome;
  });
}

/** The file as it is without Maestro: as it was before, where nobody changed it since; else with the entry taken out. */
function originalOf(
  host: HostDefinition,
  { real, text }: FoundFile,
  { env }: Surroundings,
): { readonly text: string | null; readonly folders: readonly string[] | null } {
  if (text === null) return { text: null, folders: null };
  const receipt = readReceipt(real, env);
  const before = receipt ? undone(receipt, text) : undefined;
  if (before !== undefined) return { text: before, folders: receipt!.folders };
  refuseStranger(host, text);
  return { text: host.format.drop(text, host.path), folders: null };
}

function withServer(host: HostDefinition, text: string, { command, variables: names }: Server): string {
  refuseStranger(host, text);
  return host.format.put(text, host.path, host.entry(command, names));
}

/** Other programs are called Maestro too: what starts one of them is left alone. */
function refuseStranger(host: HostDefinition, text: string): void {
  const there = host.format.read(text, host.path);
  if (there === undefined || startsMaestro(there)) return;
  throw badConfig(
    `its '${host.path.join('.')}' starts something else`,
    'give that server another name, or take it out; it was not touched',
  );
}

async function remember(
  found: FoundFile,
  original: string | null,
  after: string,
  folders: readonly string[],
  remove: boolean,
  { env }: Surroundings,
): Promise<void> {
  if (!remove) await keepReceipt(receiptFor(found.real, original, after, folders), env);
}

function describe(
  before: string | null,
  original: string | null,
  after: string | null,
  remove: boolean,
): SetupOutcome['change'] {
  if (remove) return before === original ? 'absent' : 'removed';
  if (before === after) return 'unchanged';
  return before === original ? 'added' : 'updated';
}

function hunks(before: string | null, after: string | null): string {
  const patch = renderPatch([{ path: 'file', content: after }], () => before);
  const start = patch.indexOf('@@');
  return start < 0 ? '' : redact(patch.slice(start)).text;
}

/** Puts the file's name in front of what is wrong with it. */
async function inFile<T>(file: string, work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    if (!(error instanceof MaestroError) || error.code !== 'bad_host_config') throw error;
    throw new MaestroError('bad_host_config', `${file}: ${error.message}`, error.remedy, { cause: error });
  }
}

async function variables({ env, cwd }: Surroundings): Promise<Variables> {
  return variablesFor(await loadConfig(cwd, env));
}

function isInstalled({ programs, traces }: HostDefinition, surroundings: Surroundings): boolean {
  const extensions = surroundings.platform === 'win32' ? ['.cmd', '.exe', '.bat'] : [''];
  const folders = (surroundings.env.PATH ?? '').split(delimiter).filter((folder) => folder !== '');
  const onPath = folders.some((folder) =>
    programs.some((program) => extensions.some((extension) => existsSync(join(folder, program + extension)))),
  );
  return onPath || traces(surroundings).some((path) => existsSync(path));
}
