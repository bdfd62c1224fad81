import type { NotAsked } from '../app/calls.ts';

/** What a person does instead, where the rules say so in terms of tools; by rule. */
const INSTEAD: Readonly<Record<string, string>> = {
  single_agent_stage: 'carry on alone, or ask one advisor: maestro consult "…"',
  too_early: 'make one change yourself and run the tests; what they say decides',
  likely_alone: 'carry on alone; --force asks all the same, and is recorded',
  judge_takes_two: 'choose by tests: maestro select --candidates <file> --test-command "<your tests>"',
};

/** Which limit is behind a rule. */
const LIMIT_OF: Readonly<Record<string, string>> = {
  stage_budget: 'consults_per_stage',
  workflow_budget: 'consults_per_workflow',
};

/** The next best move of a person at a terminal, who may also end the task or raise what limits it. */
export function nextHere({ rule, next }: Pick<NotAsked, 'rule' | 'next'>): string {
  const limit = LIMIT_OF[rule];
  if (limit === undefined) return INSTEAD[rule] ?? next;
  return `${inCommands(next)}; when this task is over: maestro workflow end; or raise limits.${limit} in maestro.config.jsonc`;
}

/** A move that the budget leaves, which the rule alone does not tell. */
function inCommands(next: string): string {
  return next.startsWith('choose by tests') ? INSTEAD.judge_takes_two! : next.replace(/, and hand in the stage$/, '');
}
