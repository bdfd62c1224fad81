import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { AdviceSurroundings } from '../../domain/advice.ts';
import { atomicWrite } from '../../platform/files.ts';
import { makeFolder } from '../../platform/make-folder.ts';
import { removeTempDir } from '../../platform/temp.ts';
import type { Dialect, Program } from './dialect.ts';
import { startListener } from './listener.ts';
import { compareVersions } from './locate.ts';
import { makePrivateFolders } from './private-folder.ts';
import { runProgram } from './run.ts';

/** Whether a program is held to text, and by what. */
export interface Held {
  readonly held: boolean;
  readonly by: string;
}

const LOOK_MS = 30_000;
/** Raised whenever the flags change, so that programs are looked at anew. */
const RULES = 1;
const looking = new Map<string, Promise<Held>>();

/**
 * What holds a program to text. The tested version: flags that were proven. A newer one is started once with the same
 * flags against a server of our own on loopback, which is free: it is held when its request offers no tool. What was
 * seen is kept in `cacheFolder`.
 */
export function heldBy(dialect: Dialect, program: Program, surroundings: AdviceSurroundings): Promise<Held> {
  if (compareVersions(program.version, dialect.testedVersion) === 0)
    return Promise.resolve({ held: true, by: 'flags that leave it no tool, an empty folder and a home of its own' });
  const file = join(surroundings.cacheFolder, `held-${program.version.replace(/[^\w.-]/g, '_')}-${RULES}.json`);
  const under = looking.get(file);
  if (under) return under;
  const look = keptOrLooked(dialect, program, surroundings, file).finally(() => looking.delete(file));
  looking.set(file, look);
  return look;
}

async function keptOrLooked(
  dialect: Dialect,
  program: Program,
  surroundings: AdviceSurroundings,
  file: string,
): Promise<Held> {
  const kept = await readFile(file, 'utf8')
    .then(
      (text) => JSON.parse(text) as Held,
      () => null,
    )
    .catch(() => null);
  if (typeof kept?.held === 'boolean' && typeof kept.by === 'string') return kept;
  const { offered, held } = await look(dialect, program, surroundings);
  const by = held
    ? `flags that leave version ${program.version} no tool, as its own request showed; an empty folder and a home of its own`
    : `nothing: version ${program.version} ${offered}`;
  if (!surroundings.signal.aborted && held) {
    makeFolder(surroundings.cacheFolder);
    await atomicWrite(file, JSON.stringify({ held, by }));
  }
  return { held, by };
}

async function look(
  dialect: Dialect,
  program: Program,
  surroundings: AdviceSurroundings,
): Promise<Held & { offered: string }> {
  const listener = await startListener();
  const folders = await makePrivateFolders(dialect.id, 'Answer with one word.');
  try {
    const login = dialect.fakeLogin(`${listener.url}${dialect.apiPath}`);
    const { cacheFolder, env, signal } = surroundings;
    const limits = { ...surroundings.limits, firstOutputMs: LOOK_MS, silenceMs: LOOK_MS, totalMs: LOOK_MS };
    const invocation = await dialect.prepare({
      program,
      login,
      folders,
      model: surroundings.settings.model,
      effort: null,
      limits,
      cacheFolder,
      env: withoutProxy(env),
      signal,
    });
    await runProgram(dialect, {
      program,
      folders,
      invocation,
      stdin: '# Question\n\nSay yes.\n',
      env: withoutProxy(env),
      limits,
      signal,
      confine: (argv) => [...argv],
    });
    const { requests, tools } = listener.seen();
    if (requests === 0)
      return { held: false, by: '', offered: 'sent nothing when it was tried, so its tools are not known' };
    return { held: tools.length === 0, by: '', offered: `still offers tools (${tools.slice(0, 5).join(', ')})` };
  } finally {
    await listener.close();
    await removeTempDir(folders.root);
  }
}

function withoutProxy(env: AdviceSurroundings['env']): AdviceSurroundings['env'] {
  return Object.fromEntries(Object.entries(env).filter(([name]) => !/_proxy$/i.test(name)));
}
