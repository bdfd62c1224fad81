import { apiError, errorObject } from './http/api-error.ts';
import { at, listAt, numberAt, textAt } from './http/at.ts';
import { httpProvider } from './http/provider.ts';
import type { Reading, Wire } from './http/wire.ts';

/** OpenAI's Responses API. Nothing is stored there (`store: false`) and no tool is offered. */
const responses: Wire = {
  id: 'openai',
  description: "OpenAI's models over its Responses API, with a key in OPENAI_API_KEY",
  baseUrl: 'https://api.openai.com/v1',
  keyNames: ['OPENAI_API_KEY'],
  keyHeaders: (key) => ({ authorization: `Bearer ${key}` }),
  request: ({ model, effort, system, turns }) => ({
    path: 'responses',
    body: {
      model,
      ...(system === '' ? {} : { instructions: system }),
      input: turns.map(({ role, text }) => ({ role, content: text })),
      ...(effort === null ? {} : { reasoning: { effort } }),
      store: false,
      stream: true,
    },
  }),
  read: (event) => {
    const type = textAt(event, 'type');
    if (type === 'response.output_text.delta') return { text: textAt(event, 'delta') };
    if (type === 'response.refusal.delta') return { refused: textAt(event, 'delta') };
    if (type === 'response.output_item.added') return { tool: toolOf(at(event, 'item')) };
    if (type === 'error') return { error: apiError(event) ?? errorObject(event) };
    if (textAt(event, 'object') === 'response') return readResponse(event);
    if (at(event, 'response') !== undefined) return readResponse(at(event, 'response'));
    return { error: type === null ? apiError(event) : null };
  },
};

/** A response object: in every state from `in_progress` to `completed`. */
function readResponse(response: unknown): Reading {
  const status = textAt(response, 'status');
  const incomplete = textAt(response, 'incomplete_details', 'reason');
  const items = listAt(response, 'output');
  const parts = items.flatMap((item) => listAt(item, 'content'));
  return {
    model: textAt(response, 'model'),
    usage: usageOf(at(response, 'usage')),
    tool: items.map(toolOf).find((tool) => tool !== null) ?? null,
    whole: parts.map((part) => (textAt(part, 'type') === 'output_text' ? textAt(part, 'text') : '')).join(''),
    refused: incomplete === 'content_filter' ? incomplete : (parts.map((part) => textAt(part, 'refusal'))[0] ?? null),
    ended: status === 'completed' ? 'complete' : status === 'incomplete' ? 'length' : null,
    last: status !== 'in_progress' && status !== 'queued',
    error: status === 'failed' ? errorObject(at(response, 'error')) : null,
  };
}

/** Items that are no answer are calls: `function_call`, `custom_tool_call`, `web_search_call` … */
function toolOf(item: unknown): string | null {
  const type = textAt(item, 'type') ?? '';
  return type.endsWith('_call') ? (textAt(item, 'name') ?? type) : null;
}

function usageOf(usage: unknown) {
  return {
    input_tokens: numberAt(usage, 'input_tokens'),
    cached_input_tokens: numberAt(usage, 'input_tokens_details', 'cached_tokens'),
    output_tokens: numberAt(usage, 'output_tokens'),
    reasoning_tokens: numberAt(usage, 'output_tokens_details', 'reasoning_tokens'),
  };
}

export const provider = httpProvider(responses);
