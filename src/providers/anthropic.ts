import { apiError } from './http/api-error.ts';
import { at, listAt, numberAt, textAt } from './http/at.ts';
import { httpProvider } from './http/provider.ts';
import type { Reading, Wire } from './http/wire.ts';

/** The API wants a limit; the models of 2025 and later all take this one, and an answer needs less. */
const MOST_OUTPUT_TOKENS = 32_000;

/** Anthropic's Messages API, without tools. `effort` is its `output_config.effort`. */
const messages: Wire = {
  id: 'anthropic',
  description: "Anthropic's models over its Messages API, with a key in ANTHROPIC_API_KEY",
  baseUrl: 'https://api.anthropic.com/v1',
  keyNames: ['ANTHROPIC_API_KEY'],
  keyHeaders: (key) => ({ 'x-api-key': key }),
  request: ({ model, effort, system, turns }) => ({
    path: 'messages',
    headers: { 'anthropic-version': '2023-06-01' },
    body: {
      model,
      max_tokens: MOST_OUTPUT_TOKENS,
      ...(system === '' ? {} : { system }),
      messages: turns.map(({ role, text }) => ({ role, content: text })),
      ...(effort === null ? {} : { output_config: { effort } }),
      stream: true,
    },
  }),
  read: (event) => {
    switch (textAt(event, 'type')) {
      case 'message_start':
        return { model: textAt(event, 'message', 'model'), usage: inputOf(at(event, 'message', 'usage')) };
      case 'content_block_start':
        return { text: textAt(event, 'content_block', 'text'), tool: toolOf(at(event, 'content_block')) };
      case 'content_block_delta':
        return { text: textAt(event, 'delta', 'text') };
      case 'message_delta':
        return { ...endOf(textAt(event, 'delta', 'stop_reason')), usage: usageOf(at(event, 'usage')) };
      case 'message_stop':
        return { last: true };
      case 'message':
        return readMessage(event);
      default:
        return { error: apiError(event) };
    }
  },
};

function readMessage(message: unknown): Reading {
  const blocks = listAt(message, 'content');
  return {
    model: textAt(message, 'model'),
    usage: usageOf(at(message, 'usage')),
    whole: blocks.map((block) => textAt(block, 'text') ?? '').join(''),
    tool: blocks.map(toolOf).find((tool) => tool !== null) ?? null,
    ...endOf(textAt(message, 'stop_reason')),
    last: true,
  };
}

function toolOf(block: unknown): string | null {
  const type = textAt(block, 'type') ?? '';
  return type.endsWith('tool_use') ? (textAt(block, 'name') ?? type) : null;
}

function endOf(reason: string | null): Reading {
  if (reason === 'refusal') return { refused: reason };
  if (reason === null || reason === 'tool_use' || reason === 'pause_turn') return {};
  return { ended: reason === 'max_tokens' || reason === 'model_context_window_exceeded' ? 'length' : 'complete' };
}

/** Its `input_tokens` leaves out what was read from the cache or written to it. */
function inputOf(usage: unknown) {
  const fresh = numberAt(usage, 'input_tokens');
  const cached = numberAt(usage, 'cache_read_input_tokens');
  const written = numberAt(usage, 'cache_creation_input_tokens');
  return {
    input_tokens: fresh === null ? null : fresh + (cached ?? 0) + (written ?? 0),
    cached_input_tokens: cached,
  };
}

function usageOf(usage: unknown) {
  return {
    ...inputOf(usage),
    output_tokens: numberAt(usage, 'output_tokens'),
    reasoning_tokens: numberAt(usage, 'output_tokens_details', 'thinking_tokens'),
  };
}

export const provider = httpProvider(messages);
