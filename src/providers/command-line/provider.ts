import {
  type Advice,
  type AdviceFailure,
  type AdviceRequest,
  type AdviceSurroundings,
  type Availability,
  type ProviderDefinition,
  UNKNOWN_USAGE,
} from '../../domain/advice.ts';
import { type Confine, confineToScratch } from '../../platform/sandbox-scratch.ts';
import { dropTempDir, removeTempDir } from '../../platform/temp.ts';
import { conclude } from './conclude.ts';
import type { Dialect, Login, Program } from './dialect.ts';
import { type Failure, failure, remedyFor } from './failures.ts';
import { heldBy } from './held.ts';
import { compareVersions, findProgram, versionOf } from './locate.ts';
import { makePrivateFolders } from './private-folder.ts';
import { questionText } from './question.ts';
import { runProgram } from './run.ts';

/** A provider over one command line program. */
export function commandLineProvider(dialect: Dialect): ProviderDefinition {
  return {
    id: dialect.id,
    description: dialect.description,
    form: 'cli',
    network: true,
    available: (surroundings) => availability(dialect, surroundings),
    ask: (request, surroundings) => ask(dialect, request, surroundings),
  };
}

interface Found {
  readonly path: string | null;
  readonly version: string | null;
  readonly login: Login | null;
  readonly heldBy: string;
  /** Flags alone do not hold it: bubblewrap must. */
  readonly confined: boolean;
}

const CONFINED = 'bubblewrap: it sees no file of the user and writes in a folder of its own only';

/** Everything that must be so before a program may be asked, looked at in order; the first that is not is `failed`. */
async function look(dialect: Dialect, surroundings: AdviceSurroundings): Promise<Found & { failed: Failure | null }> {
  const { settings } = surroundings;
  const { program: name, testedVersion } = dialect;
  const found = {
    path: findProgram(dialect, surroundings),
    version: null,
    login: null,
    heldBy: 'not looked at',
    confined: false,
  };
  const fail = (so: Found, reason: AdviceFailure, message: string) => ({
    ...so,
    failed: failure(reason, message, dialect, true),
  });
  if (found.path === null)
    return fail(
      found,
      'not_installed',
      settings.binary === null ? `there is no '${name}' on the PATH` : `${settings.binary} is not a program`,
    );
  const version = await versionOf(dialect, found.path, surroundings);
  if (surroundings.signal.aborted) return fail(found, 'cancelled', `looking for ${name} was cancelled`);
  if (version === null) return fail(found, 'crashed', `${found.path} --version names no version`);
  if (compareVersions(version, testedVersion) < 0)
    return fail(
      { ...found, version },
      'too_old',
      `${name} ${version} is older than ${testedVersion}, the oldest that is known to be held to text`,
    );
  const login = await dialect.login(surroundings);
  if (login === null) return fail({ ...found, version }, 'not_logged_in', `${name} is not logged in`);
  const { held, by } = await heldBy(dialect, { path: found.path, version }, surroundings);
  if (surroundings.signal.aborted)
    return fail({ ...found, version, login }, 'cancelled', `looking at ${name} was cancelled`);
  if (held) return { ...found, version, login, heldBy: by, failed: null };
  if (await canConfine(found.path, surroundings))
    return { ...found, version, login, heldBy: CONFINED, confined: true, failed: null };
  if (!settings.allowUnheld)
    return fail({ ...found, version, login, heldBy: by }, 'not_held', `${name} is held by ${by}`);
  return { ...found, version, login, heldBy: by, failed: null };
}

async function availability(dialect: Dialect, surroundings: AdviceSurroundings): Promise<Availability> {
  const { path, version, login, heldBy, failed } = await look(dialect, surroundings);
  return {
    ready: failed === null,
    reason: failed?.reason ?? null,
    detail: failed?.message ?? `${dialect.program} ${version}, ${login!.how}`,
    remedy: failed?.remedy ?? null,
    version,
    path,
    loggedIn: login !== null ? true : failed?.reason === 'not_logged_in' ? false : null,
    heldBy,
  };
}

