import type { NewEvent, Run } from '../../src/domain/ports.ts';

/** Steps and events of a run that several executions share, as a journal would keep them. */
export class Journal {
  readonly steps = new Map<string, unknown>();
  readonly events: NewEvent[] = [];

  /** One execution: `dieIn` names the step in which it is killed, after its work and before anything is committed. */
  run(signal: AbortSignal = new AbortController().signal, dieIn: string | null = null): Run {
    return {
      id: 'run-1',
      signal,
      step: async (name, work) => {
        if (this.steps.has(name)) return structuredClone(this.steps.get(name)) as Awaited<ReturnType<typeof work>>;
        const events: NewEvent[] = [];
        const result = await work((event) => events.push(event));
        if (name === dieIn) throw new Error('killed');
        this.steps.set(name, structuredClone(result));
        this.events.push(...events);
        return result;
      },
    };
  }

  /** The payloads of the events of one type, in order. */
  of(type: string): NewEvent['payload'][] {
    return this.events.filter((event) => event.type === type).map(({ payload }) => payload);
  }
}
