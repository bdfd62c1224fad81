import { Writable } from 'node:stream';
import { StdioServerTransport, serveStdio } from '@modelcontextprotocol/server/stdio';
import { config } from 'zod';
import { endings } from './endings.ts';
import { openFace } from './open-face.ts';
import { type OpenMaestro, openMaestro } from './open-maestro.ts';
import { build } from './server.ts';
import { loadSurface } from './surface.ts';
import type { Whereabouts } from './workspace.ts';

/** Serves MCP over standard input and output until input ends or a signal comes; then ends the process with status 0. */
export async function serveOverStdio(whereabouts: Whereabouts, open: OpenMaestro = openMaestro): Promise<never> {
  // Compiling each schema pays from the hundredth message on; a host's first list has six.
  config({ jitless: true });
  const wire = takeStdout();
  const log = (text: string): void => void process.stderr.write(`maestro: ${text}\n`);
  const over = endings(log);
  const surface = await loadSurface();
  const face = openFace(() => open(whereabouts.env, log), { whereabouts, log });
  const transport = new StdioServerTransport(process.stdin, wire);
  const connection = serveStdio(() => build(face, surface), {
    transport,
    onerror: ({ message }) => log(inOneLine(message)),
  });
  process.stdin.once('end', over.end).once('close', over.end);
  wire.once('error', over.end);
  await over.ended;
  return over.exit([connection.close, face.close]);
}

/** What a host sent that is no message of the protocol is told of at length by the SDK. */
function inOneLine(text: string): string {
  const line = text.replace(/\s+/g, ' ').trim();
  return line.length > MOST_LOGGED ? `${line.slice(0, MOST_LOGGED)}…` : line;
}

const MOST_LOGGED = 300;

/** Standard output for the protocol alone: whatever else writes to it ends up on standard error. */
function takeStdout(): Writable {
  const { stdout, stderr } = process;
  const write = stdout.write.bind(stdout);
  const wire = new Writable({
    decodeStrings: false,
    write: (chunk: string | Buffer, _encoding, done) => void write(chunk, done),
  });
  // As many answers wait for a slow host as there are calls.
  wire.setMaxListeners(0);
  stdout.on('error', (error) => wire.destroy(error));
  stdout.write = stderr.write.bind(stderr) as typeof stdout.write;
  return wire;
}
