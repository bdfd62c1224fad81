import type { AdviceKind, Answer } from '../domain/advice.ts';
import type { Decision, Situation } from '../domain/policy.ts';
import type { Run } from '../domain/ports.ts';
import type { StageId } from '../domain/stage.ts';
import { type Advised, type AdvisePorts, advise, type FailedAdvice } from './advise.ts';
import { permit } from './permit.ts';

/** What is put to an advisor. */
export interface Question {
  readonly kind: AdviceKind;
  readonly system: string;
  readonly prompt: string;
  readonly model: string | null;
  readonly stage: StageId | null;
  readonly transcript: ReadonlyArray<{ readonly question: string; readonly answer: string }>;
}

export interface ConsultPorts extends AdvisePorts {
  readonly situation: () => Promise<Situation>;
  /** Whom to ask, best first; looked up only once the rules allow it. */
  readonly advisors: () => Promise<readonly string[]>;
  /** The question with the code it is about. */
  readonly question: () => Promise<Question>;
  readonly malformed: (text: string) => string | null;
}

/** An answer, nobody's answer, or what the rules say against asking. */
export type ConsultOutcome =
  | {
      readonly status: 'answered';
      readonly answer: Answer & { readonly provider: string };
      readonly failures: readonly FailedAdvice[];
    }
  | { readonly status: 'failed'; readonly failures: readonly FailedAdvice[] }
  | { readonly status: 'not_asked'; readonly decision: Decision };

/** One question to one advisor, and to the next ones when it fails; each ask is paid before it is made. */
export async function consult(run: Run, ports: ConsultPorts): Promise<ConsultOutcome> {
  const wish = { kind: 'consult', n: 1, force: false } as const;
  const { decision } = await permit(run, ports, 'policy', () => wish, 'each ask');
  if (decision.decision !== 'allow') return { status: 'not_asked', decision };
  const [advisors, question] = await run.step('question', () => Promise.all([ports.advisors(), ports.question()]));
  const advised = await ask(run, ports, advisors, question);
  if (advised.answer) return { status: 'answered', answer: advised.answer, failures: advised.failures };
  if (advised.refused && advised.failures.length === 0) {
    const late = await permit(run, ports, 'policy.late', () => wish, 'each ask');
    if (late.decision.decision !== 'allow') return { status: 'not_asked', decision: late.decision };
  }
  return { status: 'failed', failures: advised.failures };
}

function ask(run: Run, ports: ConsultPorts, advisors: readonly string[], question: Question): Promise<Advised> {
  const { kind, system, prompt, transcript, model, stage } = question;
  return advise(run, ports, {
    name: 'consult',
    purpose: 'advice',
    stage,
    ensemble: null,
    advisors,
    model,
    request: { kind, system, prompt, transcript, sample: 0 },
    reservation: null,
    malformed: ports.malformed,
  });
}
