import type { Advisor, RepairBrief } from './ports.ts';

/** Why a provider gave no answer that may be used. Each failure comes with a remedy of its own. */
export const ADVICE_FAILURES = [
  'not_installed',
  'too_old',
  'not_logged_in',
  'not_held',
  'quota',
  'overloaded',
  'timeout',
  'bad_output',
  'refused',
  'crashed',
  'network',
  'cancelled',
  'incident',
] as const;
export type AdviceFailure = (typeof ADVICE_FAILURES)[number];

/** What an answer is asked to be: prose, the stage's hypotheses, a patch, or a judge's choice. */
export type AdviceKind = 'answer' | 'hypotheses' | 'patch' | 'verdict';

/** What one exchange used; unknown is null, never 0. `input_tokens` includes cached ones, `output_tokens` reasoning. */
export interface AdviceUsage {
  readonly input_tokens: number | null;
  readonly cached_input_tokens: number | null;
  readonly output_tokens: number | null;
  readonly reasoning_tokens: number | null;
  readonly cost_usd: number | null;
}

export const UNKNOWN_USAGE: AdviceUsage = {
  input_tokens: null,
  cached_input_tokens: null,
  output_tokens: null,
  reasoning_tokens: null,
  cost_usd: null,
};

/** One question, already redacted, to one model. */
export interface AdviceRequest {
  readonly kind: AdviceKind;
  /** What the role asks of its holder. */
  readonly system: string;
  readonly prompt: string;
  /** Null: the provider's own default. */
  readonly model: string | null;
  readonly effort: string | null;
  /** Earlier exchanges of the same conversation, oldest first. */
  readonly transcript: ReadonlyArray<{ readonly question: string; readonly answer: string }>;
  /** Which of several independent answers to the same question this is, from 0. */
  readonly sample: number;
  /** The same question as evidence, for a provider that asks no model. */
  readonly brief: RepairBrief | null;
}

/** When to give up, in ms, and how much of an answer to take. */
export interface AdviceLimits {
  readonly firstOutputMs: number;
  readonly silenceMs: number;
  readonly totalMs: number;
  readonly answerBytes: number;
}

/** An entry of the configuration: a provider made ready for use under a name. */
export interface AdvisorSettings {
  /** The advisor's name; the provider's id unless configured otherwise. */
  readonly id: string;
  /** The file in `providers/`. */
  readonly provider: string;
  readonly model: string | null;
  readonly effort: string | null;
  readonly baseUrl: string | null;
  /** Name of the environment variable that holds the key. */
  readonly apiKeyEnv: string | null;
  /** Where the CLI is, when not on the PATH. */
  readonly binary: string | null;
  /** The user's word that this provider may be used although nothing holds it to text. */
  readonly allowUnheld: boolean;
}

/** Where a provider does its work. */
export interface AdviceSurroundings {
  readonly signal: AbortSignal;
  /** The user's environment; a provider takes its own credentials from it and hands nothing else on. */
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly settings: AdvisorSettings;
  readonly limits: AdviceLimits;
  /** A folder of Maestro's own for what may be kept between asks and is safe to delete. */
  readonly cacheFolder: string;
  /** Patches without a model, for the provider that ships with Maestro. */
  readonly propose: Advisor['propose'];
  readonly progress: (message: string) => void;
}

/** What came of asking. `ran`: the provider was called at all, so it counts as an advisor turn. */
export type Advice = Answer | NoAnswer;

interface Exchange {
  readonly ran: boolean;
  readonly model: string | null;
  readonly usage: AdviceUsage;
  readonly ms: number;
}

export interface Answer extends Exchange {
  readonly ok: true;
  readonly text: string;
  /** The text was cut at `answerBytes`. */
  readonly truncated: boolean;
}

export interface NoAnswer extends Exchange {
  readonly ok: false;
  readonly reason: AdviceFailure;
  /** One line: what happened, without secrets. */
  readonly message: string;
  /** One line: what the user can do. */
  readonly remedy: string;
  /** How long to wait before it is worth asking again; null where nobody said. */
  readonly retryAfterMs: number | null;
  /** Nothing was paid, so asking again costs nothing twice. */
  readonly unpaid: boolean;
  /** What had arrived before it failed, when anything had. */
  readonly partial: string | null;
}

/** What can be said of a provider without spending anything. */
export interface Availability {
  readonly ready: boolean;
  readonly reason: AdviceFailure | null;
  readonly detail: string;
  readonly remedy: string | null;
  readonly version: string | null;
  readonly path: string | null;
  /** Null where it cannot be told without asking. */
  readonly loggedIn: boolean | null;
  /** What keeps it from doing more than answering, in a few words. */
  readonly heldBy: string;
}

/** A source of advice: one file in `providers/`. Neither function throws. */
export interface ProviderDefinition {
  readonly id: string;
  /** One line for people. */
  readonly description: string;
  readonly form: 'embedded' | 'cli' | 'http';
  readonly network: boolean;
  available(surroundings: AdviceSurroundings): Promise<Availability>;
  ask(request: AdviceRequest, surroundings: AdviceSurroundings): Promise<Advice>;
}
