import { chmodSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { beforeEach, describe, expect, it, onTestFinished } from 'vitest';
import { toollessCatalog } from '../../src/providers/command-line/codex-catalog.ts';
import type { Call } from '../../src/providers/command-line/dialect.ts';
import { LIMITS } from '../contract/cli-asking.ts';

let root: string;
beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'catalog-'));
  for (const name of ['own', 'cwd', 'tmp']) mkdirSync(join(root, name));
  const made = root;
  onTestFinished(() => rmSync(made, { recursive: true, force: true }));
});

/** A program that lists its models with this script, asked in this environment. */
function call(script: string, changes: Partial<Call> = {}): Call {
  const path = join(root, 'codex');
  writeFileSync(path, `#!${process.execPath}\n${script}\n`);
  chmodSync(path, 0o755);
  return {
    program: { path, version: '1.2.3' },
    login: { how: 'not at all', env: {}, file: null, baseUrl: null },
    folders: { root, home: join(root, 'own'), cwd: join(root, 'cwd'), tmp: join(root, 'tmp'), system: '' },
    model: null,
    effort: null,
    limits: LIMITS,
    cacheFolder: join(root, 'cache'),
    env: { PATH: process.env.PATH },
    signal: new AbortController().signal,
    ...changes,
  };
}

const LISTING = 'console.log(JSON.stringify({ models: [{ slug: "m", shell_type: "bash", seen: process.env }] }))';

describe("codex' own list of models", () => {
  it('is kept with every tool taken out, and asked for once a version', async () => {
    const file = await toollessCatalog(call(LISTING));
    expect(JSON.parse(readFileSync(file, 'utf8')).models).toMatchObject([
      { slug: 'm', shell_type: 'disabled', tool_mode: 'direct', input_modalities: ['text'] },
    ]);
    expect(await toollessCatalog(call('process.exit(1)'))).toBe(file);
  });

  it('is asked for in the environment that was handed in, less everything that is none of its business', async () => {
    const env = { PATH: process.env.PATH, HTTPS_PROXY: 'http://proxy.test:1', OPENAI_API_KEY: 'k', HOME: '/home/me' };
    const { seen } = JSON.parse(readFileSync(await toollessCatalog(call(LISTING, { env })), 'utf8')).models[0];
    expect(seen).toMatchObject({ HTTPS_PROXY: 'http://proxy.test:1', HOME: join(root, 'own') });
    expect(seen).not.toHaveProperty('OPENAI_API_KEY');
  });

  it('is not waited for once the ask is cancelled, and nothing is kept', async () => {
    const controller = new AbortController();
    const begun = join(root, 'begun');
    const script = `require('node:fs').writeFileSync(${JSON.stringify(begun)}, ''); setInterval(() => {}, 1000)`;
    const asking = toollessCatalog(call(script, { signal: controller.signal }));
    const watch = setInterval(() => existsSync(begun) && controller.abort(new Error('stopped')), 20);
    await expect(asking).rejects.toThrow('stopped');
    clearInterval(watch);
    expect(existsSync(join(root, 'cache'))).toBe(false);
  });

  it('that cannot be had is an error', async () => {
    await expect(toollessCatalog(call('process.exit(1)'))).rejects.toThrow('it does not list its models');
  });
});
