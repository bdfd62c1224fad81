import type { AdviceSurroundings } from '../../domain/advice.ts';
import { before, type Failure } from './failures.ts';
import { type Hold, holdOf } from './held.ts';
import { binaryOf, isOlder, keyOf, type Located, recall, remember, versionOf } from './locate.ts';
import type { Login, Program } from './program.ts';
import { environmentOf, openScratch } from './scratch.ts';

/** A program ready to be asked. */
export interface Ready extends Located {
  readonly login: Login;
  readonly hold: Extract<Hold, { held: true }>;
}

/** Why it is not, with as much as was found out. */
export interface NotReady {
  readonly failure: Failure;
  readonly binary: string | null;
  readonly version: string | null;
  readonly loggedIn: boolean | null;
}

/** Finds a program, its version, its login and what holds it to text. Spends nothing; remembers by file what does not change. */
export async function prepare(program: Program, surroundings: AdviceSurroundings): Promise<Ready | NotReady> {
  const { settings, env, cacheFolder } = surroundings;
  const { title, command, install, oldest, logIn } = program;
  const binary = binaryOf(program, surroundings);
  const none = { binary, version: null, loggedIn: null };
  if (binary === null) {
    const where =
      settings.binary === null ? `${command} is not on the PATH` : `there is no program at ${settings.binary}`;
    return { ...none, failure: before('not_installed', `${title}: ${where}`, install) };
  }
  const key = keyOf(binary);
  const known = recall(cacheFolder, program.id, key) ?? (await meet(program, binary, key, surroundings));
  if (surroundings.signal.aborted)
    return {
      ...none,
      failure: before('cancelled', 'the question was cancelled', 'Ask again when you want the answer.'),
    };
  if (known === null)
    return { ...none, failure: before('crashed', `${title} at ${binary} does not tell its version`, install) };
  const { version } = known;
  const login = program.login(env, settings);
  const found = { binary, version, loggedIn: login !== null };
  if (isOlder(version, oldest))
    return {
      ...found,
      failure: before('too_old', `${title} is at ${version}; ${oldest} or newer is needed to hold it to text`, install),
    };
  if (login === null) return { ...found, failure: before('not_logged_in', `${title} is not logged in`, logIn) };
  const hold = await holdOf(program, { binary, ...known }, surroundings);
  if (hold.held) return { binary, version, login, hold };
  const remedy = `Install bubblewrap, or set "allow_unheld": true for ${settings.id} in the configuration.`;
  return { ...found, failure: before('not_held', `${title}: ${hold.why}`, remedy) };
}

async function meet(program: Program, binary: string, key: string, { cacheFolder, env, signal }: AdviceSurroundings) {
  await using scratch = openScratch('', { files: {} });
  const version = await versionOf(program, binary, { cwd: scratch.cwd, env: environmentOf(env, scratch, {}) }, signal);
  if (version === null) return null;
  const seen = { key, version, offersNothing: null };
  remember(cacheFolder, program.id, seen);
  return seen;
}
