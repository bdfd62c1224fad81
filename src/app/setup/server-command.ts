import { existsSync, realpathSync } from 'node:fs';
import { dirname, join, sep } from 'node:path';
import { fileURLToPath } from 'node:url';
import { VERSION } from '../version.ts';

const PACKAGE_ROOT = fileURLToPath(new URL('../../../', import.meta.url));
const PACKAGE = 'maestro-workflow';

/** How a host is to start the server: a program by its absolute path, and its arguments. */
export interface ServerCommand {
  readonly command: string;
  readonly args: readonly string[];
  /** Whether it may have to fetch the package first. */
  readonly fetches: boolean;
}

/** How this Maestro was started: its own Node and files, or, where those are npx's and may vanish, npx again. */
export interface Started {
  readonly node: string;
  readonly packageRoot: string;
}

/** The Node that runs this, and the package it runs. */
export const thisMaestro = (): Started => ({ node: process.execPath, packageRoot: realpathSync(PACKAGE_ROOT) });

/** The command that starts the server of this same Maestro, from any folder and with any PATH. */
export function serverCommand({ node, packageRoot }: Started = thisMaestro()): ServerCommand {
  const program = lastingNode(node);
  if (!packageRoot.split(sep).includes('_npx'))
    return { command: program, args: [join(packageRoot, 'bin', 'maestro.mjs'), 'mcp'], fetches: false };
  const npx = npxBeside(node);
  const args = ['-y', `${PACKAGE}@${VERSION}`, 'mcp'];
  if (npx === null) return { command: 'npx', args, fetches: true };
  return { command: program, args: [npx, ...args], fetches: true };
}

/** Whether an entry that a host already has starts some Maestro of ours, this one or another. */
export function startsMaestro(entry: Readonly<Record<string, unknown>>): boolean {
  const words = [entry.command, ...(Array.isArray(entry.args) ? entry.args : [])].map(String);
  return words.some((word) => /(^|[\\/])maestro\.mjs$/.test(word) || new RegExp(`^${PACKAGE}(@|$)`).test(word));
}

/** Homebrew removes the folder of a version with its next one; the link to the newest stays. */
function lastingNode(node: string): string {
  const brewed = /^(.*)\/Cellar\/(node(?:@\d+)?)\/[^/]+\/bin\/node$/.exec(node);
  const link = brewed ? join(brewed[1]!, 'opt', brewed[2]!, 'bin', 'node') : node;
  return existsSync(link) ? link : node;
}

/** npx as a script, in the npm that came with a Node. */
function npxBeside(node: string): string | null {
  const bin = dirname(node);
  const candidates = [
    join(bin, '..', 'lib', 'node_modules', 'npm', 'bin', 'npx-cli.js'),
    join(bin, 'node_modules', 'npm', 'bin', 'npx-cli.js'),
  ];
  return candidates.find((path) => existsSync(path)) ?? null;
}
