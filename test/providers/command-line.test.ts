import { mkdirSync, mkdtempSync, readFileSync, readlinkSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { dialect as claude } from '../../src/providers/claude.ts';
import { dialect as codex } from '../../src/providers/codex.ts';
import type { Dialect } from '../../src/providers/command-line/dialect.ts';
import { classify } from '../../src/providers/command-line/failures.ts';
import { startListener } from '../../src/providers/command-line/listener.ts';
import { compareVersions } from '../../src/providers/command-line/locate.ts';
import { dialect as gemini } from '../../src/providers/gemini.ts';
import { LIMITS, settingsFor, surroundingsFor } from '../contract/cli-asking.ts';

let home: string;
beforeEach(() => {
  home = mkdtempSync(join(tmpdir(), 'maestro-login-test-'));
});
afterEach(() => rmSync(home, { recursive: true }));

function loginOf(dialect: Dialect, env: Record<string, string> = {}, baseUrl: string | null = null) {
  const surroundings = { env: { HOME: home, ...env }, cacheFolder: join(home, 'cache') };
  return dialect.login(surroundingsFor(settingsFor(dialect.id, { baseUrl }), surroundings));
}

function put(path: string, content: unknown): string {
  const file = join(home, path);
  mkdirSync(join(file, '..'), { recursive: true });
  writeFileSync(file, JSON.stringify(content));
  return file;
}

async function prepared(dialect: Dialect, env: Record<string, string> = {}, effort: string | null = null) {
  const folders = { root: home, home: join(home, 'own'), cwd: home, tmp: home, system: join(home, 'system.md') };
  mkdirSync(folders.home);
  const cacheFolder = join(home, 'cache');
  put(`cache/models-${dialect.testedVersion}.json`, { models: [] });
  const login = (await loginOf(dialect, env))!;
  const program = { path: '/nowhere', version: dialect.testedVersion };
  const { signal } = new AbortController();
  return dialect.prepare({ program, login, folders, model: null, effort, limits: LIMITS, cacheFolder, env, signal });
}

describe('the login of codex', () => {
  it('is the key of Codex before that of the user, and that before the one of OpenAI', async () => {
    const file = put('.codex/auth.json', {});
    expect(await loginOf(codex, { CODEX_API_KEY: 'k1', OPENAI_API_KEY: 'k2' })).toMatchObject({
      how: 'with the key in CODEX_API_KEY',
    });
    expect(await loginOf(codex, { OPENAI_API_KEY: 'k2' })).toMatchObject({ file, env: {} });
    rmSync(file);
    expect(await loginOf(codex, { OPENAI_API_KEY: 'k2' })).toMatchObject({
      how: 'with the key in OPENAI_API_KEY',
      file: null,
    });
    expect(await loginOf(codex)).toBeNull();
  });

  it('goes where the key belongs', async () => {
    expect(await loginOf(codex, { CODEX_API_KEY: 'k' })).toMatchObject({ baseUrl: 'https://api.openai.com/v1' });
    expect(await loginOf(codex, { OPENAI_API_KEY: 'k', OPENAI_BASE_URL: 'https://gate/v1' })).toMatchObject({
      baseUrl: 'https://gate/v1',
    });
    expect(
      await loginOf(codex, { CODEX_API_KEY: 'k', OPENAI_BASE_URL: 'https://gate/v1' }, 'http://mine/v1'),
    ).toMatchObject({ baseUrl: 'http://mine/v1' });
  });

  it('is shown to the program by a link, so that a renewed one reaches the user', async () => {
    const file = put('.codex/auth.json', { tokens: 'x' });
    const { args, env } = await prepared(codex);
    expect(readlinkSync(join(env.CODEX_HOME!, 'auth.json'))).toBe(file);
    expect(args.join(' ')).toContain('requires_openai_auth=true');
    expect(args.join(' ')).not.toContain('env_key');
  });
});

describe('the login of claude', () => {
  const later = Date.now() + 3_600_000;

  it('is a key, without anything of the user', async () => {
    expect((await prepared(claude, { ANTHROPIC_API_KEY: 'k' })).args).toContain('--bare');
  });

  it('is the access token of a subscription alone, never what would renew it', async () => {
    put('.claude/.credentials.json', {
      claudeAiOauth: { accessToken: 'access', refreshToken: 'refresh', expiresAt: later },
    });
    const { args, env } = await prepared(claude);
    expect(env.CLAUDE_CODE_OAUTH_TOKEN).toBe('access');
    expect(JSON.stringify(env)).not.toContain('refresh');
    expect(args).toEqual(expect.arrayContaining(['--safe-mode', '--restricted']));
    expect(args).not.toContain('--bare');
  });

  it('is none when the subscription has to be renewed first, or its file is broken', async () => {
    put('.claude/.credentials.json', { claudeAiOauth: { accessToken: 'access', expiresAt: Date.now() } });
    expect(await loginOf(claude)).toBeNull();
    put('.claude/.credentials.json', { claudeAiOauth: 'nonsense' });
    expect(await loginOf(claude)).toBeNull();
    writeFileSync(join(home, '.claude/.credentials.json'), 'nonsense');
    expect(await loginOf(claude)).toBeNull();
  });

  it('goes to the gateway that the user has for it', async () => {
    expect(await loginOf(claude, { ANTHROPIC_AUTH_TOKEN: 'k', ANTHROPIC_BASE_URL: 'https://gate' })).toMatchObject({
      baseUrl: 'https://gate',
      env: { ANTHROPIC_AUTH_TOKEN: 'k' },
    });
  });
});

describe('the login of gemini', () => {
  it('is a key, or a copy of the Google login', async () => {
    expect(await loginOf(gemini)).toBeNull();
    put('.gemini/oauth_creds.json', { access_token: 'x' });
    const { env } = await prepared(gemini);
    const own = join(env.GEMINI_CLI_HOME!, '.gemini');
    expect(JSON.parse(readFileSync(join(own, 'oauth_creds.json'), 'utf8'))).toEqual({ access_token: 'x' });
    expect(JSON.parse(readFileSync(join(own, 'settings.json'), 'utf8'))).toMatchObject({
      security: { auth: { selectedType: 'oauth-personal' } },
    });
    expect(env).not.toHaveProperty('GEMINI_API_KEY');
  });

  it('always says where its requests go, so that no file can', async () => {
    expect((await loginOf(gemini, { GEMINI_API_KEY: 'k' }))!.baseUrl).toBe('https://generativelanguage.googleapis.com');
  });
});

describe('the effort', () => {
  it('is handed on to those that have one', async () => {
    expect((await prepared(claude, { ANTHROPIC_API_KEY: 'k' }, 'high')).args.join(' ')).toContain('--effort high');
    rmSync(join(home, 'own'), { recursive: true });
    expect((await prepared(codex, { CODEX_API_KEY: 'k' }, 'high')).args).toContain('model_reasoning_effort="high"');
  });
});

describe('a line of claude', () => {
  it('that lists a tool or an MCP server ends it before it asks', () => {
    const init = (tools: string[], mcp_servers: object[]) =>
      JSON.stringify({ type: 'system', subtype: 'init', tools, mcp_servers });
    expect(claude.meaning(init([], []))).toBe('preamble');
    expect(claude.meaning(init(['Bash'], []))).toBe('unwanted');
    expect(claude.meaning(init([], [{ name: 'maestro' }]))).toBe('unwanted');
    expect(claude.meaning('{"type":"system","subtype":"init"}')).toBe('unwanted');
  });
});

describe('versions', () => {
  it.each([
    ['1.2.3', '1.2.3', 0],
    ['1.2.10', '1.2.9', 1],
    ['0.9.9', '1.0.0', -1],
    ['2.0.0-beta.1', '2.0.0', 0],
  ])('%s against %s', (a, b, order) => {
    expect(Math.sign(compareVersions(a, b))).toBe(order);
  });
});

describe('words about a failure', () => {
  it.each([
    ['unexpected status 401 Unauthorized: x', 'not_logged_in', null],
    ['Missing environment variable: `X`.', 'not_logged_in', null],
    ['Invalid auth method selected.', 'not_logged_in', null],
    ['exceeded retry limit, last status: 429 Too Many Requests', 'quota', null],
    ['Quota exceeded. Check your plan and billing details.', 'quota', null],
    ['Please retry in 900ms. Resource exhausted', 'quota', 900],
    ["We're currently experiencing high demand", 'overloaded', null],
    ['API Error: 529 overloaded_error', 'overloaded', null],
    ['stream disconnected before completion: stream closed before response.completed', 'network', null],
    ['Request timed out', 'timeout', null],
    ['Your prompt is too long', 'refused', null],
    ['The model `x` does not exist', 'refused', null],
  ])('%s', (words, reason, retryAfterMs) => {
    expect(classify(words, null, codex)).toMatchObject({ reason, retryAfterMs });
  });

  it('that are not known say nothing', () => {
    expect(classify('a number like 4290 or 1500 lines', null, codex)).toBeNull();
  });
});

describe('the server that looks at what is offered', () => {
  it('counts requests, names tools of every dialect and refuses to answer', async () => {
    const listener = await startListener();
    const post = async (body: unknown) =>
      (await fetch(listener.url, { method: 'POST', body: typeof body === 'string' ? body : JSON.stringify(body) }))
        .status;
    expect(listener.seen()).toEqual({ requests: 0, tools: [] });
    expect(await post({ tools: [] })).toBe(400);
    expect(await post({ tools: [{ functionDeclarations: [] }] })).toBe(400);
    expect(listener.seen()).toEqual({ requests: 2, tools: [] });
    await post({ tools: [{ type: 'function', name: 'shell' }, { type: 'web_search' }] });
    await post({ tools: [{ functionDeclarations: [{ name: 'write_file' }] }, { googleSearch: {} }] });
    await post({ input: [{ type: 'additional_tools', tools: [{ name: 'exec' }] }] });
    await post('not json');
    await fetch(listener.url);
    expect(listener.seen()).toEqual({
      requests: 5,
      tools: ['shell', 'web_search', 'write_file', 'googleSearch', 'exec'],
    });
    await listener.close();
  });
});
