import { type Baseline, EXIT_STATUS } from '../domain/evidence.ts';
import type { Hypothesis } from '../domain/hypothesis.ts';
import type { Chosen } from './choose.ts';

import type { Improved } from './improve.ts';
import type { SearchResult } from './search.ts';
import type { Thoughts } from './think.ts';

const many = (count: number, one: string, more = `${one}s`): string => `${count} ${count === 1 ? one : more}`;

/** What each stage came to, in one line for a person. */
export const describe = {
  baseline({ failing, passing, flaky, format }: Baseline): string {
    if (format === EXIT_STATUS)
      return `the command ${failing.length > 0 ? 'fails' : 'passes'}, by its exit status alone: no test was recognised`;
    const parts = [`${failing.length} failing`, `${passing.length} passing`];
    return [...parts, ...(flaky.length > 0 ? [`${flaky.length} flaky (left out)`] : [])].join(', ');
  },
  hypotheses(hypotheses: readonly Hypothesis[], covered: boolean): string {
    const basis = covered ? 'from the coverage of each test' : 'from stack traces and imports';
    return hypotheses[0] ? `${hypotheses[0].claim}, ${basis}` : `no suspicious place found ${basis}`;
  },
  thoughts(thoughts: Thoughts | null): string {
    if (thoughts === null) return 'models are still thinking; templates go ahead';
    const { hypotheses, failures, refusal, asked } = thoughts;
    if (refusal !== null) return `no model was asked (${refusal})`;
    const failed = failures.length > 0 ? `, ${many(failures.length, 'try', 'tries')} failed` : '';
    const first = hypotheses[0] ? `; first: ${hypotheses[0].claim}` : '';
    return `${many(hypotheses.length, 'hypothesis', 'hypotheses')} from ${many(asked, 'model')}${failed}${first}`;
  },
  iteration(iteration: number, limit: number): string {
    return iteration === 1 ? 'trying candidates, tests first' : `iteration ${iteration - 1} of at most ${limit}`;
  },
  search({ tried, passing, partial, exhausted }: SearchResult, targets: number): string {
    if (passing.length > 0)
      return `${many(tried, 'candidate')} tried, ${passing.length} passed the screen, none was seen to pass your command`;
    const best = partial[0] ? `the best fixes ${partial[0].fixed} of ${targets}` : 'none fixes a failing test';
    return `${many(tried, 'candidate')} tried${exhausted ? ' (all there are)' : ''}, ${best}`;
  },
  chosen({ found, compared, refused }: Chosen): string {
    const others = compared > 1 ? `, chosen among ${compared} that pass` : '';
    const wrong = refused > 0 ? `, ${refused} refused by your command` : '';
    return `candidate ${found.rank}${found.operator ? ` (${found.operator})` : ''} passes${others}${wrong}`;
  },
  improved(improved: Improved | null): string {
    if (!improved) return 'the last run of everything did not pass, so nothing is handed over';
    const { after, hunksDropped } = improved;
    const smaller = hunksDropped > 0 ? `${many(hunksDropped, 'hunk')} dropped, ` : '';
    return `${smaller}${after.passed} of ${after.total} pass`;
  },
  /** `budget`: why nobody was asked any more, where that ended it. */
  notFound(sources: number, tried: number, budget: string | null): string {
    if (sources === 0)
      return 'no file to edit was found: none is in a known language, reached by the failing tests and unprotected';
    const found =
      tried === 0 ? 'no candidate was tried' : `none of ${many(tried, 'candidate')} makes the failing tests pass`;
    return budget === null ? found : `${found}; the budget ended it, not the search: ${budget}`;
  },
};
