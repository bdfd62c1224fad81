import { randomUUID } from 'node:crypto';
import type { AdviceFailure, Availability } from '../domain/advice.ts';
import type { Config } from '../domain/config.ts';
import { MaestroError } from '../domain/errors.ts';
import type { Json } from '../domain/json.ts';
import type { Run } from '../domain/ports.ts';
import { redact } from '../domain/redaction.ts';
import { createEngine } from '../engine/local.ts';
import { printable } from '../platform/printable.ts';
import { askAdvisor } from './ask.ts';
import { loadConfig } from './config.ts';
import type { Check } from './doctor.ts';
import { adviceSurroundings, availabilityOf, type KnownAdvisor, knownAdvisors, loadProviders } from './providers.ts';
import { systemFor } from './question.ts';
import { openState } from './state.ts';
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
 * real question, which is on the ledger like every other. Throws `bad_config`, and `cancelled` when interrupted.
 */
export async function examineAdvisors(
  { env, cwd, signal }: DoctorSurroundings,
  deep: boolean,
): Promise<readonly AdvisorCheck[]> {
  const { folder: workspace } = await workspaceOf(undefined, cwd);
  const config = await loadConfig(workspace, env);
  const advisors = knownAdvisors(config, await loadProviders());
  const found = await Promise.all(
    advisors.map(async (advisor) => ({
      advisor,
      available: await availabilityOf(
        advisor,
        adviceSurroundings(advisor, config, env, signal, () => {}),
      ),
    })),
  );
  const asked = found.filter(({ advisor, available }) => available.ready && advisor.provider.form !== 'embedded');
  const answers =
    deep && asked.length > 0
      ? await askEach(
          asked.map(({ advisor }) => advisor),
          { env, signal, workspace, config },
        )
      : {};
  return found.map(({ advisor, available }) => checkOf(advisor, available, answers[advisor.settings.id] ?? null));
}

/** What came of the one real question. */
interface Pong {
  readonly ok: boolean;
  readonly text: string;
  readonly model: string | null;
  readonly ms: number;
  readonly failure: { readonly reason: AdviceFailure; readonly remedy: string } | null;
}

interface Place {
  readonly env: NodeJS.ProcessEnv;
  readonly signal: AbortSignal;
  readonly workspace: string;
  readonly config: Config;
}

/** By id; in a run of its own with a budget of its own. Nobody is asked where the state file cannot be used: the check of it says why. */
async function askEach(advisors: readonly KnownAdvisor[], place: Place): Promise<Readonly<Record<string, Pong>>> {
  const store = await openState(place.env).catch((error: unknown) => {
    if (error instanceof MaestroError) return null;
    throw error;
  });
  if (store === null) return {};
  await using open = store;
  const { workspace, signal, config, env } = place;
  // A run that was interrupted is ended by the next one, which asks anew.
  const visit = randomUUID();
  const ask = async (run: Run, advisor: KnownAdvisor): Promise<[string, Pong]> => {
    const { id } = advisor.settings;
    const limits = [{ scope: `workflow:${run.id}/doctor:${visit}`, limit: advisors.length }];
    const asking = { store: open, config, env, workspace, advisors, limits, brief: null, progress: () => {} };
    return [id, await pongOf(run, asking, { id, name: `${id}.${visit}` })];
  };
  const spec = { kind: 'doctor', key: 'deep', workspace, request: {}, signal };
  const { result } = await createEngine(open).start(
    spec,
    async (run) =>
      Object.fromEntries(await Promise.all(advisors.map((advisor) => ask(run, advisor)))) as unknown as Json,
  );
  return result as unknown as Record<string, Pong>;
}

async function pongOf(
  run: Run,
  asking: Parameters<typeof askAdvisor>[1],
  { id, name }: { readonly id: string; readonly name: string },
): Promise<Pong> {
  const from = performance.now();
  const { system, kind } = await systemFor(null);
  const { answer, failures } = await askAdvisor(run, asking, {
    name,
    purpose: 'advice',
    stage: null,
    ensemble: null,
    advisors: [id],
    model: null,
    request: { kind, system, prompt: QUESTION, transcript: [], sample: 0 },
    reservation: null,
    malformed: () => null,
  });
  if (answer) return { ok: true, text: answer.text, model: answer.model, ms: answer.ms, failure: null };
  const { reason, message, remedy } = failures[0]!.failure;
  return { ok: false, text: message, model: null, ms: performance.now() - from, failure: { reason, remedy } };
}

function checkOf({ settings, provider }: KnownAdvisor, found: Availability, pong: Pong | null): AdvisorCheck {
  const failed = pong?.failure ?? null;
  const remedy = failed?.remedy ?? found.remedy;
  const holds = found.ready && failed === null;
  return {
    name: `advisor ${settings.id}`,
    holds: holds ? 'yes' : 'no',
    detail: detailOf(found, provider.description, pong),
    ...(holds || remedy === null ? {} : { remedy: clean(remedy) }),
    advisor: {
      id: settings.id,
      provider: provider.id,
      form: provider.form,
      model: pong?.model ?? settings.model,
      ready: found.ready,
      reason: failed?.reason ?? found.reason,
      path: found.path,
      version: found.version,
      logged_in: found.loggedIn,
      held_by: clean(found.heldBy),
      answer: pong && { ok: pong.ok, text: clean(pong.text), ms: Math.round(pong.ms) },
    },
  };
}

/** In one line: what it is, where and which, whether logged in, what holds it, what it answered. */
function detailOf(found: Availability, description: string, pong: Pong | null): string {
  const { ready, detail, path, version, loggedIn, heldBy } = found;
  const login = loggedIn === null ? [] : [loggedIn ? 'logged in' : 'not logged in'];
  const place = path === null ? [] : [path];
  const answer = pong === null ? [] : [pong.ok ? `answered in ${Math.round(pong.ms)} ms` : `asked: ${pong.text}`];
  const known = ready ? [] : [detail];
  const parts = [...known, ...(version === null ? [] : [version]), ...place, ...login, `held by: ${heldBy}`, ...answer];
  return clean(ready && parts.length === 1 ? `${description}; ${parts[0]}` : parts.join('; '));
}

function clean(text: string): string {
  const line = printable(redact(text).text).replace(/\s+/g, ' ').trim();
  return line.length > 2 * MAX_TEXT ? `${line.slice(0, 2 * MAX_TEXT - 1)}…` : line;
}
