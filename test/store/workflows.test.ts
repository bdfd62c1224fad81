import Sqlite from 'better-sqlite3';
import { describe, expect, it } from 'vitest';
import { appendEvents } from '../../src/store/events.ts';
import { newestOpenWorkflow, newestWorkflow, unfinishedRuns } from '../../src/store/workflows.ts';
import { putRun } from './held-run.ts';
import { opened } from './state-file.ts';

const open = { type: 'workflow_opened', payload: {} };
const done = { type: 'workflow_finished', payload: { outcome: 'fixed', passed: true, ms: 1 } };
const of = (workflowId: string, workspace = '/p') => ({ runId: workflowId, workflowId, workspace });

describe('the workflows of a workspace', () => {
  it('are looked up without reading its events', async () => {
    const store = await opened();
    await appendEvents(store.queries, of('w1'), [open], 1);
    const raw = new Sqlite(store.file, { readonly: true });
    const plan = (sql: string): string =>
      (raw.prepare(`explain query plan ${sql}`).all() as { detail: string }[]).map(({ detail }) => detail).join('\n');
    expect(
      plan(
        "select workflow_id from events where workspace = ? and type = 'workflow_opened' order by id desc limit ?".replaceAll(
          '?',
          "'1'",
        ),
      ),
    ).toContain('workflows_opened');
    raw.close();
  });

  it('are the newest, open or not, of this workspace alone', async () => {
    const store = await opened();
    expect(await newestWorkflow(store.queries, '/p')).toBeNull();
    await appendEvents(store.queries, of('w1'), [open], 1);
    await appendEvents(store.queries, of('w2'), [open, done], 2);
    await appendEvents(store.queries, of('w3', '/q'), [open], 3);
    expect(await newestWorkflow(store.queries, '/p')).toBe('w2');
    expect(await newestOpenWorkflow(store.queries, '/p')).toBe('w1');
  });

  it('are looked at back to the fiftieth', async () => {
    const store = await opened();
    await appendEvents(store.queries, of('w-old'), [open], 1);
    for (let n = 0; n < 49; n++) await appendEvents(store.queries, of(`w${n}`), [open, done], 2);
    expect(await newestOpenWorkflow(store.queries, '/p')).toBe('w-old');
    await appendEvents(store.queries, of('w49'), [open, done], 2);
    expect(await newestOpenWorkflow(store.queries, '/p')).toBeNull();
  });

  it('have runs, of which those that go on or were interrupted are unfinished', async () => {
    const store = await opened();
    for (const status of ['running', 'cancelled', 'done', 'failed'] as const)
      await putRun(store, status, { status, updatedAt: status === 'running' ? 2 : 1 });
    expect((await unfinishedRuns(store.queries, '/p')).map(({ id }) => id)).toEqual(['running', 'cancelled']);
    expect(await unfinishedRuns(store.queries, '/q')).toEqual([]);
    expect(await unfinishedRuns(store.queries, '/p', 1)).toHaveLength(1);
  });
});
