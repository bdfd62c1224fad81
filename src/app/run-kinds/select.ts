import type { Candidate } from '../../domain/candidate.ts';
import type { Run } from '../../domain/ports.ts';
import { asksOf, judge } from '../../flows/judge.ts';
import { permit } from '../../flows/permit.ts';
import type { SelectPorts } from '../../flows/select-contract.ts';
import { takeSnapshot } from '../../verify/snapshot.ts';
import { askAdvisor, askPorts } from '../ask.ts';
import { type AskingIn, askingIn } from '../asking-in.ts';
import type { Selected, SelectResult } from '../calls.ts';
import { notAsked } from '../failed-tries.ts';
import { systemFor } from '../question.ts';
import type { RunKind } from '../run-kind.ts';
import { patchOf, selectIn } from '../select.ts';
import type { SelectPlan } from '../select-plan.ts';
import { membersFor } from '../whom.ts';

/** A selection as it is stored: without secrets. */
export interface SelectWork {
  readonly plan: SelectPlan;
  /** Candidates of which something was taken out, with the rule: whoever takes the run up elsewhere cannot try them. */
  readonly withheld: Readonly<Record<string, string>>;
  /** Of the candidates as they were given. */
  readonly digest: string;
  /** Of the tree: evidence is about the tree as it is. */
  readonly tree: string;
  /** The ensemble they come from. */
  readonly ensemble: string | null;
}

/** Candidates as they were given in this process, the last so many calls. */
const given = new Map<string, readonly Candidate[]>();
const MAX_GIVEN = 32;

/** Keeps candidates at hand for the run that is to choose among them: what is stored has its secrets taken out. */
export function remember(digest: string, candidates: readonly Candidate[]): void {
  given.delete(digest);
  given.set(digest, candidates);
  for (const oldest of [...given.keys()].slice(0, -MAX_GIVEN)) given.delete(oldest);
}

export const kind: RunKind = {
  kind: 'select',

  async work(run, request, surroundings): Promise<SelectResult> {
    const work = request as SelectWork;
    const here = await askingIn(surroundings, null);
    if (work.plan.mode === 'llm_judge') {
      const ports = { ...askPorts(run, here.asking), situation: () => here.situation(null) };
      const wish = { kind: 'judge', n: asksOf(work.plan.candidates.length), force: false } as const;
      const { decision } = await permit(run, ports, 'policy', () => wish, 'each ask');
      if (decision.decision !== 'allow') return notAsked(decision, await here.budget(), here.view.id);
    }
    const snapshot = await takeSnapshot(surroundings.folder, { signal: run.signal });
    try {
      const plan = { ...work.plan, candidates: candidatesOf(work) };
      const selection = await selectIn(run, snapshot, plan, judgeIn(here));
      const winner = plan.candidates.find(({ id }) => id === selection.winner);
      const patch = winner ? await patchOf(snapshot, winner) : null;
      return { status: 'selected', ...selection, patch, run_id: run.id, workflow_id: here.view.id } satisfies Selected;
    } finally {
      await snapshot.dispose();
    }
  },

  isReusable: (result) => (result as SelectResult).status === 'selected',
};

/** Those given, where they are at hand; else those stored, less the ones that something was taken out of. */
function candidatesOf({ plan, withheld, digest }: SelectWork): readonly Candidate[] {
  return (
    given.get(digest) ??
    plan.candidates.map(({ id, provider, ...candidate }) => {
      if (withheld[id] === undefined) return { id, ...candidate, ...(provider === undefined ? {} : { provider }) };
      const text = `(it held what looks like a secret (${withheld[id]}), so it was not stored and cannot be tried here)`;
      return { id, text, ...(provider === undefined ? {} : { provider }) };
    })
  );
}

function judgeIn({ asking, stage }: AskingIn): SelectPorts['judge'] {
  return async (run: Run, request) => {
    const { system } = await systemFor('judge');
    const members = await run.step('judges', () => membersFor(run, asking, []));
    const judges = members.filter(
      (id) => asking.advisors.find(({ settings }) => settings.id === id)?.provider.form !== 'embedded',
    );
    return judge(run, { judges, system, stage, advise: (inquiry) => askAdvisor(run, asking, inquiry) }, request);
  };
}
