import { apiError } from './http/api-error.ts';
import { at, listAt, numberAt, textAt } from './http/at.ts';
import { httpProvider } from './http/provider.ts';
import type { Reading, Wire } from './http/wire.ts';

const TOOL_REASONS = /FUNCTION_CALL|TOOL_CALL/;

/**
 * Google's Gemini API, without tools. `effort` is its thinking level (`low`, `high` …), or a number of tokens for the
 * models that take a thinking budget instead.
 */
const gemini: Wire = {
  id: 'google',
  description: "Google's models over the Gemini API, with a key in GEMINI_API_KEY or GOOGLE_API_KEY",
  baseUrl: 'https://generativelanguage.googleapis.com/v1beta',
  keyNames: ['GEMINI_API_KEY', 'GOOGLE_API_KEY'],
  keyHeaders: (key) => ({ 'x-goog-api-key': key }),
  request: ({ model, effort, system, turns }) => ({
    path: `models/${encodeURIComponent(model.replace(/^models\//, ''))}:streamGenerateContent`,
    search: { alt: 'sse' },
    body: {
      ...(system === '' ? {} : { systemInstruction: { parts: [{ text: system }] } }),
      contents: turns.map(({ role, text }) => ({ role: role === 'user' ? 'user' : 'model', parts: [{ text }] })),
      ...(effort === null ? {} : { generationConfig: { thinkingConfig: thinking(effort) } }),
    },
  }),
  read: (event) => {
    const parts = listAt(event, 'candidates', 0, 'content', 'parts');
    const tools = parts.map((part) => at(part, 'functionCall') ?? at(part, 'executableCode')).filter(Boolean);
    return {
      text: parts.map((part) => (at(part, 'thought') === true ? '' : (textAt(part, 'text') ?? ''))).join(''),
      tool: tools.length > 0 ? (textAt(tools[0], 'name') ?? 'code') : null,
      model: textAt(event, 'modelVersion'),
      usage: usageOf(at(event, 'usageMetadata')),
      ...endOf(textAt(event, 'candidates', 0, 'finishReason') ?? textAt(event, 'promptFeedback', 'blockReason')),
      error: apiError(event),
    };
  },
};

function thinking(effort: string) {
  return /^-?\d+$/.test(effort) ? { thinkingBudget: Number(effort) } : { thinkingLevel: effort };
}

function endOf(reason: string | null): Reading {
  if (reason === null || reason.endsWith('_UNSPECIFIED')) return {};
  if (reason === 'STOP') return { ended: 'complete' };
  if (reason === 'MAX_TOKENS') return { ended: 'length' };
  return TOOL_REASONS.test(reason) ? { tool: reason } : { refused: reason };
}

/** Its `candidatesTokenCount` leaves out the thoughts. */
function usageOf(usage: unknown) {
  const answer = numberAt(usage, 'candidatesTokenCount');
  const thoughts = numberAt(usage, 'thoughtsTokenCount');
  return {
    input_tokens: numberAt(usage, 'promptTokenCount'),
    cached_input_tokens: numberAt(usage, 'cachedContentTokenCount'),
    output_tokens: answer === null && thoughts === null ? null : (answer ?? 0) + (thoughts ?? 0),
    reasoning_tokens: thoughts,
  };
}

export const provider = httpProvider(gemini);
