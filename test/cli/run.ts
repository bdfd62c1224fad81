import { PassThrough } from 'node:stream';
import { execute } from '../../src/cli/main.ts';

type Written = PassThrough & NodeJS.WriteStream;

/** Where a command line runs: as a person would have it, not in a terminal. */
export interface Place {
  readonly cwd: string;
  readonly env: Record<string, string>;
  readonly input?: string;
  readonly signal?: AbortSignal;
}

/** What a stream of a command was given; a terminal where that is said. */
export function sink(terminal: Partial<NodeJS.WriteStream> = {}): Written & { readonly text: () => string } {
  const stream = new PassThrough() as Written;
  return Object.assign(stream, terminal, { text: () => String(stream.read() ?? '') });
}

/** Runs one command line in this process. */
export async function maestro(args: readonly string[], { cwd, env, input = '', signal }: Place) {
  const [stdout, stderr] = [sink(), sink()];
  const stdin = PassThrough.from([input]) as unknown as NodeJS.ReadStream;
  const status = await execute(args, { stdout, stderr, stdin, env, cwd }, signal ?? new AbortController().signal);
  return { status, stdout: stdout.text(), stderr: stderr.text() };
}
