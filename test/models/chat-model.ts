import { createServer, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

/** One question as it came over the wire. */
export interface ChatQuestion {
  /** The `model` field: tests give each advisor one of its own. */
  readonly model: string;
  readonly system: string;
  /** The newest message. */
  readonly prompt: string;
  /** Everything that was sent: address, headers and body. */
  readonly raw: string;
}

/** What the model does: a text, an HTTP status, or nothing at all. */
export type ChatReply = { readonly text: string; readonly delayMs?: number } | { readonly status: number } | 'hang';

/** A fake model behind the chat completions API on loopback; `reply` decides what it says, `questions` is what it was asked. */
export interface ChatModel extends AsyncDisposable {
  readonly baseUrl: string;
  readonly questions: readonly ChatQuestion[];
}

export async function chatModel(reply: (question: ChatQuestion, index: number) => ChatReply): Promise<ChatModel> {
  const questions: ChatQuestion[] = [];
  const server = createServer((request, response) => {
    // Asked by who looks whether anybody is there.
    if (request.method === 'GET') {
      response.end(JSON.stringify({ object: 'list', data: [] }));
      return;
    }
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('end', () => {
      const body = Buffer.concat(chunks).toString();
      const { model, messages } = JSON.parse(body) as { model: string; messages: { role: string; content: string }[] };
      const question = {
        model,
        system: messages.find(({ role }) => role === 'system')?.content ?? '',
        prompt: messages.at(-1)!.content,
        raw: `${request.url}\n${JSON.stringify(request.headers)}\n${body}`,
      };
      questions.push(question);
      answer(response, model, reply(question, questions.length - 1));
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  return { baseUrl: `http://127.0.0.1:${port}/v1`, questions, [Symbol.asyncDispose]: () => close(server) };
}

function answer(response: ServerResponse, model: string, reply: ChatReply): void {
  if (reply === 'hang') return;
  if ('status' in reply) {
    response.writeHead(reply.status, { 'content-type': 'application/json' });
    response.end(JSON.stringify({ error: { message: `status ${reply.status}` } }));
    return;
  }
  const event = (value: unknown): string => `data: ${JSON.stringify(value)}\n\n`;
  setTimeout(() => {
    response.writeHead(200, { 'content-type': 'text/event-stream' });
    response.write(event({ model, choices: [{ index: 0, delta: { role: 'assistant', content: reply.text } }] }));
    response.write(event({ model, choices: [{ index: 0, delta: {}, finish_reason: 'stop' }] }));
    response.write(event({ model, choices: [], usage: { prompt_tokens: 100, completion_tokens: 20 } }));
    response.end('data: [DONE]\n\n');
  }, reply.delayMs ?? 0);
}

function close(server: Server): Promise<void> {
  server.closeAllConnections();
  return new Promise((resolve) => server.close(() => resolve()));
}
