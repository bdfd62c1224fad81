import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { configFrom, DEFAULT_CONFIG, projectConfig, userConfig } from '../../src/domain/config.ts';

const config = (user: unknown, project: unknown = {}) =>
  configFrom(userConfig.parse(user), projectConfig.parse(project));

describe('the configuration', () => {
  it('is the defaults where nothing is set', () => {
    expect(config({})).toEqual(DEFAULT_CONFIG);
  });

  it('takes what the user sets, higher or lower, times in any unit', () => {
    const own = config({
      limits: { consults_per_stage: 9, first_output: '500ms', silence: 30, total: '1h', answer_bytes: 5_000 },
      approval: 'stage',
      pack_budget: 20_000,
      order: ['b', 'a'],
    });
    expect(own).toMatchObject({
      consults: { stage: 9, workflow: 6 },
      advice: { firstOutputMs: 500, silenceMs: 30_000, totalMs: 3_600_000, answerBytes: 5_000 },
      approval: 'stage',
      packBudget: 20_000,
      order: ['b', 'a'],
    });
  });

  it('lets a project tighten, and never loosen', () => {
    const limits = { consults_per_stage: 4, consults_per_workflow: 8, total: '5m' };
    const strict = config(
      { limits, approval: 'stage' },
      { limits: { consults_per_stage: 1, total: '1h' }, approval: 'none' },
    );
    expect(strict).toMatchObject({
      consults: { stage: 1, workflow: 8 },
      advice: { totalMs: 300_000 },
      approval: 'stage',
    });
  });

  it('of a project holds only where it is at most what the user set, whatever both say', () => {
    const limit = fc.option(fc.integer({ min: 0, max: 50 }), { nil: undefined });
    fc.assert(
      fc.property(limit, limit, (own, theirs) => {
        const user = own === undefined ? {} : { limits: { consults_per_workflow: own } };
        const project = theirs === undefined ? {} : { limits: { consults_per_workflow: theirs } };
        const { workflow } = config(user, project).consults;
        expect(workflow).toBeLessThanOrEqual(config(user).consults.workflow);
        if (theirs !== undefined) expect(workflow).toBeLessThanOrEqual(theirs);
      }),
    );
  });

  it.each([
    ['a key that is none', { limit: {} }],
    ['a time that is none', { limits: { total: 'soon' } }],
    ['a negative number of consults', { limits: { consults_per_stage: -1 } }],
    ['an advisor without a provider', { advisors: [{ id: 'x' }] }],
    [
      'a key in the place of the name of its variable',
      { advisors: [{ provider: 'openai', api_key_env: 'sk-abc def' }] },
    ],
    ['an address that is not of the web', { advisors: [{ provider: 'openai', base_url: 'file:///etc/passwd' }] }],
    ['a name with spaces', { order: ['a b'] }],
  ])('refuses %s', (_, user) => {
    expect(userConfig.safeParse(user).success).toBe(false);
  });

  it.each(['advisors', 'order'])('refuses %s in a project', (key) => {
    expect(projectConfig.safeParse({ [key]: [] }).success).toBe(false);
  });
});
