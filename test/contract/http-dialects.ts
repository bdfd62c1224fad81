import type { AdviceUsage } from '../../src/domain/advice.ts';

interface Turn {
  readonly role: string;
  readonly text: string;
}

/** One API as its server speaks it: what it sends for an answer, and where it finds the question. */
export interface Dialect {
  readonly provider: string;
  /** Path of the base URL. */
  readonly base: string;
  /** The request line. */
  readonly url: string;
  readonly keyHeader: readonly [name: string, before: string];
  /** The variable in which the key is, when the configuration names none. */
  readonly keyName: string | null;
  /** The events before any text. */
  readonly opening: string;
  readonly delta: (text: string) => string;
  /** The events after the text. */
  readonly closing: string;
  /** The same when the answer ended at the API's limit of length. */
  readonly closingAtLength: string;
  /** A whole stream that asks for a tool. */
  readonly tool: string;
  /** A whole stream that withholds the answer. */
  readonly refusal: string;
  /** An error event inside the stream. */
  readonly failing: string;
  /** An answer as one JSON body. */
  readonly whole: (text: string) => unknown;
  readonly usage: AdviceUsage;
  /** An error body. */
  readonly error: (type: string, message: string) => unknown;
  readonly question: (body: never) => { readonly system: string; readonly turns: readonly Turn[] };
}

const event = (data: unknown) => `data: ${JSON.stringify(data)}\n\n`;
const named = (data: { readonly type: string; readonly [field: string]: unknown }) =>
  `event: ${data.type}\n${event(data)}`;

const response = (status: string, output: unknown[], more: object = {}) => ({
  id: 'resp_1',
  object: 'response',
  model: 'model-1-2026',
  status,
  output,
  usage: {
    input_tokens: 100,
    input_tokens_details: { cached_tokens: 20 },
    output_tokens: 50,
    output_tokens_details: { reasoning_tokens: 30 },
  },
  ...more,
});
const said = (text: string) => [{ type: 'message', content: [{ type: 'output_text', text }] }];

const openai: Dialect = {
  provider: 'openai',
  base: '/v1',
  url: 'POST /v1/responses',
  keyHeader: ['authorization', 'Bearer '],
  keyName: 'OPENAI_API_KEY',
  opening:
    named({ type: 'response.created', response: response('in_progress', [], { usage: null }) }) +
    named({ type: 'response.output_item.added', item: { type: 'message', content: [] } }),
  delta: (delta) => named({ type: 'response.output_text.delta', delta }),
  closing: named({ type: 'response.completed', response: response('completed', []) }),
  closingAtLength: named({
    type: 'response.incomplete',
    response: response('incomplete', [], { incomplete_details: { reason: 'max_output_tokens' } }),
  }),
  tool: [
    { type: 'response.output_item.added', item: { type: 'function_call', name: 'shell', arguments: '' } },
    { type: 'response.completed', response: response('completed', [{ type: 'function_call', name: 'shell' }]) },
  ]
    .map(named)
    .join(''),
  refusal: [
    { type: 'response.refusal.delta', delta: 'I cannot ' },
    { type: 'response.refusal.delta', delta: 'help.' },
    { type: 'response.completed', response: response('completed', []) },
  ]
    .map(named)
    .join(''),
  failing: named({
    type: 'response.failed',
    response: response('failed', [], { error: { code: 'server_error', message: 'it broke' } }),
  }),
  whole: (text) => response('completed', said(text)),
  usage: { input_tokens: 100, cached_input_tokens: 20, output_tokens: 50, reasoning_tokens: 30, cost_usd: null },
  error: (type, message) => ({ error: { type, code: type, message } }),
  question: (body: { instructions?: string; input: Array<{ role: string; content: string }> }) => ({
    system: body.instructions ?? '',
    turns: body.input.map(({ role, content }) => ({ role, text: content })),
  }),
};

const messageUsage = { input_tokens: 70, cache_read_input_tokens: 20, cache_creation_input_tokens: 10 };

const anthropic: Dialect = {
  provider: 'anthropic',
  base: '/v1',
  url: 'POST /v1/messages',
  keyHeader: ['x-api-key', ''],
  keyName: 'ANTHROPIC_API_KEY',
  opening: [
    {
      type: 'message_start',
      message: { type: 'message', model: 'model-1-2026', content: [], usage: { ...messageUsage, output_tokens: 1 } },
    },
    { type: 'ping' },
    { type: 'content_block_start', index: 0, content_block: { type: 'text', text: '' } },
  ]
    .map(named)
    .join(''),
  delta: (text) => named({ type: 'content_block_delta', index: 0, delta: { type: 'text_delta', text } }),
  closing: [
    { type: 'content_block_stop', index: 0 },
    { type: 'message_delta', delta: { stop_reason: 'end_turn' }, usage: { output_tokens: 50 } },
    { type: 'message_stop' },
  ]
    .map(named)
    .join(''),
  closingAtLength: [
    { type: 'message_delta', delta: { stop_reason: 'max_tokens' }, usage: { output_tokens: 50 } },
    { type: 'message_stop' },
  ]
    .map(named)
    .join(''),
  tool: [
    { type: 'content_block_start', index: 0, content_block: { type: 'tool_use', name: 'shell', input: {} } },
    { type: 'message_delta', delta: { stop_reason: 'tool_use' }, usage: { output_tokens: 9 } },
    { type: 'message_stop' },
  ]
    .map(named)
    .join(''),
  refusal: [
    { type: 'message_delta', delta: { stop_reason: 'refusal' }, usage: { output_tokens: 9 } },
    { type: 'message_stop' },
  ]
    .map(named)
    .join(''),
  failing: named({ type: 'error', error: { type: 'overloaded_error', message: 'it broke' } }),
  whole: (text) => ({
    type: 'message',
    model: 'model-1-2026',
    content: [{ type: 'text', text }],
    stop_reason: 'end_turn',
    usage: { ...messageUsage, output_tokens: 50 },
  }),
  usage: { input_tokens: 100, cached_input_tokens: 20, output_tokens: 50, reasoning_tokens: null, cost_usd: null },
  error: (type, message) => ({ type: 'error', error: { type, message } }),
  question: (body: { system?: string; messages: Array<{ role: string; content: string }> }) => ({
    system: body.system ?? '',
    turns: body.messages.map(({ role, content }) => ({ role, text: content })),
  }),
};

