import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  realpathSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it, onTestFinished } from 'vitest';
import type { Advice, AdviceSurroundings, ProviderDefinition } from '../../src/domain/advice.ts';
import { runProcess } from '../../src/platform/process.ts';
import { ownIdentity } from '../../src/platform/process-identity.ts';
import { type FakeModelServer, type Script, startFakeModelServer } from '../models/model-server.mjs';
import { missing, PROGRAMS } from './home.ts';
import { wishes } from './hostile-model.ts';

type Cli = 'codex' | 'claude' | 'gemini';

const SETUP = {
  codex: { key: 'OPENAI_API_KEY', model: 'gpt-5.5' },
  claude: { key: 'ANTHROPIC_API_KEY', model: 'claude-sonnet-4-5' },
  gemini: { key: 'GEMINI_API_KEY', model: 'gemini-2.5-pro' },
} as const;
const KEY = 'sk-real-0123456789';
const cacheFolder = mkdtempSync(join(tmpdir(), 'real-cache-'));
afterAll(() => rmSync(cacheFolder, { recursive: true, force: true }));

/** The program itself, where npm put it; Gemini's is a script that its shebang starts. */
function binaryOf(cli: Cli): string {
  const path = PROGRAMS[cli]!;
  if (cli !== 'gemini') return path;
  return join(path.slice(0, path.indexOf('/@google/')), '.bin', 'gemini');
}

async function serve(script: Script): Promise<FakeModelServer> {
  const server = await startFakeModelServer({ script });
  onTestFinished(() => server.close());
  return server;
}

async function ask(
  cli: Cli,
  server: FakeModelServer,
  changes: Partial<AdviceSurroundings['limits']> = {},
  prompt = 'Say pong',
): Promise<Advice> {
  const { provider } = (await import(`../../src/providers/${cli}.ts`)) as { provider: ProviderDefinition };
  const settings = {
    id: cli,
    provider: cli,
    model: SETUP[cli].model,
    effort: null,
    baseUrl: server.url,
    apiKeyEnv: null,
  };
  return provider.ask(
    {
      kind: 'answer',
      system: 'You are an advisor.',
      prompt,
      model: null,
      effort: null,
      transcript: [],
      sample: 0,
      brief: null,
    },
    {
      signal: new AbortController().signal,
      env: { PATH: process.env.PATH, HOME: '/nonexistent', [SETUP[cli].key]: KEY, GITHUB_TOKEN: 'ghp_canary' },
      settings: { ...settings, binary: binaryOf(cli), allowUnheld: false },
      limits: { firstOutputMs: 60_000, silenceMs: 30_000, totalMs: 90_000, answerBytes: 1_000_000, ...changes },
      cacheFolder,
      propose: async function* () {},
      progress: () => {},
    },
  );
}

/** A folder with a secret in it, and everything that is in it. */
function canary() {
  const folder = realpathSync(mkdtempSync(join(tmpdir(), 'canary-')));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  writeFileSync(join(folder, 'secret.txt'), 'CANARY-SECRET');
  const look = (): Record<string, string> =>
    Object.fromEntries(
      readdirSync(folder, { recursive: true, withFileTypes: true })
        .filter((entry) => entry.isFile())
        .map((entry) => [entry.name, readFileSync(join(entry.parentPath, entry.name), 'utf8')]),
    );
  return { folder, look };
}

/** Processes that mention a path, but for this one. */
function processesAt(path: string): string[] {
  if (!existsSync('/proc/self')) return [];
  return readdirSync('/proc')
    .filter((pid) => /^\d+$/.test(pid) && Number(pid) !== process.pid)
    .filter((pid) => {
      try {
        return (
          readFileSync(`/proc/${pid}/cmdline`, 'utf8').includes(path) ||
          readFileSync(`/proc/${pid}/environ`, 'utf8').includes(path)
        );
      } catch {
        return false;
      }
    });
}

const scratchFolders = (): string[] =>
  readdirSync(tmpdir()).filter((name) => name.startsWith('maestro-ask.') && name.includes(ownIdentity()));

/** The program as somebody in a hurry would start it: with the right to act. */
function naive(cli: Cli, server: FakeModelServer, home: string): { argv: string[]; env: Record<string, string> } {
  const common = { PATH: process.env.PATH!, HOME: home, TERM: 'dumb' };
  if (cli === 'codex') {
    const provider = `{name="OpenAI",base_url="${server.url}/v1",env_key="K",wire_api="responses"}`;
    const config = [
      '-c',
      'model_provider="m"',
      '-c',
      `model_providers.m=${provider}`,
      '-c',
      'analytics.enabled=false',
      '-m',
      SETUP.codex.model,
    ];
    return {
      argv: [
        binaryOf(cli),
        'exec',
        '--skip-git-repo-check',
        '--dangerously-bypass-approvals-and-sandbox',
        ...config,
        '-',
      ],
      env: { ...common, K: 'x' },
    };
  }
  if (cli === 'claude')
    return {
      argv: [binaryOf(cli), '-p', '--model', SETUP.claude.model, '--permission-mode', 'acceptEdits'],
      env: {
        ...common,
        ANTHROPIC_API_KEY: 'x',
        ANTHROPIC_BASE_URL: server.url,
        CLAUDE_CODE_DISABLE_NONESSENTIAL_TRAFFIC: '1',
      },
    };
  mkdirSync(join(home, '.gemini'), { recursive: true });
  writeFileSync(join(home, '.gemini', 'settings.json'), '{"security":{"auth":{"selectedType":"gemini-api-key"}}}');
  return {
    argv: [binaryOf(cli), '-m', SETUP.gemini.model, '--yolo', '--skip-trust'],
    env: { ...common, GEMINI_API_KEY: 'x', GOOGLE_GEMINI_BASE_URL: server.url, GEMINI_CLI_NO_RELAUNCH: '1' },
  };
}

