import type { Basis } from './evidence.ts';
import type { ProviderTally, Tally } from './tally.ts';
import { groupsOf, type WorkflowGroup } from './workflow-group.ts';

/** One figure: always finite, or `null` with the reason. `met` is `null` without a target or a value. */
export interface Metric {
  readonly value: number | null;
  readonly basis: Basis | 'none';
  readonly definition: string;
  readonly target: string | null;
  readonly met: boolean | null;
  readonly reason?: string;
  /** The same figure for each provider, where it is a sum over them. */
  readonly by_provider?: Readonly<Record<string, number | null>>;
}

/** What a metric comes to: a value and how it is known, or why there is none. */
type Reading =
  | { readonly value: number; readonly basis: Basis; readonly by_provider?: Record<string, number | null> }
  | { readonly reason: string; readonly by_provider?: Record<string, number | null> };

interface MetricDefinition {
  readonly definition: string;
  readonly target?: { readonly text: string; readonly met: (value: number) => boolean };
  readonly read: (tally: Tally) => Reading;
}

const S =
  'S: finished workflows whose final state passed its checks / finished workflows with something to fix and a known end (one that was abandoned has none)';

/** Every metric. Formulas after Kim et al., "Towards a Science of Scaling Agent Systems" (arXiv 2512.08296), with advisor turns on top of the host's. */
const METRICS = {
  overhead_percent: {
    definition:
      '100 × advisor turns / host turns, over workflows whose host turns are known; advisor turns: provider calls that ran, judge and retries included',
    target: { text: '< 300', met: (value) => value < 300 },
    read: (tally) => perHostTurn(tally, ({ advisorTurns }) => 100 * advisorTurns),
  },
  efficiency: {
    definition: `S / (1 + advisor turns / host turns), over workflows whose host turns are known; ${S}`,
    target: { text: '> 0.4', met: (value) => value > 0.4 },
    read: efficiency,
  },
  test_coverage: {
    definition: 'selections in which every ranked candidate had test evidence / selections',
    target: { text: '> 0.8', met: (value) => value > 0.8 },
    read: ({ selections, testedSelections, anyReportedEvidence }) =>
      selections === 0
        ? { reason: 'no selection was made' }
        : { value: testedSelections / selections, basis: anyReportedEvidence ? 'reported' : 'observed' },
  },
  message_density: {
    definition: 'consults / host turns, over workflows whose host turns are known',
    read: (tally) => perHostTurn(tally, ({ consults }) => consults),
  },
  redundancy: {
    definition: "lexical: mean pairwise cosine of the TF-IDF vectors of an ensemble's candidates, mean over ensembles",
    read: ({ similarity, comparedEnsembles }) =>
      comparedEnsembles === 0
        ? { reason: 'no ensemble gave two candidates or more' }
        : { value: similarity / comparedEnsembles, basis: 'observed' },
  },
  error_amplification: {
    definition: `(1 − S with advisor turns) / (1 − S without), over finished workflows; ${S}`,
    read: errorAmplification,
  },
  success_per_1k_tokens: {
    definition:
      'finished workflows that passed × 1000 / tokens that providers reported; a ratio to compare, not a rate',
    read: successPerThousandTokens,
  },
  ensemble_uplift: {
    definition:
      "selections by tests won by an advisor's candidate where the first candidate failed / selections by tests among two or more",
    read: ({ contests, uplifts }) =>
      contests === 0
        ? { reason: 'no selection by tests among two candidates or more' }
        : { value: uplifts / contests, basis: 'observed' },
  },
  tokens: {
    definition: 'tokens that providers reported, in and out',
    read: (tally) => sum(tally, 'reported', 'token count', ({ tokens, withoutTokens }) => [tokens, withoutTokens]),
  },
  cost_usd: {
    definition: 'cost that providers reported, in US dollars',
    read: (tally) => sum(tally, 'reported', 'cost', ({ costUsd, withoutCost }) => [costUsd, withoutCost]),
  },
  advisor_ms: {
    definition: 'wall time of provider calls that ran, in milliseconds; parallel calls each count in full',
    read: (tally) => sum(tally, 'observed', 'duration', ({ ms, withoutMs }) => [ms, withoutMs]),
  },
} satisfies Record<string, MetricDefinition>;

export type MetricName = keyof typeof METRICS;

/** Every metric of what a tally has seen. Figures are ratios unless the name says otherwise. */
export function metricsOf(tally: Tally): Record<MetricName, Metric> {
  const entries = Object.entries<MetricDefinition>(METRICS).map(([name, metric]) => [name, measure(metric, tally)]);
  return Object.fromEntries(entries) as Record<MetricName, Metric>;
}

