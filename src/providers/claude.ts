import { join } from 'node:path';
import type { AdviceSurroundings } from '../domain/advice.ts';
import { homeFolder, jsonFile, keyFrom } from './command-line/credentials.ts';
import type { Call, Dialect, Login, Output, Reading } from './command-line/dialect.ts';
import { type Json, jsonLines, listAt, numberAt, objectAt, sum, textAt } from './command-line/json-lines.ts';
import { commandLineProvider } from './command-line/provider.ts';

/** A login that ends sooner than this is not worth beginning with. */
const LEFT_MS = 60_000;

/** No traffic but to the model, no retries of its own, no files read because a prompt names them. */
const QUIET = {
  CLAUDE_CODE_DISABLE_NONESSENTIAL_TRAFFIC: '1',
  DISABLE_TELEMETRY: '1',
  DISABLE_ERROR_REPORTING: '1',
  DISABLE_AUTOUPDATER: '1',
  CLAUDE_CODE_DISABLE_ATTACHMENTS: '1',
  CLAUDE_CODE_MAX_RETRIES: '0',
  CLAUDE_CODE_DISABLE_NONSTREAMING_FALLBACK: '1',
};

/** How it is started, and what its output says. */
export const dialect: Dialect = {
  id: 'claude',
  description: "Anthropic's Claude Code with the login on this machine, held to text",
  program: 'claude',
  npmPackage: '@anthropic-ai/claude-code',
  testedVersion: '2.1.330',
  promptBytes: 10_000_000,
  streams: true,
  loginRemedy: "Run 'claude' once to log in or to renew the login, or set ANTHROPIC_API_KEY.",
  apiPath: '',
  toolComplaint: null,
  async login(surroundings) {
    const { env, settings } = surroundings;
    const baseUrl = settings.baseUrl ?? env.ANTHROPIC_BASE_URL ?? null;
    const key = keyFrom(surroundings, ['ANTHROPIC_API_KEY', 'ANTHROPIC_AUTH_TOKEN', 'CLAUDE_CODE_OAUTH_TOKEN']);
    if (key === null) return settings.apiKeyEnv === null ? subscription(surroundings, baseUrl) : null;
    const name = settings.apiKeyEnv === null ? key.name : 'ANTHROPIC_API_KEY';
    return { how: `with the key in ${key.name}`, env: { [name]: key.value }, file: null, baseUrl };
  },
  fakeLogin: (baseUrl) => ({ how: '', env: { ANTHROPIC_API_KEY: 'not-a-key' }, file: null, baseUrl }),
  async prepare(call) {
    const { baseUrl, env } = call.login;
    const where = baseUrl === null ? {} : { ANTHROPIC_BASE_URL: baseUrl };
    return {
      args: argumentsOf(call),
      env: { ...QUIET, API_TIMEOUT_MS: String(call.limits.totalMs), ...where, ...env },
    };
  },
  meaning(line) {
    if (/"type":"system"/.test(line)) return hasTools(line) ? 'unwanted' : 'preamble';
    return 'output';
  },
  read,
};

/**
 * Anthropic's Claude Code, with an API key or the access token of the user's subscription. It says before its first
 * request which tools it has: if any, it is ended. An answer over a subscription was never seen by us.
 */
export const provider = commandLineProvider(dialect);

/**
 * The access token alone: the private home gets no refresh token, so that the program cannot renew the login where
 * the user's own would then be void.
 */
function subscription(surroundings: AdviceSurroundings, baseUrl: string | null): Login | null {
  const folder = surroundings.env.CLAUDE_CONFIG_DIR || homeFolder(surroundings, '.claude');
  const oauth = objectAt(jsonFile(join(folder, '.credentials.json')) as Json, 'claudeAiOauth');
  const token = textAt(oauth, 'accessToken');
  if (token === null || (numberAt(oauth, 'expiresAt') ?? 0) < Date.now() + LEFT_MS) return null;
  return { how: "with the user's subscription", env: { CLAUDE_CODE_OAUTH_TOKEN: token }, file: null, baseUrl };
}

