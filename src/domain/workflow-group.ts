import type { Tally, WorkflowTally } from './tally.ts';

/** Workflows that the metrics treat alike, added up: all of them sums, so that one can be taken out again. */
export interface WorkflowGroup {
  /** Whether the turns of the host are known in every visit to a stage. */
  readonly turnsKnown: boolean;
  /** Whether any advisor was called. */
  readonly coordinated: boolean;
  readonly hostTurns: number;
  readonly visitsWithoutTurns: number;
  readonly consults: number;
  readonly advisorTurns: number;
  /** How many have a known end, and how many of those passed. */
  readonly finished: number;
  readonly passed: number;
  /** How many have a figure that was told, in all and among those with a known end. */
  readonly reported: number;
  readonly finishedReported: number;
}

type Sum = Exclude<keyof WorkflowGroup, 'turnsKnown' | 'coordinated'>;

/** The workflows of a tally in at most four groups. */
export function groupsOf({ workflows, settled }: Tally): readonly WorkflowGroup[] {
  return [...workflows.values()].reduce((groups, workflow) => withGroup(groups, groupOf(workflow), 1), settled);
}

/** The tally with no workflow kept one by one: the metrics are the same. */
export function settle(tally: Tally): Tally {
  return { ...tally, workflows: new Map(), settled: groupsOf(tally) };
}

/** The tally with these workflows kept one by one again, so that more events of theirs can be added; they must have been settled as they are. */
export function unsettle(tally: Tally, workflows: ReadonlyMap<string, WorkflowTally>): Tally {
  const settled = [...workflows.values()].reduce(
    (groups, workflow) => withGroup(groups, groupOf(workflow), -1),
    tally.settled,
  );
  return { ...tally, workflows: new Map([...tally.workflows, ...workflows]), settled };
}

function groupOf(workflow: WorkflowTally): WorkflowGroup {
  const { hostTurns, visitsWithTurns, visitsWithoutTurns, consults, advisorTurns, passed, basis } = workflow;
  const reported = basis === 'reported' ? 1 : 0;
  const finished = passed === null ? 0 : 1;
  return {
    turnsKnown: visitsWithTurns > 0 && visitsWithoutTurns === 0,
    coordinated: advisorTurns > 0,
    hostTurns,
    visitsWithoutTurns,
    consults,
    advisorTurns,
    finished,
    passed: passed ? 1 : 0,
    reported,
    finishedReported: reported * finished,
  };
}

function withGroup(groups: readonly WorkflowGroup[], group: WorkflowGroup, sign: 1 | -1): readonly WorkflowGroup[] {
  const { turnsKnown, coordinated } = group;
  const isSame = (one: WorkflowGroup): boolean => one.turnsKnown === turnsKnown && one.coordinated === coordinated;
  const before = groups.find(isSame);
  const sum = (name: Sum): number => (before?.[name] ?? 0) + sign * group[name];
  const after: WorkflowGroup = {
    turnsKnown,
    coordinated,
    hostTurns: sum('hostTurns'),
    visitsWithoutTurns: sum('visitsWithoutTurns'),
    consults: sum('consults'),
    advisorTurns: sum('advisorTurns'),
    finished: sum('finished'),
    passed: sum('passed'),
    reported: sum('reported'),
    finishedReported: sum('finishedReported'),
  };
  return [...groups.filter((one) => !isSame(one)), after];
}
