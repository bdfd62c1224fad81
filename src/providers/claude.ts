import { existsSync } from 'node:fs';
import { join } from 'node:path';
import type { AdviceUsage } from '../domain/advice.ts';
import type { Heard, Program } from './command-line/program.ts';
import { programProvider } from './command-line/provider.ts';
import { at, listAt, numberAt, textAt } from './http/at.ts';

const KEYS = ['ANTHROPIC_API_KEY', 'ANTHROPIC_AUTH_TOKEN', 'CLAUDE_CODE_OAUTH_TOKEN'] as const;
/** Its own retries are billed and unbounded; attachments would read files named in the question. */
const QUIET = {
  CLAUDE_CODE_DISABLE_NONESSENTIAL_TRAFFIC: '1',
  DISABLE_TELEMETRY: '1',
  DISABLE_ERROR_REPORTING: '1',
  DISABLE_AUTOUPDATER: '1',
  CLAUDE_CODE_DISABLE_ATTACHMENTS: '1',
  CLAUDE_CODE_MAX_RETRIES: '0',
  CLAUDE_CODE_DISABLE_NONSTREAMING_FALLBACK: '1',
  CLAUDE_CODE_MAX_TURNS: '1',
};

const program: Program = {
  id: 'claude',
  title: 'Claude Code',
  command: 'claude',
  install: 'Install it with: npm install -g @anthropic-ai/claude-code',
  logIn: 'Run: claude, then /login (or set ANTHROPIC_API_KEY)',
  oldest: '2.1.330',
  proven: ['2.1.330'],
  mostCharacters: 9_000_000,
  versionFile: () => null,
  login(env, { apiKeyEnv }) {
    const name = (apiKeyEnv === null ? KEYS : [apiKeyEnv]).find((one) => env[one]?.trim());
    if (name) {
      const variable = KEYS.find((known) => known === name) ?? 'ANTHROPIC_API_KEY';
      const kind = variable === 'ANTHROPIC_API_KEY' ? 'key' : 'account';
      return { kind, from: `the key in ${name}`, env: { [variable]: env[name]!.trim() }, files: {} };
    }
    const folder = env.CLAUDE_CONFIG_DIR ?? (env.HOME ? join(env.HOME, '.claude') : null);
    const file = folder && join(folder, '.credentials.json');
    if (apiKeyEnv !== null || !file || !existsSync(file)) return null;
    return { kind: 'account', from: 'its own login', env: {}, files: { '.claude/.credentials.json': file } };
  },

  async plan({ scratch, login, model, effort, settings }) {
    const args = [
      ...['-p', '--output-format', 'stream-json', '--verbose', '--include-partial-messages'],
      ...(model === null ? [] : ['--model', model]),
      ...(effort === null ? [] : ['--effort', effort]),
      ...(login.kind === 'key' ? ['--bare'] : ['--safe-mode', '--restricted']),
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
      ...['--system-prompt-file', scratch.system],
    ];
    const base = settings.baseUrl === null ? {} : { ANTHROPIC_BASE_URL: settings.baseUrl.replace(/\/v1\/?$/, '') };
    return { args, env: { ...QUIET, ...base }, streams: true };
  },

  line(event): Heard {
    const type = textAt(event, 'type');
    if (type === 'system' && textAt(event, 'subtype') === 'init')
      return { tools: listAt(event, 'tools').map(String), ...named(textAt(event, 'model')) };
    if (type === 'stream_event') return { delta: textAt(event, 'event', 'delta', 'text') ?? '' };
    if (type === 'result') return result(event);
    return {};
  },

  rest: (stdout, stderr) => {
    const said =
      `${stdout}\n${stderr}`
        .trim()
        .split('\n')
        .findLast((line) => line.trim() !== '') ?? '';
    return said === '' ? {} : { error: { status: null, message: said.trim() } };
  },

  offered: (body) => listAt(body, 'tools').map((tool) => textAt(tool, 'name') ?? 'a tool'),
};

export const provider = programProvider(program, 'the Claude Code CLI, with its own login or an Anthropic key');

/** The end of a run. Errors of the API have `subtype: "success"` too: only `is_error` tells. */
function result(event: unknown): Heard {
  const usage = usageOf(event);
  const text = textAt(event, 'result') ?? '';
  if (at(event, 'is_error') !== false || (numberAt(event, 'num_turns') ?? 0) < 1) {
    const said =
      text ||
      listAt(event, 'errors').map(String).join('; ') ||
      textAt(event, 'terminal_reason') ||
      textAt(event, 'subtype') ||
      '';
    return { usage, error: { status: numberAt(event, 'api_error_status'), message: said } };
  }
  const [model] = Object.keys(Object(at(event, 'modelUsage')));
  return { text, usage, complete: true, ...named(model ?? null) };
}

function named(model: string | null): Pick<Heard, 'model'> {
  return model === null ? {} : { model };
}

/** Its input tokens are the uncached ones; cost is of this run, which has a session of its own. */
function usageOf(event: unknown): AdviceUsage {
  const usage = at(event, 'usage');
  const cached = numberAt(usage, 'cache_read_input_tokens');
  const input = numberAt(usage, 'input_tokens');
  return {
    input_tokens: input === null ? null : input + (cached ?? 0) + (numberAt(usage, 'cache_creation_input_tokens') ?? 0),
    cached_input_tokens: cached,
    output_tokens: numberAt(usage, 'output_tokens'),
    reasoning_tokens: numberAt(usage, 'output_tokens_details', 'thinking_tokens'),
    cost_usd: numberAt(event, 'total_cost_usd'),
  };
}
