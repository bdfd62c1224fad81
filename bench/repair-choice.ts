/**
 * Which of the plausible candidates to take: what each rule would have got right on the results of `repair-candidates.ts`.
 * `node bench/repair-choice.ts FOLDER…`
 */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { prior } from '../src/repair/priors.ts';
import { percentile, type Result, share, type Tried } from './repair-cases.ts';

interface Group {
  readonly members: Tried[];
  readonly behaviour: readonly string[];
}

type Rule = (passing: readonly Tried[], groups: readonly Group[]) => Tried;

const WINDOWS = [0, 500, 1000, 1500, 2500, 5000, 10_000];

const RULES: Readonly<Record<string, Rule>> = {
  first: (passing) => passing[0]!,
  'largest group, then earlier': (_, groups) => most(groups, (group) => group.members.length).members[0]!,
  'largest group, then most central, then earlier': (_, groups) =>
    most(groups, (group) => group.members.length - distance(group, groups) / 1e6).members[0]!,
  'sum of priors': (_, groups) => most(groups, (group) => sum(group.members.map(weight))).members[0]!,
  'sum of 1/rank': (_, groups) => most(groups, (group) => sum(group.members.map((each) => 1 / each.rank))).members[0]!,
  'sum of 1/√rank': (_, groups) =>
    most(groups, (group) => sum(group.members.map((each) => each.rank ** -0.5))).members[0]!,
  'first, unless a group is three times as large': (_, groups) => {
    const own = groups[0]!;
    const best = most(groups, (group) => group.members.length);
    return (best.members.length >= 3 * own.members.length ? best : own).members[0]!;
  },
  'most central of all': (_, groups) => most(groups, (group) => -distance(group, groups)).members[0]!,
  'the best there is': (passing) => passing.find((each) => each.correct) ?? passing[0]!,
};

const results = process.argv
  .slice(2)
  .flatMap((folder) =>
    readdirSync(folder).map((file) => JSON.parse(readFileSync(join(folder, file), 'utf8')) as Result),
  );

for (const [lang, group] of Map.groupBy(results, (each) => each.lang)) {
  console.log(
    `\n${lang}: ${group.length} cases, plausible ${share(group, (each) => passingOf(each, Number.POSITIVE_INFINITY).length > 0)}`,
  );
  for (const [name, rule] of Object.entries(RULES)) {
    const right = WINDOWS.map((window) => {
      const won = group.filter((each) => {
        const passing = passingOf(each, window);
        return passing.length > 0 && rule(passing, groupsOf(passing)).correct === true;
      });
      return `${won.length}`.padStart(3);
    });
    console.log(
      `  ${name.padEnd(48)} correct with a window of ${WINDOWS.map((window, at) => `${window} ms ${right[at]}`).join(' · ')}`,
    );
  }
  const counts = group.map((each) => passingOf(each, 2500).length).filter((count) => count > 0);
  console.log(`  plausible candidates a case: median ${percentile(counts, 50)} · 90 % ${percentile(counts, 90)}`);
}

/** Those that pass within the window after the first that did, in their order. */
function passingOf({ tried }: Result, window: number): Tried[] {
  const passing = tried.filter((each) => each.verdict === 'pass' && each.correct !== undefined);
  const first = Math.min(...passing.map((each) => each.ms));
  return passing.filter((each) => each.ms <= first + window);
}

function groupsOf(passing: readonly Tried[]): Group[] {
  const groups = new Map<string, Group>();
  for (const each of passing) {
    const key = each.behaviour ? JSON.stringify(each.behaviour) : `unknown ${each.rank}`;
    const group = groups.get(key) ?? { members: [], behaviour: each.behaviour ?? [] };
    group.members.push(each);
    groups.set(key, group);
  }
  return [...groups.values()];
}

function most(groups: readonly Group[], value: (group: Group) => number): Group {
  return groups.reduce((best, each) => (value(each) > value(best) ? each : best));
}

function distance(group: Group, groups: readonly Group[]): number {
  return sum(
    groups.map(
      (other) => other.members.length * sum(group.behaviour.map((each, at) => (each === other.behaviour[at] ? 0 : 1))),
    ),
  );
}

function weight({ operator }: Tried): number {
  return operator
    .split(' + ')
    .reduce((product, each) => product * prior(...(each.split(/:(.*)/s).slice(0, 2) as [string, string])), 1);
}

function sum(values: readonly number[]): number {
  return values.reduce((total, each) => total + each, 0);
}
