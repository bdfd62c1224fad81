import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { AdviceSurroundings } from '../../domain/advice.ts';
import { runProcess } from '../../platform/process.ts';
import { canConfine } from './confine.ts';
import { type Located, remember } from './locate.ts';
import type { Program } from './program.ts';
import { environmentOf, openScratch } from './scratch.ts';

/** What keeps a program to text, or why nothing does. `confined`: it is to be started inside bubblewrap. */
export type Hold =
  | { readonly held: true; readonly by: string; readonly confined: boolean }
  | { readonly held: false; readonly why: string };

const LOOK_MS = 30_000;

/**
 * What holds this version: its flags, where they were proven to leave no tool (by our tests, or by looking at the
 * request that it makes of a server on this machine); else the operating system; else the user's word.
 */
export async function holdOf(
  program: Program,
  located: Located & { readonly offersNothing: boolean | null; readonly key: string },
  surroundings: AdviceSurroundings,
): Promise<Hold> {
  if (program.proven.includes(located.version))
    return { held: true, by: 'its flags, proven for this version', confined: false };
  const offersNothing = located.offersNothing ?? (await look(program, located, surroundings));
  if (offersNothing)
    return { held: true, by: 'its flags: a request of this version was seen to offer no tool', confined: false };
  if (await canConfine())
    return { held: true, by: 'bubblewrap: an empty file system, nothing to change', confined: true };
  if (surroundings.settings.allowUnheld)
    return { held: true, by: 'nothing; allowed by name in the configuration', confined: false };
  return {
    held: false,
    why: `version ${located.version} offers tools to its model in spite of its flags, and there is no bubblewrap to hold it`,
  };
}

/** Lets the program ask a server on this machine, which answers nothing, and sees which tools the request offers. Remembers it. */
async function look(
  program: Program,
  { binary, version, key }: Located & { readonly key: string },
  { signal, env, settings, cacheFolder }: AdviceSurroundings,
): Promise<boolean | null> {
  let offered: readonly string[] | null = null;
  const server = createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('end', () => {
      const body = parsed(Buffer.concat(chunks).toString());
      if (request.method === 'POST' && body !== null) offered ??= program.offered(body);
      response.writeHead(400, { 'content-type': 'application/json' }).end('{"error":{"message":"only looking"}}');
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  const login = {
    kind: 'key',
    from: 'nowhere',
    env: program.login({ [LOOK_KEY]: 'none' }, { ...settings, apiKeyEnv: LOOK_KEY })?.env ?? {},
    files: {},
  } as const;
  await using scratch = openScratch('Answer.', login);
  try {
    const plan = await program.plan({
      ...{
        scratch,
        login,
        model: settings.model,
        effort: null,
        silenceMs: LOOK_MS,
        questionLength: 5,
        cacheFolder,
        binary,
        version,
        env,
        signal,
      },
      settings: { ...settings, baseUrl: `http://127.0.0.1:${port}` },
    });
    const spec = {
      argv: [binary, ...plan.args],
      cwd: scratch.cwd,
      env: environmentOf(env, scratch, { ...login.env, ...plan.env }),
      stdin: 'Hello',
    };
    await runProcess(spec, { timeLimitMs: LOOK_MS, outputCapBytes: 65_536, signal });
  } finally {
    server.closeAllConnections();
    server.close();
  }
  if (offered === null || signal.aborted) return null;
  const offersNothing = (offered as readonly string[]).length === 0;
  remember(cacheFolder, program.id, { key, version, offersNothing });
  return offersNothing;
}

const LOOK_KEY = 'MAESTRO_LOOK_KEY';

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}
