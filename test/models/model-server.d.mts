/** A request as the server saw it; `protocol` is null where it is none of a model's API. */
export interface SeenRequest {
  readonly method: string;
  readonly url: string;
  readonly headers: Readonly<Record<string, string | undefined>>;
  readonly body: Readonly<Record<string, unknown>>;
  readonly bytes: number;
  readonly protocol: string | null;
}

/** One answer of the script; see the program itself for what each means. */
export interface Step {
  readonly text?: string;
  readonly tools?: readonly object[];
  readonly status?: number;
  readonly message?: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: unknown;
  readonly hang?: 'before' | 'mid';
  readonly bad?: 'json' | 'cut' | 'html' | 'reset' | 'empty';
  readonly usage?: object;
  readonly delayMs?: number;
}

/** Every request takes the next step, the last one repeats; or a function says which. */
export type Script = readonly Step[] | ((request: SeenRequest, index: number) => Step | Promise<Step>);

export interface FakeModelServer {
  readonly url: string;
  readonly requests: readonly SeenRequest[];
  modelRequests(): readonly SeenRequest[];
  close(): Promise<void>;
}

/** A model server on loopback that follows a script. */
export function startFakeModelServer(options?: {
  /** A `Script`; tests that look into a request say what they expect of it themselves. */
  readonly script?: unknown;
  readonly port?: number;
  readonly models?: readonly string[];
  readonly onRequest?: (request: SeenRequest) => void;
}): Promise<FakeModelServer>;