function argumentsOf({ login, model, effort, folders }: Call): string[] {
  const isSubscription = 'CLAUDE_CODE_OAUTH_TOKEN' in login.env;
  return [
    ...['-p', '--output-format', 'stream-json', '--verbose', '--include-partial-messages'],
    ...(model === null ? [] : ['--model', model]),
    ...(effort === null ? [] : ['--effort', effort]),
    ...(isSubscription ? ['--safe-mode', '--restricted'] : ['--bare']),
    ...[
      '--no-session-persistence',
      '--tools',
      '',
      '--strict-mcp-config',
      '--setting-sources',
      '',
      '--disable-slash-commands',
    ],
    ...['--permission-mode', 'dontAsk', '--permission-prompts', 'none', '--max-turns', '1'],
    ...['--system-prompt-file', folders.system],
  ];
}

/** The first event lists the tools and MCP servers: both lists must be empty. */
function hasTools(line: string): boolean {
  return /"subtype":"init"/.test(line) && !(/"tools":\[\]/.test(line) && /"mcp_servers":\[\]/.test(line));
}

function read({ stdout }: Output): Reading {
  const events = jsonLines(stdout);
  const result = events.findLast(({ type }) => type === 'result');
  const messages = events.filter(({ type }) => type === 'assistant');
  const whole = messages
    .filter((event) => event.is_api_error_message !== true)
    .map((event) => objectAt(event, 'message'));
  const said = whole.map((message) => textOf(listAt(message, 'content'))).join('');
  const tool = whole.flatMap((message) => listAt(message, 'content')).find(({ type }) => type === 'tool_use');
  const failed = errorOf(result, messages);
  return {
    text: result && failed === null ? (textAt(result, 'result') ?? said) : said || deltas(events),
    complete: failed === null && (result !== undefined || said !== ''),
    model: textAt(whole.at(-1), 'model') ?? Object.keys(objectAt(result, 'modelUsage'))[0] ?? null,
    usage: usageOf(result),
    error: failed,
    tool: tool ? (textAt(tool, 'name') ?? 'unnamed') : null,
    refused: textAt(result, 'stop_reason') === 'refusal',
  };
}

/** A failed call has `subtype: "success"` too; only `is_error` tells. */
function errorOf(result: Json | undefined, messages: readonly Json[]): Reading['error'] {
  const failed = messages.findLast((event) => event.is_api_error_message === true);
  const message = failed && textOf(listAt(objectAt(failed, 'message'), 'content'));
  if (!result) return failed ? { message: message!, status: numberAt(failed, 'api_error_status') } : null;
  if (result.is_error === false && result.subtype === 'success') return null;
  const errors = Array.isArray(result.errors) ? result.errors.join('; ') : '';
  const words = textAt(result, 'result') || message || errors || textAt(result, 'subtype') || 'failed';
  return { message: words, status: numberAt(result, 'api_error_status') };
}

function textOf(blocks: readonly Json[]): string {
  return blocks.map((block) => (block.type === 'text' ? (textAt(block, 'text') ?? '') : '')).join('');
}

function deltas(events: readonly Json[]): string {
  return events.map(({ event }) => textAt(objectAt(event as Json | undefined, 'delta'), 'text') ?? '').join('');
}

function usageOf(result: Json | undefined): Reading['usage'] {
  const usage = objectAt(result, 'usage');
  const cached = numberAt(usage, 'cache_read_input_tokens');
  return {
    input_tokens: sum(numberAt(usage, 'input_tokens'), cached, numberAt(usage, 'cache_creation_input_tokens')),
    cached_input_tokens: cached,
    output_tokens: numberAt(usage, 'output_tokens'),
    reasoning_tokens: numberAt(objectAt(usage, 'output_tokens_details'), 'thinking_tokens'),
    cost_usd: numberAt(result, 'total_cost_usd'),
  };
}
