import { describe, expect, it } from 'vitest';
import { type Advice, UNKNOWN_USAGE } from '../../src/domain/advice.ts';
import { checkedEvent } from '../../src/domain/event.ts';
import { type AdvisePorts, advise, type Inquiry } from '../../src/flows/advise.ts';
import { Journal } from './memory-run.ts';

const answer = (text: string): Advice => ({
  ok: true,
  ran: true,
  model: 'm-1',
  usage: { ...UNKNOWN_USAGE, input_tokens: 10, output_tokens: 2 },
  ms: 5,
  text,
  truncated: false,
});
const failure = (reason: (Advice & { ok: false })['reason'], unpaid: boolean): Advice => ({
  ok: false,
  ran: !unpaid,
  model: null,
  usage: UNKNOWN_USAGE,
  ms: 3,
  reason,
  message: `${reason} it was`,
  remedy: 'mend it',
  retryAfterMs: null,
  unpaid,
  partial: null,
});

const INQUIRY: Inquiry = {
  name: 'consult',
  purpose: 'advice',
  stage: 'analyze',
  ensemble: null,
  advisors: ['a', 'b', 'c'],
  model: 'special',
  request: { kind: 'answer', system: 's', prompt: 'why?', transcript: [], sample: 0 },
  reservation: null,
  malformed: () => null,
};

/** Advisors that answer from a script, and a budget of so many consults. */
class World implements AdvisePorts {
  readonly asked: { advisor: string; model: string | null; prompt: string }[] = [];
  readonly told: string[] = [];
  left: number;
  readonly #script: Advice[];

  constructor(script: readonly Advice[], left = 6) {
    this.#script = [...script];
    this.left = left;
  }

  reserve = async (amount: number) => {
    const scope = { scope: 'workflow:w', limit: 6 };
    if (amount > this.left) return { granted: false as const, ...scope, left: this.left };
    this.left -= amount;
    return { granted: true as const, id: `r${this.left}`, left: [{ ...scope, left: this.left }] };
  };
  giveBack = async (_: string, amount: number) => {
    this.left += amount;
  };
  ask = async (advisor: string, model: string | null, { prompt }: Inquiry['request']) => {
    this.asked.push({ advisor, model, prompt });
    return this.#script.shift()!;
  };
  isFree = (advisor: string) => advisor === 'free';
  progress = (message: string) => void this.told.push(message);
}

const needsJson = (text: string) => (text.startsWith('{') ? null : 'it is not JSON');

