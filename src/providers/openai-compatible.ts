import { apiError } from './http/api-error.ts';
import { at, listAt, numberAt, textAt } from './http/at.ts';
import { httpProvider } from './http/provider.ts';
import type { Reading, Wire } from './http/wire.ts';

/** The chat completions API that Ollama, vLLM, LM Studio, OpenRouter and many others speak, without tools. */
const chat: Wire = {
  id: 'openai-compatible',
  description: 'models behind a chat completions API of your choice: Ollama, vLLM, LM Studio, OpenRouter …',
  baseUrl: null,
  keyNames: [],
  keyHeaders: (key) => ({ authorization: `Bearer ${key}` }),
  request: ({ model, effort, system, turns }) => ({
    path: 'chat/completions',
    body: {
      model,
      messages: [
        ...(system === '' ? [] : [{ role: 'system', content: system }]),
        ...turns.map(({ role, text }) => ({ role, content: text })),
      ],
      ...(effort === null ? {} : { reasoning_effort: effort }),
      stream: true,
      stream_options: { include_usage: true },
    },
  }),
  read: (event) => {
    const choice = at(event, 'choices', 0);
    const message = at(choice, 'message');
    const said = message ?? at(choice, 'delta');
    return {
      [message === undefined ? 'text' : 'whole']: textAt(said, 'content'),
      tool: toolOf(said),
      model: textAt(event, 'model'),
      usage: usageOf(at(event, 'usage')),
      ...endOf(textAt(choice, 'finish_reason')),
      ...(textAt(said, 'refusal') ? { refused: textAt(said, 'refusal') } : {}),
      error: apiError(event),
    };
  },
};

function toolOf(said: unknown): string | null {
  const call = listAt(said, 'tool_calls')[0] ?? at(said, 'function_call');
  if (call === undefined || call === null) return null;
  return textAt(call, 'function', 'name') ?? textAt(call, 'name') ?? 'a tool';
}

function endOf(reason: string | null): Reading {
  if (reason === null || reason === '' || reason === 'error') return {};
  if (reason === 'content_filter') return { refused: reason };
  if (reason === 'tool_calls' || reason === 'function_call') return { tool: reason };
  return { ended: reason === 'length' ? 'length' : 'complete' };
}

/** OpenRouter also states the cost, in US dollars. */
function usageOf(usage: unknown) {
  return {
    input_tokens: numberAt(usage, 'prompt_tokens'),
    cached_input_tokens: numberAt(usage, 'prompt_tokens_details', 'cached_tokens'),
    output_tokens: numberAt(usage, 'completion_tokens'),
    reasoning_tokens: numberAt(usage, 'completion_tokens_details', 'reasoning_tokens'),
    cost_usd: numberAt(usage, 'cost'),
  };
}

export const provider = httpProvider(chat);
