import { execFileSync } from 'node:child_process';
import { describe, expect, it } from 'vitest';

const FOLDER = new URL('../../../src/providers/', import.meta.url).href;

/** The packages that a fresh process resolves while it runs a module. */
function packagesOf(code: string): string[] {
  const script = `
    import { registerHooks } from 'node:module';
    const seen = new Set();
    registerHooks({ resolve(name, context, next) { if (/^[a-z@]/.test(name) && !/^(node|file|data):/.test(name)) seen.add(name); return next(name, context); } });
    ${code}
    console.log(JSON.stringify([...seen]));`;
  return JSON.parse(execFileSync(process.execPath, ['--input-type=module', '-e', script], { encoding: 'utf8' }));
}

const IDS = ['openai', 'anthropic', 'google', 'openai-compatible'];

describe('the HTTP providers', () => {
  it('load no library until one of them is asked', () => {
    const load = IDS.map((id) => `await import(${JSON.stringify(`${FOLDER}${id}.ts`)});`).join('\n');
    expect(packagesOf(load)).toEqual([]);
  });

  it('load them when asked, which shows that this would be seen', () => {
    const ask = `
      const { provider } = await import(${JSON.stringify(`${FOLDER}openai.ts`)});
      await provider.ask(
        { kind: 'answer', system: '', prompt: 'x', model: 'm', effort: null, transcript: [], sample: 0, brief: null },
        {
          signal: new AbortController().signal, env: { K: 'k' }, progress() {}, propose: null, cacheFolder: '',
          settings: { id: 'a', model: null, effort: null, baseUrl: 'http://127.0.0.1:1/v1', apiKeyEnv: 'K', allowUnheld: false },
          limits: { firstOutputMs: 500, silenceMs: 500, totalMs: 500, answerBytes: 1000 },
        });`;
    expect(packagesOf(ask)).toContain('ky');
  });
});
