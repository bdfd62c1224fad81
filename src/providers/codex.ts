import { existsSync, mkdirSync, renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { AdviceUsage } from '../domain/advice.ts';
import { runProcess } from '../platform/process.ts';
import type { Heard, PlanInput, Program } from './command-line/program.ts';
import { programProvider } from './command-line/provider.ts';
import { environmentOf } from './command-line/scratch.ts';
import { at, listAt, numberAt, textAt } from './http/at.ts';

/** Every feature that would give the model something to do. */
const OFF = [
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

/** What each model of the catalogue must not have: for known models it decides some tools whatever the feature flags say. */
const NO_TOOLS = {
  tool_mode: 'direct',
  apply_patch_tool_type: null,
  experimental_supported_tools: [],
  multi_agent_version: null,
  supports_search_tool: false,
  shell_type: 'disabled',
  input_modalities: ['text'],
};

const program: Program = {
  id: 'codex',
  title: 'Codex',
  command: 'codex',
  install: 'Install it with: npm install -g @openai/codex',
  logIn: 'Run: codex login (or set OPENAI_API_KEY)',
  oldest: '0.169.0',
  proven: ['0.169.0'],
  mostCharacters: 1_048_576,
  versionFile: () => null,
  login(env, { apiKeyEnv }) {
    const name = (apiKeyEnv === null ? ['CODEX_API_KEY', 'OPENAI_API_KEY'] : [apiKeyEnv]).find((one) =>
      env[one]?.trim(),
    );
    if (name) return { kind: 'key', from: `the key in ${name}`, env: { CODEX_API_KEY: env[name]!.trim() }, files: {} };
    const folder = env.CODEX_HOME ?? (env.HOME ? join(env.HOME, '.codex') : null);
    const file = folder && join(folder, 'auth.json');
    if (apiKeyEnv !== null || !file || !existsSync(file)) return null;
    return { kind: 'account', from: 'its own login', env: {}, files: { '.codex/auth.json': file } };
  },

  async plan(input) {
    const { scratch, model, effort, settings, silenceMs } = input;
    const baseUrl = settings.baseUrl === null ? '' : `base_url=${quoted(apiBase(settings.baseUrl))},`;
    const retries = `request_max_retries=0,stream_max_retries=0,stream_idle_timeout_ms=${Math.ceil(silenceMs)}`;
    const config = {
      model_provider: quoted('maestro'),
      'model_providers.maestro': `{name="OpenAI",${baseUrl}requires_openai_auth=true,wire_api="responses",${retries}}`,
      model_instructions_file: quoted(scratch.system),
      model_catalog_json: quoted(await catalogue(input)),
      ...(effort === null ? {} : { model_reasoning_effort: quoted(effort) }),
      approval_policy: quoted('never'),
      web_search: quoted('disabled'),
      'tools.experimental_request_user_input.enabled': 'false',
      project_doc_max_bytes: '0',
      'skills.include_instructions': 'false',
      'skills.bundled.enabled': 'false',
      include_environment_context: 'false',
      include_permissions_instructions: 'false',
      include_collaboration_mode_instructions: 'false',
      'analytics.enabled': 'false',
    };
    const held = [
      '--sandbox',
      'read-only',
      '--skip-git-repo-check',
      '--ephemeral',
      '--ignore-user-config',
      '--ignore-rules',
    ];
    const args = [
      ...['exec', '--json', '--strict-config', ...held, ...(model === null ? [] : ['-m', model])],
      ...OFF.flatMap((feature) => ['--disable', feature]),
      ...Object.entries(config).flatMap(([key, value]) => ['-c', `${key}=${value}`]),
      '-',
    ];
    const home = join(scratch.home, '.codex');
    mkdirSync(home, { recursive: true, mode: 0o700 });
    return { args, env: { CODEX_HOME: home }, streams: false };
  },

  line(event): Heard {
    const type = textAt(event, 'type');
    if (type === 'item.completed' && textAt(event, 'item', 'type') === 'agent_message')
      return { text: textAt(event, 'item', 'text') ?? '' };
    if (type === 'turn.completed') return { complete: true, usage: usageOf(at(event, 'usage')) };
    if (type === 'turn.failed') return { error: errorOf(textAt(event, 'error', 'message') ?? '') };
    return {};
  },

  rest: (_stdout, stderr) => {
    const said = lastLine(stderr);
    return said === '' ? {} : { error: errorOf(said) };
  },

  offered: (body) =>
    [
      ...listAt(body, 'tools'),
      ...listAt(body, 'input').filter((item) => textAt(item, 'type') === 'additional_tools'),
    ].map((tool) => textAt(tool, 'name') ?? textAt(tool, 'type') ?? 'a tool'),
};

export const provider = programProvider(program, 'the Codex CLI, with its own login or an OpenAI key');

/** The program's own list of models without their tools, made once a version. Throws what keeps it from being made. */
async function catalogue({ binary, version, cacheFolder, scratch, env, signal }: PlanInput): Promise<string> {
  const file = join(cacheFolder, `codex-models-${version}.json`);
  if (existsSync(file)) return file;
  const spec = {
    argv: [binary, 'debug', 'models', '--bundled'],
    cwd: scratch.cwd,
    env: environmentOf(env, scratch, {}),
    stdin: '',
  };
  const { stdout, exitCode } = await runProcess(spec, {
    timeLimitMs: 30_000,
    outputCapBytes: 64 * 1024 * 1024,
    signal,
  });
  if (exitCode !== 0) throw new Error(`Codex does not list its models (status ${exitCode})`);
  const { models, ...rest } = JSON.parse(stdout) as { models: object[] };
  const text = JSON.stringify({ ...rest, models: models.map((model) => ({ ...model, ...NO_TOOLS })) });
  writeFileSync(`${file}.${process.pid}`, text, { mode: 0o600 });
  renameSync(`${file}.${process.pid}`, file);
  return file;
}

/** A TOML basic string. */
function quoted(text: string): string {
  return JSON.stringify(text);
}

function apiBase(url: string): string {
  return /\/v\d+\/?$/.test(url) ? url.replace(/\/$/, '') : `${url.replace(/\/$/, '')}/v1`;
}

function usageOf(usage: unknown): AdviceUsage {
  return {
    input_tokens: numberAt(usage, 'input_tokens'),
    cached_input_tokens: numberAt(usage, 'cached_input_tokens'),
    output_tokens: numberAt(usage, 'output_tokens'),
    reasoning_tokens: numberAt(usage, 'reasoning_output_tokens'),
    cost_usd: null,
  };
}

function errorOf(message: string): NonNullable<Heard['error']> {
  const status = /\b(?:status:?|error:?|HTTP)\s+(\d{3})\b/i.exec(message)?.[1];
  return { status: status ? Number(status) : null, message };
}

function lastLine(text: string): string {
  return (
    text
      .trim()
      .split('\n')
      .findLast((line) => /error|missing|not found|failed|invalid/i.test(line)) ?? ''
  );
}
