import type { NewEvent, Run } from '../../src/domain/ports.ts';
import { createEngine, type Engine, type RunSpec } from '../../src/engine/local.ts';
import type { EngineOptions } from '../../src/engine/options.ts';
import type { Store } from '../../src/store/open.ts';
import { opened, stateFile } from '../store/state-file.ts';

export const SPEC: RunSpec = { kind: 'fix', key: 'k', workspace: '/p', request: { command: ['npm', 'test'] } };

/** An event that says which step recorded it. */
export const mark = (visit: number): NewEvent => ({ type: 'stage_entered', payload: { stage: 'debug', visit } });

/** An engine with a connection of its own, as another process would have one. */
export async function engineOn(
  file: string = stateFile(),
  options: Partial<EngineOptions> = {},
): Promise<{ engine: Engine; store: Store }> {
  const store = await opened(file);
  return { engine: createEngine(store, options), store };
}

/** A flow that is held in its first step until it is let go, or interrupted. */
export function heldFlow(): { flow: (run: Run) => Promise<string>; begun: Promise<Run>; letGo: () => void } {
  const begun = Promise.withResolvers<Run>();
  const held = Promise.withResolvers<void>();
  const flow = async (run: Run): Promise<string> => {
    const interrupted = new Promise<never>((_, reject) =>
      run.signal.addEventListener('abort', () => reject(run.signal.reason), { once: true }),
    );
    interrupted.catch(() => undefined);
    return run.step('held', async (record) => {
      record(mark(1));
      begun.resolve(run);
      await Promise.race([held.promise, interrupted]);
      return 'let go';
    });
  };
  return { flow, begun: begun.promise, letGo: () => held.resolve() };
}
