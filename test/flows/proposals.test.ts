import { setTimeout as sleep } from 'node:timers/promises';
import { describe, expect, it } from 'vitest';
import type { Advisor, RepairBrief } from '../../src/domain/ports.ts';
import { Arrivals } from '../../src/flows/arrivals.ts';
import { type Proposals, proposals } from '../../src/flows/proposals.ts';

const BRIEF: RepairBrief = { task: null, sources: [], failures: [], suspects: [], iteration: 1, attempts: [] };
const NOTHING = { templates: 0, models: [] };
const { signal } = new AbortController();

function advisor(id: string, ...texts: readonly string[]): Advisor & { closed: number } {
  const self = {
    id,
    closed: 0,
    usage: { input_tokens: 0, output_tokens: 0, cost_usd: 0 },
    async *propose() {
      try {
        for (const text of texts) yield { text };
      } finally {
        self.closed++;
      }
    },
  };
  return self;
}

const patch = (text: string, key = text) => ({ text, key, provider: 'model' });

async function said(source: Proposals): Promise<string> {
  const next = await source.next();
  return next.kind === 'proposal' ? next.proposal.text : next.kind;
}

async function all(source: Proposals): Promise<string[]> {
  const texts: string[] = [];
  for (let next = await said(source); next !== 'over'; next = await said(source)) texts.push(next);
  return texts;
}

describe('proposals', () => {
  it('of several advisors come in turn, until all have ended', async () => {
    const source = proposals([advisor('a', 'a1', 'a2', 'a3'), advisor('b', 'b1')], BRIEF, NOTHING, signal, null);
    expect(await all(source)).toEqual(['a1', 'b1', 'a2', 'a3']);
  });

  it('that an earlier process tried are left out, of templates by count and of models by key', async () => {
    const arrivals = new Arrivals();
    for (const text of ['m1', 'm2']) arrivals.add(patch(text));
    arrivals.end();
    const tried = { templates: 2, models: ['m1'] };
    const source = proposals([advisor('a', 'a1', 'a2', 'a3')], BRIEF, tried, signal, arrivals);
    expect(await all(source)).toEqual(['m2', 'a3']);
  });

  it('of a model come before the next template when they arrive, and templates do not wait for them', async () => {
    const arrivals = new Arrivals();
    const source = proposals([advisor('a', 'a1', 'a2', 'a3')], BRIEF, NOTHING, signal, arrivals);
    expect(await said(source)).toBe('a1');
    arrivals.add(patch('m1'));
    expect(await said(source)).toBe('m1');
    expect(await said(source)).toBe('a2');
    arrivals.end();
    expect(await all(source)).toEqual(['a3']);
  });

  it('are said to be waited for once the templates have ended, and come as soon as they are there', async () => {
    const arrivals = new Arrivals();
    const source = proposals([], BRIEF, NOTHING, signal, arrivals);
    expect(await said(source)).toBe('waiting');
    const next = said(source);
    await sleep(5);
    arrivals.add(patch('m1'));
    expect(await next).toBe('m1');
    arrivals.end();
    expect(await said(source)).toBe('over');
  });

  it('are over at once when nobody proposes anything', async () => {
    expect(await all(proposals([], BRIEF, NOTHING, signal, null))).toEqual([]);
  });

  it('end their advisors when closed early', async () => {
    const one = advisor('a', 'a1', 'a2');
    const source = proposals([one], BRIEF, NOTHING, signal, null);
    await said(source);
    await source.close();
    expect(one.closed).toBe(1);
  });
});
