import { cpSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterEach } from 'vitest';
import { runProcess } from '../../src/platform/process.ts';

const MAESTRO = fileURLToPath(new URL('../../bin/maestro.mjs', import.meta.url));
const EXAMPLES = fileURLToPath(new URL('../../examples/', import.meta.url));
const made: string[] = [];

afterEach(() => {
  for (const folder of made.splice(0)) rmSync(folder, { recursive: true, force: true });
});

/** A folder that is removed after the test, outside the folder for temporary files that Maestro itself uses. */
export function folder(): string {
  const path = mkdtempSync(join(tmpdir(), 'e2e-'));
  made.push(path);
  return path;
}

/** A project of these files in a folder of its own. */
export function project(files: Record<string, string>): string {
  const root = join(folder(), 'project');
  mkdirSync(root);
  for (const [path, content] of Object.entries(files)) {
    mkdirSync(dirname(join(root, path)), { recursive: true });
    writeFileSync(join(root, path), content);
  }
  return root;
}

export function example(name: string): string {
  const root = join(folder(), name);
  cpSync(join(EXAMPLES, name), root, { recursive: true });
  return root;
}

export interface Result {
  readonly status: number | null;
  readonly stdout: string;
  readonly stderr: string;
  /** The last line of stdout when it is an object, else `{}`. */
  readonly json: Record<string, unknown>;
}

/** Runs the built command line as a user would, with its own state folder. */
export async function maestro(
  args: readonly string[],
  cwd: string,
  options: { readonly state?: string; readonly signal?: AbortSignal; readonly env?: Record<string, string> } = {},
): Promise<Result> {
  const env = {
    PATH: process.env.PATH!,
    HOME: process.env.HOME!,
    MAESTRO_HOME: options.state ?? join(folder(), 'state'),
    ...options.env,
  };
  const limits = {
    timeLimitMs: 120_000,
    outputCapBytes: 10_000_000,
    signal: options.signal ?? new AbortController().signal,
  };
  const { exitCode, stdout, stderr } = await runProcess(
    { argv: [process.execPath, MAESTRO, ...args], cwd, env },
    limits,
  );
  const line = stdout.trimEnd().split('\n').at(-1) ?? '';
  return {
    status: exitCode,
    stdout,
    stderr,
    json: line.startsWith('{') ? (JSON.parse(line) as Record<string, unknown>) : {},
  };
}

/** Every file below a folder with its content, to see that nothing changed. */
export function contents(root: string): Record<string, string> {
  const entries = readdirSync(root, { recursive: true, withFileTypes: true }).filter((entry) => entry.isFile());
  return Object.fromEntries(
    entries
      .map((entry) => [
        join(entry.parentPath, entry.name).slice(root.length + 1),
        readFileSync(join(entry.parentPath, entry.name), 'latin1'),
      ])
      .sort(),
  );
}
