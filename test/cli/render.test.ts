import { describe, expect, it } from 'vitest';
import type { WorkflowStateView } from '../../src/app/calls.ts';
import type { FixReport } from '../../src/app/fix.ts';
import type { FoundHost, SetupOutcome } from '../../src/app/setup.ts';
import { renderFix } from '../../src/cli/render-fix.ts';
import { renderMetrics } from '../../src/cli/render-metrics.ts';
import { renderHosts, renderOutcome } from '../../src/cli/render-setup.ts';
import { renderStatus } from '../../src/cli/render-status.ts';
import { metricsOf } from '../../src/domain/metrics.ts';
import { tally } from '../../src/domain/tally.ts';
import { sink } from './terminal.ts';

/** Text of others that would clear a screen. */
const HOSTILE = 'bad\u001b[2J\u0007\r';
const noControls = (text: string) => expect(text.replaceAll('\n', '')).toMatch(/^\P{Cc}*$/u);

const metric = (value: number | null, more: object = {}) => ({
  ...{ value, basis: 'observed' as const, definition: 'd', target: null, met: null },
  ...more,
});
const NONE = metricsOf(tally([]));

const REPORT = {
  status: 'fixed',
  evidence: 'tests',
  ...{ run_id: 'fix-1', patch: 'p', files: ['src/a.js', `src/${HOSTILE}.js`], elapsed_ms: 1_234 },
  baseline: { passed: 3, failed: 2, total: 5, flaky: 0 },
  after: { passed: 5, failed: 0, total: 5 },
  winner: { provider: 'embedded', operator: 'negate:condition', rank: 3 },
  ...{ why: `none passed ${HOSTILE}`, hypotheses: [], applied: false, left_unapplied: null, metrics: NONE },
} as unknown as FixReport;
const shown = (changes: Partial<FixReport>, out?: string) => renderFix({ ...REPORT, ...changes }, sink(), out);

describe('what came of maestro fix', () => {
  it('is told with who mended it, where, how fast, and that the files are as they were', () => {
    const text = shown({});
    expect(text).toContain('Fixed in 1.2 s in src/a.js, src/bad.js (embedded: negate:condition): 5 of 5 tests pass.');
    expect(text).toContain('run fix-1; your files are as they were');
    noControls(text);
  });

  it('names the provider alone where there is no operator', () => {
    expect(shown({ winner: { provider: 'codex', rank: 1 } })).toContain('(codex): 5 of 5');
  });

  it('says where the patch went', () => {
    expect(shown({}, 'x.patch')).toContain('The patch is in x.patch; apply it with: git apply x.patch');
    expect(shown({ applied: true })).toContain('The patch is applied to the working tree.');
    const stale = { left_unapplied: `a.js changed ${HOSTILE}` };
    expect(shown(stale)).toContain('Not applied: a.js changed bad. The patch is below');
    expect(shown(stale, 'x.patch')).toContain('The patch is in x.patch; git apply tells');
    noControls(shown(stale));
  });

  it('tells a failure with its reason, what fails, where to look, and what to do', () => {
    const hypotheses = [{ id: 'h1', claim: `line 3 ${HOSTILE}`, verification_test: '', confidence: 0.7 }];
    const text = shown({ status: 'not_fixed', patch: null, winner: null, hypotheses } as unknown as Partial<FixReport>);
    expect(text).toContain('Not fixed after 1.2 s: none passed bad.');
    expect(text).toContain('  2 of 5 tests fail.\n  Where to look first:\n    line 3 bad, suspicion 0.7\n');
    expect(text).toContain('--time-limit');
    noControls(text);
  });

  it('claims no more than an exit status shows, where no test was recognised', () => {
    const blind = { evidence: 'exit_status' } as const;
    expect(shown(blind)).toContain('the command ends with 0 (by its exit status alone: no test was recognised).');
    expect(shown({ ...blind, status: 'not_fixed' })).toContain('The command fails; no test was recognised');
    expect(shown({ ...blind, status: 'already_passing' })).toContain('so that is all that is known');
  });

  it('says that there is nothing to fix, and nothing more than the metrics', () => {
    const text = shown({ status: 'already_passing', patch: null });
    expect(text.split('\n\n')[0]).toBe('\nNothing fails: there is nothing to fix.');
    expect(text).toContain('\nMetrics\n');
  });
});

describe('the metrics in a table', () => {
  it('have a line each, of one width, with the reason where nothing was measured', () => {
    const [head, ...rows] = renderMetrics(NONE, sink()).split('\n');
    expect(head).toBe('Metrics');
    expect(rows).toHaveLength(Object.keys(NONE).length);
    for (const row of rows) expect(row).toMatch(/^ {2}[a-z_0-9]+ +– {2}\S/);
    expect(new Set(rows.map((row) => row.indexOf('–'))).size).toBe(1);
  });

  it('have their unit, their basis, and whether the target was met', () => {
    const metrics = {
      overhead_percent: metric(83.4, { target: '< 300', met: true }),
      efficiency: metric(0.2512, { target: '> 0.4', met: false, basis: 'reported' }),
      advisor_ms: metric(61_250),
      cost_usd: metric(0.126),
      tokens: metric(12_345),
      message_density: metric(0),
    };
    const rows = renderMetrics(metrics as unknown as typeof NONE, sink())
      .split('\n')
      .slice(1);
    expect(rows.map((row) => row.trim().replace(/ {2,}/g, ' | '))).toEqual([
      'overhead_percent | 83 % | observed | target < 300 met',
      'efficiency | 0.25 | reported | target > 0.4 not met',
      'advisor_ms | 61.3 s | observed',
      'cost_usd | $0.13 | observed',
      'tokens | 12345 | observed',
      'message_density | 0.00 | observed',
    ]);
  });
});

