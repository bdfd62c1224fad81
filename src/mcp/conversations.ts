import type { CallContext } from '../app/calls.ts';

export type Reply = Awaited<ReturnType<NonNullable<CallContext['askPerson']>>>;

/** What a call has come to: its result, or a question on which it waits. */
export type Turn<T> =
  | { readonly kind: 'done'; readonly value: T }
  | { readonly kind: 'asks'; readonly question: string; readonly id: string };

interface Conversation {
  readonly next: () => Promise<Turn<unknown>>;
  readonly reply: (reply: Reply) => void;
  readonly follow: (signal: AbortSignal) => void;
}

/** How long a question stays open when nobody comes back with an answer. */
const OPEN_MS = 600_000;

/**
 * Calls that stop to ask a person. The protocol has no question in the middle of a call: the call is answered with the
 * question, and made again with the reply. The work itself is begun once and waits here in between.
 */
export class Conversations {
  readonly #waiting = new Map<string, Conversation>();
  readonly #openMs: number;

  constructor(openMs = OPEN_MS) {
    this.#openMs = openMs;
  }

  /** Begins the work; its signal is aborted when that of the request it is answered to is. */
  begin<T>(
    signal: AbortSignal,
    work: (signal: AbortSignal, ask: NonNullable<CallContext['askPerson']>) => Promise<T>,
  ): Promise<Turn<T>> {
    const controller = new AbortController();
    let questions = Promise.withResolvers<Turn<T>>();
    let answered: PromiseWithResolvers<Reply> | null = null;
    const ask = (question: string): Promise<Reply> => {
      const id = crypto.randomUUID();
      answered = Promise.withResolvers<Reply>();
      this.#open(id, conversation);
      questions.resolve({ kind: 'asks', question, id });
      return answered.promise;
    };
    const result = Promise.resolve()
      .then(() => work(controller.signal, ask))
      .then((value): Turn<T> => ({ kind: 'done', value }));
    result.catch(() => {});
    const conversation: Conversation = {
      next: () => Promise.race([result, questions.promise]),
      reply: (reply) => {
        questions = Promise.withResolvers<Turn<T>>();
        answered?.resolve(reply);
      },
      follow: (other) => followed(other, controller, result),
    };
    conversation.follow(signal);
    return conversation.next() as Promise<Turn<T>>;
  }

  /** Goes on with the work that asked under this id; null when that question is not open any more. */
  resume(id: string, reply: Reply, signal: AbortSignal): Promise<Turn<unknown>> | null {
    const conversation = this.#waiting.get(id);
    if (!conversation) return null;
    this.#waiting.delete(id);
    conversation.follow(signal);
    conversation.reply(reply);
    return conversation.next();
  }

  #open(id: string, conversation: Conversation): void {
    this.#waiting.set(id, conversation);
    const timer = setTimeout(() => {
      if (this.#waiting.delete(id)) conversation.reply('no_answer');
    }, this.#openMs);
    timer.unref();
  }
}

/** Aborts with the request, but not any more once the request was answered by a question or the result is there. */
function followed(signal: AbortSignal, controller: AbortController, result: Promise<unknown>): void {
  const abort = (): void => controller.abort(signal.reason);
  if (signal.aborted) abort();
  signal.addEventListener('abort', abort, { once: true });
  void result.catch(() => {}).then(() => signal.removeEventListener('abort', abort));
}
