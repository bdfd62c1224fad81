import { type KyselyPlugin, type OperationNode, TableNode } from 'kysely';
import { beforeEach, describe, expect, it } from 'vitest';
import { metricsOf } from '../../src/domain/metrics.ts';
import type { NewEvent } from '../../src/domain/ports.ts';
import { tally } from '../../src/domain/tally.ts';
import { appendEvents, readEvents } from '../../src/store/events.ts';
import type { Store } from '../../src/store/open.ts';
import { tallyOf } from '../../src/store/tallies.ts';
import { opened, stateFile } from './state-file.ts';

const left = (host_turns: number | null): NewEvent => ({
  type: 'stage_left',
  payload: { stage: 'debug', visit: 1, outcome: 'done', summary: '', host_turns, basis: 'reported' },
});
const answered: NewEvent = {
  type: 'consult_answered',
  payload: {
    consult: 'c',
    provider: 'p',
    purpose: 'advice',
    input_tokens: 5,
    output_tokens: 1,
    ms: 3,
    truncated: false,
  },
};
const finished = (passed: boolean): NewEvent => ({
  type: 'workflow_finished',
  payload: { outcome: passed ? 'fixed' : 'not_fixed', passed, basis: 'observed', ms: 1 },
});

describe('the sum of all events', () => {
  let file: string;
  let store: Store;
  beforeEach(async () => {
    file = stateFile();
    store = await opened(file);
  });
  /** As a process tells it that has just begun. */
  const anew = async () => metricsOf(await tallyOf((await opened(file)).queries));

  const append = (workflowId: string, events: readonly NewEvent[], workspace = '/p'): Promise<void> =>
    appendEvents(store.queries, { runId: workflowId, workflowId, workspace }, events, 1);
  const many = async (from: number, workflows: number, workspace = '/p'): Promise<void> => {
    for (let n = from; n < from + workflows; n++)
      await append(`w${n}`, [left(n % 7), answered, finished(n % 3 > 0), answered, left(2), left(1)], workspace);
  };
  const kept = () => store.queries.selectFrom('tallies').select(['name', 'upto']).orderBy('name').execute();
  /** That the sum is what reading everything gives. */
  const expectRight = async (scope: { workspace?: string } = {}): Promise<void> => {
    const all = metricsOf(tally(await readEvents(store.queries, scope)));
    expect(metricsOf(await tallyOf(store.queries, scope))).toEqual(all);
  };

  it('is that of each event when there are few, and is not written down for them', async () => {
    await many(0, 10);
    await expectRight();
    expect(await kept()).toEqual([]);
  });

  it('is written down once there are many, and goes on from there', async () => {
    await many(0, 100);
    await expectRight();
    expect(await kept()).toEqual([{ name: 'all', upto: 600 }]);
    await many(100, 5);
    await expectRight();
    expect(await kept()).toEqual([{ name: 'all', upto: 600 }]);
    await many(105, 100);
    await expectRight();
    expect(await kept()).toEqual([{ name: 'all', upto: 1230 }]);
  });

  it('is right also when workflows go on that had been added up', async () => {
    await many(0, 100);
    await tallyOf(store.queries);
    await append('w0', [left(null)]);
    await append('w1', [answered, finished(true)]);
    await append('w2', [finished(false)]);
    await append('new', [left(3)]);
    await expectRight();
  });

  it('is kept for each workspace on its own', async () => {
    await many(0, 100, '/a');
    await many(100, 90, '/b');
    await expectRight({ workspace: '/a' });
    await expectRight({ workspace: '/b' });
    await expectRight({ workspace: '/c' });
    expect((await kept()).map(({ name }) => name)).toEqual(['workspace /a', 'workspace /b']);
  });

  it('does without what was written down: deleted, damaged, or of another version', async () => {
    await many(0, 100);
    await tallyOf(store.queries);
    const right = metricsOf(await tallyOf(store.queries));
    for (const damage of [{ tally: '{"settled":[]}' }, { tally: '7' }, { version: 99 }]) {
      await store.queries.updateTable('tallies').set(damage).execute();
      expect(await anew()).toEqual(right);
    }
    await store.queries.deleteFrom('tallies').execute();
    expect(await anew()).toEqual(right);
    expect(metricsOf(await tallyOf(store.queries))).toEqual(right);
  });

  it('reads only what came after: what was added up is not looked at again', async () => {
    await many(0, 100);
    await tallyOf(store.queries);
    const row = await store.queries.selectFrom('tallies').select('tally').executeTakeFirstOrThrow();
    const marked = JSON.stringify({ ...JSON.parse(row.tally), selections: 1000, testedSelections: 500 });
    await store.queries.updateTable('tallies').set({ tally: marked }).execute();
    expect((await anew()).test_coverage.value).toBe(0.5);
  });

  it('goes on from what this process knows, with what others add, and reads nothing of that again', async () => {
    const other = await opened(file);
    const reads: string[] = [];
    await many(0, 40);
    await expectRight();
    for (const id of ['w0', 'w39', 'new']) {
      const origin = { runId: id, workflowId: id, workspace: '/p' };
      await appendEvents(other.queries, origin, [answered, left(2), finished(false)], 1);
      await expectRight();
    }
    const watched = other.queries.withPlugin(noting(reads));
    await tallyOf(watched);
    await append('w1', [answered]);
    reads.length = 0;
    await tallyOf(watched);
    expect(reads).toEqual(['events']);
    expect(await kept()).toEqual([]);
  });

  it('is written down once enough came together, also in small portions', async () => {
    for (let n = 0; n < 90; n += 10) {
      await many(n, 10);
      await expectRight();
    }
    expect(await kept()).toEqual([{ name: 'all', upto: 540 }]);
  });

  it('does not keep every workflow apart for ever, and is right all the same', async () => {
    await many(0, 250);
    await expectRight();
    await append('w3', [finished(true)]);
    await append('w249', [left(null)]);
    await expectRight();
  });

  it('is right for more workspaces than are remembered at a time', async () => {
    for (let n = 0; n < 70; n++) await many(n, 1, `/p${n}`);
    for (let n = 0; n < 70; n++) await expectRight({ workspace: `/p${n}` });
    await append('w0', [left(5)], '/p0');
    await expectRight({ workspace: '/p0' });
  });

  it('is never put back to an earlier event', async () => {
    await many(0, 100);
    await Promise.all([
      tallyOf(store.queries),
      many(100, 100).then(() => tallyOf(store.queries)),
      tallyOf(store.queries),
    ]);
    await expectRight();
    expect((await kept())[0]?.upto).toBeGreaterThanOrEqual(600);
  });

  it('spans more events than are read at a time', async () => {
    const events = [left(1), answered, answered, finished(true)];
    for (let n = 0; n < 26; n++)
      await append(
        `w${n}`,
        Array.from({ length: 400 }, (_, at) => events[at % 4]!),
      );
    await expectRight();
    expect(await kept()).toEqual([{ name: 'all', upto: 10_400 }]);
  });
});

/** Notes the table that each select reads from. */
function noting(reads: string[]): KyselyPlugin {
  return {
    transformQuery: ({ node }) => {
      if (node.kind === 'SelectQueryNode') reads.push(...(node.from?.froms ?? []).map(nameOf));
      return node;
    },
    transformResult: async ({ result }) => result,
  };
}

function nameOf(from: OperationNode): string {
  return TableNode.is(from) ? from.table.identifier.name : from.kind;
}
