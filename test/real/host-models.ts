import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { ProcessResult } from '../../src/platform/process.ts';
import type { Asked, Home, Step } from './home.ts';
import { argvOf, modelServer } from './home.ts';

/** What a host's model does next: calls one of the host's own tools, or says something. */
type Move = Step;
/** One turn of a scripted host model: given what the last tool answered, it says what to do next. */
export type Turn = (last: string, home: Home) => Move;

/** A real host with a scripted model: how its model names tools, and how it is started. */
export interface HostProgram {
  readonly name: 'claude' | 'codex' | 'gemini';
  /** A call of one of Maestro's tools. */
  maestro(tool: string, args: Record<string, unknown>): Move;
  /** A call of the host's own shell. */
  shell(command: string): Move;
  /** A change of one file of the project with the host's own tools; several turns in some hosts. */
  edit(path: string, from: string, to: string): readonly Turn[];
  /** Names of the tools of a server as the model sees them, without the prefix. */
  offered(asked: Asked): readonly string[];
  /** What the last tool call of the conversation answered. */
  last(asked: Asked): string;
  prepare?(home: Home): void;
  start(home: Home, url: string): Promise<ProcessResult>;
}

const PROMPT = 'Work as you were told.';

export const claude: HostProgram = {
  name: 'claude',
  maestro: (tool, args) => ({ tools: [{ name: `mcp__maestro__${tool}`, args }] }),
  shell: (command) => ({ tools: [{ name: 'Bash', args: { command, description: 'run it' } }] }),
  edit: (path, from, to) => [
    (_, { project }) => ({ tools: [{ name: 'Read', args: { file_path: join(project, path) } }] }),
    (_, { project }) => ({
      tools: [{ name: 'Edit', args: { file_path: join(project, path), old_string: from, new_string: to } }],
    }),
  ],
  offered: ({ body }) => namesIn(body.tools, 'mcp__maestro__'),
  last: ({ body }) => textOf(lastOf(lastOf(body.messages, 'content'))),
  start: (home, url) =>
    home.run(
      [...argvOf('claude'), '-p', PROMPT, '--allowedTools', 'mcp__maestro,Bash,Read,Edit', '--output-format', 'json'],
      {
        ANTHROPIC_BASE_URL: url,
        ANTHROPIC_API_KEY: 'sk-test',
        ENABLE_TOOL_SEARCH: 'false',
        DISABLE_AUTOUPDATER: '1',
        CLAUDE_CODE_DISABLE_NONESSENTIAL_TRAFFIC: '1',
      },
    ),
};

export const codex: HostProgram = {
  name: 'codex',
  maestro: (tool, args) => ({ tools: [{ name: tool, namespace: 'mcp__maestro', args }] }),
  shell: (command) => ({ tools: [{ name: 'exec_command', args: { cmd: command } }] }),
  edit: (path, from, to) => [
    () =>
      codex.shell(
        `apply_patch <<'END'\n*** Begin Patch\n*** Update File: ${path}\n@@\n-${from}\n+${to}\n*** End Patch\nEND`,
      ),
  ],
  offered: ({ body }) =>
    list(body.tools).flatMap((tool) => (tool.name === 'mcp__maestro' ? namesIn(tool.tools, '') : [])),
  last: ({ body }) => textOf(list(body.input).at(-1)),
  start: (home, url) =>
    home.run([
      ...argvOf('codex'),
      'exec',
      '--skip-git-repo-check',
      '--json',
      '--dangerously-bypass-approvals-and-sandbox',
      ...['-c', 'model="gpt-5.2-codex"', '-c', 'model_provider="loopback"', '-c'],
      `model_providers.loopback={name="loopback",base_url="${url}/v1",wire_api="responses",requires_openai_auth=false}`,
      PROMPT,
    ]),
};

export const gemini: HostProgram = {
  name: 'gemini',
  maestro: (tool, args) => ({ tools: [{ name: `mcp_maestro_${tool}`, args }] }),
  shell: (command) => ({ tools: [{ name: 'run_shell_command', args: { command } }] }),
  edit: () => {
    throw new Error('not needed so far');
  },
  offered: ({ body }) => list(body.tools).flatMap((tool) => namesIn(tool.functionDeclarations, 'mcp_maestro_')),
  last: ({ body }) => textOf(lastOf(lastOf(body.contents, 'parts'))),
  prepare: ({ path }) => {
    const settings = { security: { auth: { selectedType: 'gemini-api-key' }, folderTrust: { enabled: false } } };
    writeFileSync(join(path, '.gemini', 'settings.json'), `${JSON.stringify(settings, null, 2)}\n`);
  },
  start: (home, url) =>
    home.run([...argvOf('gemini'), '-m', 'gemini-2.5-pro', '-p', PROMPT, '--yolo', '-o', 'json'], {
      GOOGLE_GEMINI_BASE_URL: url,
      GEMINI_API_KEY: 'fake',
      GEMINI_CLI_NO_RELAUNCH: 'true',
    }),
};

/** How a scripted conversation went. */
export interface Conversation {
  readonly result: ProcessResult;
  /** What Maestro's tools were called when they were first offered. */
  readonly offered: readonly string[];
  /** What each turn's tool call answered, in order. */
  readonly answers: readonly string[];
}

/**
 * Lets a real host work with a model that takes these turns. Advisors that ask the same server get `advice`. A request
 * without tools is the host's own housekeeping and gets a word.
 */
export async function converse(
  host: HostProgram,
  home: Home,
  turns: readonly Turn[],
  advice: Step,
  configure: (url: string) => void,
): Promise<Conversation> {
  const answers: string[] = [];
  let offered: readonly string[] = [];
  let turn = 0;
  const url = await modelServer((asked) => {
    if (asked.protocol === 'chat') return advice;
    if (list(asked.body.tools).length === 0) return { text: 'ok' };
    if (turn === 0) offered = host.offered(asked);
    else answers.push(host.last(asked));
    return turns[turn++]?.(answers.at(-1) ?? '', home) ?? { text: 'done' };
  });
  configure(url);
  return { result: await host.start(home, url), offered, answers };
}

/** The JSON object in what a tool answered, which hosts wrap in words of their own. */
export function objectIn(answer: string): Record<string, unknown> {
  const start = answer.indexOf('{');
  const end = answer.lastIndexOf('}');
  if (start < 0) throw new Error(`no object in: ${answer.slice(0, 500)}`);
  return JSON.parse(answer.slice(start, end + 1)) as Record<string, unknown>;
}

type Part = Readonly<Record<string, unknown>>;

function list(value: unknown): readonly Part[] {
  return Array.isArray(value) ? (value as Part[]) : [];
}

function lastOf(value: unknown, field?: string): unknown {
  const last = list(value).at(-1);
  return field === undefined ? last : last?.[field];
}

function namesIn(tools: unknown, prefix: string): string[] {
  const names = list(tools).map(({ name }) => String(name));
  return names
    .filter((name) => name.startsWith(prefix))
    .map((name) => name.slice(prefix.length))
    .sort();
}

/** All text of a part, of whatever protocol. */
function textOf(part: unknown): string {
  if (typeof part === 'string') return part;
  if (Array.isArray(part)) return part.map(textOf).join('\n');
  if (part === null || typeof part !== 'object') return '';
  const { text, content, output, functionResponse, response } = part as Part;
  return textOf(text ?? content ?? output ?? functionResponse ?? response);
}
