import { describe, expect, it } from 'vitest';
import type { LedgerEvent } from '../../src/domain/event.ts';
import type { MetricName } from '../../src/domain/metrics.ts';
import { metricsOf } from '../../src/domain/metrics.ts';
import { tally } from '../../src/domain/tally.ts';
import { recorded, workflow } from './ledger.ts';

const read = (name: MetricName, ...events: LedgerEvent[]) => metricsOf(tally(events))[name];
const w1 = workflow('w1');
const w2 = workflow('w2');
const w3 = workflow('w3');

describe('a metric of an empty ledger', () => {
  it('is null without a basis, never met, and says what was not measured', () => {
    const metrics = metricsOf(tally([]));
    expect(Object.keys(metrics).length).toBe(11);
    for (const metric of Object.values(metrics)) {
      expect(metric).toMatchObject({ value: null, basis: 'none', met: null });
      expect(metric.reason).toMatch(/^no /);
      expect(metric.definition).not.toBe('');
    }
  });

  it('carries its target where the mission gives one', () => {
    const targets = Object.entries(metricsOf(tally([]))).filter(([, { target }]) => target !== null);
    expect(targets.map(([name, { target }]) => `${name} ${target}`)).toEqual([
      'overhead_percent < 300',
      'efficiency > 0.4',
      'test_coverage > 0.8',
    ]);
  });
});

describe('overhead_percent', () => {
  it('is 100 × advisor turns / host turns', () => {
    const events = [
      w1.turns(4),
      w1.turns(4),
      w1.answered(),
      w1.answered({ purpose: 'judge' }),
      w1.answered({ purpose: 'retry' }),
    ];
    expect(read('overhead_percent', ...events)).toMatchObject({ value: 37.5, basis: 'observed', met: true });
  });

  it('counts calls that ran and failed, and not those that never ran', () => {
    const events = [w1.turns(2), w1.failed(), w1.failed({ ran: false })];
    expect(read('overhead_percent', ...events).value).toBe(50);
  });

  it('misses its target at 300 %', () => {
    const events = [w1.turns(1), w1.answered(), w1.answered(), w1.answered()];
    expect(read('overhead_percent', ...events)).toMatchObject({ value: 300, met: false });
  });

  it('is zero when nobody was asked', () => {
    expect(read('overhead_percent', w1.turns(5))).toMatchObject({ value: 0, met: true });
  });

  it('leaves out a workflow with a stage whose host turns are not known, its advisor turns included', () => {
    const events = [w1.turns(10), w1.answered(), w2.turns(1), w2.turns(null), w2.answered(), w2.answered()];
    expect(read('overhead_percent', ...events).value).toBe(10);
  });

  it('does not miss the turns of a stage that was not needed', () => {
    const skipped = recorded('stage_left', { stage: 'improve', visit: 1, outcome: 'not_needed', summary: '' }, 'w1');
    expect(read('overhead_percent', w1.turns(10), skipped, w1.answered()).value).toBe(10);
  });

  it('is null when no workflow has known host turns, and says for how many visits they are missing', () => {
    expect(read('overhead_percent', w1.turns(3), w1.turns(null), w2.turns(null), w1.answered())).toMatchObject({
      value: null,
      reason: 'host turns are unknown for 2 stage visits',
    });
  });

  it('is null, not infinite, when the host took no turn', () => {
    expect(read('overhead_percent', w1.turns(0), w1.answered())).toMatchObject({
      value: null,
      reason: 'no host turn was recorded',
    });
  });

  it('is reported as soon as one of its host turns was told by the host', () => {
    expect(read('overhead_percent', w1.turns(2), w2.turns(2, 'reported')).basis).toBe('reported');
  });
});

