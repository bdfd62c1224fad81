import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import type { AdviceUsage } from '../domain/advice.ts';
import type { Heard, Program } from './command-line/program.ts';
import { programProvider } from './command-line/provider.ts';
import { at, listAt, numberAt, textAt } from './http/at.ts';

const GOOGLE = 'https://generativelanguage.googleapis.com';
/** It repeats the question in its stream, and a long one is cut off with what follows when it ends. */
const LONGEST_ECHO = 32_768;
const DENY_ALL = '[[rule]]\ntoolName = "*"\ndecision = "deny"\npriority = 999\n';

const program: Program = {
  id: 'gemini',
  title: 'Gemini CLI',
  command: 'gemini',
  install: 'Install it with: npm install -g @google/gemini-cli',
  logIn: 'Run: gemini, and log in (or set GEMINI_API_KEY)',
  oldest: '0.61.0',
  proven: ['0.61.0'],
  mostCharacters: 4_000_000,
  versionFile: packageVersion,
  login(env, { apiKeyEnv }) {
    const name = (apiKeyEnv === null ? ['GEMINI_API_KEY'] : [apiKeyEnv]).find((one) => env[one]?.trim());
    if (name) return { kind: 'key', from: `the key in ${name}`, env: { GEMINI_API_KEY: env[name]!.trim() }, files: {} };
    const home = env.GEMINI_CLI_HOME ?? env.HOME;
    const file = home ? join(home, '.gemini', 'oauth_creds.json') : null;
    if (apiKeyEnv !== null || !file || !existsSync(file)) return null;
    return { kind: 'account', from: 'its own login', env: {}, files: { '.gemini/oauth_creds.json': file } };
  },

  async plan({ scratch, login, model, settings, questionLength }) {
    const streams = questionLength <= LONGEST_ECHO;
    const policy = join(scratch.root, 'deny-all.toml');
    const folder = join(scratch.home, '.gemini');
    writeFileSync(policy, DENY_ALL, { mode: 0o600 });
    mkdirSync(folder, { recursive: true, mode: 0o700 });
    writeFileSync(join(folder, 'settings.json'), JSON.stringify(settingsFor(login.kind)), { mode: 0o600 });
    const args = [
      ...(model === null ? [] : ['-m', model]),
      ...['-o', streams ? 'stream-json' : 'json', '--approval-mode', 'default', '--admin-policy', policy, '-e', 'none'],
      ...['--allowed-mcp-server-names', 'none', '--skip-trust'],
    ];
    const base = settings.baseUrl?.replace(/\/(v\d\w*\/?)?$/, '') ?? (login.kind === 'key' ? GOOGLE : null);
    const env = { GEMINI_CLI_HOME: scratch.home, GEMINI_SYSTEM_MD: scratch.system, GEMINI_CLI_NO_RELAUNCH: '1' };
    return { args, streams, env: { ...env, ...(base === null ? {} : { GOOGLE_GEMINI_BASE_URL: base }) } };
  },

  line(event): Heard {
    switch (textAt(event, 'type')) {
      case 'init':
        return named(textAt(event, 'model'));
      case 'message':
        return textAt(event, 'role') === 'assistant' ? { delta: textAt(event, 'content') ?? '' } : {};
      case 'error':
        return { error: errorOf(event) };
      case 'result': {
        const failed = at(event, 'error') === undefined ? {} : { error: errorOf(at(event, 'error')) };
        const usage = usageOf(at(event, 'stats'));
        return { usage, ...(textAt(event, 'status') === 'success' ? { complete: true } : failed) };
      }
      default:
        return at(event, 'error') === undefined ? {} : { error: errorOf(at(event, 'error')) };
    }
  },

  /** A document over several lines: the answer on standard output, an error at the end of standard error after warnings and stacks. */
  rest(stdout, stderr) {
    const document = parsed(stdout) ?? parsed(stderr.slice(stderr.lastIndexOf('\n{\n') + 1));
    if (document !== null) return whole(document);
    const said =
      stderr
        .trim()
        .split('\n')
        .findLast((line) => /please|invalid|denied|auth|error:/i.test(line)) ?? '';
    return said === '' ? {} : { error: { status: null, message: said.trim() } };
  },

  /** The status modulo 256. */
  httpStatus: (exitCode) =>
    [400, 401, 403, 404, 429, 500, 503, 504].find((status) => status % 256 === exitCode) ?? null,

  offered: (body) =>
    listAt(body, 'tools')
      .flatMap((tool) => listAt(tool, 'functionDeclarations'))
      .map((tool) => textAt(tool, 'name') ?? 'a tool'),
};

