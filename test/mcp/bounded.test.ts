import { describe, expect, it } from 'vitest';
import { isKept, KeptAnswers } from '../../src/mcp/kept-answers.ts';
import type { Page } from '../../src/mcp/pages.ts';
import { shrink } from '../../src/mcp/shrink.ts';
import { type Answer, connect } from './connected.ts';
import { reassembled } from './reassemble.ts';
import { answerOf, scripted } from './scripted.ts';

const LONG = 'A sentence with "quotes" and an emoji 😀.\n'.repeat(1_500);

/** Reads a long answer as its `more` says, to the last page. */
async function pagesBehind(call: (args: Record<string, unknown>) => Promise<Answer>, id: string): Promise<unknown> {
  const pages: Page[] = [];
  do {
    const { json, text } = await call({ wait_for: id, page: pages.length + 1 });
    expect(text.length).toBeLessThanOrEqual(10_000);
    pages.push(json.page as Page);
  } while (pages.length < pages[0]!.of);
  return reassembled(pages);
}

describe('a long answer', () => {
  it('is cut to 10,000 characters, keeps its shape, and says how the rest is read', async () => {
    const { call } = await connect('2026', {
      maestro: scripted({ consult: () => answerOf('consult', { text: LONG }) }),
    });
    const { text, json } = await call('maestro_consult', { prompt: 'p' });
    expect(text.length).toBeLessThanOrEqual(10_000);
    expect(text.length).toBeGreaterThan(9_000);
    expect(json).toMatchObject({
      status: 'answered',
      provider: 'embedded',
      more: { run_id: 'run-consult', next: expect.stringContaining('wait_for: "run-consult", page: 1') },
    });
    expect(json.text).toMatch(/… \[cut: \d+ of 63000 characters\]$/);
    expect((json.text as string).isWellFormed()).toBe(true);
  });

  it('of a run is read from what the run stored', async () => {
    const result = answerOf('consult', { text: LONG });
    const run = { run_id: 'run-consult', kind: 'consult', status: 'done', result, error: null };
    const maestro = scripted({ workflowState: () => answerOf('workflowState', { run }) });
    const { call } = await connect('2026', { maestro });
    expect(await pagesBehind((args) => call('maestro_workflow_state', args), 'run-consult')).toEqual(result);
  });

  it('that belongs to no run is kept by the server, and read the same way', async () => {
    const maestro = scripted({ pack: () => answerOf('pack', { text: LONG }) });
    const { call } = await connect('2025', { maestro });
    const { json } = await call('maestro_pack_context', { token_budget: 20_000 });
    const { run_id } = json.more as { run_id: string };
    expect(isKept(run_id)).toBe(true);
    const whole = await pagesBehind((args) => call('maestro_workflow_state', args), run_id);
    expect(whole).toMatchObject({ text: LONG, tokens: 8 });
    expect(maestro.calls.map(({ operation }) => operation)).toEqual(['pack']);
  });

  it('of many small parts keeps as many as fit', async () => {
    const history = Array.from({ length: 2_000 }, (_, visit) => ({
      stage: 'debug',
      visit,
      outcome: 'o',
      summary: 's',
    }));
    const { call } = await connect('2026', {
      maestro: scripted({ workflowState: () => answerOf('workflowState', { history }) }),
    });
    const { json, text } = await call('maestro_workflow_state');
    expect(text.length).toBeLessThanOrEqual(10_000);
    expect(json.history).toEqual(history.slice(0, 50));
    const { run_id } = json.more as { run_id: string };
    expect(await pagesBehind((args) => call('maestro_workflow_state', args), run_id)).toMatchObject({ history });
  });

  it('of a run that was waited for names that run', async () => {
    const run = { run_id: 'r7', kind: 'ensemble', status: 'done', result: { text: LONG }, error: null };
    const maestro = scripted({ workflowState: () => answerOf('workflowState', { run }) });
    const { call } = await connect('2026', { maestro });
    const { json } = await call('maestro_workflow_state', { wait_for: 'r7' });
    expect(json).toMatchObject({ run: { status: 'done' }, more: { run_id: 'r7' } });
    expect(json.untrusted).toContain('`run`');
  });
});

describe('asking for a page', () => {
  const run = { run_id: 'r', kind: 'consult', status: 'done', result: { text: 'short' }, error: null };

  it('that is not there says which are', async () => {
    const { call } = await connect('2026', {
      maestro: scripted({ workflowState: () => answerOf('workflowState', { run }) }),
    });
    const { isError, text } = await call('maestro_workflow_state', { wait_for: 'r', page: 4 });
    expect(isError).toBe(true);
    expect(text).toContain('give a page from 1 to 1');
  });

  it('of a run that is not done yet says how it stands', async () => {
    const waiting = { ...run, status: 'running', result: null };
    const { call } = await connect('2026', {
      maestro: scripted({ workflowState: () => answerOf('workflowState', { run: waiting }) }),
    });
    const { json } = await call('maestro_workflow_state', { wait_for: 'r', page: 1 });
    expect(json).toMatchObject({ run: { status: 'running' }, next: 'Go on with analyze.' });
  });

  it('of nothing is refused, and so is an answer that is no longer kept', async () => {
    const { call } = await connect('2026');
    expect((await call('maestro_workflow_state', { page: 1 })).text).toContain('give wait_for');
    const gone = await call('maestro_workflow_state', { wait_for: 'kept_0123456789abcdef' });
    expect(gone).toMatchObject({ isError: true, text: expect.stringContaining('make the call that gave it again') });
  });
});

describe('shrinking', () => {
  it('leaves alone what fits', () => {
    const small = { a: 1, text: 'x' };
    expect(shrink(small, 1_000)).toBe(small);
  });

  it('cuts the long texts before it drops items, and short texts not at all', () => {
    const answer = { id: 'short', items: Array.from({ length: 4 }, () => ({ id: 'i', text: 'x'.repeat(5_000) })) };
    const cut = shrink(answer, 3_000) as typeof answer;
    expect(cut.id).toBe('short');
    expect(cut.items).toHaveLength(4);
    for (const { id, text } of cut.items) {
      expect(id).toBe('i');
      expect(text).toMatch(/^x{200,}… \[cut: \d+ of 5000 characters\]$/);
    }
  });

  it('fits whatever it is given, at the worst with what stands at the top alone', () => {
    const wide = Object.fromEntries(Array.from({ length: 3_000 }, (_, n) => [`key ${n}`, { n }]));
    const cut = shrink({ status: 'done', run_id: 'r', wide }, 1_000);
    expect(cut).toEqual({ status: 'done', run_id: 'r' });
  });
});

describe('kept answers', () => {
  it('have the same id when they are the same', () => {
    const kept = new KeptAnswers();
    expect(kept.keep({ a: 1 })).toBe(kept.keep({ a: 1 }));
    expect(kept.keep({ a: 1 })).not.toBe(kept.keep({ a: 2 }));
  });

  it('are dropped from the oldest on, by number and by size, but never the newest', () => {
    const kept = new KeptAnswers();
    const ids = Array.from({ length: 70 }, (_, n) => kept.keep({ n }));
    expect(ids.filter((id) => kept.find(id) !== null)).toEqual(ids.slice(6));
    const huge = kept.keep({ text: 'x'.repeat(17_000_000) });
    expect(kept.find(huge)).not.toBeNull();
    expect(kept.find(ids.at(-1)!)).toBeNull();
  });
});
