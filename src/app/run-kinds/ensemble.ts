import { readHypotheses } from '../../domain/hypothesis.ts';
import type { Run } from '../../domain/ports.ts';
import {
  type Candidate,
  type EnsembleOutcome,
  type EnsemblePorts,
  ensemble,
  type Reading,
} from '../../flows/ensemble.ts';
import { type LiveTree, liveTree } from '../../verify/live-tree.ts';
import { askPorts } from '../ask.ts';
import { type AskingIn, askingIn } from '../asking-in.ts';
import { briefWhenAsked, errorsIn } from '../brief.ts';
import type { EnsembleCandidate, EnsembleResult } from '../calls.ts';
import { carryOnAlone, failedTry, notAsked } from '../failed-tries.ts';
import { malformedFor } from '../malformed.ts';
import { patchesOf } from '../patches.ts';
import { promptFor, systemFor } from '../question.ts';
import type { RunKind, RunSurroundings } from '../run-kind.ts';
import { membersFor } from '../whom.ts';

/** An ensemble as it is stored: without secrets, and enough to be taken up by another process. */
export interface EnsembleWork {
  readonly task: string;
  readonly kind: 'hypotheses' | 'patch' | 'answer';
  readonly providers: readonly string[];
  readonly n: number | null;
  readonly confidence: number | null;
  readonly files: readonly string[];
  readonly errors: readonly string[];
  readonly force: boolean;
}

/** What a candidate holds beside its text. */
type Parsed = Pick<EnsembleCandidate, 'patch' | 'hypotheses'>;

export const kind: RunKind = {
  kind: 'ensemble',

  async work(run, request, surroundings): Promise<EnsembleResult> {
    const work = request as EnsembleWork;
    const tree = liveTree(surroundings.folder, run.signal);
    const here = await askingIn(surroundings, null);
    const errors = work.errors.length > 0 ? work.errors : errorsIn(here.view);
    const brief = briefWhenAsked(tree, { ...work, errors });
    const { n, providers, force } = work;
    const ports = portsOf(run, work, { ...here, asking: { ...here.asking, brief } }, surroundings, tree);
    const outcome = await ensemble(run, ports, { kind: work.kind, n, named: providers.length, force });
    return resultOf(run, work, outcome, here);
  },

  isReusable: (result) => {
    const { status, ...rest } = result as EnsembleResult;
    return status === 'generated' && 'candidates' in rest && rest.candidates.length > 0;
  },
};

function portsOf(
  run: Run,
  work: EnsembleWork,
  { asking, config, stage, situation }: AskingIn,
  surroundings: RunSurroundings,
  tree: LiveTree,
): EnsemblePorts<Parsed> {
  return {
    ...askPorts(run, asking),
    situation: () => situation(work.confidence),
    advisors: () => membersFor(run, asking, work.providers),
    question: async () => {
      const { task: prompt, files, errors } = work;
      const matter = { prompt, files, errors, stage, packBudget: config.packBudget };
      const { system } = await systemFor(ROLE[work.kind]);
      const text = await promptFor(matter, surroundings, run.signal);
      return { kind: work.kind, system, prompt: text, model: null, stage, transcript: [] };
    },
    malformed: malformedFor(work.kind),
    read: (text) => read(work.kind, text, tree),
  };
}

const ROLE = { hypotheses: 'hypothesis_scientist', patch: 'implementer', answer: null } as const;

async function read(form: EnsembleWork['kind'], text: string, tree: LiveTree): Promise<Reading<Parsed>> {
  if (form === 'answer') return { ok: true, parsed: {} };
  if (form === 'hypotheses') {
    const found = readHypotheses(text);
    return found.ok ? { ok: true, parsed: { hypotheses: found.value } } : found;
  }
  const patches = patchesOf(tree);
  const patch = await patches.parse(text);
  return patch.ok ? { ok: true, parsed: { patch: await patches.render(patch.change) } } : patch;
}

async function resultOf(
  run: Run,
  { kind: form }: EnsembleWork,
  outcome: EnsembleOutcome<Parsed>,
  { budget, view }: AskingIn,
): Promise<EnsembleResult> {
  const now = await budget();
  if (outcome.status === 'not_asked') return notAsked(outcome.decision, now, view.id);
  const failures = outcome.failures.map(failedTry);
  const candidates = outcome.candidates.map(candidateOf);
  return {
    status: 'generated',
    kind: form,
    candidates,
    failures,
    left_out: outcome.leftOut,
    lexical_similarity: outcome.similarity,
    forced: outcome.forced,
    reused: false,
    budget: now,
    run_id: run.id,
    workflow_id: view.id,
    next: candidates.length === 0 ? carryOnAlone(failures) : NEXT[form](run.id),
  };
}

function candidateOf({ id, answer, reading }: Candidate<Parsed>): EnsembleCandidate {
  const { provider, model, text, usage, ms } = answer;
  const held = reading.ok ? reading.parsed : { problem: reading.problem };
  return { id, provider, model, text, ...held, usage, elapsed_ms: ms };
}

const NEXT: Record<EnsembleWork['kind'], (runId: string) => string> = {
  hypotheses: () =>
    'run the verification tests, select the hypothesis that reproduces the failure, and hand in the stage',
  patch: (runId) => `choose by tests: maestro_select_best(run_id: "${runId}", test_command: …)`,
  answer: () => 'weigh the answers against the code and the tests; they are opinions, not evidence',
};