export const provider = programProvider(program, 'the Gemini CLI, with its own login or a Gemini key');

/** No tool, server, hook, skill or agent; one attempt, nothing sent home. */
function settingsFor(kind: 'key' | 'account'): object {
  return {
    security: { auth: { selectedType: kind === 'key' ? 'gemini-api-key' : 'oauth-personal' }, disableYoloMode: true },
    general: {
      ...{ enableAutoUpdate: false, enableAutoUpdateNotification: false, maxAttempts: 1, retryFetchErrors: false },
      ...{ topicUpdateNarration: false, plan: { enabled: false, modelRouting: false } },
    },
    privacy: { usageStatisticsEnabled: false },
    telemetry: { enabled: false },
    tools: { core: [] },
    mcpServers: {},
    hooksConfig: { enabled: false },
    skills: { enabled: false },
    experimental: { enableAgents: false },
    context: { includeDirectoryTree: false, discoveryMaxDirs: 0 },
    admin: {
      secureModeEnabled: true,
      extensions: { enabled: false },
      mcp: { enabled: false },
      skills: { enabled: false },
    },
    model: { maxSessionTurns: 1, skipNextSpeakerCheck: true },
    advanced: { ignoreLocalEnv: true },
  };
}

/** `gemini --version` takes seconds; the package beside the program says the same. */
function packageVersion(binary: string): string | null {
  for (let folder = dirname(binary), up = 0; up < 4; folder = dirname(folder), up++) {
    const found = parsed(textOf(join(folder, 'package.json')));
    if (textAt(found, 'name') === '@google/gemini-cli') return textAt(found, 'version');
  }
  return null;
}

function textOf(file: string): string {
  try {
    return readFileSync(file, 'utf8');
  } catch {
    return '';
  }
}

/** The one document of `-o json`, which tells the thoughts apart by model. */
function whole(document: unknown): Heard {
  const error = at(document, 'error') === undefined ? {} : { error: errorOf(at(document, 'error')) };
  const models = Object.entries(Object(at(document, 'stats', 'models')) as Record<string, unknown>);
  const sum = (name: string): number =>
    models.reduce((total, [, model]) => total + (numberAt(model, 'tokens', name) ?? 0), 0);
  const [model] = models.map(([name]) => name);
  const text = textAt(document, 'response') ?? '';
  const usage: AdviceUsage | null =
    model === undefined
      ? null
      : {
          input_tokens: sum('prompt'),
          cached_input_tokens: sum('cached'),
          output_tokens: sum('candidates') + sum('thoughts'),
          reasoning_tokens: sum('thoughts'),
          cost_usd: null,
        };
  return {
    text,
    ...(usage ? { usage } : {}),
    ...named(model ?? null),
    ...error,
    complete: text !== '' && !('error' in error),
  };
}

/** Its streamed figures leave out the thoughts: they are what is missing to the total. */
function usageOf(stats: unknown): AdviceUsage {
  const [total, input, output] = ['total_tokens', 'input_tokens', 'output_tokens'].map((name) => numberAt(stats, name));
  const thoughts = total === null || input === null || output === null ? null : Math.max(0, total! - input! - output!);
  return {
    input_tokens: input ?? null,
    cached_input_tokens: numberAt(stats, 'cached'),
    output_tokens: output === null || output === undefined ? null : output + (thoughts ?? 0),
    reasoning_tokens: thoughts,
    cost_usd: null,
  };
}

function errorOf(error: unknown): NonNullable<Heard['error']> {
  const said = textAt(error, 'message') ?? textAt(error, 'type') ?? '';
  const code = numberAt(error, 'code') ?? (Number(/"code":\s*(\d{3})/.exec(said)?.[1]) || null);
  return { status: code !== null && code >= 400 && code < 600 ? code : null, message: inner(said) };
}

/** The sentence inside the API's own error, where it is wrapped in one. */
function inner(message: string): string {
  const wrapped = /\{.*\}/s.exec(message)?.[0];
  return textAt(parsed(wrapped ?? ''), 'error', 'message') ?? message;
}

function named(model: string | null): Pick<Heard, 'model'> {
  return model === null || model === 'auto' ? {} : { model };
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}
