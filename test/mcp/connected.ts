import { Client, type ClientOptions } from '@modelcontextprotocol/client';
import { InMemoryTransport } from '@modelcontextprotocol/server';
import { serveStdio } from '@modelcontextprotocol/server/stdio';
import { afterEach } from 'vitest';
import type { Maestro } from '../../src/app/calls.ts';
import type { Face } from '../../src/mcp/face.ts';
import { openFace } from '../../src/mcp/open-face.ts';
import { build } from '../../src/mcp/server.ts';
import { loadSurface } from '../../src/mcp/surface.ts';
import { scripted } from './scripted.ts';

/** The two ways in which hosts speak to a server today. */
export const ERAS = ['2025', '2026'] as const;
export type Era = (typeof ERAS)[number];

interface Given {
  readonly maestro?: Maestro;
  readonly capabilities?: ClientOptions['capabilities'];
  readonly face?: Partial<Face>;
}

export interface Connected {
  readonly client: Client;
  readonly log: readonly string[];
  /** Calls a tool and returns what the host gets. */
  readonly call: (name: string, args?: Record<string, unknown>) => Promise<Answer>;
}

export interface Answer {
  readonly isError: boolean;
  readonly text: string;
  readonly json: Record<string, unknown>;
}

const open: Client[] = [];
afterEach(async () => {
  await Promise.all(open.splice(0).map((client) => client.close()));
});

/** A real client and the server of Maestro, in one process, in the protocol of that era. */
export async function connect(
  era: Era,
  { maestro = scripted(), capabilities = {}, face }: Given = {},
): Promise<Connected> {
  const log: string[] = [];
  const shared = openFace(async () => maestro, {
    whereabouts: { cwd: '/p', env: { HOME: '/home/me' } },
    log: (text) => void log.push(text),
  });
  const surface = await loadSurface();
  const [ours, theirs] = InMemoryTransport.createLinkedPair();
  serveStdio(() => build({ ...shared, ...face }, surface), { transport: theirs });
  const client = new Client({ name: 'test', version: '1' }, { capabilities, ...negotiating(era) });
  await client.connect(ours);
  open.push(client);
  return { client, log, call: (name, args = {}) => callTool(client, name, args) };
}

export function negotiating(era: Era): Pick<ClientOptions, 'versionNegotiation'> {
  return era === '2026' ? { versionNegotiation: { mode: { pin: '2026-07-28' } } } : {};
}

export async function callTool(client: Client, name: string, args: Record<string, unknown>): Promise<Answer> {
  const result = await client.callTool({ name, arguments: args });
  const [first] = result.content;
  if (first?.type !== 'text') throw new Error(`not a text: ${JSON.stringify(result)}`);
  return {
    isError: result.isError === true,
    text: first.text,
    json: (result.structuredContent ?? {}) as Record<string, unknown>,
  };
}
