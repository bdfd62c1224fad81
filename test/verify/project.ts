import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterEach } from 'vitest';
import { chooseSandbox, NO_SANDBOX, type Sandbox } from '../../src/platform/sandbox.ts';
import { bubblewrap } from '../../src/platform/sandbox-bubblewrap.ts';
import { unshare } from '../../src/platform/sandbox-unshare.ts';
import { type TreeSnapshot, takeSnapshot } from '../../src/verify/snapshot.ts';
import { createVerifier, type OpenVerifier, type VerifierSettings } from '../../src/verify/verifier.ts';

export const signal = new AbortController().signal;
export const options = { signal, timeLimitMs: 20_000 };

const candidates = await Promise.all([unshare, bubblewrap].map((kind) => chooseSandbox([kind])));

/** The sandboxes that work here. */
const REAL_SANDBOXES: readonly Sandbox[] = candidates.filter(({ kind }) => kind !== 'none');
if (REAL_SANDBOXES.length < 2)
  console.warn(
    `SKIPPED for some sandboxes: ${candidates
      .map(({ why }) => why ?? '')
      .filter(Boolean)
      .join('; ')}`,
  );

/** Each of them, and none at all: what has to work everywhere. */
export const SANDBOXES: ReadonlyArray<readonly [string, Sandbox]> = [...REAL_SANDBOXES, NO_SANDBOX].map((sandbox) => [
  sandbox.kind,
  sandbox,
]);

/** The best and none: for tests of what does not know how it is confined. */
export const BEST_AND_NONE = [...new Set([SANDBOXES[0]!, SANDBOXES.at(-1)!])];

const cleanUps: Array<() => unknown> = [];
afterEach(async () => {
  for (const cleanUp of cleanUps.splice(0).reverse()) await cleanUp();
});

/** A new folder that is gone after the test. */
export function newFolder(base: string = tmpdir()): string {
  const folder = realpathSync(mkdtempSync(join(base, 'maestro-test-')));
  cleanUps.push(() => rmSync(folder, { recursive: true, force: true }));
  return folder;
}

/** Has this process put its temporary files into a folder of its own until the end of the test. */
export function temporaryFolder(): string {
  const folder = newFolder();
  const before = process.env.TMPDIR;
  process.env.TMPDIR = folder;
  cleanUps.push(() => {
    if (before === undefined) delete process.env.TMPDIR;
    else process.env.TMPDIR = before;
  });
  return folder;
}

export function write(folder: string, files: Readonly<Record<string, string | Buffer>>): string {
  for (const [path, content] of Object.entries(files)) {
    mkdirSync(dirname(join(folder, path)), { recursive: true });
    writeFileSync(join(folder, path), content);
  }
  return folder;
}

/** A project of these files, gone after the test. */
export function project(files: Readonly<Record<string, string | Buffer>>, base?: string): string {
  return write(newFolder(base), files);
}

export function git(folder: string, ...args: string[]): string {
  const identity = ['-c', 'user.name=t', '-c', 'user.email=t@example.org', '-c', 'protocol.file.allow=always'];
  return execFileSync('git', [...identity, ...args], {
    cwd: folder,
    encoding: 'utf8',
    stdio: ['ignore', 'pipe', 'pipe'],
  });
}

/** The same as a git repository with one commit. */
export function repository(files: Readonly<Record<string, string | Buffer>>, base?: string): string {
  const folder = project(files, base);
  git(folder, 'init', '-q');
  git(folder, 'add', '-A');
  git(folder, 'commit', '-q', '-m', 'start', '--allow-empty');
  return folder;
}

export async function snapshotOf(folder: string): Promise<TreeSnapshot> {
  const snapshot = await takeSnapshot(folder, { signal });
  cleanUps.push(() => snapshot.dispose());
  return snapshot;
}

export async function verifierOf(
  folder: string,
  command: readonly string[],
  more: Partial<VerifierSettings> = {},
): Promise<OpenVerifier> {
  const verifier = await createVerifier({ snapshot: await snapshotOf(folder), command, ...more });
  cleanUps.push(() => verifier.close());
  return verifier;
}

/** A module with a bug, a module without one, and their node:test tests. */
export const BUGGY = {
  'add.js': 'exports.add = (a, b) => a - b;\n',
  'sub.js': 'exports.sub = (a, b) => a - b;\n',
  'math.test.js': `const test = require('node:test');
const assert = require('node:assert');
test('adds', () => assert.equal(require('./add.js').add(1, 2), 3));
test('subtracts', () => assert.equal(require('./sub.js').sub(3, 2), 1));
`,
};
export const NODE_TEST = ['node', '--test'];
export const FIX = [{ path: 'add.js', content: 'exports.add = (a, b) => a + b;\n' }];