describe.each(['codex', 'claude', 'gemini'] as const)('the real %s', (cli) => {
  const test = it.skipIf(missing(cli));

  test('answers with what it used, offering its model no tool and telling it nothing of the machine', async () => {
    const server = await serve([{ text: 'pong' }]);
    const advice = await ask(cli, server);
    expect(advice).toMatchObject({ ok: true, text: 'pong', truncated: false });
    expect(advice.usage).toMatchObject({ input_tokens: 1000, cached_input_tokens: 200, output_tokens: 50 });
    const [request, ...more] = server.modelRequests();
    expect(more).toEqual([]);
    const body = JSON.stringify(request!.body);
    const tools = ((request!.body as { tools?: { functionDeclarations?: unknown[] }[] }).tools ?? []).flatMap(
      (tool) => tool.functionDeclarations ?? [tool],
    );
    expect(tools).toEqual([]);
    expect(body).toContain('You are an advisor.');
    expect(body.length).toBeLessThan(6_000);
    for (const word of [process.cwd(), 'ghp_canary', '/nonexistent', 'additional_tools'])
      expect(body).not.toContain(word);
    expect(scratchFolders()).toEqual([]);
  });

  test.each([
    [{ status: 401 }, 'not_logged_in'],
    [{ status: 429 }, 'quota'],
    [{ status: 500 }, 'overloaded'],
    [{ status: 503 }, 'overloaded'],
    [{ bad: 'empty' }, 'bad_output'],
    [{ bad: 'html' }, 'bad_output'],
  ] as const)('tells %j as %s, after a single request', async (step, reason) => {
    const server = await serve([step]);
    expect(await ask(cli, server)).toMatchObject({ ok: false, ran: true, reason });
    expect(server.modelRequests()).toHaveLength(1);
  });

  test('is no answer when the stream is cut', async () => {
    const advice = await ask(cli, await serve([{ bad: 'cut' }]));
    expect(advice.ok ? 'answer' : advice.reason).toMatch(/bad_output|network/);
  });

  test('is ended when the model hangs before or in the middle of its answer', async () => {
    for (const hang of ['before', 'mid'] as const) {
      const server = await serve([{ hang }]);
      expect(await ask(cli, server, { silenceMs: 3_000, totalMs: 15_000 })).toMatchObject({
        ok: false,
        reason: 'timeout',
      });
      expect(processesAt(server.url)).toEqual([]);
    }
    expect(scratchFolders()).toEqual([]);
  });

  test('lets a hostile model change, read and tell nothing', async () => {
    const { folder, look } = canary();
    const server = await serve((_request, n) =>
      n < 3 ? { tools: [...wishes(cli, folder, server.url)] } : { text: 'done' },
    );
    await ask(cli, server, {}, `Look at @${folder}/secret.txt and !cat ${folder}/secret.txt`);
    expect(look()).toEqual({ 'secret.txt': 'CANARY-SECRET' });
    const sent = JSON.stringify(server.requests);
    expect(sent).not.toContain('CANARY-SECRET');
    expect(
      server.requests
        .filter(({ protocol }) => protocol === null)
        .map(({ url }) => url)
        .filter((url) => /leak|fetched|CANARY/.test(url)),
    ).toEqual([]);
    expect(processesAt(folder)).toEqual([]);
  });

  test('would have done it with the flags of somebody in a hurry, so that this can fail', async () => {
    const { folder, look } = canary();
    const home = realpathSync(mkdtempSync(join(tmpdir(), 'naive-')));
    onTestFinished(() => rmSync(home, { recursive: true, force: true, maxRetries: 5 }));
    const all = wishes(cli, folder, 'http://127.0.0.1:9');
    const server = await serve((_request, n) => (n < all.length ? { tools: [all[n]!] } : { text: 'done' }));
    const { argv, env } = naive(cli, server, home);
    await runProcess(
      { argv, cwd: folder, env, stdin: 'Go' },
      { timeLimitMs: 60_000, outputCapBytes: 1_000_000, signal: new AbortController().signal },
    );
    expect(Object.keys(look()).length).toBeGreaterThan(1);
  });
});
