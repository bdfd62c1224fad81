import { beforeEach, describe, expect, it } from 'vitest';
import type { Reservation } from '../../src/domain/budget.ts';
import { type Budget, createBudget } from '../../src/store/budget.ts';
import type { Store } from '../../src/store/open.ts';
import { startChild } from './child-process.ts';
import { putRun } from './held-run.ts';
import { opened, stateFile } from './state-file.ts';

const STAGE = { scope: 'workflow:w/stage:debug', limit: 2 };
const WORKFLOW = { scope: 'workflow:w', limit: 6 };
const idOf = (reservation: Reservation): string => (reservation.granted ? reservation.id : 'refused');

describe('the budget', () => {
  let store: Store;
  let budget: Budget;
  let now: number;
  beforeEach(async () => {
    now = 1000;
    store = await opened();
    budget = createBudget(store, () => now);
    await putRun(store, 'r', { leaseUntil: 2000 });
  });

  it('grants until the limit is reached, and then says which limit and what is left', async () => {
    expect(await budget.reserve('r', [WORKFLOW], 4)).toMatchObject({ granted: true, left: [2] });
    expect(await budget.reserve('r', [WORKFLOW], 3)).toEqual({ granted: false, ...WORKFLOW, left: 2 });
    expect(await budget.reserve('r', [WORKFLOW], 2)).toMatchObject({ granted: true, left: [0] });
    expect(await budget.reserve('r', [WORKFLOW], 1)).toEqual({ granted: false, ...WORKFLOW, left: 0 });
  });

  it('takes from all scopes or from none', async () => {
    await budget.reserve('r', [STAGE, WORKFLOW], 2);
    expect(await budget.reserve('r', [STAGE, WORKFLOW], 1)).toEqual({ granted: false, ...STAGE, left: 0 });
    expect(await budget.left([STAGE, WORKFLOW])).toEqual([0, 4]);
    const other = { scope: 'workflow:w/stage:analyze', limit: 9 };
    expect(await budget.reserve('r', [other, WORKFLOW], 5)).toEqual({ granted: false, ...WORKFLOW, left: 4 });
    expect(await budget.left([other])).toEqual([9]);
  });

  it('gives back what was reserved and not used', async () => {
    const id = idOf(await budget.reserve('r', [STAGE, WORKFLOW], 2));
    await budget.settle(id, 1);
    expect(await budget.left([STAGE, WORKFLOW])).toEqual([1, 5]);
  });

  it('takes back what was settled and turned out not to be used, in every scope, never more than that', async () => {
    const id = idOf(await budget.reserve('r', [STAGE, WORKFLOW], 2));
    await budget.settle(id, 2);
    await budget.giveBack(id, 1);
    expect(await budget.left([STAGE, WORKFLOW])).toEqual([1, 5]);
    await budget.giveBack(id, 5);
    expect(await budget.left([STAGE, WORKFLOW])).toEqual([2, 6]);
  });

  it('takes nothing back of what is not settled, nor of what nobody reserved', async () => {
    const id = idOf(await budget.reserve('r', [WORKFLOW], 2));
    await budget.giveBack(id, 1);
    await budget.giveBack('nobody', 1);
    expect(await budget.left([WORKFLOW])).toEqual([4]);
    await expect(budget.giveBack(id, -1)).rejects.toThrow(RangeError);
  });

  it('settles a reservation once', async () => {
    const id = idOf(await budget.reserve('r', [WORKFLOW], 2));
    await budget.settle(id, 2);
    await budget.settle(id, 0);
    expect(await budget.left([WORKFLOW])).toEqual([4]);
  });

  it.each([
    ['more than was reserved', 3],
    ['less than nothing', -1],
    ['half a consult', 0.5],
  ])('refuses to settle %s', async (_, used) => {
    const id = idOf(await budget.reserve('r', [WORKFLOW], 2));
    await expect(budget.settle(id, used)).rejects.toThrow(RangeError);
  });

  it.each([0, -1, 1.5, Number.NaN])('refuses to reserve %d', async (amount) => {
    await expect(budget.reserve('r', [WORKFLOW], amount)).rejects.toThrow(RangeError);
  });

  it('refuses to settle what was never reserved, and to reserve against no limit', async () => {
    await expect(budget.settle('nothing', 0)).rejects.toThrow('reservation nothing');
    await expect(budget.reserve('r', [], 1)).rejects.toThrow(RangeError);
  });

  it('takes back what an owner held when its lease has run out, but not what was used', async () => {
    await budget.settle(idOf(await budget.reserve('r', [WORKFLOW], 2)), 2);
    await budget.reserve('r', [WORKFLOW], 4);
    expect(await budget.left([WORKFLOW])).toEqual([0]);
    now = 2000;
    expect(await budget.left([WORKFLOW])).toEqual([4]);
  });

  it('says what is left of each limit it was taken from', async () => {
    expect(await budget.pay('r', [STAGE, WORKFLOW], 1)).toMatchObject({ granted: true, left: [1, 5] });
    expect(await budget.reserve('r', [WORKFLOW, STAGE], 1)).toMatchObject({ granted: true, left: [4, 0] });
    expect(await budget.pay('r', [STAGE, WORKFLOW], 1)).toEqual({ granted: false, ...STAGE, left: 0 });
  });

  it('keeps what was paid, whatever becomes of the run, until it is given back', async () => {
    const id = idOf(await budget.pay('r', [STAGE, WORKFLOW], 2));
    now = 5000;
    await store.queries.updateTable('runs').set({ owner: null, status: 'failed' }).execute();
    expect(await budget.left([STAGE, WORKFLOW])).toEqual([0, 4]);
    await budget.settle(id, 0);
    expect(await budget.left([STAGE, WORKFLOW])).toEqual([0, 4]);
    await budget.giveBack(id, 1);
    expect(await budget.left([STAGE, WORKFLOW])).toEqual([1, 5]);
  });

  it('is paid by none whose run nobody works on, nor in part', async () => {
    await expect(budget.pay('none', [WORKFLOW], 1)).rejects.toMatchObject({ code: 'lease_lost' });
    await expect(budget.pay('r', [WORKFLOW], 0.5)).rejects.toThrow(RangeError);
    expect(await budget.left([WORKFLOW])).toEqual([6]);
  });

  it('takes back what an owner held when its run ends or another owner has it', async () => {
    await budget.reserve('r', [WORKFLOW], 4);
    await store.queries.updateTable('runs').set({ owner: 'another' }).execute();
    expect(await budget.left([WORKFLOW])).toEqual([6]);
    await budget.reserve('r', [WORKFLOW], 4);
    await store.queries.updateTable('runs').set({ status: 'done' }).execute();
    expect(await budget.left([WORKFLOW])).toEqual([6]);
  });

  it('holds nothing for a run that nobody works on', async () => {
    now = 3000;
    await expect(budget.reserve('r', [WORKFLOW], 1)).rejects.toMatchObject({ code: 'lease_lost' });
    await expect(budget.reserve('none', [WORKFLOW], 1)).rejects.toMatchObject({ code: 'lease_lost' });
  });

  it('never takes less than nothing for what is left, should a limit be lowered', async () => {
    await budget.reserve('r', [WORKFLOW], 5);
    expect(await budget.left([{ ...WORKFLOW, limit: 3 }])).toEqual([0]);
  });

  it.each([
    { limit: 6, amount: 1, granted: 6 },
    { limit: 20, amount: 3, granted: 6 },
    { limit: 1000, amount: 2, granted: 64 },
  ])(
    'of 4 processes that ask 16 times at once for $amount of $limit, grants exactly $granted',
    async ({ limit, amount, granted }) => {
      const file = stateFile();
      const shared = await opened(file);
      const args = [file, '16', String(limit), String(amount)];
      const children = Array.from({ length: 4 }, () => startChild(new URL('./budget-child.ts', import.meta.url), args));
      const ends = await Promise.all(children.map(({ ended }) => ended));
      expect(ends.map(({ code, stderr }) => [code, stderr])).toEqual(Array(4).fill([0, '']));
      expect(ends.reduce((sum, { stdout }) => sum + Number(stdout), 0)).toBe(granted);
      const [left] = await createBudget(shared).left([{ scope: 'shared', limit }]);
      expect(left).toBe(limit - granted * amount);
    },
  );
});