describe('efficiency', () => {
  it('is S / (1 + advisor turns / host turns)', () => {
    const events = [w1.turns(4), w1.answered(), w1.answered(), w1.finished(true), w2.turns(4), w2.finished(false)];
    expect(read('efficiency', ...events)).toMatchObject({ value: 0.5 / 1.25, met: false });
  });

  it('reproduces the reading of the mission: six consults on 7.2 host turns give .545 × S', () => {
    const tenTasks = Array.from({ length: 10 }, (_, index) => workflow(`t${index}`)).flatMap((one, index) => [
      one.turns(index < 2 ? 8 : 7),
      ...Array.from({ length: 6 }, () => one.answered()),
      one.finished(true),
    ]);
    expect(read('efficiency', ...tenTasks).value).toBeCloseTo(0.545, 3);
    expect(read('overhead_percent', ...tenTasks).value).toBeCloseTo(83.3, 1);
  });

  it('takes S from the same workflows as the turns', () => {
    const events = [w1.turns(4), w1.finished(true), w2.turns(null), w2.finished(false)];
    expect(read('efficiency', ...events)).toMatchObject({ value: 1, met: true });
  });

  it('counts neither workflows in which nothing failed nor those whose end is not known', () => {
    const events = [w1.turns(1), w1.finished(true, 'already_passing'), w2.turns(1), w2.finished(null, 'error')];
    expect(read('efficiency', ...events)).toMatchObject({
      value: null,
      reason: 'no workflow whose host turns are known has finished',
    });
  });

  it('counts a task that was abandoned as neither, and takes nothing back that was known before', () => {
    const given = [w1.turns(1), w1.finished(null, 'abandoned')];
    expect(read('efficiency', ...given).value).toBeNull();
    expect(read('efficiency', ...given, w2.turns(1), w2.finished(true)).value).toBe(1);
    expect(read('efficiency', w1.turns(1), w1.finished(false), w1.finished(null, 'abandoned')).value).toBe(0);
  });

  it('takes the last end of a workflow that finished, was taken up and finished again', () => {
    expect(read('efficiency', w1.turns(1), w1.finished(false), w1.finished(true)).value).toBe(1);
  });
});

describe('test_coverage', () => {
  it('is the share of selections in which every ranked candidate had test evidence', () => {
    const events = [w1.selected([{}, {}]), w1.selected([{}, { tested: false }]), w2.selected([{}])];
    expect(read('test_coverage', ...events)).toMatchObject({ value: 2 / 3, basis: 'observed', met: false });
  });

  it('misses its target at 80 % and meets it above', () => {
    const tested = Array.from({ length: 4 }, () => w1.selected([{}]));
    const untested = w1.selected([{ tested: false }]);
    expect(read('test_coverage', ...tested, untested)).toMatchObject({ value: 0.8, met: false });
    expect(read('test_coverage', ...tested, ...tested, untested).met).toBe(true);
  });

  it('does not count a selection among no candidates', () => {
    expect(read('test_coverage', w1.selected([])).value).toBeNull();
  });

  it('is reported when results of a candidate were told', () => {
    const told = recorded('candidate_verified', { candidate: 'c0', basis: 'reported' });
    expect(read('test_coverage', told, w1.selected([{}])).basis).toBe('reported');
  });
});

describe('message_density', () => {
  it('is consults asked / host turns', () => {
    expect(read('message_density', w1.turns(8), w1.asked(), w1.asked()).value).toBe(0.25);
  });
});

describe('redundancy', () => {
  it('is the mean over ensembles that have a lexical similarity, and says that it is lexical', () => {
    const metric = read('redundancy', w1.ensemble(0.4), w1.ensemble(null), w2.ensemble(0.6));
    expect(metric.value).toBe(0.5);
    expect(metric.definition).toMatch(/^lexical/);
    expect(read('redundancy', w1.ensemble(null)).reason).toBe('no ensemble gave two candidates or more');
  });
});

