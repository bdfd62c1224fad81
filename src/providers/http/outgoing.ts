import type { AdviceRequest } from '../../domain/advice.ts';
import { endpoint } from './address.ts';
import type { Setup } from './setup.ts';
import type { Question, Wire } from './wire.ts';

/** A request as it goes out; `body` is JSON. */
export interface Outgoing {
  readonly url: URL;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
}

/** The request that puts a question to an API: the earlier exchanges as real turns, and no tools. */
export function outgoing(wire: Wire, request: AdviceRequest, setup: Setup, effort: string | null): Outgoing {
  const { path, search, headers, body } = wire.request(questionOf(request, setup.model, effort));
  return {
    url: endpoint(setup.base, path, search),
    headers: { ...headers, ...(setup.key === null ? {} : wire.keyHeaders(setup.key)) },
    body: JSON.stringify(body),
  };
}

/** Halves of characters, which no API takes, become replacement characters. */
function questionOf({ system, prompt, transcript }: AdviceRequest, model: string, effort: string | null): Question {
  const earlier = transcript.flatMap(({ question, answer }) => [
    { role: 'user' as const, text: question.toWellFormed() },
    { role: 'assistant' as const, text: answer.toWellFormed() },
  ]);
  return {
    model,
    effort,
    system: system.toWellFormed(),
    turns: [...earlier, { role: 'user', text: prompt.toWellFormed() }],
  };
}
