import { expect } from 'vitest';
import type {
  Advice,
  AdviceRequest,
  AdviceSurroundings,
  Answer,
  NoAnswer,
  ProviderDefinition,
} from '../../src/domain/advice.ts';
import type { Dialect } from './http-dialects.ts';

export const KEY = 'sk-canary-0123456789abcdefghijklmnop';

/** What a test may set; the rest is as in a sound configuration with wide limits. */
export interface Circumstances {
  readonly request?: Partial<AdviceRequest>;
  readonly settings?: Partial<AdviceSurroundings['settings']>;
  readonly limits?: Partial<AdviceSurroundings['limits']>;
  readonly env?: AdviceSurroundings['env'];
  readonly signal?: AbortSignal;
  readonly progress?: string[];
}

export async function providerOf({ provider }: Dialect): Promise<ProviderDefinition> {
  const module = (await import(`../../src/providers/${provider}.ts`)) as { provider: ProviderDefinition };
  return module.provider;
}

export function surroundings(dialect: Dialect, url: string, given: Circumstances = {}): AdviceSurroundings {
  return {
    signal: given.signal ?? new AbortController().signal,
    env: given.env ?? { THE_KEY: KEY },
    settings: {
      id: 'advisor',
      provider: dialect.provider,
      model: 'model-1',
      effort: null,
      baseUrl: url + dialect.base,
      apiKeyEnv: 'THE_KEY',
      binary: null,
      allowUnheld: false,
      ...given.settings,
    },
    limits: { firstOutputMs: 20_000, silenceMs: 20_000, totalMs: 30_000, answerBytes: 200_000, ...given.limits },
    cacheFolder: '/nonexistent',
    propose: async function* () {},
    progress: (message) => given.progress?.push(message),
  };
}

/** Asks, and holds whatever comes to what every result promises: no key in it, and a remedy with each failure. */
export async function ask(dialect: Dialect, url: string, given: Circumstances = {}): Promise<Advice> {
  const progress: string[] = given.progress ?? [];
  const request: AdviceRequest = {
    kind: 'answer',
    system: 'You review code.',
    prompt: 'What is wrong?',
    model: null,
    effort: null,
    transcript: [],
    sample: 0,
    brief: null,
    ...given.request,
  };
  const provider = await providerOf(dialect);
  const advice = await provider.ask(request, surroundings(dialect, url, { ...given, progress }));
  expect(JSON.stringify([advice, progress])).not.toContain(KEY);
  expect(advice.ms).toBeGreaterThanOrEqual(0);
  if (!advice.ok) {
    expect(advice.message).toMatch(/^\P{Cc}{5,500}$/u);
    expect(advice.remedy).toMatch(/^\P{Cc}{10,300}$/u);
    expect(advice.partial).not.toBe('');
  }
  return advice;
}

export async function answered(dialect: Dialect, url: string, given: Circumstances = {}): Promise<Answer> {
  const advice = await ask(dialect, url, given);
  if (!advice.ok) throw new Error(`${advice.reason}: ${advice.message}`);
  return advice;
}

export async function failed(dialect: Dialect, url: string, given: Circumstances = {}): Promise<NoAnswer> {
  const advice = await ask(dialect, url, given);
  if (advice.ok) throw new Error(`answered: ${advice.text.slice(0, 200)}`);
  return advice;
}

/** What a failure says, in the fields that callers decide by. */
export const facts = ({ reason, ran, unpaid, retryAfterMs, partial }: NoAnswer) => ({
  reason,
  ran,
  unpaid,
  retryAfterMs,
  partial,
});
