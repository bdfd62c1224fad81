import { mkdir, symlink } from 'node:fs/promises';
import { join } from 'node:path';
import { UNKNOWN_USAGE } from '../domain/advice.ts';
import { toollessCatalog } from './command-line/codex-catalog.ts';
import { homeFolder, keyFrom, readable } from './command-line/credentials.ts';
import type { Call, Dialect, Login, Output, Reading } from './command-line/dialect.ts';
import { type Json, jsonLines, numberAt, objectAt, textAt } from './command-line/json-lines.ts';
import { commandLineProvider } from './command-line/provider.ts';

const KEY = 'MAESTRO_CODEX_KEY';
const VENDOR = 'https://api.openai.com/v1';

/** Everything that gives it a tool, a rule, a hook, or a reason to go on asking. */
const FEATURES_OFF = [
  ...[
    'apps',
    'browser_use',
    'browser_use_external',
    'computer_use',
    'goals',
    'hooks',
    'image_generation',
    'in_app_browser',
  ],
  ...[
    'multi_agent',
    'plugins',
    'remote_plugin',
    'shell_snapshot',
    'shell_tool',
    'skill_search',
    'sleep_tool',
    'tool_suggest',
  ],
  ...['unbounded_connection_retries', 'unified_exec', 'view_image', 'workspace_dependencies'],
];

const SETTINGS = {
  approval_policy: '"never"',
  web_search: '"disabled"',
  'tools.experimental_request_user_input.enabled': 'false',
  project_doc_max_bytes: '0',
  'skills.include_instructions': 'false',
  'skills.bundled.enabled': 'false',
  include_environment_context: 'false',
  include_permissions_instructions: 'false',
  include_collaboration_mode_instructions: 'false',
  'analytics.enabled': 'false',
};

/** How it is started, and what its output says. */
export const dialect: Dialect = {
  id: 'codex',
  description: "OpenAI's Codex CLI with the login on this machine, held to text",
  program: 'codex',
  npmPackage: '@openai/codex',
  testedVersion: '0.169.0',
  promptBytes: 1_048_576,
  streams: false,
  loginRemedy: "Run 'codex login', or set CODEX_API_KEY.",
  apiPath: '/v1',
  // It would go on asking for as long as the model goes on wanting tools, and every round is paid.
  toolComplaint: /unsupported (custom tool )?call/,
  async login(surroundings) {
    const { settings, env } = surroundings;
    const key = keyFrom(surroundings, ['CODEX_API_KEY']);
    if (key) return keyLogin(key, settings.baseUrl);
    if (settings.apiKeyEnv !== null) return null;
    const file = join(env.CODEX_HOME || homeFolder(surroundings, '.codex'), 'auth.json');
    if (readable(file)) return { how: "with the user's own login", env: {}, file, baseUrl: settings.baseUrl };
    const usual = keyFrom(surroundings, ['OPENAI_API_KEY']);
    return usual && keyLogin(usual, settings.baseUrl ?? env.OPENAI_BASE_URL ?? null);
  },
  fakeLogin: (baseUrl) => keyLogin({ name: 'none', value: 'not-a-key' }, baseUrl),
  async prepare(call) {
    const home = join(call.folders.home, '.codex');
    await mkdir(home, { mode: 0o700 });
    // Codex writes a renewed login through the link.
    if (call.login.file !== null) await symlink(call.login.file, join(home, 'auth.json'));
    return { args: argumentsOf(call, await toollessCatalog(call)), env: { CODEX_HOME: home, ...call.login.env } };
  },
  meaning: (line) => (/"type":"item\.|"type":"turn\.(completed|failed)"/.test(line) ? 'output' : 'preamble'),
  read,
};

/**
 * OpenAI's Codex, with an API key or the user's ChatGPT login. Unknown flags and settings end it, so that a version
 * which dropped one is noticed. An answer over a ChatGPT login was never seen by us.
 */
export const provider = commandLineProvider(dialect);

function keyLogin({ name, value }: { name: string; value: string }, baseUrl: string | null): Login {
  return { how: `with the key in ${name}`, env: { [KEY]: value }, file: null, baseUrl: baseUrl ?? VENDOR };
}

function argumentsOf({ login, model, effort, limits, folders }: Call, catalog: string): string[] {
  const where = login.baseUrl === null ? '' : `base_url=${JSON.stringify(login.baseUrl)},`;
  const how = login.file === null ? `env_key="${KEY}"` : 'requires_openai_auth=true';
  const settings = {
    model_provider: '"maestro"',
    'model_providers.maestro': `{name="OpenAI",${where}${how},wire_api="responses",request_max_retries=0,stream_max_retries=0,stream_idle_timeout_ms=${limits.silenceMs}}`,
    model_instructions_file: JSON.stringify(folders.system),
    model_catalog_json: JSON.stringify(catalog),
    ...SETTINGS,
    ...(effort === null ? {} : { model_reasoning_effort: JSON.stringify(effort) }),
  };
  return [
    ...['exec', '--json', '--strict-config', '--sandbox', 'read-only', '--skip-git-repo-check', '--ephemeral'],
    ...['--ignore-user-config', '--ignore-rules', ...(model === null ? [] : ['-m', model])],
    ...FEATURES_OFF.flatMap((feature) => ['--disable', feature]),
    ...Object.entries(settings).flatMap(([name, value]) => ['-c', `${name}=${value}`]),
    '-',
  ];
}

function read({ stdout }: Output): Reading {
  const events = jsonLines(stdout);
  const last = (type: string) => events.findLast((event) => event.type === type);
  const answer = events.findLast(
    ({ type, item }) => type === 'item.completed' && (item as Json | undefined)?.type === 'agent_message',
  );
  const done = last('turn.completed');
  const failed = last('turn.failed');
  const message = textAt(objectAt(failed, 'error'), 'message') ?? (done ? null : textAt(last('error'), 'message'));
  return {
    text: textAt(objectAt(answer, 'item'), 'text') ?? '',
    complete: done !== undefined || (answer !== undefined && message === null),
    model: null,
    usage: usageOf(done),
    error: message === null ? null : { message, status: null },
    tool: null,
    refused: false,
  };
}

function usageOf(done: Json | undefined): Reading['usage'] {
  const usage = objectAt(done, 'usage');
  return {
    ...UNKNOWN_USAGE,
    input_tokens: numberAt(usage, 'input_tokens'),
    cached_input_tokens: numberAt(usage, 'cached_input_tokens'),
    output_tokens: numberAt(usage, 'output_tokens'),
    reasoning_tokens: numberAt(usage, 'reasoning_output_tokens'),
  };
}
