import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, it } from 'vitest';
import { metricsHere } from '../../src/app/metrics.ts';

const home = mkdtempSync(join(tmpdir(), 'metrics-test-'));
afterAll(() => rmSync(home, { recursive: true, force: true }));

it('gives every metric as null with the reason where nothing was recorded', async () => {
  const metrics = await metricsHere({ scope: 'all' }, { env: { MAESTRO_HOME: home }, cwd: home });
  expect(Object.keys(metrics)).toEqual([
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
  for (const metric of Object.values(metrics))
    expect(metric).toMatchObject({ value: null, basis: 'none', met: null, reason: expect.any(String) });
});
