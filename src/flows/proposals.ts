import type { Advisor, Proposal, RepairBrief } from '../domain/ports.ts';
import type { Arrivals } from './arrivals.ts';
import { pause } from './pause.ts';

/** A proposal with who made it; `key` where a model did. */
export interface Proposed extends Proposal {
  readonly provider: string;
  readonly key?: string;
}

/** What an earlier process already tried, of templates by count and of models by key. */
export interface Tried {
  readonly templates: number;
  readonly models: readonly string[];
}

/** The next proposal; `waiting` when models are thinking and there is nothing else to try. */
export type Next =
  | { readonly kind: 'proposal'; readonly proposal: Proposed }
  | { readonly kind: 'waiting' }
  | { readonly kind: 'over' };

export interface Proposals {
  next(): Promise<Next>;
  close(): Promise<void>;
}

/** How long nothing may come before that is said. */
const PATIENCE_MS = 50;

/**
 * Proposals to try: a model's patch as soon as it has arrived, templates meanwhile, so that neither waits for the other.
 * Advisors give the same proposals in the same order for the same brief: what was tried already is dropped.
 */
export function proposals(
  advisors: readonly Advisor[],
  brief: RepairBrief,
  tried: Tried,
  signal: AbortSignal,
  arrivals: Arrivals | null,
): Proposals {
  const templates = inTurn(advisors, brief, tried.templates, signal);
  let templatesEnded = false;

  const nextTemplate = async (): Promise<Next | null> => {
    const { value, done } = await templates.next();
    templatesEnded = done === true;
    return done ? null : { kind: 'proposal', proposal: value };
  };

  return {
    async next() {
      for (let waited = false; ; ) {
        const patch = arrivals?.take();
        if (patch && !tried.models.includes(patch.key)) return { kind: 'proposal', proposal: patch };
        if (patch) continue;
        const template = templatesEnded ? null : await nextTemplate();
        if (template) return template;
        if (!arrivals || arrivals.isOver) return { kind: 'over' };
        if (waited) return { kind: 'waiting' };
        await Promise.race([arrivals.change, pause(PATIENCE_MS, signal)]);
        waited = true;
      }
    },
    close: async () => void (await templates.return(undefined)),
  };
}

/** The advisors' proposals, one of each in turn, without the first `skip`. */
async function* inTurn(
  advisors: readonly Advisor[],
  brief: RepairBrief,
  skip: number,
  signal: AbortSignal,
): AsyncGenerator<Proposed> {
  let open = advisors.map((advisor) => ({
    id: advisor.id,
    iterator: advisor.propose(brief, signal)[Symbol.asyncIterator](),
  }));
  let count = 0;
  try {
    while (open.length > 0) {
      const ended = new Set<string>();
      for (const { id, iterator } of open) {
        const next = await iterator.next();
        if (next.done) ended.add(id);
        else if (++count > skip) yield { ...next.value, provider: id };
      }
      open = open.filter(({ id }) => !ended.has(id));
    }
  } finally {
    await Promise.all(open.map(({ iterator }) => iterator.return?.()));
  }
}
