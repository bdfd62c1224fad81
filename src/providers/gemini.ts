import { copyFile, mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { UNKNOWN_USAGE } from '../domain/advice.ts';
import { homeFolder, keyFrom, readable } from './command-line/credentials.ts';
import type { Call, Dialect, Login, Output, Reading } from './command-line/dialect.ts';
import { type Json, jsonLines, numberAt, objectAt, textAt } from './command-line/json-lines.ts';
import { commandLineProvider } from './command-line/provider.ts';

const VENDOR = 'https://generativelanguage.googleapis.com';
const DENY_ALL = '[[rule]]\ntoolName = "*"\ndecision = "deny"\npriority = 999\n';
/** The program's own name for its best model: without any it first asks another model which to take, and that costs. */
const OWN_CHOICE = 'pro';

/** How it is started, and what its output says. */
export const dialect: Dialect = {
  id: 'gemini',
  description: "Google's Gemini CLI with the login on this machine, held to text",
  program: 'gemini',
  npmPackage: '@google/gemini-cli',
  testedVersion: '0.61.0',
  promptBytes: 6_000_000,
  streams: true,
  loginRemedy: "Run 'gemini' once to log in, or set GEMINI_API_KEY.",
  apiPath: '',
  toolComplaint: null,
  async login(surroundings) {
    const { env, settings } = surroundings;
    const baseUrl = settings.baseUrl ?? env.GOOGLE_GEMINI_BASE_URL ?? VENDOR;
    const key = keyFrom(surroundings, ['GEMINI_API_KEY']);
    if (key) return { how: `with the key in ${key.name}`, env: { GEMINI_API_KEY: key.value }, file: null, baseUrl };
    const home = env.GEMINI_CLI_HOME ? join(env.GEMINI_CLI_HOME, '.gemini') : homeFolder(surroundings, '.gemini');
    const file = join(home, 'oauth_creds.json');
    if (settings.apiKeyEnv !== null || !readable(file)) return null;
    return { how: "with the user's Google login", env: {}, file, baseUrl: null };
  },
  fakeLogin: (baseUrl): Login => ({ how: '', env: { GEMINI_API_KEY: 'not-a-key' }, file: null, baseUrl }),
  async prepare(call) {
    const { folders, login, model } = call;
    const policy = join(folders.root, 'deny-all.toml');
    await writeFile(policy, DENY_ALL, { mode: 0o600 });
    await writeHome(call);
    const where = login.baseUrl === null ? {} : { GOOGLE_GEMINI_BASE_URL: login.baseUrl };
    return {
      args: [
        ...['-m', model ?? OWN_CHOICE, '-o', 'stream-json', '--approval-mode', 'default', '--admin-policy', policy],
        ...['-e', 'none', '--allowed-mcp-server-names', 'none', '--skip-trust'],
      ],
      env: {
        GEMINI_CLI_HOME: folders.home,
        GEMINI_SYSTEM_MD: folders.system,
        GEMINI_CLI_NO_RELAUNCH: '1',
        ...where,
        ...login.env,
      },
    };
  },
  meaning: (line) => (/"type":"init"|"role":"user"/.test(line) ? 'preamble' : 'output'),
  read,
};

/**
 * Google's Gemini CLI, with an API key or the user's Google login. Its plan mode would turn itself into one that runs
 * everything, so a policy denies every tool in every mode. An answer over a Google login was never seen by us.
 */
export const provider = commandLineProvider(dialect);

async function writeHome({ folders, login }: Call): Promise<void> {
  const home = join(folders.home, '.gemini');
  await mkdir(home, { mode: 0o700 });
  const settings = settingsFor(login.file === null ? 'gemini-api-key' : 'oauth-personal');
  await writeFile(join(home, 'settings.json'), JSON.stringify(settings), { mode: 0o600 });
  // A copy: Google's tokens may be renewed in two places.
  if (login.file !== null) await copyFile(login.file, join(home, 'oauth_creds.json'));
}

function settingsFor(selectedType: string) {
  return {
    security: { auth: { selectedType }, disableYoloMode: true },
    general: {
      enableAutoUpdate: false,
      enableAutoUpdateNotification: false,
      maxAttempts: 1,
      retryFetchErrors: false,
      topicUpdateNarration: false,
      plan: { enabled: false, modelRouting: false },
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

/** Statuses of HTTP come out as exit statuses, less 256. */
function statusOf(exitCode: number | null): number | null {
  const status = (exitCode ?? 0) + 256;
  return status >= 400 && status < 512 ? status : null;
}

function read({ stdout, exitCode }: Output): Reading {
  const events = jsonLines(stdout);
  const result = events.findLast(({ type }) => type === 'result');
  const said = events.filter(({ type, role }) => type === 'message' && role === 'assistant');
  const tool = events.find(({ type }) => type === 'tool_use');
  const broken = events.findLast(({ type, severity }) => type === 'error' && severity === 'error');
  const message = textAt(objectAt(result, 'error'), 'message') ?? textAt(broken, 'message');
  const succeeded = result?.status === 'success';
  return {
    text: said.map((event) => textAt(event, 'content') ?? '').join(''),
    complete: succeeded,
    model: modelOf(result) ?? null,
    usage: usageOf(result),
    error: succeeded || message === null ? null : { message, status: statusOf(exitCode) },
    tool: tool ? (textAt(tool, 'tool_name') ?? 'unnamed') : null,
    refused: false,
  };
}

function modelOf(result: Json | undefined): string | undefined {
  return Object.keys(objectAt(objectAt(result, 'stats'), 'models'))[0];
}

/** Thoughts are in the total alone. */
function usageOf(result: Json | undefined): Reading['usage'] {
  const stats = objectAt(result, 'stats');
  const total = numberAt(stats, 'total_tokens');
  const input = numberAt(stats, 'input_tokens');
  const answer = numberAt(stats, 'output_tokens');
  if (!total || input === null || answer === null) return UNKNOWN_USAGE;
  return {
    ...UNKNOWN_USAGE,
    input_tokens: input,
    cached_input_tokens: numberAt(stats, 'cached'),
    output_tokens: total - input,
    reasoning_tokens: total - input - answer,
  };
}
