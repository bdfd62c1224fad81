import { createInterface } from 'node:readline';
import { startProcess } from '../../src/platform/process.ts';
import { argvOf, type Home } from './home.ts';

type Message = { readonly id?: number; readonly result?: unknown; readonly error?: { readonly message: string } };

/** Codex as a server of its own protocol: JSON lines over its standard streams. */
export interface AppServer extends AsyncDisposable {
  /** Resolves to the result; throws with what the server says is wrong. */
  request(method: string, params: unknown): Promise<Record<string, unknown>>;
}

/** Starts `codex app-server` in a home and greets it. */
export async function startAppServer({ env, project }: Home): Promise<AppServer> {
  const child = startProcess({ argv: [...argvOf('codex'), 'app-server'], cwd: project, env });
  const waiting = new Map<number, (message: Message) => void>();
  child.stderr.resume();
  createInterface({ input: child.stdout }).on('line', (line) => {
    const message = JSON.parse(line) as Message;
    if (message.id !== undefined) waiting.get(message.id)?.(message);
  });
  let ids = 0;
  const send = (message: object): void => void child.stdin.write(`${JSON.stringify(message)}\n`);
  const request: AppServer['request'] = async (method, params) => {
    const id = ++ids;
    const answer = new Promise<Message>((resolve) => waiting.set(id, resolve));
    send({ id, method, params });
    const { result, error } = await answer;
    if (error) throw new Error(`${method}: ${error.message}`);
    return result as Record<string, unknown>;
  };
  await request('initialize', {
    clientInfo: { name: 'maestro-tests', version: '1' },
    capabilities: { experimentalApi: true },
  });
  send({ method: 'initialized' });
  return { request, [Symbol.asyncDispose]: () => child.kill() };
}
