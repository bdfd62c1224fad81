import { inParallel } from '../domain/in-parallel.ts';
import type { Run } from '../domain/ports.ts';
import { redact } from '../domain/redaction.ts';
import type { FailedAdvice } from './advise.ts';
import { Arrivals } from './arrivals.ts';
import type { Question } from './ask.ts';
import type { Facts, Work } from './fix-contract.ts';
import { verified } from './fix-facts.ts';
import { errorTexts, fixQuestion, type ToldAttempt } from './fix-question.ts';
import { failureNote, type Panel, seatsFor } from './panel.ts';
import { pause } from './pause.ts';
import type { Found, SearchResult } from './search.ts';
import { trialLimitMs } from './search.ts';
import { type Thoughts, think } from './think.ts';

/** How long templates wait for hypotheses that may come at once. */
const GRACE_MS = 1_500;
/** Share of the time that is left which hypotheses may take where there are no templates. */
const THINKING = 0.5;

/** What asking the models for patches came to in one iteration. */
export interface Settled {
  readonly asked: number;
  readonly failures: readonly FailedAdvice[];
  /** Why nobody was asked. */
  readonly refusal: string | null;
  /** What they thought, where that became known only now. */
  readonly thoughts: Thoughts | null;
}

/** The tries of earlier iterations that go back to the models. */
export interface Earlier {
  readonly partial: readonly Found[];
  readonly misfits: SearchResult['misfits'];
}

/**
 * Asks the models of a fix run while templates are tried. Every ask and every answer is a committed step, so that a resumed run pays
 * nothing twice; what is still under way when an iteration's search is over is cancelled.
 */
export class Consultation {
  readonly #work: Work;
  readonly #facts: Facts;
  readonly #panel: Panel;
  #stop = new AbortController();
  #thinking: Promise<Thoughts> | null = null;
  #known: Thoughts | null = null;
  /** Whether the caller has been given what is known. */
  #isTold = false;
  #asked = 0;
  #now: { ended: Promise<unknown>; asked: number; failures: FailedAdvice[]; refusal: string | null } | null = null;

  constructor(work: Work, facts: Facts, panel: Panel) {
    this.#work = work;
    this.#facts = facts;
    this.#panel = panel;
  }

  /** The models' hypotheses; `null` where templates go ahead without waiting for them. */
  async hypotheses(): Promise<Thoughts | null> {
    const { run, ports, watch } = this.#work;
    const patience = ports.advisors.length > 0 ? GRACE_MS : watch.remainingMs * THINKING;
    const { value } = await watch.step(run, 'hypothesize', async () => {
      const late = pause(patience, run.signal).then(() => null);
      return Promise.race([this.#think(), late]);
    });
    if (value) this.#learn(value);
    this.#isTold = value !== null;
    return value;
  }

  /** Begins to ask for patches, which arrive when they are ready. */
  ask(question: Question, earlier: Earlier): Arrivals {
    const arrivals = new Arrivals();
    const now = { ended: Promise.resolve() as Promise<unknown>, asked: 0, failures: [], refusal: null };
    this.#now = now;
    const ended = this.#askAll(question, earlier, arrivals, now).finally(() => arrivals.end());
    // Looked at when the search is over.
    ended.catch(() => {});
    now.ended = ended;
    return arrivals;
  }

  /** Cancels what is under way and says what came of asking. Rejects with what went wrong beside that. */
  async settle({ iteration }: Question): Promise<Settled> {
    const { run, watch } = this.#work;
    const { value } = await watch.step(run, `patch.${iteration}.settled`, async (): Promise<Settled> => {
      const stop = this.#stop;
      this.#stop = new AbortController();
      stop.abort();
      await this.#now?.ended.catch((error: unknown) => {
        if (run.signal.aborted || !isAbort(error)) throw error;
      });
      const { asked = 0, failures = [], refusal = null } = this.#now ?? {};
      return { asked, failures, refusal, thoughts: this.#isTold ? null : this.#known };
    });
    this.#now = null;
    this.#asked += value.asked;
    if (value.thoughts) {
      this.#learn(value.thoughts);
      this.#isTold = true;
    }
    return value;
  }

  /** Cancels what is still under way and waits until it has ended. */
  async close(): Promise<void> {
    this.#stop.abort();
    await Promise.allSettled([this.#now?.ended, this.#thinking]);
  }

  #learn(thoughts: Thoughts): void {
    if (this.#known === null) this.#asked += thoughts.asked;
    this.#known = thoughts;
  }

  /** Thinking ends with the first iteration: what was not said by then is not waited for again. */
  #think(): Promise<Thoughts> {
    const { ports } = this.#work;
    this.#thinking ??= think(this.#stoppable(), this.#panel, this.#work, this.#facts).then((thoughts) => {
      for (const failure of thoughts.failures) ports.progress({ kind: 'note', text: failureNote(failure) });
      return thoughts;
    });
    this.#thinking.catch(() => {});
    return this.#thinking;
  }

