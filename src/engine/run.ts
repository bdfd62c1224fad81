import type { NewEvent, Run } from '../domain/ports.ts';
import type { Journal } from './journal.ts';

/** A run as its flow sees it, and how many of its steps were served from the journal. */
export interface DurableRun extends Run {
  readonly stepsReused: number;
}

/** The `Run` port over a journal. After `signal` aborts, no further step begins; one under way may still commit. */
export function durableRun(id: string, signal: AbortSignal, journal: Journal): DurableRun {
  const names = new Set<string>();
  let reused = 0;
  return {
    id,
    signal,
    get stepsReused() {
      return reused;
    },
    async step<T>(name: string, work: (record: (event: NewEvent) => void) => Promise<T>): Promise<T> {
      if (names.has(name)) throw new Error(`run ${id} has two steps named '${name}'`);
      names.add(name);
      signal.throwIfAborted();
      const earlier = await journal.committed(name);
      if (earlier) {
        reused += 1;
        return earlier.result as T;
      }
      const events: NewEvent[] = [];
      const result = await work((event) => events.push(event));
      // Frozen: a fact recorded after its step has ended would be lost.
      return (await journal.commit(name, result, Object.freeze(events))) as T;
    },
  };
}
