import type {
  Advice,
  AdviceLimits,
  AdviceRequest,
  AdviceSurroundings,
  AdvisorSettings,
} from '../../src/domain/advice.ts';

/** Limits that a test waits for; `answerBytes` is larger than any usual answer of a test. */
export const LIMITS: AdviceLimits = {
  firstOutputMs: 20_000,
  silenceMs: 20_000,
  totalMs: 40_000,
  answerBytes: 64 * 1024,
};

/** A question with nothing special about it. */
export const REQUEST: AdviceRequest = {
  kind: 'answer',
  system: 'You are an adviser.',
  prompt: 'Say pong.',
  model: null,
  effort: null,
  transcript: [],
  sample: 0,
  brief: null,
};

/** Settings of an advisor with nothing configured. */
export function settingsFor(provider: string, settings: Partial<AdvisorSettings> = {}): AdvisorSettings {
  return {
    id: provider,
    provider,
    model: null,
    effort: null,
    baseUrl: null,
    apiKeyEnv: null,
    binary: null,
    allowUnheld: false,
    ...settings,
  };
}

/** Surroundings in which nobody cancels, nobody listens, and nothing is proposed. */
export function surroundingsFor(
  settings: AdvisorSettings,
  { env, cacheFolder, ...rest }: Partial<AdviceSurroundings> & Pick<AdviceSurroundings, 'env' | 'cacheFolder'>,
): AdviceSurroundings {
  return {
    signal: new AbortController().signal,
    limits: LIMITS,
    propose: async function* () {},
    progress: () => {},
    ...rest,
    env,
    cacheFolder,
    settings,
  };
}

/** The failure of an advice as a test looks at it; the answer where there is one. */
export function failureOf(advice: Advice): string {
  return advice.ok ? `an answer: ${advice.text.slice(0, 100)}` : `${advice.reason}: ${advice.message}`;
}
