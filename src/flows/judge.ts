import type { Run } from '../domain/ports.ts';
import type { Judgement } from '../domain/selector.ts';
import { shuffled } from '../domain/shuffle.ts';
import type { StageId } from '../domain/stage.ts';
import { readVerdict } from '../domain/verdict.ts';
import type { Advised, FailedAdvice, Inquiry } from './advise.ts';
import { type Anonymous, judgeQuestion, labels } from './judge-question.ts';

/** Asks that one judgement takes: a lone candidate has no order to swap. */
export function asksOf(candidates: number): number {
  return candidates > 1 ? 2 : 1;
}

export interface JudgePorts {
  /** Ids of advisors who may judge, best first. */
  readonly judges: readonly string[];
  readonly system: string;
  readonly stage: StageId | null;
  /** Puts a question to the first of its advisors, and to the next when it fails; paid and recorded. */
  readonly advise: (inquiry: Inquiry) => Promise<Advised>;
}

export interface JudgeRequest {
  readonly task: string | null;
  /** What to look at; null: which one is right. */
  readonly criteria: string | null;
  readonly candidates: ReadonlyArray<Anonymous & { readonly provider: string | null }>;
}

/**
 * Has an advisor choose among candidates whose names it does not see, in an order that the run's id decides, and once more in the
 * opposite order. No winner unless both times it is the same. Nobody judges what they wrote while somebody else can. Rejects when cancelled.
 */
export async function judge(run: Run, ports: JudgePorts, request: JudgeRequest): Promise<Judgement> {
  const { candidates } = request;
  const authors = new Set(candidates.map(({ provider }) => provider));
  const [others, involved] = [false, true].map((wrote) => ports.judges.filter((id) => authors.has(id) === wrote));
  const judges = [...others!, ...involved!];
  if (judges.length === 0) return { winner: null, judge: null, why: 'There is no advisor who could judge.' };

  const order = shuffled(candidates, run.id);
  const first = await ask(ports, request, 'judge.1', judges, order);
  if (!first.ok) return { winner: null, judge: null, why: `Nobody judged: ${first.problem}.` };
  const by = first.judge;
  const known = authors.has(by) ? `${by} (who wrote one of them; nobody else could be asked)` : by;
  if (asksOf(candidates.length) === 1) return { winner: first.winner, judge: known, why: first.why };

  const second = await ask(ports, request, 'judge.2', [by], order.toReversed());
  if (!second.ok)
    return {
      winner: null,
      judge: known,
      why: `${known} judged one order only, which is not relied on: ${second.problem}.`,
    };
  if (first.winner === second.winner) return { winner: first.winner, judge: known, why: first.why };
  const [one, other] = [first.winner, second.winner].map((id) => (id === null ? 'none' : `'${id}'`));
  return {
    winner: null,
    judge: known,
    why: `${known} chose ${one}, and ${other} when the order was swapped: not relied on.`,
  };
}

type Asked =
  | { readonly ok: true; readonly judge: string; readonly winner: string | null; readonly why: string }
  | { readonly ok: false; readonly problem: string };

async function ask(
  ports: JudgePorts,
  { task, criteria }: JudgeRequest,
  name: string,
  judges: readonly string[],
  order: readonly Anonymous[],
): Promise<Asked> {
  const letters = labels(order.length);
  const { answer, failures } = await ports.advise({
    name,
    purpose: 'judge',
    stage: ports.stage,
    ensemble: null,
    advisors: judges,
    model: null,
    request: {
      kind: 'verdict',
      system: ports.system,
      prompt: judgeQuestion(task, criteria, order),
      transcript: [],
      sample: 0,
    },
    reservation: null,
    malformed: (text) => {
      const read = readVerdict(text, letters);
      return read.ok ? null : read.problem;
    },
  });
  const verdict = answer && readVerdict(answer.text, letters);
  if (!verdict?.ok) return { ok: false, problem: failures.map(said).join('; ') || 'no answer' };
  const { winner, why } = verdict.value;
  const chosen = winner === null ? null : order[letters.indexOf(winner)]!.id;
  return { ok: true, judge: answer!.provider, winner: chosen, why: named(why, order) };
}

const said = ({ provider, failure }: FailedAdvice): string => `${provider}: ${failure.message}`;

/** The judge's reason with names again where it speaks of candidates by letter. */
function named(why: string, order: readonly Anonymous[]): string {
  const letters = labels(order.length);
  return why.replace(/\b([Cc]andidates?) ([A-Z]{1,2})\b/g, (whole, word: string, letter: string) => {
    const index = letters.indexOf(letter);
    return index < 0 ? whole : `${word} '${order[index]!.id}'`;
  });
}
