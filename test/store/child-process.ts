import { type ChildProcess, spawn } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, onTestFinished } from 'vitest';

const TIME_LIMIT_MS = 50_000;

/** Children share what Node compiled: most of a short program's time goes there. */
const COMPILED = mkdtempSync(join(tmpdir(), 'maestro-compiled-'));
afterAll(() => rmSync(COMPILED, { recursive: true, force: true }));

/** How a child ended, and what it printed. */
interface Ended {
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** A running child: `said` waits for a text on its stdout, `ended` for its end. */
export interface Child {
  readonly process: ChildProcess;
  readonly ended: Promise<Ended>;
  said(text: string): Promise<void>;
}

/** Starts a TypeScript program beside the caller under this Node; killed when the test ends. */
export function startChild(
  program: URL,
  args: readonly string[],
  asNobody = false,
  environment: Readonly<Record<string, string | undefined>> = process.env,
): Child {
  const child = spawn(process.execPath, [fileURLToPath(program), ...args], {
    stdio: ['ignore', 'pipe', 'pipe'],
    timeout: TIME_LIMIT_MS,
    env: { ...environment, NODE_COMPILE_CACHE: COMPILED },
    killSignal: 'SIGKILL',
    ...(asNobody ? { uid: 65_534, gid: 65_534 } : {}),
  });
  onTestFinished(() => void child.kill('SIGKILL'));
  let stdout = '';
  let stderr = '';
  child.stdout.on('data', (chunk) => (stdout += chunk));
  child.stderr.on('data', (chunk) => (stderr += chunk));
  const ended = new Promise<Ended>((resolve) =>
    child.on('close', (code, signal) => resolve({ code, signal, stdout, stderr })),
  );
  const said = (text: string): Promise<void> =>
    new Promise((resolve, reject) => {
      const look = (): void => void (stdout.includes(text) && resolve());
      child.stdout.on('data', look);
      child.on('close', () => reject(new Error(`the child ended without saying '${text}': ${stderr}`)));
      look();
    });
  return { process: child, ended, said };
}
