import type { Advice, AdviceRequest, Availability } from '../domain/advice.ts';
import { redact } from '../domain/redaction.ts';
import { printable } from '../platform/printable.ts';
import { loadConfig } from './config.ts';
import type { Check } from './doctor.ts';
import { adviceSurroundings, availabilityOf, type KnownAdvisor, knownAdvisors, loadProviders } from './providers.ts';
import { workspaceOf } from './workspace.ts';

/** What is known of one advisor without spending anything, and what it answered where it was asked. */
export interface AdvisorCheck extends Check {
  readonly advisor: {
    readonly id: string;
    readonly provider: string;
    readonly form: 'embedded' | 'cli' | 'http';
    readonly model: string | null;
    readonly ready: boolean;
    readonly reason: Availability['reason'];
    readonly path: string | null;
    readonly version: string | null;
    /** Null where it cannot be told without asking. */
    readonly logged_in: boolean | null;
    /** What keeps it from doing more than answering. */
    readonly held_by: string;
    /** The one real question of `--deep`; null where it was not asked. */
    readonly answer: { readonly ok: boolean; readonly text: string; readonly ms: number } | null;
  };
}

const QUESTION = 'Answer with the one word: pong';
const MAX_TEXT = 200;

/** What the doctor looks at advisors with. */
export interface DoctorSurroundings {
  readonly env: NodeJS.ProcessEnv;
  readonly cwd: string;
  readonly signal: AbortSignal;
}

/**
 * Every advisor: those configured, and each provider under its own name. With `deep` each one that is ready and asks a model is asked one
 * real question. Throws `bad_config`.
 */
export async function examineAdvisors(
  { env, cwd, signal }: DoctorSurroundings,
  deep: boolean,
): Promise<readonly AdvisorCheck[]> {
  const config = await loadConfig(await workspaceOf(undefined, cwd), env);
  const advisors = knownAdvisors(config, await loadProviders());
  return Promise.all(
    advisors.map(async (advisor) => {
      const surroundings = adviceSurroundings(advisor, config, env, signal, () => {});
      const available = await availabilityOf(advisor, surroundings);
      const isAsked = deep && available.ready && advisor.provider.form !== 'embedded';
      const advice = isAsked ? await advisor.provider.ask(question(advisor), surroundings) : null;
      return checkOf(advisor, available, advice);
    }),
  );
}

function question({ settings }: KnownAdvisor): AdviceRequest {
  const { model, effort } = settings;
  return { kind: 'answer', system: '', prompt: QUESTION, model, effort, transcript: [], sample: 0, brief: null };
}

function checkOf({ settings, provider }: KnownAdvisor, found: Availability, advice: Advice | null): AdvisorCheck {
  const failed = advice !== null && !advice.ok ? advice : null;
  const remedy = failed?.remedy ?? found.remedy;
  const holds = found.ready && failed === null;
  return {
    name: `advisor ${settings.id}`,
    holds: holds ? 'yes' : 'no',
    detail: detailOf(found, provider.description, advice),
    ...(holds || remedy === null ? {} : { remedy: clean(remedy) }),
    advisor: {
      id: settings.id,
      provider: provider.id,
      form: provider.form,
      model: advice?.model ?? settings.model,
      ready: found.ready,
      reason: failed?.reason ?? found.reason,
      path: found.path,
      version: found.version,
      logged_in: found.loggedIn,
      held_by: clean(found.heldBy),
      answer: advice && {
        ok: advice.ok,
        text: clean(advice.ok ? advice.text : advice.message),
        ms: Math.round(advice.ms),
      },
    },
  };
}

/** In one line: what it is, where and which, whether logged in, what holds it, what it answered. */
function detailOf(found: Availability, description: string, advice: Advice | null): string {
  const { ready, detail, path, version, loggedIn, heldBy } = found;
  const login = loggedIn === null ? [] : [loggedIn ? 'logged in' : 'not logged in'];
  const place = path === null ? [] : [path];
  const answer =
    advice === null ? [] : [advice.ok ? `answered in ${Math.round(advice.ms)} ms` : `asked: ${advice.message}`];
  const known = ready ? [] : [detail];
  const parts = [...known, ...(version === null ? [] : [version]), ...place, ...login, `held by: ${heldBy}`, ...answer];
  return clean(ready && parts.length === 1 ? `${description}; ${parts[0]}` : parts.join('; '));
}

function clean(text: string): string {
  const line = printable(redact(text).text).replace(/\s+/g, ' ').trim();
  return line.length > 2 * MAX_TEXT ? `${line.slice(0, 2 * MAX_TEXT - 1)}…` : line;
}
