import { mkdirSync, mkdtempSync, readFileSync, realpathSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { onTestFinished } from 'vitest';
import type { Baseline } from '../../../src/domain/evidence.ts';
import type { Screener, Screening } from '../../../src/domain/ports.ts';
import { checkEnvironment } from '../../../src/platform/environment.ts';
import { NO_SANDBOX } from '../../../src/platform/sandbox.ts';
import { observeBaseline } from '../../../src/verify/baseline.ts';
import { openScreener, type ScreenerOptions } from '../../../src/verify/screen/index.ts';
import { takeSnapshot } from '../../../src/verify/snapshot.ts';
import { createVerifier } from '../../../src/verify/verifier.ts';

const NODE_MODULES = fileURLToPath(new URL('../../../node_modules', import.meta.url));
export const signal = new AbortController().signal;

export type Files = Readonly<Record<string, string>>;

export interface ScreenedProject {
  readonly dir: string;
  readonly baseline: Baseline;
  readonly screener: Screener;
  /** Screens with these files in place of the project's own. */
  screen(files: Files): Promise<Screening>;
  behaviour(files: Files): Promise<readonly string[] | null>;
  /** Changes that went to the user's command. */
  readonly fallbacks: string[];
}

interface Making {
  readonly files: Files;
  readonly command: readonly string[];
  /** Packages of this repository that the project has. */
  readonly packages?: readonly string[];
  readonly options?: Partial<ScreenerOptions>;
  readonly baseline?: Baseline;
}

/** A project on disk, its real baseline by its real command, and its screener; all gone when the test is over. */
export async function screened({
  files,
  command,
  packages = [],
  options = {},
  baseline,
}: Making): Promise<ScreenedProject> {
  const dir = makeProject(files, packages);
  const snapshot = await takeSnapshot(dir, { signal });
  onTestFinished(() => snapshot.dispose());
  const known = baseline ?? (await baselineOf(snapshot, command));
  const fallbacks: string[] = [];
  const screener = await openScreener({
    ...{ snapshot, dir, command, baseline: known, concurrency: 1, env: checkEnvironment(), signal },
    confine: (argv) => argv,
    fallback: async (change) => {
      fallbacks.push(change.map(({ path }) => path).join());
      return { verdict: 'fail', fixed: 0, broken: 0 };
    },
    ...options,
  });
  onTestFinished(() => screener.close());
  const change = (changed: Files) => Object.entries(changed).map(([path, content]) => ({ path, content }));
  return {
    ...{ dir, baseline: known, screener, fallbacks },
    screen: (changed) => screener.screen(change(changed), signal),
    behaviour: (changed) => screener.behaviour(change(changed), signal),
  };
}

async function baselineOf(
  snapshot: Awaited<ReturnType<typeof takeSnapshot>>,
  command: readonly string[],
): Promise<Baseline> {
  const verifier = await createVerifier({ snapshot, command, sandbox: NO_SANDBOX });
  try {
    return await observeBaseline(verifier, command, { signal, timeLimitMs: 30_000 });
  } finally {
    await verifier.close();
  }
}

function makeProject(files: Files, packages: readonly string[] = []): string {
  const dir = realpathSync(mkdtempSync(join(tmpdir(), 'maestro-screen-')));
  onTestFinished(() => rmSync(dir, { recursive: true, force: true }));
  for (const [path, text] of Object.entries(files)) {
    mkdirSync(dirname(join(dir, path)), { recursive: true });
    writeFileSync(join(dir, path), text);
  }
  for (const name of packages) {
    mkdirSync(dirname(join(dir, 'node_modules', name)), { recursive: true });
    symlinkSync(join(NODE_MODULES, name), join(dir, 'node_modules', name));
    linkPrograms(join(dir, 'node_modules'), name);
  }
  return dir;
}

/** What npm would put into `.bin`, so that npx finds it in the project and not by chance elsewhere. */
function linkPrograms(modules: string, name: string): void {
  const { bin = {} } = JSON.parse(readFileSync(join(modules, name, 'package.json'), 'utf8')) as {
    bin?: string | Record<string, string>;
  };
  mkdirSync(join(modules, '.bin'), { recursive: true });
  for (const [program, file] of Object.entries(typeof bin === 'string' ? { [name]: bin } : bin)) {
    symlinkSync(join('..', name, file), join(modules, '.bin', program));
  }
}

/** A baseline as it would be observed if it could be: for tests that do not end. */
export function knownBaseline(failing: readonly string[], passing: readonly string[] = []): Baseline {
  return { format: 'known', failing, passing, flaky: [], runs: [], ms: 100 };
}

/** What it was like to be screened, without the times. */
export const PASS = (fixed: number): Screening => ({ verdict: 'pass', fixed, broken: 0 });
