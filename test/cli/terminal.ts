import { PassThrough } from 'node:stream';
import { execute } from '../../src/cli/main.ts';

type Written = PassThrough & NodeJS.WriteStream;

/** Runs one command line in this process. */
export async function maestro(args: readonly string[], cwd: string, env: Record<string, string>, input = '') {
  const [stdout, stderr] = [new PassThrough() as Written, new PassThrough() as Written];
  const stdin = PassThrough.from([input]) as unknown as NodeJS.ReadStream;
  const status = await execute(args, { stdout, stderr, stdin, env, cwd }, new AbortController().signal);
  const text = (stream: Written): string => String(stream.read() ?? '');
  return { status, stdout: text(stdout), stderr: text(stderr) };
}
