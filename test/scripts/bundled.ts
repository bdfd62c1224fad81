import { mkdirSync, mkdtempSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join, sep } from 'node:path';
import { type Plugin, rolldown } from 'rolldown';
import { afterEach } from 'vitest';
import { runProcess } from '../../src/platform/process.ts';

const made: string[] = [];

afterEach(() => {
  for (const folder of made.splice(0)) rmSync(folder, { recursive: true, force: true });
});

/** A tree of files in a folder of its own, which is removed after the test; its path ends with a separator. */
export function tree(files: Readonly<Record<string, string>>): string {
  const root = realpathSync(mkdtempSync(join(tmpdir(), 'bundled-'))) + sep;
  made.push(root);
  for (const [path, content] of Object.entries(files)) {
    mkdirSync(dirname(root + path), { recursive: true });
    writeFileSync(root + path, content);
  }
  return root;
}

/** Bundles `entry` into `out`, a folder, and returns the file. */
export async function bundle(entry: string, out: string, plugins: readonly Plugin[]): Promise<string> {
  const built = await rolldown({ input: { main: entry }, platform: 'node', plugins: [...plugins], logLevel: 'silent' });
  try {
    await built.write({ dir: out, format: 'esm', entryFileNames: '[name].mjs' });
  } finally {
    await built.close();
  }
  return join(out, 'main.mjs');
}

/** What a program of this Node prints as JSON. Throws with its standard error when it fails. */
export async function printed(file: string): Promise<unknown> {
  const { exitCode, stdout, stderr } = await runProcess(
    { argv: [process.execPath, file], cwd: dirname(file), env: { PATH: process.env.PATH! } },
    { timeLimitMs: 60_000, outputCapBytes: 1_000_000, signal: new AbortController().signal },
  );
  if (exitCode !== 0) throw new Error(stderr);
  return JSON.parse(stdout);
}
