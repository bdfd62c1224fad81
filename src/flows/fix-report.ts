import { type Baseline, type Counts, EXIT_STATUS } from '../domain/evidence.ts';
import type { Hypothesis } from '../domain/hypothesis.ts';
import type { Run } from '../domain/ports.ts';
import type { FailedAdvice } from './advise.ts';
import type { Chosen } from './choose.ts';
import type { Settled } from './consultation.ts';
import type { FixOutcome, FixPorts, FixStage, StageRecord } from './fix-contract.ts';
import type { Improved } from './improve.ts';
import type { Stopwatch } from './stopwatch.ts';
import type { Thoughts } from './think.ts';

/** Keeps the account of a fix run: which stages were entered, what came of them, and the outcome in the end. */
export class Report {
  hypotheses: readonly Hypothesis[] = [];
  advisorFailures: readonly FailedAdvice[] = [];
  tried = 0;
  baseline: Baseline = { format: '', failing: [], passing: [], flaky: [], runs: [], ms: 0 };
  readonly #run: Run;
  readonly #ports: FixPorts;
  readonly #watch: Stopwatch;
  readonly #stages: StageRecord[] = [];
  #open: { stage: FixStage; from: number } | null = null;

  constructor(run: Run, ports: FixPorts, watch: Stopwatch) {
    this.#run = run;
    this.#ports = ports;
    this.#watch = watch;
  }

  async enter(stage: FixStage, note: string): Promise<void> {
    this.#open = { stage, from: this.#watch.spentMs };
    this.#ports.progress({ kind: 'stage', stage, note });
    const n = this.#stages.length + 1;
    await this.#watch.step(this.#run, `stage.${n}.enter`, async (record) => {
      record({ type: 'stage_entered', payload: { stage, visit: n } });
      return null;
    });
  }

  async leave(outcome: StageRecord['outcome'], summary: string): Promise<void> {
    if (!this.#open) return;
    const { stage, from } = this.#open;
    this.#open = null;
    const n = this.#stages.length + 1;
    const measured = Math.round(this.#watch.spentMs - from);
    const { value } = await this.#watch.step(this.#run, `stage.${n}.leave`, async (record) => {
      record({
        type: 'stage_left',
        payload: { stage, visit: n, outcome, summary, ms: measured, host_turns: 1, basis: 'observed' },
      });
      return { stage, outcome, summary, ms: measured };
    });
    this.#stages.push(value);
    this.#ports.progress({ kind: 'left', record: value });
  }

  /** Takes in what models thought: their hypotheses come before those that coverage gives. */
  think({ hypotheses, failures }: Thoughts): void {
    this.hypotheses = [...hypotheses, ...this.hypotheses];
    this.advisorFailures = [...this.advisorFailures, ...failures];
  }

  settle({ thoughts, failures }: Settled): void {
    if (thoughts) this.think(thoughts);
    this.advisorFailures = [...this.advisorFailures, ...failures];
  }

  alreadyPassing(): FixOutcome {
    return { ...this.#outcome(), status: 'already_passing', after: this.#counts(), why: 'nothing fails' };
  }

  notFixed(why: string, endedByBudget = false): FixOutcome {
    return { ...this.#outcome(), status: 'not_fixed', why, endedByBudget };
  }

  fixed({ found, why }: Chosen, improved: Improved): FixOutcome {
    const { provider, operator, rank } = found;
    return {
      ...this.#outcome(),
      status: 'fixed',
      patch: improved.patch,
      files: improved.files,
      after: improved.after,
      winner: { provider, ...(operator === undefined ? {} : { operator }), rank },
      why,
    };
  }

  #counts(): Counts {
    const { passing, failing } = this.baseline;
    return { passed: passing.length, failed: failing.length, total: passing.length + failing.length };
  }

  #outcome(): Omit<FixOutcome, 'status' | 'why'> {
    return {
      patch: null,
      files: [],
      baseline: { ...this.#counts(), flaky: this.baseline.flaky.length },
      after: null,
      evidence: this.baseline.format === EXIT_STATUS ? 'exit_status' : 'tests',
      candidatesTried: this.tried,
      endedByBudget: false,
      winner: null,
      hypotheses: this.hypotheses,
      stages: this.#stages,
      advisorFailures: this.advisorFailures,
    };
  }
}
