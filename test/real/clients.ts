import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { ProviderDefinition } from '../../src/domain/advice.ts';
import { provider as claude } from '../../src/providers/claude.ts';
import { provider as codex } from '../../src/providers/codex.ts';
import { provider as gemini } from '../../src/providers/gemini.ts';

const MODULES = fileURLToPath(new URL('../clients/node_modules', import.meta.url));

/** A real program with what a test has to know of it. */
export interface Client {
  readonly id: 'codex' | 'claude' | 'gemini';
  readonly provider: ProviderDefinition;
  readonly binary: string;
  readonly keyName: string;
  readonly model: string;
  /** Below the address of the model server. */
  readonly apiPath: string;
}

/** The three programs as `npm ci --prefix test/clients --ignore-scripts` installs them. */
export const CLIENTS: readonly Client[] = [
  {
    id: 'codex',
    provider: codex,
    binary: join(MODULES, '.bin/codex'),
    keyName: 'CODEX_API_KEY',
    model: 'gpt-5.5',
    apiPath: '/v1',
  },
  {
    id: 'claude',
    provider: claude,
    binary: join(MODULES, `@anthropic-ai/claude-code-${process.platform}-${process.arch}/claude`),
    keyName: 'ANTHROPIC_API_KEY',
    model: 'claude-sonnet-4-5',
    apiPath: '',
  },
  {
    id: 'gemini',
    provider: gemini,
    binary: join(MODULES, '.bin/gemini'),
    keyName: 'GEMINI_API_KEY',
    model: 'gemini-2.5-pro',
    apiPath: '',
  },
];

/** Why the real programs cannot be tried here; null when they can. */
export function whyNot(): string | null {
  const missing = CLIENTS.filter(({ binary }) => !existsSync(binary)).map(({ id }) => id);
  if (missing.length === 0) return null;
  return `SKIPPED: ${missing.join(', ')} not installed; run 'npm ci --prefix test/clients --ignore-scripts'`;
}

/** Command lines of running processes of this machine that contain the text. */
export function processesWith(text: string): string[] {
  return read('cmdline')
    .map((line) => line.replaceAll('\0', ' '))
    .filter((line) => line.includes(text));
}

/** Environments of running processes of this machine that the pattern fits. */
export function environmentsWith(pattern: RegExp): string[] {
  return read('environ').filter((environment) => pattern.test(environment));
}

function read(file: 'cmdline' | 'environ'): string[] {
  return readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name) && Number(name) !== process.pid)
    .flatMap((pid) => {
      try {
        return [readFileSync(`/proc/${pid}/${file}`, 'latin1')];
      } catch {
        return [];
      }
    });
}

/** The private folders of asks that are there now and belong to the process. */
export function privateFolders(pid: number): string[] {
  return readdirSync(tmpdir()).filter((name) => /^maestro-ask-/.test(name) && name.includes(`.${pid}-`));
}
