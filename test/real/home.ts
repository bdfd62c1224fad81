import { cpSync, existsSync, mkdirSync, mkdtempSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { onTestFinished } from 'vitest';
import type { ProcessResult } from '../../src/platform/process.ts';
import { runProcess } from '../../src/platform/process.ts';
import { startFakeModelServer } from '../models/model-server.mjs';

const ROOT = fileURLToPath(new URL('../../', import.meta.url));
export const MAESTRO = join(ROOT, 'bin', 'maestro.mjs');
const CLIENTS = join(ROOT, 'test', 'clients', 'node_modules');

/** The installed programs of other makers, by package; null where they are not installed. */
export const PROGRAMS = {
  claude: found(`@anthropic-ai/claude-code-${process.platform}-${process.arch}`, 'claude'),
  codex: found('@openai/codex', 'bin', 'codex.js'),
  gemini: found('@google/gemini-cli', 'bundle', 'gemini.js'),
  inspector: found('@modelcontextprotocol/inspector', 'clients', 'launcher', 'build', 'index.js'),
  mcpb: found('@anthropic-ai/mcpb', 'dist', 'cli', 'cli.js'),
} as const;
export type ProgramName = keyof typeof PROGRAMS;

/** Why tests with a program cannot run, told once on stderr; false when they can. */
export function missing(name: ProgramName): boolean {
  if (PROGRAMS[name] !== null) return false;
  process.stderr.write(`SKIPPED: no ${name} in test/clients; install it with: npm ci --prefix test/clients\n`);
  return true;
}

/** The program and its first arguments. */
export function argvOf(name: ProgramName): string[] {
  const path = PROGRAMS[name];
  if (path === null) throw new Error(`${name} is not installed`);
  return path.endsWith('.js') ? [process.execPath, path] : [path];
}

/** A home that no one else has, a project with the example's bug in it, and nothing of the real user's. */
export interface Home {
  readonly path: string;
  readonly project: string;
  readonly env: Readonly<Record<string, string>>;
  /** Runs a program in the project, with the home's environment. */
  run(argv: readonly string[], more?: Readonly<Record<string, string>>): Promise<ProcessResult>;
  /** Runs the built Maestro of this repository. */
  maestro(...args: string[]): Promise<ProcessResult>;
}

/** Makes a home that is removed when the test ends. */
export function makeHome(): Home {
  const path = realpathSync(mkdtempSync(join(tmpdir(), 'host-')));
  onTestFinished(() => rmSync(path, { recursive: true, force: true, maxRetries: 5 }));
  const project = join(path, 'bookings');
  cpSync(join(ROOT, 'examples', 'bookings'), project, { recursive: true });
  mkdirSync(join(path, 'config'));
  const env = {
    PATH: process.env.PATH!,
    HOME: path,
    LANG: 'C.UTF-8',
    SHELL: '/bin/bash',
    TERM: 'dumb',
    NO_COLOR: '1',
    MAESTRO_HOME: join(path, 'state'),
    MAESTRO_CONFIG: join(path, 'config', 'maestro.config.jsonc'),
  };
  writeFileSync(env.MAESTRO_CONFIG, '{}\n');
  const run: Home['run'] = (argv, more = {}) =>
    runProcess(
      { argv, cwd: project, env: { ...env, ...more }, stdin: '' },
      { timeLimitMs: 120_000, outputCapBytes: 20_000_000, signal: new AbortController().signal },
    );
  return { path, project, env, run, maestro: (...args) => run([process.execPath, MAESTRO, ...args]) };
}

/** Makes a model behind the loopback server an advisor called `local`, which may be asked often. */
export function configureAdvisor({ env }: Home, url: string): void {
  const advisor = { id: 'local', provider: 'openai-compatible', base_url: `${url}/v1`, model: 'fake-model' };
  const limits = { consults_per_stage: 10, consults_per_workflow: 20 };
  writeFileSync(env.MAESTRO_CONFIG!, `${JSON.stringify({ advisors: [advisor], limits })}\n`);
}

/** A step of the model server. */
export type Step = Readonly<Record<string, unknown>>;

/** A request that a model got. */
export interface Asked {
  readonly protocol: 'responses' | 'chat' | 'messages' | 'gemini';
  readonly body: Readonly<Record<string, unknown>>;
}

/** A model server on loopback that is closed when the test ends. */
export async function modelServer(script: (asked: Asked) => Step): Promise<string> {
  const server = await startFakeModelServer({ script });
  onTestFinished(() => server.close());
  return server.url;
}

function found(...parts: string[]): string | null {
  const path = join(CLIENTS, ...parts);
  return existsSync(path) ? path : null;
}
