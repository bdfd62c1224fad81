import type { ChangeSet } from '../../src/domain/change.ts';
import type { Baseline, Evidence, TestCoverage } from '../../src/domain/evidence.ts';
import type { Advisor, NewEvent, RepairBrief, Run, Screener, Screening } from '../../src/domain/ports.ts';
import type { FixPorts, FixRequest, Progress } from '../../src/flows/fix-contract.ts';

const ORIGINAL = 'line one\nline two\nline three\n';

/** What a file's content does to the two failing tests and the three passing ones of the world. */
export interface Nature {
  readonly screening: Screening;
  readonly verified: boolean;
  readonly behaviour?: readonly string[];
}

const FAILS: Nature = { screening: { verdict: 'fail', fixed: 0, broken: 0 }, verified: false };
export const PASSES: Nature = { screening: { verdict: 'pass', fixed: 2, broken: 0 }, verified: true };

/** A tree of one file whose candidates are whole contents; `natures` says what each does. Steps live in memory, as a journal would keep them. */
export class World {
  readonly steps = new Map<string, unknown>();
  readonly executed: string[] = [];
  readonly events: NewEvent[] = [];
  readonly progress: Progress[] = [];
  readonly briefs: RepairBrief[] = [];
  readonly screened: string[] = [];
  readonly verified: string[] = [];
  readonly controller = new AbortController();
  now = 0;
  consultsLeft = 6;
  closed = 0;
  opened = 0;
  screenerKind = 'world';
  coverage: readonly TestCoverage[] | null = null;
  /** What the tree does when it is waited for as long as it takes; the same as `baseline` unless given. */
  patient: Baseline | Error | null = null;
  baseline: Baseline = {
    format: 'tap',
    failing: ['t1', 't2'],
    passing: ['p1', 'p2', 'p3'],
    flaky: [],
    runs: [],
    ms: 100,
  };
  natures: Record<string, Nature> = {};
  /** Contents proposed in each iteration. */
  answers: readonly (readonly string[])[] = [];
  hunks: (change: ChangeSet) => readonly ChangeSet[] = () => [];

  run(): Run {
    return {
      id: 'run-1',
      signal: this.controller.signal,
      step: async (name, work) => {
        if (this.steps.has(name)) return structuredClone(this.steps.get(name)) as Awaited<ReturnType<typeof work>>;
        const events: NewEvent[] = [];
        const result = await work((event) => events.push(event));
        this.steps.set(name, structuredClone(result));
        this.executed.push(name);
        this.events.push(...events);
        return result;
      },
    };
  }

  nature(change: ChangeSet): Nature {
    return this.natures[change[0]!.content ?? ''] ?? FAILS;
  }

  ports(): FixPorts {
    return {
      clock: { now: () => ++this.now },
      progress: (progress) => this.progress.push(progress),
      reserveConsults: async (amount) => {
        if (amount > this.consultsLeft) return false;
        this.consultsLeft -= amount;
        return true;
      },
      advisors: [this.#advisor()],
      panel: null,
      observeBaseline: async (_options, patienceMs) => {
        const seen = this.patient && patienceMs > 0.5e6 ? this.patient : this.baseline;
        if (seen instanceof Error) throw seen;
        return seen;
      },
      openScreener: async () => this.#screener(),
      localizer: {
        editable: async () => [{ path: 'a.js', text: ORIGINAL }],
        suspects: () => [{ path: 'a.js', line: 2, score: 0.5, why: 'both failing tests run it' }],
      },
      patches: {
        parse: async (text) =>
          text === 'rubbish'
            ? { ok: false, problem: 'no patch' }
            : { ok: true, change: [{ path: 'a.js', content: text }] },
        render: async (change) => `patch to ${change[0]!.content}`,
        withoutEachHunk: async (change) => this.hunks(change),
      },
      verifier: {
        snapshot: { root: '/w', fingerprint: 'f', files: ['a.js'], read: async () => ORIGINAL },
        run: async () => {
          throw new Error('the flow verifies, it does not run checks itself');
        },
        verify: async (change) => {
          this.verified.push(change[0]!.content!);
          return {
            ...this.#evidence(this.nature(change).verified),
            counts: { passed: 5, failed: 0, total: 5 },
            failures: [],
          };
        },
      },
    };
  }

  request(changes: Partial<FixRequest> = {}): FixRequest {
    return {
      command: ['t'],
      task: null,
      timeLimitMs: 1e6,
      maxCandidates: 1000,
      maxIterations: 5,
      protect: [],
      ...changes,
    };
  }

  #screener(): Screener {
    this.opened++;
    return {
      kind: this.screenerKind,
      targets: 2,
      screen: async (change) => {
        this.screened.push(change[0]!.content!);
        return this.nature(change).screening;
      },
      coverage: async () => this.coverage,
      behaviour: async (change) => this.nature(change).behaviour ?? null,
      close: async () => {
        this.closed++;
      },
    };
  }

  #advisor(): Advisor {
    const world = this;
    return {
      id: 'scripted',
      usage: { input_tokens: 0, output_tokens: 0, cost_usd: 0 },
      async *propose(brief) {
        world.briefs.push(brief);
        for (const text of world.answers[brief.iteration - 1] ?? []) yield { text, operator: 'scripted-operator' };
      },
    };
  }

  #evidence(passes: boolean): Evidence {
    const { failing } = this.baseline;
    return {
      basis: 'observed',
      applies: true,
      protectedFiles: [],
      executed: 5,
      broken: [],
      fixed: passes ? failing : [],
      targets: failing,
      newLintProblems: null,
      behaviour: null,
      status: passes ? 'passed' : 'failed',
      ms: 1,
    };
  }
}
