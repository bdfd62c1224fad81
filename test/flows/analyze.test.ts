import { beforeEach, describe, expect, it } from 'vitest';
import { fix } from '../../src/flows/fix.ts';
import { PASSES, World } from './world.ts';

let world: World;
const reaching = [{ test: 't1', outcome: 'failed', lines: { 'a.js': [1, 2] } }] as const;
const tooLong = new Error('did not end');

beforeEach(() => {
  world = new World();
  world.natures = { good: PASSES };
  world.answers = [['good']];
  world.baseline = { ...world.baseline, failing: ['(process exit)'], passing: [], endless: true };
  world.patient = tooLong;
});

const run = () => fix(world.run(), world.ports(), world.request());

describe('a command that does not end', () => {
  it('is fixed like any other failure when the test that does not end is in code that may be edited', async () => {
    world.coverage = reaching;
    expect(await run()).toMatchObject({ status: 'fixed', patch: 'patch to good' });
    expect(world.opened).toBe(1);
  });

  it('is waited for, and refused, when no warm process can tell which test it is', async () => {
    world.coverage = reaching;
    world.screenerKind = 'command';
    await expect(run()).rejects.toBe(tooLong);
    expect(world.closed).toBe(world.opened);
  });

  it('is waited for, and refused, when the test that does not end is in nothing that may be edited', async () => {
    world.coverage = [{ test: 't1', outcome: 'failed', lines: { 'a.test.js': [1] } }];
    await expect(run()).rejects.toBe(tooLong);
    expect(world.closed).toBe(world.opened);
  });

  it('was only slow when it ends after all: then that is the baseline', async () => {
    world.patient = new World().baseline;
    expect(await run()).toMatchObject({ status: 'fixed', baseline: { failed: 2, passed: 3 } });
    expect([world.opened, world.closed]).toEqual([2, 2]);
  });

  it('and passes after all, asks nobody', async () => {
    world.patient = { ...new World().baseline, failing: [] };
    expect(await run()).toMatchObject({ status: 'already_passing' });
    expect([world.opened, world.closed]).toEqual([1, 1]);
  });
});

it('keeps no secret that a test printed', async () => {
  const token = `ghp_${'a1B2'.repeat(9)}`;
  world = new World();
  world.baseline = {
    ...world.baseline,
    runs: [{ tests: [{ id: 't1', outcome: 'failed', message: `expected ${token}` }] } as never],
  };
  await fix(world.run(), world.ports(), world.request());
  expect(JSON.stringify([...world.steps.values(), world.events, world.briefs])).not.toContain(token);
  expect(world.briefs[0]!.failures[0]!.message).toContain('expected [redacted:');
});
