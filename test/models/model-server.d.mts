/** One reply; see the program itself for what each does. A step with nothing in it answers "pong". */
export interface ModelStep {
  readonly text?: string;
  readonly usage?: {
    readonly input?: number;
    readonly cached?: number;
    readonly output?: number;
    readonly reasoning?: number;
  };
  readonly delayMs?: number;
  readonly tools?: ReadonlyArray<{
    readonly name: string;
    readonly args?: unknown;
    readonly input?: string;
    readonly namespace?: string;
  }>;
  readonly status?: number;
  readonly message?: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly hang?: 'before' | 'mid';
  readonly bad?: 'json' | 'cut' | 'html' | 'reset' | 'empty';
}

/** A request that came, with its body as JSON. */
export interface ModelRequest {
  readonly method: string;
  readonly url: string;
  readonly headers: Readonly<Record<string, string | string[] | undefined>>;
  readonly body: Readonly<Record<string, unknown>>;
  readonly bytes: number;
  readonly protocol: 'responses' | 'chat' | 'messages' | 'gemini' | null;
}

/**
 * A model server on loopback that speaks Responses and Chat Completions (below `/v1`), Messages and Gemini, and follows
 * a script: each model request takes the next step, the last repeats. A function makes the step for the nth request.
 *
 *     const server = await startFakeModelServer({ script: [{ status: 429 }, { text: 'an answer' }] });
 *     …point a client at server.url (Responses: `${server.url}/v1`)…
 *     expect(server.modelRequests()).toHaveLength(2);
 *     await server.close();
 */
export function startFakeModelServer(options: { readonly script: unknown; readonly port?: number }): Promise<{
  readonly url: string;
  /** Everything that came, requests for lists of models and the like included. */
  readonly requests: readonly ModelRequest[];
  modelRequests(): ModelRequest[];
  close(): Promise<void>;
}>;
