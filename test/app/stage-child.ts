import { setTimeout as sleep } from 'node:timers/promises';
import { runStage } from '../../src/app/run-stage.ts';
import type { StageId } from '../../src/domain/stage.ts';
import { openStore } from '../../src/store/open.ts';

/** Hands in outputs of a stage, one after the other, from a moment on: `<file> <cwd> <at> <stage> <outputs>`; prints the verdicts. */
const [file = '', cwd = '', at = '', stage = '', outputs = ''] = process.argv.slice(2);

await using store = await openStore(file);
const context = {
  signal: new AbortController().signal,
  progress: () => undefined,
  patienceMs: Number.POSITIVE_INFINITY,
  askPerson: null,
};
await sleep(Math.max(0, Number(at) - Date.now()));
for (const output of JSON.parse(outputs) as unknown[])
  console.log(JSON.stringify(await runStage({ stage: stage as StageId, output }, context, { store, cwd, pack: null })));