function measure({ definition, target, read }: MetricDefinition, tally: Tally): Metric {
  const reading = read(tally);
  const byProvider = reading.by_provider ? { by_provider: reading.by_provider } : {};
  const value = 'value' in reading && Number.isFinite(reading.value) ? reading.value : null;
  const common = { definition, target: target?.text ?? null, ...byProvider };
  if (value !== null && 'basis' in reading) {
    return { value, basis: reading.basis, ...common, met: target ? target.met(value) : null };
  }
  const reason = 'reason' in reading ? reading.reason : 'the sum is out of range';
  return { value: null, basis: 'none', ...common, met: null, reason };
}

/** A sum over the workflows whose host turns are known, divided by those turns. */
function perHostTurn(tally: Tally, amount: (group: WorkflowGroup) => number): Reading {
  const known = withHostTurns(tally);
  const turns = total(known, ({ hostTurns }) => hostTurns);
  if (turns === 0) return { reason: hostTurnsUnknown(tally) };
  return { value: total(known, amount) / turns, basis: basisOf(known, ({ reported }) => reported) };
}

function efficiency(tally: Tally): Reading {
  const overhead = perHostTurn(tally, ({ advisorTurns }) => advisorTurns);
  if ('reason' in overhead) return overhead;
  const success = successRate(withHostTurns(tally));
  if (success === null) return { reason: 'no workflow whose host turns are known has finished' };
  return { value: success / (1 + overhead.value), basis: overhead.basis };
}

function errorAmplification(tally: Tally): Reading {
  const all = groupsOf(tally);
  const withAdvice = successRate(all.filter(({ coordinated }) => coordinated));
  const without = successRate(all.filter(({ coordinated }) => !coordinated));
  if (withAdvice === null) return { reason: 'no finished workflow had advisor turns' };
  if (without === null) return { reason: 'no finished workflow was without advisor turns' };
  if (without === 1)
    return { reason: 'every workflow without advisor turns passed: there is no error to compare with' };
  return { value: (1 - withAdvice) / (1 - without), basis: basisOf(all, ({ finishedReported }) => finishedReported) };
}

function successPerThousandTokens(tally: Tally): Reading {
  const calls = [...tally.providers.values()];
  const unknown = total(calls, ({ withoutTokens }) => withoutTokens);
  if (calls.length === 0) return { reason: 'no provider was called' };
  if (unknown > 0) return { reason: missing(unknown, calls, 'token count') };
  const groups = groupsOf(tally);
  if (successRate(groups) === null) return { reason: 'no workflow has finished' };
  const tokens = total(calls, (provider) => provider.tokens);
  if (tokens === 0) return { reason: 'no tokens were used' };
  return { value: (total(groups, ({ passed }) => passed) * 1000) / tokens, basis: 'reported' };
}

/** A sum over providers, each with the number of its calls for which the figure is missing. */
function sum(
  { providers }: Tally,
  basis: Basis,
  what: string,
  amount: (provider: ProviderTally) => readonly [number, number],
): Reading {
  const calls = [...providers.values()];
  if (calls.length === 0) return { reason: 'no provider was called' };
  const of = (provider: ProviderTally): number | null => {
    const [value, unknown] = amount(provider);
    return unknown === 0 && Number.isFinite(value) ? value : null;
  };
  const by_provider = Object.fromEntries([...providers].map(([id, provider]) => [id, of(provider)]));
  const unknown = total(calls, (provider) => amount(provider)[1]);
  if (unknown > 0) return { reason: missing(unknown, calls, what), by_provider };
  return { value: total(calls, (provider) => amount(provider)[0]), basis, by_provider };
}

function withHostTurns(tally: Tally): WorkflowGroup[] {
  return groupsOf(tally).filter(({ turnsKnown }) => turnsKnown);
}

function hostTurnsUnknown(tally: Tally): string {
  const without = total(groupsOf(tally), ({ visitsWithoutTurns }) => visitsWithoutTurns);
  return without === 0 ? 'no host turn was recorded' : `host turns are unknown for ${without} stage visits`;
}

/** Share of those that passed among those whose end is known; `null` when there is none. */
function successRate(groups: readonly WorkflowGroup[]): number | null {
  const finished = total(groups, (group) => group.finished);
  return finished === 0 ? null : total(groups, ({ passed }) => passed) / finished;
}

function basisOf(groups: readonly WorkflowGroup[], reported: (group: WorkflowGroup) => number): Basis {
  return total(groups, reported) > 0 ? 'reported' : 'observed';
}

function total<T>(items: readonly T[], amount: (item: T) => number): number {
  return items.reduce((soFar, item) => soFar + amount(item), 0);
}

function missing(unknown: number, providers: readonly ProviderTally[], what: string): string {
  return `${unknown} of ${total(providers, ({ calls }) => calls)} provider calls came without a ${what}`;
}
