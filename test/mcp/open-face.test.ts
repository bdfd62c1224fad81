import { mkdirSync, mkdtempSync, renameSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import { openMaestro } from '../../src/app/maestro.ts';
import { openFace } from '../../src/mcp/open-face.ts';

/** A face over operations with a state folder of their own, and a way to work in a workspace. */
function faceIn(name: string) {
  const folder = mkdtempSync(join(tmpdir(), 'maestro-face-'));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  const cwd = join(folder, 'work');
  mkdirSync(cwd);
  const env = { ...process.env, MAESTRO_HOME: join(folder, name) };
  const logged: string[] = [];
  const face = openFace(() => openMaestro({ env, cwd, warn: (text) => logged.push(text) }), {
    whereabouts: { cwd, env },
    log: (text) => logged.push(text),
  });
  const context = { signal: new AbortController().signal, patienceMs: 10_000, progress: () => {}, askPerson: null };
  const tasks = async () => (await (await face.maestro()).workflowState({}, context)).task;
  const begin = async (task: string) =>
    void (await (await face.maestro()).runStage({ stage: 'analyze', task }, context));
  return { file: join(folder, name, 'maestro.db'), face, logged, begin, task: tasks };
}

describe('the operations of one server', () => {
  it.each([
    ['alone', ['']],
    ['with its log', ['', '-wal']],
    ['with all beside it', ['', '-wal', '-shm']],
  ])('go on in a new state file when theirs was deleted %s', async (_, suffixes) => {
    const { file, face, logged, begin, task } = faceIn('state');
    await begin('old');
    for (const suffix of suffixes) rmSync(`${file}${suffix}`);
    for (const name of ['new', 'newer']) {
      await begin(name);
      expect(await task()).toBe(name);
    }
    expect(logged.filter((text) => text.includes('was deleted, moved or replaced'))).toHaveLength(1);
    await face.close();
  });

  it('go on with the state file that theirs was replaced by', async () => {
    const backup = faceIn('backup');
    await backup.begin('from the backup');
    await backup.face.close();
    const { file, face, begin, task } = faceIn('state');
    await begin('old');
    renameSync(backup.file, file);
    await begin('new');
    expect(await task()).toBe('new');
    await face.close();
  });
});
