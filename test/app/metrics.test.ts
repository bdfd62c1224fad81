import { beforeEach, describe, expect, it } from 'vitest';
import type { MetricsCall } from '../../src/app/calls.ts';
import { type Metrics, metrics, metricsHere } from '../../src/app/metrics.ts';
import { appendEvents } from '../../src/store/events.ts';
import type { Store } from '../../src/store/open.ts';
import { opened, temporaryFolder } from '../store/state-file.ts';
import { workspace } from './stage-calls.ts';

const left = (host_turns: number) => ({
  type: 'stage_left',
  payload: { stage: 'debug', visit: 1, outcome: 'done', summary: '', host_turns, basis: 'reported' },
});
const asked = { type: 'consult_asked', payload: { consult: 'c', provider: 'codex', purpose: 'advice' } };
const opening = { type: 'workflow_opened', payload: { task: null } };
const DAY = 24 * 60 * 60 * 1000;

describe('maestro_get_metrics', () => {
  let store: Store;
  let cwd: string;
  let other: string;
  beforeEach(async () => {
    store = await opened();
    [cwd, other] = [workspace(), workspace()];
    const add = (id: string, folder: string, turns: number, at: number) =>
      appendEvents(store.queries, { runId: id, workflowId: id, workspace: folder }, [opening, asked, left(turns)], at);
    await add('w1', cwd, 2, DAY);
    await add('w2', cwd, 4, 3 * DAY);
    await add('w3', other, 8, 3 * DAY);
  });
  const density = async (call: MetricsCall): Promise<number | null> =>
    (await metrics(call, { store, cwd })).message_density.value;

  it('is of the workspace unless told otherwise', async () => {
    expect(await density({})).toBe(2 / 6);
    expect(await density({ workspace: other })).toBe(1 / 8);
  });

  it('is of one workflow: the one named, else the open one', async () => {
    expect(await density({ workflow_id: 'w1' })).toBe(1 / 2);
    expect(await density({ scope: 'workflow' })).toBe(1 / 4);
    expect(await density({ scope: 'workflow', workflow_id: 'w3' })).toBe(1 / 8);
    expect(await density({ scope: 'workflow', workspace: workspace() })).toBeNull();
    await expect(density({ workflow_id: 'w9' })).rejects.toMatchObject({ code: 'usage' });
  });

  it('is of all that the ledger holds', async () => {
    expect(await density({ scope: 'all' })).toBe(3 / 14);
  });

  it.each([
    ['workflow', null],
    ['workspace', 1 / 4],
    ['all', 2 / 12],
  ] as const)('is of what happened since a time in the scope %s', async (scope, expected) => {
    const since = new Date(2 * DAY).toISOString();
    const workflow = scope === 'workflow' ? { workflow_id: 'w1' } : {};
    expect(await density({ scope, since, ...workflow })).toBe(expected);
    expect(await density({ scope: 'all', since: '1970-01-01' })).toBe(3 / 14);
  });

  it.each(['yesterday', '', '7'])('refuses %j as a time', async (since) => {
    await expect(density({ since })).rejects.toMatchObject({
      code: 'usage',
      remedy: expect.stringContaining('ISO 8601'),
    });
  });

  it('gives every metric as null with the reason where nothing was recorded', async () => {
    const home = temporaryFolder();
    const empty: Metrics = await metricsHere({ scope: 'all' }, { env: { MAESTRO_HOME: home }, cwd: home });
    expect(Object.keys(empty)).toEqual([
      'overhead_percent',
      'efficiency',
      'test_coverage',
      'message_density',
      'redundancy',
      'error_amplification',
      'success_per_1k_tokens',
      'ensemble_uplift',
      'tokens',
      'cost_usd',
      'advisor_ms',
    ]);
    for (const metric of Object.values(empty))
      expect(metric).toMatchObject({ value: null, basis: 'none', met: null, reason: expect.any(String) });
  });
});
