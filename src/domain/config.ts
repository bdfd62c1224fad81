import { z } from 'zod';
import type { AdviceLimits } from './advice.ts';
import { CONSULT_LIMITS } from './budget.ts';
import { parseDuration } from './duration.ts';

const duration = z
  .union([z.string(), z.number()])
  .transform((given, context) => {
    const ms = parseDuration(String(given));
    if (ms === null) context.addIssue({ code: 'custom', message: 'give a length of time such as "90s" or "5m"' });
    return ms ?? z.NEVER;
  })
  .meta({ type: 'duration' });

const name = z.string().regex(/^[A-Za-z0-9][\w.-]{0,63}$/, 'a name has letters, digits, ".", "_" and "-", at most 64');
const text = z.string().trim().min(1).max(500);
const variable = z.string().regex(/^[A-Za-z_]\w*$/, 'the name of an environment variable, never the key itself');

const advisor = z.strictObject({
  id: name.optional().describe('What it is called in `provider` and `order`; the provider unless given.'),
  provider: name.describe(
    '`codex`, `claude`, `gemini`, `openai`, `anthropic`, `google`, `openai-compatible`, `embedded`.',
  ),
  model: text.optional().describe("Model to ask for; the provider's own default unless given."),
  effort: text.optional().describe('How hard the model is to think, in its own words (`low`, `high`).'),
  base_url: z
    .url({ protocol: /^https?$/ })
    .optional()
    .describe('Where the API is, for HTTP providers.'),
  api_key_env: variable.optional().describe('Name of the environment variable that holds the key.'),
  binary: text.optional().describe('Where the command line program is, when it is not on the PATH.'),
  allow_unheld: z.boolean().optional().describe('Your word that it may be used although nothing holds it to text.'),
});

const atLeastOne = z.int().min(1).max(1_000);
const limits = z.strictObject({
  consults_per_stage: z
    .int()
    .min(0)
    .max(1_000)
    .optional()
    .describe(
      "How often others may be asked in one visit to a stage; it cannot raise the stage's own allowance (1 or 2).",
    ),
  consults_per_workflow: z
    .int()
    .min(0)
    .max(1_000)
    .optional()
    .describe('How often others may be asked in one workflow.'),
  debug_iterations: atLeastOne.optional().describe('Rounds of debugging before the work is handed to a person.'),
  first_output: duration.optional().describe('Give up on an advisor that has said nothing for so long.'),
  silence: duration.optional().describe('Give up on an advisor that falls silent for so long.'),
  total: duration.optional().describe('Give up on an answer that takes longer.'),
  answer_bytes: z.int().min(1_000).max(50_000_000).optional().describe('How much of an answer is taken, in bytes.'),
});

/** The user's own file. */
export const userConfig = z.strictObject({
  $schema: z.string().optional().describe('For editors; not looked at.'),
  advisors: z.array(advisor).max(50).optional().describe('Providers made ready for use under a name.'),
  order: z.array(name).max(50).optional().describe('Whom to ask, and whom to fall back to, best first.'),
  limits: limits.optional().describe('How often, and for how long, others are asked.'),
  approval: z.enum(['none', 'stage']).optional().describe('`stage`: a person must agree to what each stage hands in.'),
  pack_budget: z.int().min(0).max(1_000_000).optional().describe('Tokens of code that go with a question, at most.'),
});

/** A file of the project may only tighten what its user set: it names no advisor, and takes effect where it is stricter. */
export const projectConfig = userConfig.omit({ advisors: true, order: true });

export type UserConfig = z.output<typeof userConfig>;
export type ProjectConfig = z.output<typeof projectConfig>;
export type AdvisorEntry = z.output<typeof advisor>;

/** The configuration in force; times in ms. */
export interface Config {
  readonly advisors: readonly AdvisorEntry[];
  /** Null where the user set none: then what is found on the machine decides. */
  readonly order: readonly string[] | null;
  readonly consults: { readonly stage: number; readonly workflow: number };
  readonly debugIterations: number;
  readonly advice: AdviceLimits;
  readonly approval: 'none' | 'stage';
  readonly packBudget: number;
}

/** What holds without any file. */
export const DEFAULT_CONFIG: Config = {
  advisors: [],
  order: null,
  consults: CONSULT_LIMITS,
  debugIterations: 5,
  advice: { firstOutputMs: 180_000, silenceMs: 180_000, totalMs: 600_000, answerBytes: 256_000 },
  approval: 'none',
  packBudget: 8_000,
};

/** The defaults, changed by what the user set, tightened by what each of the project's files asks for. */
export function configFrom(user: UserConfig, ...project: readonly ProjectConfig[]): Config {
  const own = withLimits(user, DEFAULT_CONFIG, (set) => set);
  const strict = project.reduce((base, file) => withLimits(file, base, Math.min), own);
  return {
    ...strict,
    advisors: user.advisors ?? [],
    order: user.order ?? null,
    approval: [user, ...project].some(({ approval }) => approval === 'stage') ? 'stage' : 'none',
  };
}

function withLimits(
  { limits: set = {}, pack_budget }: ProjectConfig,
  base: Config,
  choose: (set: number, base: number) => number,
): Config {
  const pick = (value: number | undefined, before: number) => (value === undefined ? before : choose(value, before));
  return {
    ...base,
    consults: {
      stage: pick(set.consults_per_stage, base.consults.stage),
      workflow: pick(set.consults_per_workflow, base.consults.workflow),
    },
    debugIterations: pick(set.debug_iterations, base.debugIterations),
    advice: {
      firstOutputMs: pick(set.first_output, base.advice.firstOutputMs),
      silenceMs: pick(set.silence, base.advice.silenceMs),
      totalMs: pick(set.total, base.advice.totalMs),
      answerBytes: pick(set.answer_bytes, base.advice.answerBytes),
    },
    packBudget: pick(pack_budget, base.packBudget),
  };
}
