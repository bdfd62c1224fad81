import type { Candidate } from '../../domain/candidate.ts';
import { MaestroError } from '../../domain/errors.ts';
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
import { copied, inPlace, patchOf, type SelectTree, selectIn } from '../select.ts';
import { createAtHand, type SelectWork } from '../select-at-hand.ts';
import { runsSomething } from '../select-plan.ts';
import { membersFor } from '../whom.ts';

/** What the calls of this process know beyond what is stored. */
export const atHand = createAtHand();

export const kind: RunKind = {
  kind: 'select',

  async work(run, request, surroundings): Promise<SelectResult> {
    const work = request as SelectWork;
    const known = atHand.find(work, surroundings);
    const here = await askingIn(surroundings, null);
    if (work.plan.mode === 'llm_judge') {
      const ports = { ...askPorts(run, here.asking), situation: () => here.situation(null) };
      const wish = { kind: 'judge', n: asksOf(work.plan.candidates.length), force: false } as const;
      const { decision } = await permit(run, ports, 'policy', () => wish, 'each ask');
      if (decision.decision !== 'allow') return notAsked(decision, await here.budget(), here.view.id);
    }
    const plan = { ...work.plan, candidates: known?.candidates ?? storedIn(work) };
    const choose = async (tree: SelectTree): Promise<Selected> => {
      const selection = await selectIn(run, tree, plan, judgeIn(here));
      const winner = plan.candidates.find(({ id }) => id === selection.winner);
      const patch = winner ? await patchOf(tree, winner) : null;
      return { status: 'selected', ...selection, patch, run_id: run.id, workflow_id: here.view.id };
    };
    if (runsSomething(plan)) return inCopy(surroundings.folder, run.signal, choose);
    return choose(inPlace(surroundings, run.signal, known?.tree ?? undefined));
  },

  isReusable: (result) => (result as SelectResult).status === 'selected',
};

async function inCopy<T>(folder: string, signal: AbortSignal, work: (tree: SelectTree) => Promise<T>): Promise<T> {
  const snapshot = await takeSnapshot(folder, { signal });
  try {
    return await work(copied(snapshot));
  } finally {
    await snapshot.dispose();
  }
}

/** The candidates that were stored. Throws `bad_candidates` where something was taken out of one: what is left is not what was given. */
function storedIn({ plan, withheld }: SelectWork): readonly Candidate[] {
  const [first] = Object.entries(withheld);
  if (first === undefined) return plan.candidates;
  throw new MaestroError(
    'bad_candidates',
    `candidate '${first[0]}' held what looks like a secret (${first[1]}), so it was not stored whole, and it is not at hand any more`,
    'call again with the same candidates',
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
