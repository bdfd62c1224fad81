import { type McpServer, WebStandardStreamableHTTPServerTransport } from '@modelcontextprotocol/server';

/** Beyond so many, the session that was quiet for longest is closed. */
const MOST_SESSIONS = 64;

interface Session {
  readonly server: McpServer;
  readonly transport: WebStandardStreamableHTTPServerTransport;
}

/**
 * Clients of the 2025 era: one server for each of their sessions, so that it can ask them something in the middle of a call.
 * Cancelling, deleting the session and `close` abort what runs in it; a dropped connection alone does not, as that era says.
 */
export class HttpSessions {
  readonly #sessions = new Map<string, Session>();
  readonly #make: () => McpServer | Promise<McpServer>;
  readonly #most: number;

  constructor(make: () => McpServer | Promise<McpServer>, most = MOST_SESSIONS) {
    this.#make = make;
    this.#most = most;
  }

  /** Answers a request of a session, or one that begins a session. */
  async answer(request: Request): Promise<Response> {
    const id = request.headers.get('mcp-session-id');
    if (id === null) return this.#begin(request);
    const session = this.#sessions.get(id);
    if (!session) return gone();
    this.#sessions.delete(id);
    this.#sessions.set(id, session);
    return session.transport.handleRequest(request);
  }

  async close(): Promise<void> {
    const all = [...this.#sessions.values()];
    this.#sessions.clear();
    await Promise.all(all.map(({ server }) => server.close()));
  }

  async #begin(request: Request): Promise<Response> {
    const server = await this.#make();
    const transport = new WebStandardStreamableHTTPServerTransport({
      sessionIdGenerator: () => crypto.randomUUID(),
      onsessioninitialized: (id) => this.#remember(id, { server, transport }),
      onsessionclosed: (id) => void this.#sessions.delete(id),
    });
    await server.connect(transport);
    const response = await transport.handleRequest(request);
    if (transport.sessionId === undefined) await server.close();
    return response;
  }

  async #remember(id: string, session: Session): Promise<void> {
    this.#sessions.set(id, session);
    const [oldest] = this.#sessions;
    if (this.#sessions.size <= this.#most || !oldest) return;
    this.#sessions.delete(oldest[0]);
    await oldest[1].server.close();
  }
}

function gone(): Response {
  const error = { code: -32001, message: 'Session not found' };
  return Response.json({ jsonrpc: '2.0', error, id: null }, { status: 404 });
}
