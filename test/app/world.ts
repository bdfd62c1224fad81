import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { onTestFinished } from 'vitest';
import type { Maestro } from '../../src/app/calls.ts';
import { openMaestro } from '../../src/app/maestro.ts';
import { startFakeModelServer } from '../models/model-server.mjs';

/** A step of the model server's script. */
export type Step = Record<string, unknown>;

/** A request that reached the model server. */
export interface Asked {
  readonly body: {
    readonly model?: string;
    readonly messages: ReadonlyArray<{ readonly role: string; readonly content: string }>;
  };
  readonly headers: Record<string, string>;
}

export interface Model {
  readonly url: string;
  readonly asked: () => readonly Asked[];
}

/** A model behind a chat completions API on loopback that follows a script; closed when the test ends. */
export async function model(
  script: readonly Step[] | ((request: Asked, n: number) => Step | Promise<Step>),
): Promise<Model> {
  const server = await startFakeModelServer({ script });
  onTestFinished(() => server.close());
  return { url: `${server.url}/v1`, asked: () => server.modelRequests() as unknown as Asked[] };
}

/** A folder of its own for this test, removed when it ends. */
export function folder(): string {
  const path = realpathSync(mkdtempSync(join(tmpdir(), 'app-')));
  onTestFinished(() => rmSync(path, { recursive: true, force: true, maxRetries: 5 }));
  return path;
}

const BUGGY: Record<string, string> = {
  'src/add.js': 'export function add(a, b) {\n  return a - b;\n}\n',
  'test/add.test.js':
    "import { test } from 'node:test';\nimport assert from 'node:assert';\nimport { add } from '../src/add.js';\n\ntest('adds', () => assert.equal(add(1, 2), 3));\n",
  'package.json': '{ "type": "module" }\n',
};

/** A git repository of these files. */
export function repository(files: Record<string, string> = BUGGY): string {
  const root = join(folder(), 'project');
  for (const [path, content] of Object.entries(files)) {
    mkdirSync(dirname(join(root, path)), { recursive: true });
    writeFileSync(join(root, path), content);
  }
  execFileSync('git', ['init', '-q'], { cwd: root });
  execFileSync('git', ['add', '-A'], { cwd: root });
  return root;
}

/** An advisor of the configuration that asks a model of `model`. */
export const advisor = ({ url }: Model, id = 'local', changes: Record<string, unknown> = {}) => ({
  id,
  provider: 'openai-compatible',
  base_url: url,
  model: 'fake-model',
  ...changes,
});

/** A user's home of Maestro with this configuration. */
export function home(config: Record<string, unknown> = {}): Record<string, string> {
  const base = folder();
  const file = join(base, 'maestro.config.jsonc');
  writeFileSync(file, JSON.stringify(config));
  return { PATH: process.env.PATH!, HOME: base, MAESTRO_HOME: join(base, 'state'), MAESTRO_CONFIG: file };
}

/** Maestro over a home, closed when the test ends. */
export async function opened(env: Record<string, string>, cwd: string): Promise<Maestro> {
  const maestro = await openMaestro({ env, cwd, warn: () => undefined });
  onTestFinished(() => maestro[Symbol.asyncDispose]());
  return maestro;
}

export { calling } from './calling.ts';