describe('error_amplification', () => {
  it('compares the failures of workflows with advisor turns to those without', () => {
    const alone = [w1.finished(false), w2.finished(true)];
    const advised = [w3.answered(), w3.finished(false), workflow('w4').answered(), workflow('w4').finished(false)];
    expect(read('error_amplification', ...alone, ...advised).value).toBe(2);
  });

  it('is null when either group is empty or nothing failed without advice', () => {
    const advised = [w3.answered(), w3.finished(false)];
    expect(read('error_amplification', w1.finished(true)).reason).toBe('no finished workflow had advisor turns');
    expect(read('error_amplification', ...advised).reason).toBe('no finished workflow was without advisor turns');
    expect(read('error_amplification', ...advised, w1.finished(true)).reason).toContain('no error to compare with');
  });
});

describe('success_per_1k_tokens', () => {
  it('is successes × 1000 / reported tokens', () => {
    const events = [w1.answered(), w1.answered(), w1.finished(true), w2.finished(true), w3.finished(false)];
    expect(read('success_per_1k_tokens', ...events)).toMatchObject({ value: 1, basis: 'reported' });
  });

  it('is null when a call came without a token count, and says how many', () => {
    const events = [w1.answered(), w1.answered({ output_tokens: null }), w1.failed(), w1.finished(true)];
    expect(read('success_per_1k_tokens', ...events)).toMatchObject({
      value: null,
      reason: '2 of 3 provider calls came without a token count',
    });
  });

  it('is null, not infinite, when calls used no tokens', () => {
    const free = w1.answered({ input_tokens: 0, output_tokens: 0 });
    expect(read('success_per_1k_tokens', free, w1.finished(true)).reason).toBe('no tokens were used');
  });

  it('is null before anything finished', () => {
    expect(read('success_per_1k_tokens', w1.answered()).reason).toBe('no workflow has finished');
  });
});

describe('ensemble_uplift', () => {
  const first = { passed: false };
  const second = { passed: true, provider: 'codex' };

  it('is the share of selections by tests that an advisor won where the first candidate failed', () => {
    const events = [
      w1.selected([first, second], 'c1'),
      w1.selected([{ passed: true }, second], 'c1'),
      w1.selected([first, { passed: true }], 'c1'),
      w1.selected([first, { passed: false }]),
    ];
    expect(read('ensemble_uplift', ...events).value).toBe(0.25);
  });

  it('does not count a first candidate of which it is not known that it failed', () => {
    const untested = { passed: null, tested: false };
    expect(read('ensemble_uplift', w1.selected([untested, second], 'c1')).value).toBe(0);
  });

  it('counts neither a lone candidate nor a selection by a judge', () => {
    const events = [w1.selected([second], 'c0'), w1.selected([first, second], 'c1', 'llm_judge')];
    expect(read('ensemble_uplift', ...events).value).toBeNull();
  });
});

describe('tokens, cost and time', () => {
  const events = [w1.answered(), w1.answered({ provider: 'gemini', cost_usd: null }), w2.answered({ ms: 50 })];

  it('are sums by provider', () => {
    expect(read('tokens', ...events)).toMatchObject({
      value: 3000,
      basis: 'reported',
      by_provider: { codex: 2000, gemini: 1000 },
    });
    expect(read('advisor_ms', ...events)).toMatchObject({ value: 250, basis: 'observed' });
  });

  it('stay unknown, never 0, for a provider that left one out', () => {
    expect(read('cost_usd', ...events)).toMatchObject({
      value: null,
      basis: 'none',
      by_provider: { codex: 1, gemini: null },
      reason: '1 of 3 provider calls came without a cost',
    });
  });

  it('are null, not infinite, when they are out of range', () => {
    const dear = w1.answered({ cost_usd: Number.MAX_VALUE });
    expect(read('cost_usd', dear, dear)).toMatchObject({
      value: null,
      basis: 'none',
      reason: 'the sum is out of range',
      by_provider: { codex: null },
    });
  });

  it('do not count calls that never ran', () => {
    expect(read('tokens', w1.answered(), w1.failed({ ran: false })).value).toBe(1000);
  });
});
