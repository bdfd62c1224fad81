import { PassThrough } from 'node:stream';
import { execute } from '../../src/cli/main.ts';

type Written = PassThrough & NodeJS.WriteStream & { readonly text: () => string };

/** A stream that keeps what it was given; a terminal where that is said. */
export function sink(terminal: Partial<NodeJS.WriteStream> = {}): Written {
  const stream = new PassThrough();
  return Object.assign(stream, terminal, { text: () => String(stream.read() ?? '') }) as unknown as Written;
}

/** Runs one command line in this process. */
export async function maestro(args: readonly string[], cwd: string, env: Record<string, string>, input = '') {
  const [stdout, stderr] = [sink(), sink()];
  const stdin = PassThrough.from([input]) as unknown as NodeJS.ReadStream;
  const status = await execute(args, { stdout, stderr, stdin, env, cwd }, new AbortController().signal);
  return { status, stdout: stdout.text(), stderr: stderr.text() };
}