const candidates = (text: string | null, finishReason?: string, part: object = {}) => ({
  candidates: [
    {
      content: { role: 'model', parts: text === null ? [] : [{ text, ...part }] },
      ...(finishReason && { finishReason }),
    },
  ],
  modelVersion: 'model-1-2026',
});
const usageMetadata = {
  promptTokenCount: 100,
  cachedContentTokenCount: 20,
  candidatesTokenCount: 20,
  thoughtsTokenCount: 30,
};

const google: Dialect = {
  provider: 'google',
  base: '/v1beta',
  url: 'POST /v1beta/models/model-1:streamGenerateContent?alt=sse',
  keyHeader: ['x-goog-api-key', ''],
  keyName: 'GEMINI_API_KEY',
  opening: event(candidates('a thought', undefined, { thought: true })),
  delta: (text) => event(candidates(text)),
  closing: event({ ...candidates('', 'STOP'), usageMetadata }),
  closingAtLength: event({ ...candidates('', 'MAX_TOKENS'), usageMetadata }),
  tool: event({
    candidates: [{ content: { parts: [{ functionCall: { name: 'shell', args: {} } }] }, finishReason: 'STOP' }],
  }),
  refusal: event({ promptFeedback: { blockReason: 'PROHIBITED_CONTENT' } }),
  failing: event({ error: { code: 503, message: 'it broke', status: 'UNAVAILABLE' } }),
  whole: (text) => ({ ...candidates(text, 'STOP'), usageMetadata }),
  usage: { input_tokens: 100, cached_input_tokens: 20, output_tokens: 50, reasoning_tokens: 30, cost_usd: null },
  error: (type, message) => ({ error: { status: type.toUpperCase(), message } }),
  question: (body: {
    systemInstruction?: { parts: Array<{ text: string }> };
    contents: Array<{ role: string; parts: Array<{ text: string }> }>;
  }) => ({
    system: body.systemInstruction?.parts[0]?.text ?? '',
    turns: body.contents.map(({ role, parts }) => ({
      role: role === 'model' ? 'assistant' : role,
      text: parts[0]?.text ?? '',
    })),
  }),
};

const chunk = (delta: object, finish_reason: string | null = null) =>
  event({ object: 'chat.completion.chunk', model: 'model-1-2026', choices: [{ index: 0, delta, finish_reason }] });
const chatUsage = {
  prompt_tokens: 100,
  completion_tokens: 50,
  prompt_tokens_details: { cached_tokens: 20 },
  completion_tokens_details: { reasoning_tokens: 30 },
  cost: 0.0125,
};
const usageChunk = event({ object: 'chat.completion.chunk', model: 'model-1-2026', choices: [], usage: chatUsage });

const compatible: Dialect = {
  provider: 'openai-compatible',
  base: '/api/v1/',
  url: 'POST /api/v1/chat/completions',
  keyHeader: ['authorization', 'Bearer '],
  keyName: null,
  opening: `: PROCESSING\n\n${chunk({ role: 'assistant', content: '' })}`,
  delta: (content) => chunk({ content }),
  closing: `${chunk({}, 'stop')}${usageChunk}data: [DONE]\n\n`,
  closingAtLength: `${chunk({}, 'length')}${usageChunk}data: [DONE]\n\n`,
  tool: `${chunk({ tool_calls: [{ index: 0, function: { name: 'shell', arguments: '{}' } }] })}${chunk({}, 'tool_calls')}`,
  refusal: `${chunk({ refusal: 'I cannot help.' })}${chunk({}, 'content_filter')}data: [DONE]\n\n`,
  failing: event({ error: { code: 502, message: 'it broke' }, choices: [{ delta: {}, finish_reason: 'error' }] }),
  whole: (content) => ({
    object: 'chat.completion',
    model: 'model-1-2026',
    choices: [{ message: { role: 'assistant', content }, finish_reason: 'stop' }],
    usage: chatUsage,
  }),
  usage: { input_tokens: 100, cached_input_tokens: 20, output_tokens: 50, reasoning_tokens: 30, cost_usd: 0.0125 },
  error: (type, message) => ({ error: { type, code: type, message } }),
  question: (body: { messages: Array<{ role: string; content: string }> }) => ({
    system: body.messages.find(({ role }) => role === 'system')?.content ?? '',
    turns: body.messages.filter(({ role }) => role !== 'system').map(({ role, content }) => ({ role, text: content })),
  }),
};

/** Every HTTP provider's API. */
export const DIALECTS: readonly Dialect[] = [openai, anthropic, google, compatible];
