import { mkdirSync, mkdtempSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { onTestFinished } from 'vitest';
import type { CallContext } from '../../src/app/calls.ts';

/** A workspace of these files (real path), removed when the test ends. */
export function workspace(files: Readonly<Record<string, string>> = {}): string {
  const folder = realpathSync(mkdtempSync(join(tmpdir(), 'maestro-stages-')));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  for (const [path, content] of Object.entries(files)) {
    mkdirSync(dirname(join(folder, path)), { recursive: true });
    writeFileSync(join(folder, path), content);
  }
  return folder;
}

/** How a call is made that nobody interrupts; `askPerson` is the person in front of the host. */
export function context(askPerson: CallContext['askPerson'] = null): CallContext {
  return {
    signal: new AbortController().signal,
    progress: () => undefined,
    patienceMs: Number.POSITIVE_INFINITY,
    askPerson,
  };
}
