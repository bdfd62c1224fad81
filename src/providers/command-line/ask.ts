import { type Advice, type AdviceRequest, type AdviceSurroundings, UNKNOWN_USAGE } from '../../domain/advice.ts';
import { printable } from '../../platform/printable.ts';
import { type LiveProcess, startProcess } from '../../platform/process.ts';
import { oneLine } from '../http/api-error.ts';
import { Watch } from '../http/watch.ts';
import { confined } from './confine.ts';
import { before, type Failure, meaning, stopped, unusable } from './failures.ts';
import { Listening } from './listening.ts';
import { prepare, type Ready } from './prepare.ts';
import { type Program, questionText } from './program.ts';
import { environmentOf, openScratch } from './scratch.ts';

/** Asks a program once, within the limits; nothing of it runs when this resolves. Never throws for what a program does. */
export async function ask(program: Program, request: AdviceRequest, surroundings: AdviceSurroundings): Promise<Advice> {
  const { signal, settings, limits } = surroundings;
  const model = request.model ?? settings.model;
  if (signal.aborted) return notAsked({ ...stopped(program, 'cancelled', limits), unpaid: true }, model);
  const question = questionText(request);
  if (question.length > program.mostCharacters) return notAsked(tooLong(program, question.length), model);
  const ready = await prepare(program, surroundings);
  if ('failure' in ready) return notAsked(ready.failure, model);
  await using scratch = openScratch(request.system, ready.login);
  const plan = await program
    .plan({
      ...{
        scratch,
        login: ready.login,
        model,
        effort: request.effort ?? settings.effort,
        settings,
        silenceMs: limits.silenceMs,
        questionLength: question.length,
      },
      ...{
        cacheFolder: surroundings.cacheFolder,
        binary: ready.binary,
        version: ready.version,
        env: surroundings.env,
        signal,
      },
    })
    .catch((error: Error) => before('crashed', oneLine(printable(error.message)), program.install));
  if ('reason' in plan) return notAsked(plan, model);
  const argv = [ready.binary, ...plan.args];
  const env = environmentOf(surroundings.env, scratch, { ...ready.login.env, ...plan.env });
  const command = ready.hold.confined ? confined(argv, scratch, Object.values(ready.login.files)) : argv;
  surroundings.progress(`asking ${program.title}${model === null ? '' : ` (${model})`}`);
  const watch = new Watch(limits, signal);
  try {
    return await exchange(program, startProcess({ argv: command, cwd: scratch.cwd, env }), question, {
      ready,
      watch,
      limits,
      model,
      streams: plan.streams,
    });
  } finally {
    watch.end();
  }
}

interface Terms {
  readonly ready: Ready;
  readonly watch: Watch;
  readonly limits: AdviceSurroundings['limits'];
  readonly model: string | null;
  readonly streams: boolean;
}

async function exchange(
  program: Program,
  child: LiveProcess,
  question: string,
  { ready, watch, limits, model, streams }: Terms,
): Promise<Advice> {
  const heard = new Listening(program, limits.answerBytes);
  watch.attempt();
  child.stdout.on('data', (chunk: Buffer) => {
    if (heard.out(chunk) === 'enough') void child.kill();
    if (streams && heard.speaking) watch.heard();
    else if (!streams && heard.alive) watch.rest();
  });
  child.stderr.on('data', (chunk: Buffer) => heard.err(chunk));
  watch.signal.addEventListener('abort', () => void child.kill(), { once: true });
  child.stdin.end(question);
  const end = await child.ended;
  await drained(child);
  heard.close();
  const secrets = Object.values(ready.login.env);
  const clean = (text: string): string =>
    printable(secrets.reduce((kept, secret) => kept.replaceAll(secret, '[key]'), text));
  const common = { model: heard.model ?? model, usage: heard.usage ?? UNKNOWN_USAGE, ms: watch.ms };
  const text = clean(heard.text);
  if (end.spawnError)
    return notAsked(
      before('crashed', `${program.title} could not be started: ${end.spawnError.message}`, program.install),
      model,
    );
  const failure = verdict(program, heard, watch, limits, end.exitCode, end.signal);
  if (failure === null) return { ok: true, ran: true, ...common, text, truncated: heard.full };
  const { message, ...rest } = failure;
  const ran = failure.reason !== 'not_logged_in' || (heard.error?.status ?? statusIn(program, end.exitCode)) !== null;
  return {
    ok: false,
    ran,
    ...common,
    ...rest,
    message: oneLine(clean(message)),
    partial: text.trim() === '' ? null : text,
  };
}

/** Why what was heard is no answer; null when it is one. An answer that is complete counts whatever the exit status. */
function verdict(
  program: Program,
  heard: Listening,
  watch: Watch,
  limits: AdviceSurroundings['limits'],
  exitCode: number | null,
  signal: string | null,
): Failure | null {
  const usable = heard.text.trim() !== '';
  if (heard.tools.length > 0)
    return {
      ...unusable(
        `${program.title} offered tools to its model (${heard.tools.slice(0, 5).join(', ')}); its answer is withheld`,
      ),
      reason: 'not_held',
    };
  if (usable && (heard.complete || heard.full) && heard.error === null) return null;
  if (watch.stopped) return stopped(program, watch.stopped, limits);
  const how = signal ? `was ended by ${signal}` : `ended with status ${exitCode}`;
  const garbled = unusable(`${program.title} ${how} and its output is not what was expected: ${heard.broken}`);
  if (heard.error) {
    const meant = meaning(program, { ...heard.error, status: heard.error.status ?? statusIn(program, exitCode) });
    return meant.reason === 'crashed' && heard.broken ? garbled : meant;
  }
  if (heard.complete) return unusable(`${program.title} answered with nothing`);
  if (heard.broken) return garbled;
  if (exitCode === 0) return unusable(`${program.title} ended without ${usable ? 'the end of its' : 'an'} answer`);
  return { ...meaning(program, { status: null, message: '' }), message: `${program.title} ${how} without an answer` };
}

function statusIn(program: Program, exitCode: number | null): number | null {
  return exitCode === null ? null : (program.httpStatus?.(exitCode) ?? null);
}

/** Waits until both streams are read, as far as they will be. */
async function drained({ stdout, stderr }: LiveProcess): Promise<void> {
  await Promise.all(
    [stdout, stderr].map((stream) =>
      stream.destroyed || stream.readableEnded ? null : new Promise((resolve) => stream.once('close', resolve)),
    ),
  );
}

function tooLong({ title, mostCharacters }: Program, length: number): Failure {
  return before(
    'refused',
    `the question has ${length} characters; ${title} takes at most ${mostCharacters}`,
    'Ask with less context, or ask an advisor over HTTP.',
  );
}

function notAsked({ message, ...failure }: Failure, model: string | null): Advice {
  return {
    ok: false,
    ran: false,
    model,
    usage: UNKNOWN_USAGE,
    ms: 0,
    ...failure,
    message: oneLine(printable(message)),
    partial: null,
  };
}
