/** How each program speaks, as seen on the real ones: enough of it for a fake to be taken for it. */
export interface CliDialect {
  readonly provider: string;
  readonly version: string;
  readonly keyVariable: string;
  /** Whether its answer comes bit by bit. */
  readonly streams: boolean;
  /** Source of functions that print: `begin()`, `bit(text)`, `answer(text)`, `failure(status, message)` and, for what it is asked beside, `aside(argv)`. */
  readonly source: string;
}

const CODEX = `
const say = (value) => out(JSON.stringify(value) + '\\n');
const begin = () => { say({ type: 'thread.started', thread_id: 't1' }); say({ type: 'turn.started' }); };
const bit = () => {};
const answer = (text) => {
  say({ type: 'item.completed', item: { id: 'item_0', type: 'agent_message', text } });
  say({ type: 'turn.completed', usage: { input_tokens: 1000, cached_input_tokens: 200, cache_write_input_tokens: 0, output_tokens: 50, reasoning_output_tokens: 30 } });
};
const failure = (status, message) => { say({ type: 'turn.failed', error: { message: 'unexpected status ' + status + ': ' + message } }); process.exitCode = 1; };
const aside = (argv) => argv[0] === 'debug' ? '{"models":[{"slug":"m","shell_type":"x"}]}' : null;
`;

const CLAUDE = `
const say = (value) => out(JSON.stringify(value) + '\\n');
const usage = { input_tokens: 800, cache_read_input_tokens: 200, cache_creation_input_tokens: 0, output_tokens: 50, output_tokens_details: { thinking_tokens: 30 } };
const begin = () => say({ type: 'system', subtype: 'init', tools: [], mcp_servers: [], model: 'claude-x' });
const bit = (text) => say({ type: 'stream_event', event: { type: 'content_block_delta', delta: { type: 'text_delta', text } } });
const answer = (result) => say({ type: 'result', subtype: 'success', is_error: false, num_turns: 1, result, usage, total_cost_usd: 0.01, modelUsage: { 'claude-x': {} } });
const failure = (status, message) => {
  say({ type: 'result', subtype: 'success', is_error: true, api_error_status: status, num_turns: 1, result: 'API Error: ' + status + ' ' + message, usage });
  process.exitCode = 1;
};
const aside = () => null;
`;

const GEMINI = `
const say = (value) => out(JSON.stringify(value) + '\\n');
const streamed = process.argv.includes('stream-json');
const stats = { total_tokens: 1050, input_tokens: 1000, output_tokens: 20, cached: 200 };
const tokens = { prompt: 1000, cached: 200, candidates: 20, thoughts: 30, total: 1050 };
const begin = () => streamed && say({ type: 'init', session_id: 's', model: 'gemini-x' });
const bit = (content) => streamed && say({ type: 'message', role: 'assistant', content, delta: true });
const answer = (text) => {
  if (!streamed) return out(JSON.stringify({ session_id: 's', response: text, stats: { models: { 'gemini-x': { tokens } } } }, null, 2));
  bit(text);
  say({ type: 'result', status: 'success', stats });
};
const failure = (status, message) => {
  const error = { type: 'unknown', message: '[API Error: ' + JSON.stringify({ error: { code: status, message } }) + ']' };
  if (streamed) say({ type: 'result', status: 'error', error, stats });
  else process.stderr.write('Warning: x\\n' + JSON.stringify({ session_id: 's', error: { ...error, code: status } }, null, 2) + '\\n');
  process.exitCode = status % 256;
};
const aside = () => null;
`;

export const CLI_DIALECTS: readonly CliDialect[] = [
  { provider: 'claude', version: '2.1.330', keyVariable: 'ANTHROPIC_API_KEY', streams: true, source: CLAUDE },
  { provider: 'codex', version: '0.169.0', keyVariable: 'OPENAI_API_KEY', streams: false, source: CODEX },
  { provider: 'gemini', version: '0.61.0', keyVariable: 'GEMINI_API_KEY', streams: true, source: GEMINI },
];