describe('asking', () => {
  it('takes the first answer, from the first advisor, with the model that was named', async () => {
    const journal = new Journal();
    const world = new World([answer('because')]);
    const { answer: got, failures } = await advise(journal.run(), world, INQUIRY);
    expect(got).toMatchObject({ provider: 'a', text: 'because', model: 'm-1' });
    expect(failures).toEqual([]);
    expect(world.asked).toEqual([{ advisor: 'a', model: 'special', prompt: 'why?' }]);
    expect(world.told).toEqual(['asking a']);
    expect(world.left).toBe(5);
  });

  it('records what was paid before it was asked, then what came of it, in events the ledger knows', async () => {
    const journal = new Journal();
    await advise(journal.run(), new World([answer('because')]), INQUIRY);
    expect(journal.events.map(({ type }) => type)).toEqual([
      'budget_reserved',
      'consult_asked',
      'consult_answered',
      'budget_settled',
    ]);
    expect(journal.of('consult_answered')[0]).toEqual({
      consult: 'run-1.consult.1',
      provider: 'a',
      model: 'm-1',
      purpose: 'advice',
      input_tokens: 10,
      output_tokens: 2,
      cost_usd: null,
      ms: 5,
      truncated: false,
    });
    for (const event of journal.events) expect(() => checkedEvent(event)).not.toThrow();
  });

  it('falls back in order, to the own model of each, and names every failure', async () => {
    const journal = new Journal();
    const world = new World([failure('not_installed', true), failure('timeout', false), answer('third')]);
    const { answer: got, failures } = await advise(journal.run(), world, INQUIRY);
    expect(got).toMatchObject({ provider: 'c', text: 'third' });
    expect(failures.map(({ provider, failure: { reason } }) => [provider, reason])).toEqual([
      ['a', 'not_installed'],
      ['b', 'timeout'],
    ]);
    expect(world.asked.map(({ advisor, model }) => [advisor, model])).toEqual([
      ['a', 'special'],
      ['b', null],
      ['c', null],
    ]);
  });

  it('counts what was paid and gives back what was not', async () => {
    const journal = new Journal();
    const world = new World([failure('not_installed', true), failure('timeout', false), answer('third')]);
    await advise(journal.run(), world, INQUIRY);
    expect(world.left).toBe(4);
    expect(journal.of('budget_settled').map(({ amount }) => amount)).toEqual([0, 1, 1]);
    expect(journal.of('consult_failed').map(({ ran, reason, detail }) => [ran, reason, detail])).toEqual([
      [false, 'not_installed', 'not_installed it was'],
      [true, 'timeout', 'timeout it was'],
    ]);
  });

  it('carries on alone when nobody answers', async () => {
    const world = new World(Array(3).fill(failure('not_installed', true)));
    const advised = await advise(new Journal().run(), world, INQUIRY);
    expect(advised).toMatchObject({ answer: null, refused: null });
    expect(advised.failures).toHaveLength(3);
    expect(world.left).toBe(6);
  });

  it('asks nobody else after an incident: somebody has to look first', async () => {
    const world = new World([failure('incident', false), answer('no')]);
    const { answer: got, failures } = await advise(new Journal().run(), world, INQUIRY);
    expect([got, failures.length, world.asked.length]).toEqual([null, 1, 1]);
  });
});

describe('the budget', () => {
  it('is asked for before the advisor, who is not asked without', async () => {
    const journal = new Journal();
    const world = new World([], 0);
    expect(await advise(journal.run(), world, INQUIRY)).toEqual({
      answer: null,
      failures: [],
      refused: { granted: false, scope: 'workflow:w', limit: 6, left: 0 },
    });
    expect(world.asked).toEqual([]);
    expect(journal.events.map(({ type }) => type)).toEqual(['budget_refused']);
  });

  it('ends falling back when what was paid used it up', async () => {
    const world = new World([failure('timeout', false), answer('no')], 1);
    const { answer: got, failures, refused } = await advise(new Journal().run(), world, INQUIRY);
    expect([got, failures.length, refused?.left, world.asked.length]).toEqual([null, 1, 0, 1]);
  });

  it('that was taken beforehand pays for the first ask only', async () => {
    const world = new World([failure('timeout', false), answer('second')], 1);
    await advise(new Journal().run(), world, { ...INQUIRY, reservation: 'taken' });
    expect(world.left).toBe(0);
  });

  it('taken beforehand is given back for an ask that was not paid', async () => {
    const world = new World([failure('not_installed', true)], 0);
    await advise(new Journal().run(), world, { ...INQUIRY, advisors: ['a'], reservation: 'taken' });
    expect(world.left).toBe(1);
  });
});

