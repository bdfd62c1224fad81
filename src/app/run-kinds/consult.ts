import type { Run } from '../../domain/ports.ts';
import type { RoleId } from '../../domain/role.ts';
import type { StageId } from '../../domain/stage.ts';
import { type ConsultOutcome, type ConsultPorts, consult } from '../../flows/consult.ts';
import { liveTree } from '../../verify/live-tree.ts';
import { askPorts } from '../ask.ts';
import { type AskingIn, askingIn } from '../asking-in.ts';
import { briefWhenAsked, errorsIn } from '../brief.ts';
import type { ConsultResult } from '../calls.ts';
import { carryOnAlone, failedTry, notAsked } from '../failed-tries.ts';
import { malformedFor } from '../malformed.ts';
import { promptFor, systemFor } from '../question.ts';
import type { RunKind, RunSurroundings } from '../run-kind.ts';
import { transcriptOf } from '../transcript.ts';
import { orderFor } from '../whom.ts';

/** A consult as it is stored: without secrets, and enough to be taken up by another process. */
export interface ConsultWork {
  readonly prompt: string;
  readonly provider: string | null;
  readonly model: string | null;
  readonly files: readonly string[];
  readonly errors: readonly string[];
  readonly stage: StageId | null;
  readonly role: RoleId | null;
  readonly continue: string | null;
}

export const kind: RunKind = {
  kind: 'consult',

  async work(run, request, surroundings): Promise<ConsultResult> {
    const work = request as ConsultWork;
    const { kind: answers } = await systemFor(work.role);
    const here = await askingIn(surroundings, work.stage);
    const { prompt: task, files } = work;
    const errors = work.errors.length > 0 ? work.errors : errorsIn(here.view);
    const brief = briefWhenAsked(liveTree(surroundings.folder, run.signal), { task, errors, files });
    const outcome = await consult(
      run,
      portsOf(run, work, { ...here, asking: { ...here.asking, brief } }, surroundings, malformedFor(answers)),
    );
    return resultOf(run, outcome, here);
  },

  isReusable: (result) => (result as ConsultResult).status === 'answered',
};

function portsOf(
  run: Run,
  work: ConsultWork,
  { asking, config, stage, situation }: AskingIn,
  surroundings: RunSurroundings,
  malformed: ConsultPorts['malformed'],
): ConsultPorts {
  const { store, project } = surroundings;
  const earlier = () => (work.continue === null ? null : transcriptOf(store.queries, project, work.continue));
  return {
    ...askPorts(run, asking),
    malformed,
    situation: () => situation(null),
    advisors: async () => {
      const first = work.provider ?? (await earlier())?.provider;
      return orderFor(run, asking, first === undefined ? [] : [first]);
    },
    question: async () => {
      const matter = { ...work, stage, packBudget: config.packBudget };
      return {
        ...(await systemFor(work.role)),
        prompt: await promptFor(matter, surroundings, run.signal),
        model: work.model,
        stage,
        transcript: (await earlier())?.exchanges ?? [],
      };
    },
  };
}

async function resultOf(run: Run, outcome: ConsultOutcome, { budget, view }: AskingIn): Promise<ConsultResult> {
  const now = await budget();
  if (outcome.status === 'not_asked') return notAsked(outcome.decision, now, view.id);
  const failures = outcome.failures.map(failedTry);
  const place = { failures, budget: now, run_id: run.id, workflow_id: view.id };
  if (outcome.status === 'failed') return { status: 'failed', next: carryOnAlone(failures), ...place };
  const { text, provider, model, usage, ms, truncated } = outcome.answer;
  return { status: 'answered', text, provider, model, usage, elapsed_ms: ms, truncated, reused: false, ...place };
}
