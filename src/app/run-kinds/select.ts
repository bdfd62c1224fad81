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
import { copied, inPlace, patchOf, type SelectTree, selectIn } from '../select.ts';
import { runsSomething, type SelectPlan } from '../select-plan.ts';
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

/** What a call knew beyond what is stored: the candidates with their secrets, and the tree as it was read, where it was. */
export interface AtHand {
  readonly candidates: readonly Candidate[];
  readonly tree: SelectTree | null;
}

/** Kept until the run that is to choose has done so; of those that did not, the last so many. */
const atHand = new Map<string, AtHand>();
const MOST_AT_HAND = 256;

/** Keeps what is not stored at hand for the run of that work in this process. */
export function remember(work: SelectWork, known: AtHand): void {
  const key = keyOf(work);
  atHand.delete(key);
  atHand.set(key, known);
  for (const oldest of [...atHand.keys()].slice(0, -MOST_AT_HAND)) atHand.delete(oldest);
}

function keyOf({ digest, tree }: SelectWork): string {
  return `${digest} ${tree}`;
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
    const known = atHand.get(keyOf(work));
    const plan = { ...work.plan, candidates: known?.candidates ?? storedIn(work) };
    const choose = async (tree: SelectTree): Promise<Selected> => {
      const selection = await selectIn(run, tree, plan, judgeIn(here));
      const winner = plan.candidates.find(({ id }) => id === selection.winner);
      const patch = winner ? await patchOf(tree, winner) : null;
      return { status: 'selected', ...selection, patch, run_id: run.id, workflow_id: here.view.id };
    };
    const selected = await (runsSomething(plan)
      ? inCopy(surroundings.folder, run.signal, choose)
      : choose(known?.tree ?? inPlace(surroundings, run.signal)));
    atHand.delete(keyOf(work));
    return selected;
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

/** The candidates that were stored, less the ones that something was taken out of. */
function storedIn({ plan, withheld }: SelectWork): readonly Candidate[] {
  return plan.candidates.map(({ id, provider, ...candidate }) => {
    if (withheld[id] === undefined) return { id, ...candidate, ...(provider === undefined ? {} : { provider }) };
    const text = `(it held what looks like a secret (${withheld[id]}), so it was not stored and cannot be tried here)`;
    return { id, text, ...(provider === undefined ? {} : { provider }) };
  });
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