describe('an answer that is not in the form asked for', () => {
  it('is asked for once more, saying what was wrong, as a retry that counts', async () => {
    const journal = new Journal();
    const world = new World([answer('prose'), answer('{}')]);
    const { answer: got } = await advise(journal.run(), world, { ...INQUIRY, malformed: needsJson });
    expect(got).toMatchObject({ provider: 'a', text: '{}' });
    expect(world.asked[1]).toMatchObject({ advisor: 'a', prompt: expect.stringContaining('it is not JSON') });
    expect(world.asked[1]!.prompt).toMatch(/^why\?/);
    expect(journal.of('consult_asked').map(({ purpose }) => purpose)).toEqual(['advice', 'retry']);
    expect(world.left).toBe(4);
  });

  it('is reported when it comes a second time, with what it said, and nobody else is paid', async () => {
    const world = new World([answer('prose'), answer('more prose')]);
    const { answer: got, failures } = await advise(new Journal().run(), world, { ...INQUIRY, malformed: needsJson });
    expect(got).toBeNull();
    expect(failures).toMatchObject([{ provider: 'a', failure: { reason: 'bad_output', partial: 'more prose' } }]);
    expect(failures[0]!.failure.message).toContain('twice: it is not JSON');
  });

  it('is reported at once where the budget leaves no second try', async () => {
    const world = new World([answer('prose')], 1);
    const { failures, refused } = await advise(new Journal().run(), world, { ...INQUIRY, malformed: needsJson });
    expect(refused?.left).toBe(0);
    expect(failures).toMatchObject([{ failure: { reason: 'bad_output', partial: 'prose' } }]);
  });
});

describe('an ask in the middle of which Maestro was killed', () => {
  it('is not made again: it may have been paid; the next advisor is asked', async () => {
    const journal = new Journal();
    const world = new World([answer('lost'), answer('from b')]);
    await expect(advise(journal.run(undefined, 'consult.1.answer'), world, INQUIRY)).rejects.toThrow('killed');
    const { answer: got, failures } = await advise(journal.run(), world, INQUIRY);
    expect(got).toMatchObject({ provider: 'b', text: 'from b' });
    expect(failures).toMatchObject([{ provider: 'a', failure: { reason: 'crashed' } }]);
    expect(world.asked.map(({ advisor }) => advisor)).toEqual(['a', 'b']);
    expect(world.left).toBe(4);
  });

  it('is made again where it costs nothing', async () => {
    const journal = new Journal();
    const world = new World([answer('lost'), answer('again')]);
    const inquiry = { ...INQUIRY, advisors: ['free'] };
    await expect(advise(journal.run(undefined, 'consult.1.answer'), world, inquiry)).rejects.toThrow('killed');
    expect((await advise(journal.run(), world, inquiry)).answer).toMatchObject({ text: 'again' });
    expect(world.left).toBe(5);
  });

  it('is made when the kill came before it was asked', async () => {
    const journal = new Journal();
    const world = new World([answer('because')]);
    await expect(advise(journal.run(undefined, 'consult.1.ask'), world, INQUIRY)).rejects.toThrow('killed');
    expect((await advise(journal.run(), world, INQUIRY)).answer).toMatchObject({ provider: 'a' });
    expect(world.asked).toHaveLength(1);
  });
});

describe('a cancel', () => {
  it('ends asking, with what was under way recorded', async () => {
    const journal = new Journal();
    const controller = new AbortController();
    const world = new World([]);
    world.ask = async () => {
      controller.abort(new Error('stop'));
      return failure('cancelled', false);
    };
    await expect(advise(journal.run(controller.signal), world, INQUIRY)).rejects.toThrow('stop');
    expect(journal.of('consult_failed')).toMatchObject([{ reason: 'cancelled' }]);
  });

  it('followed by the same call asks the same advisor again', async () => {
    const journal = new Journal();
    const controller = new AbortController();
    const world = new World([failure('cancelled', false), answer('after all')]);
    const ask = world.ask;
    world.ask = async (...given) => {
      if (world.asked.length === 0) controller.abort(new Error('stop'));
      return ask(...given);
    };
    await expect(advise(journal.run(controller.signal), world, INQUIRY)).rejects.toThrow('stop');
    const { answer: got, failures } = await advise(journal.run(), world, INQUIRY);
    expect(got).toMatchObject({ provider: 'a', text: 'after all' });
    expect(failures).toEqual([]);
  });

  it('that a provider reports without one is a failure like any other, not an endless loop', async () => {
    const world = new World([failure('cancelled', false), answer('from b')]);
    const { answer: got } = await advise(new Journal().run(), world, INQUIRY);
    expect(got).toMatchObject({ provider: 'b' });
  });
});