const STATE: WorkflowStateView = {
  ...{ workflow_id: 'w-1', workspace: '/w', task: `mend ${HOSTILE}`, status: 'open', stage: 'debug', visit: 2 },
  iteration: 3,
  history: [
    { stage: 'analyze', visit: 1, outcome: 'done', summary: `two facts ${HOSTILE}` },
    { stage: 'debug', visit: 2, outcome: 'open', summary: '' },
  ],
  budget: { used: { stage: 1, workflow: 2 }, left: { stage: 1, workflow: 4 } },
  running: [
    { run_id: 'r-1', kind: 'consult', since_ms: 4_600 },
    { run_id: 'r-2', kind: 'fix', since_ms: 10_800_000, interrupted: true },
  ],
  ...{ run: null, efficiency: metric(0.5), next: `submit ${HOSTILE}` },
};

describe('where the work stands', () => {
  it('is told from the task to what comes next', () => {
    const lines = renderStatus(STATE, sink()).split('\n');
    expect(lines).toEqual([
      'mend bad  w-1',
      '  open, in debug (visit 2), iteration 3',
      '  analyze        done  two facts bad',
      '  debug 2        open  ',
      '  running: consult r-1, begun 5 s ago',
      '  interrupted: fix r-2, begun 3 h ago',
      '  asked others: 2, left: 1 here, 4 in all',
      '  efficiency: 0.50 (observed)',
      '  → submit bad',
    ]);
  });

  it('leaves out what there is none of', () => {
    const none = { workflow_id: null, task: null, status: 'none', stage: null, history: [], running: [] } as const;
    const empty = { ...STATE, ...none, budget: null, efficiency: null, next: 'begin' };
    expect(renderStatus(empty, sink())).toBe('No task is open here.\n  → begin');
    const first = { ...STATE, stage: null, task: null, history: [], running: [], budget: null };
    const unmeasured = { ...first, efficiency: metric(null, { reason: 'host turns are unknown' }) };
    expect(renderStatus(unmeasured, sink()).split('\n')).toEqual([
      'A task without a name  w-1',
      '  open, before the first stage',
      '  efficiency: – (host turns are unknown)',
      '  → submit bad',
    ]);
  });

  it('tells an iteration only where one debugs, and a visit only from the second', () => {
    expect(renderStatus({ ...STATE, stage: 'improve', visit: 1 }, sink())).toContain('\n  open, in improve\n');
  });
});

const OUTCOME: SetupOutcome = {
  ...{ host: 'claude', title: 'Claude Code', file: `/h/${HOSTILE}.json`, change: 'added', written: true },
  diff: `@@ -1 +1 @@\n-old\n+${'x'.repeat(300)}\n kept ${HOSTILE}\n`,
  afterwards: 'Type /mcp to see it.',
};

describe('what was set up', () => {
  it('is the change, its diff with long lines cut, and what is left to do', () => {
    const lines = renderOutcome(OUTCOME, sink()).split('\n');
    expect(lines).toEqual([
      'Claude Code: Maestro added, /h/bad.json',
      ...['@@ -1 +1 @@', '-old', `+${'x'.repeat(199)}…`, ' kept bad', 'Type /mcp to see it.', ''],
    ]);
  });

  it.each<readonly [string, Partial<SetupOutcome>, string]>([
    ['not written where it was only shown', { written: false }, 'Maestro added (not written), '],
    ['there already', { change: 'unchanged', written: false, diff: '' }, 'Maestro is there already, '],
    ['brought up to date', { change: 'updated' }, 'Maestro brought up to date, '],
    ['taken out', { change: 'removed' }, 'Maestro taken out, '],
    ['not there', { change: 'absent', written: false, diff: '' }, 'Maestro is not there, '],
  ])('is said to be %s', (_, changes, words) => {
    const text = renderOutcome({ ...OUTCOME, ...changes }, sink());
    expect(text).toContain(words);
    expect(text.includes('/mcp')).toBe(changes.change === 'updated');
  });

  it('is listed for every host: what is missing, what is wrong, what is done, what to type', () => {
    const host = (id: string, more: Partial<FoundHost>): FoundHost => ({
      ...{ host: id, title: id.toUpperCase(), installed: true, outcome: OUTCOME, problem: null },
      ...more,
    });
    const hosts = [
      host('a', { installed: false, outcome: null }),
      host('b', { outcome: null, problem: `it is no JSON ${HOSTILE}` }),
      host('c', { outcome: { ...OUTCOME, change: 'unchanged' } }),
      host('d', {}),
      host('e', { outcome: { ...OUTCOME, change: 'updated' } }),
    ];
    expect(renderHosts(hosts, sink()).split('\n')).toEqual([
      '– A            not found here',
      '✘ B            it is no JSON bad',
      '✔ C            set up already, /h/bad.json',
      '→ D            maestro setup d   adds Maestro to /h/bad.json',
      '→ E            maestro setup e   brings up to date /h/bad.json',
      '',
    ]);
  });
});
