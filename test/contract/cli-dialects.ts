import type { ProviderDefinition } from '../../src/domain/advice.ts';
import { provider as claude } from '../../src/providers/claude.ts';
import { provider as codex } from '../../src/providers/codex.ts';
import { provider as gemini } from '../../src/providers/gemini.ts';

/** What a program prints and how it ends. */
interface Output {
  readonly lines: readonly string[];
  readonly exit: number;
}

/** How one of the programs speaks, as seen on the real one of the tested version. */
export interface Speech {
  readonly id: string;
  readonly provider: ProviderDefinition;
  readonly testedVersion: string;
  readonly olderVersion: string;
  readonly newerVersion: string;
  readonly keyName: string;
  /** What it prints before any answer. */
  readonly preamble: readonly string[];
  /** The line that is printed while the answer is still being written; null where nothing is. */
  readonly partial: ((text: string) => string) | null;
  /** The lines of an answer, without the preamble. */
  answer(text: string): readonly string[];
  /** What it prints when the server answers with an error. */
  failure(status: number, message: string): Output;
  /** Where the variable or argument with the address of the server is, as an expression over node's `process`. */
  readonly address: string;
  /** The path to post to, and a body that offers a tool or none. */
  readonly post: { readonly path: string; readonly withTool: string; readonly without: string };
}

const json = JSON.stringify;

const CODEX: Speech = {
  id: 'codex',
  provider: codex,
  testedVersion: '0.169.0',
  olderVersion: '0.168.9',
  newerVersion: '0.170.1',
  keyName: 'CODEX_API_KEY',
  preamble: [json({ type: 'thread.started', thread_id: 't' }), json({ type: 'turn.started' })],
  partial: null,
  answer: (text) => [
    json({ type: 'item.completed', item: { id: 'item_0', type: 'reasoning', text: 'hm' } }),
    json({ type: 'item.completed', item: { id: 'item_1', type: 'agent_message', text } }),
    json({
      type: 'turn.completed',
      usage: { input_tokens: 1000, cached_input_tokens: 200, output_tokens: 50, reasoning_output_tokens: 30 },
    }),
  ],
  failure: (status, message) => {
    const words = `unexpected status ${status}: ${message}, url: http://x`;
    return {
      lines: [json({ type: 'error', message: words }), json({ type: 'turn.failed', error: { message: words } })],
      exit: 1,
    };
  },
  address: '/base_url="([^"]+)"/.exec(process.argv.join(\' \'))[1]',
  post: {
    path: '/responses',
    withTool: json({ input: [{ type: 'additional_tools', tools: [{ type: 'custom', name: 'exec' }] }] }),
    without: json({ tools: [] }),
  },
};

const claudeResult = (over: object) =>
  json({
    type: 'result',
    subtype: 'success',
    is_error: false,
    num_turns: 1,
    api_error_status: null,
    total_cost_usd: 0.0125,
    stop_reason: 'end_turn',
    usage: {
      input_tokens: 800,
      cache_read_input_tokens: 200,
      cache_creation_input_tokens: 0,
      output_tokens: 50,
      output_tokens_details: { thinking_tokens: 30 },
    },
    modelUsage: { 'a-model': {} },
    ...over,
  });
const claudeMessage = (text: string, over: object = {}) =>
  json({
    type: 'assistant',
    message: { model: 'a-model', role: 'assistant', content: [{ type: 'text', text }] },
    ...over,
  });

const CLAUDE: Speech = {
  id: 'claude',
  provider: claude,
  testedVersion: '2.1.330',
  olderVersion: '2.1.329',
  newerVersion: '2.2.0',
  keyName: 'ANTHROPIC_API_KEY',
  preamble: [json({ type: 'system', subtype: 'init', tools: [], mcp_servers: [], model: 'a-model' })],
  partial: (text) =>
    json({
      type: 'stream_event',
      event: { type: 'content_block_delta', index: 0, delta: { type: 'text_delta', text } },
    }),
  answer: (text) => [claudeMessage(text), claudeResult({ result: text })],
  failure: (status, message) => {
    const words = `API Error: ${status} ${message}`;
    return {
      lines: [
        claudeMessage(words, { is_api_error_message: true, api_error_status: status }),
        claudeResult({ is_error: true, api_error_status: status, result: words, usage: {}, total_cost_usd: 0 }),
      ],
      exit: 1,
    };
  },
  address: 'process.env.ANTHROPIC_BASE_URL',
  post: { path: '/v1/messages', withTool: json({ tools: [{ name: 'Bash' }] }), without: json({ tools: [] }) },
};

const geminiResult = (over: object) =>
  json({
    type: 'result',
    status: 'success',
    stats: {
      total_tokens: 1050,
      input_tokens: 1000,
      output_tokens: 20,
      cached: 200,
      input: 800,
      models: { 'a-model': {} },
    },
    ...over,
  });

const GEMINI: Speech = {
  id: 'gemini',
  provider: gemini,
  testedVersion: '0.61.0',
  olderVersion: '0.60.4',
  newerVersion: '1.0.0',
  keyName: 'GEMINI_API_KEY',
  preamble: [json({ type: 'init', model: 'pro' }), json({ type: 'message', role: 'user', content: 'x' })],
  partial: (content) => json({ type: 'message', role: 'assistant', content, delta: true }),
  answer: (content) => [json({ type: 'message', role: 'assistant', content, delta: true }), geminiResult({})],
  failure: (status, message) => ({
    lines: [
      geminiResult({ status: 'error', error: { type: 'unknown', message: `[API Error: ${message}]` }, stats: {} }),
    ],
    exit: status % 256,
  }),
  address: 'process.env.GOOGLE_GEMINI_BASE_URL',
  post: {
    path: '/v1beta/models/pro:streamGenerateContent',
    withTool: json({ tools: [{ functionDeclarations: [{ name: 'run_shell_command' }] }] }),
    without: json({ tools: [{ functionDeclarations: [] }] }),
  },
};

/** The three programs. */
export const SPEECHES: readonly Speech[] = [CODEX, CLAUDE, GEMINI];