  async #askAll(
    question: Question,
    earlier: Earlier,
    arrivals: Arrivals,
    now: { asked: number; failures: FailedAdvice[]; refusal: string | null },
  ): Promise<void> {
    const { iteration, stage } = question;
    const run = this.#stoppable();
    const { ports } = this.#work;
    if (this.#known === null && iteration === 1) this.#learn(await this.#think());
    const most = stage === 'implement' ? this.#panel.models.length : 1;
    const { seats, refusal } = await seatsFor(run, this.#panel, {
      name: `patch.${iteration}.rules`,
      ...{ stage, most, asked: this.#asked },
    });
    now.refusal = refusal;
    now.asked = seats.length;
    if (refusal !== null) return ports.progress({ kind: 'note', text: `no model is asked: ${refusal}` });
    const prompt = await this.#prompt(run, question, earlier);
    const { malformed, ...form } = await this.#panel.role(stage === 'implement' ? 'implementer' : 'debugger');
    await inParallel([...seats.entries()], seats.length, async ([seat, advisors]) => {
      const { answer, failures } = await this.#panel.advise(run, {
        name: `patch.${iteration}.${seat + 1}`,
        purpose: 'candidates',
        stage,
        ensemble: null,
        advisors,
        model: null,
        request: { ...form, prompt, transcript: [], sample: 0 },
        reservation: null,
        malformed,
      });
      now.failures.push(...failures);
      for (const failure of failures) ports.progress({ kind: 'note', text: failureNote(failure) });
      if (answer) arrivals.add({ key: `${iteration}.${seat + 1}`, provider: answer.provider, text: answer.text });
    });
  }

  #prompt(run: Run, { iteration, stage }: Question, { partial, misfits }: Earlier): Promise<string> {
    const { request, failures, baseline } = this.#work;
    const { task, command } = request;
    const { suspects } = this.#facts;
    return run.step(`patch.${iteration}.question`, async (record) => {
      const attempts = await told(run, this.#work, partial, record);
      const pack = await this.#panel.pack({ task, errors: errorTexts(failures), suspects, stage });
      const hypotheses = this.#known?.hypotheses ?? [];
      const targets = baseline.failing.length;
      return fixQuestion({ task, command, failures, targets, suspects, hypotheses, attempts, misfits, pack });
    });
  }

  /** The run as far as models are asked: it also ends when the search is over. */
  #stoppable(): Run {
    const { run } = this.#work;
    const signal = AbortSignal.any([run.signal, this.#stop.signal]);
    return { id: run.id, signal, step: (name, work) => run.step(name, work) };
  }
}

/** What became of earlier tries, test by test, as the user's own command says; worst first. */
async function told(
  run: Run,
  { ports, baseline, watch }: Work,
  partial: readonly Found[],
  record: Parameters<Parameters<Run['step']>[1]>[0],
): Promise<readonly ToldAttempt[]> {
  const attempts: ToldAttempt[] = [];
  for (const found of partial) {
    const parsed = await ports.patches.parse(found.text);
    if (!parsed.ok) continue;
    run.signal.throwIfAborted();
    const options = { signal: run.signal, timeLimitMs: trialLimitMs(baseline, watch) };
    const { failures, ...evidence } = await ports.verifier.verify(parsed.change, baseline, options);
    record(verified(found, evidence));
    attempts.unshift({
      patch: redact(await ports.patches.render(parsed.change)).text,
      fixed: evidence.fixed?.length ?? found.fixed,
      broken: evidence.broken?.length ?? found.broken,
      failures,
    });
  }
  return attempts;
}

function isAbort(error: unknown): boolean {
  return error instanceof Error && error.name === 'AbortError';
}
