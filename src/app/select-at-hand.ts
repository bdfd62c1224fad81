import { createHash } from 'node:crypto';
import { relative } from 'node:path';
import type { Candidate } from '../domain/candidate.ts';
import type { StillTree } from '../verify/still-tree.ts';
import type { SelectTree } from './select.ts';
import type { SelectPlan } from './select-plan.ts';
import type { Workspace } from './workspace.ts';

/** A selection as it is stored: without secrets. */
export interface SelectWork {
  readonly plan: SelectPlan;
  /** Candidates of which something was taken out, with the rule: whoever takes the run up elsewhere cannot try them. */
  readonly withheld: Readonly<Record<string, string>>;
  /** Of the candidates as they were given. */
  readonly digest: string;
  /** Of the tree: evidence is about the tree as it is. */
  readonly tree: string;
  /** The ensemble they come from. */
  readonly ensemble: string | null;
}

/** What a call knew beyond what is stored: the candidates with their secrets, and the tree as it was read, where it was. */
export interface Known {
  readonly candidates: readonly Candidate[];
  readonly tree: (SelectTree & StillTree) | null;
  /** Of the candidates. */
  readonly characters: number;
}

/** Where a selection is made, and in which task. */
interface Whereabouts extends Workspace {
  readonly workflowId: string;
}

export interface AtHand {
  /** Keeps it until that is disposed; where all calls together keep too much, the oldest is let go. */
  keep(work: SelectWork, where: Whereabouts, known: Known): Disposable;
  /** What a call for exactly that work there keeps; null where none does, or others have kept too much since. */
  find(work: SelectWork, where: Whereabouts): Known | null;
  /** Of all candidates that are kept now. */
  characters(): number;
}

const MOST = { entries: 256, characters: 64_000_000 };

/** What is kept in this process for the runs that its calls wait for, at most so many entries and characters of candidates. */
export function createAtHand(most = MOST): AtHand {
  const kept = new Map<string, { readonly known: Known; readonly users: Set<symbol> }>();

  const characters = (): number => kept.values().reduce((sum, { known }) => sum + known.characters, 0);

  function bound(): void {
    while (kept.size > most.entries || (kept.size > 1 && characters() > most.characters)) {
      const [oldest] = kept.keys();
      kept.delete(oldest!);
    }
  }

  return {
    keep(work, where, known) {
      const key = keyOf(work, where);
      const user = Symbol(key);
      const users = (kept.get(key)?.users ?? new Set()).add(user);
      kept.delete(key);
      kept.set(key, { known, users });
      bound();
      return {
        [Symbol.dispose]: () => {
          const entry = kept.get(key);
          if (entry?.users.delete(user) && entry.users.size === 0) kept.delete(key);
        },
      };
    },
    find: (work, where) => kept.get(keyOf(work, where))?.known ?? null,
    characters,
  };
}

/** The same for the same candidates, plan, tree and place; of the candidates their digest is enough. */
function keyOf({ plan, ...work }: SelectWork, { folder, project, workflowId }: Whereabouts): string {
  const { withheld, digest, tree, ensemble } = work;
  const place = [project, relative(project, folder), workflowId];
  const whole = [place, { ...plan, candidates: null }, withheld, digest, tree, ensemble];
  return createHash('sha256').update(JSON.stringify(whole)).digest('hex');
}