async function ask(dialect: Dialect, request: AdviceRequest, surroundings: AdviceSurroundings): Promise<Advice> {
  const started = performance.now();
  const model = request.model ?? surroundings.settings.model;
  const notAsked = (failed: Failure): Advice => ({
    ok: false,
    ran: false,
    model,
    usage: UNKNOWN_USAGE,
    ms: performance.now() - started,
    ...failed,
    partial: null,
  });
  if (surroundings.signal.aborted)
    return notAsked(failure('cancelled', 'cancelled before it was asked', dialect, true));
  const stdin = questionText(request);
  if (Buffer.byteLength(stdin) > dialect.promptBytes)
    return notAsked(
      failure(
        'refused',
        `the question has ${Buffer.byteLength(stdin)} bytes, and ${dialect.program} takes ${dialect.promptBytes}`,
        dialect,
        true,
      ),
    );
  try {
    const { failed, path, version, login, confined } = await look(dialect, surroundings);
    if (failed) return notAsked(failed);
    const advice = await exchange(
      dialect,
      { path: path!, version: version! },
      login!,
      { ...request, model, stdin, confined },
      surroundings,
    );
    return { ...advice, ms: performance.now() - started };
  } catch (error) {
    if (surroundings.signal.aborted)
      return notAsked(failure('cancelled', `${dialect.program} was cancelled before it was asked`, dialect, true));
    return notAsked({
      ...failure('crashed', `${dialect.program} could not be started: ${(error as Error).message}`, dialect, true),
      remedy: remedyFor('crashed', dialect),
    });
  }
}

async function exchange(
  dialect: Dialect,
  program: Program,
  login: Login,
  request: AdviceRequest & { readonly stdin: string; readonly confined: boolean },
  { env, settings, limits, signal, cacheFolder, progress }: AdviceSurroundings,
): Promise<Advice> {
  const folders = await makePrivateFolders(dialect.id, request.system);
  try {
    const { model } = request;
    const effort = request.effort ?? settings.effort;
    const call = { program, login, folders, model, effort, limits, cacheFolder, env, signal };
    const invocation = await dialect.prepare(call);
    const confine = request.confined
      ? await confinement(
          folders.root,
          program.path,
          [cacheFolder, ...(login.file === null ? [] : [login.file])],
          env,
          signal,
        )
      : AS_IT_IS;
    progress(`asking ${dialect.program} ${program.version}${model === null ? '' : ` (${model})`}`);
    const end = await runProgram(dialect, {
      program,
      folders,
      invocation,
      stdin: request.stdin,
      env,
      limits,
      signal,
      confine,
    });
    return conclude(end, dialect.read(end), dialect, {
      answerBytes: limits.answerBytes,
      secrets: Object.values(login.env).filter((value) => value.length >= 8),
      model,
    });
  } finally {
    // It takes up to 80 ms, and the answer is there.
    dropTempDir(folders.root);
  }
}

const AS_IT_IS: Confine = (argv) => [...argv];

/** Whether bubblewrap works here for that program. */
async function canConfine(program: string, { cacheFolder, env, signal }: AdviceSurroundings): Promise<boolean> {
  const folders = await makePrivateFolders('try', '');
  try {
    return (
      (await confineToScratch({ folder: folders.root, program, readable: [cacheFolder] }, env.PATH ?? '', signal)) !==
      null
    );
  } finally {
    await removeTempDir(folders.root);
  }
}

async function confinement(
  folder: string,
  program: string,
  readable: readonly string[],
  env: AdviceSurroundings['env'],
  signal: AbortSignal,
): Promise<Confine> {
  const confine = await confineToScratch({ folder, program, readable }, env.PATH ?? '', signal);
  if (confine === null) throw new Error('bubblewrap does not work any more');
  return confine;
}
