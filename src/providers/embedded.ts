import type {
  Advice,
  AdviceFailure,
  AdviceRequest,
  AdviceSurroundings,
  AdviceUsage,
  ProviderDefinition,
} from '../domain/advice.ts';
import type { Proposal, RepairBrief, Suspect } from '../domain/ports.ts';

const NOTHING_USED: AdviceUsage = {
  input_tokens: 0,
  cached_input_tokens: 0,
  output_tokens: 0,
  reasoning_tokens: 0,
  cost_usd: 0,
};
const PLACES_SHOWN = 5;
const EDITS_SHOWN = 3;
const HYPOTHESES = 3;

/**
 * The advisor that ships with Maestro: it proposes edits from templates over the program's syntax. It has no model,
 * opens no connection and needs no key; what it proposes is a guess like any other and must pass the tests.
 */
export const provider: ProviderDefinition = {
  id: 'embedded',
  description: 'templates, not a language model: small edits of suspicious lines in JavaScript, TypeScript and Python',
  form: 'embedded',
  network: false,

  async available() {
    return {
      ready: true,
      reason: null,
      detail: 'comes with Maestro',
      remedy: null,
      version: null,
      path: null,
      loggedIn: null,
      heldBy: 'it starts nothing and writes nothing',
    };
  },

  async ask(request, surroundings) {
    const from = performance.now();
    const exchange = { ran: true, model: null, usage: NOTHING_USED };
    const ms = () => Math.round(performance.now() - from);
    const failed = (reason: AdviceFailure, message: string, remedy: string): Advice => ({
      ...exchange,
      ok: false,
      ms: ms(),
      reason,
      message,
      remedy,
      retryAfterMs: null,
      unpaid: true,
      partial: null,
    });
    try {
      const text = await answer(request, surroundings);
      if (surroundings.signal.aborted) return failed('cancelled', 'it was stopped', 'ask again');
      if (text === null) return failed('refused', NOTHING_TO_SAY[request.kind], REMEDY);
      return { ...exchange, ok: true, ms: ms(), text, truncated: false };
    } catch (error) {
      return failed('crashed', error instanceof Error ? error.message : String(error), 'report it, with the question');
    }
  },
};

const REMEDY = 'name the files it is about and paste the failing output in `errors`, or ask a model';
const NOTHING_TO_SAY: Record<AdviceRequest['kind'], string> = {
  answer: 'it finds no suspicious place: templates can only look at failing tests and code',
  hypotheses: 'it finds no suspicious place to explain: templates can only look at failing tests and code',
  patch: 'it has no further edit to propose for these files',
  verdict: 'it cannot compare answers: it is no language model',
};

async function answer(request: AdviceRequest, surroundings: AdviceSurroundings): Promise<string | null> {
  const { kind, brief, sample } = request;
  if (brief === null || brief.sources.length === 0 || kind === 'verdict') return null;
  if (kind === 'patch') return (await edits(brief, surroundings, sample + 1))[sample]?.text ?? null;
  const places = suspiciousPlaces(brief);
  if (places.length === 0) return null;
  if (kind === 'hypotheses') return hypotheses(brief, await edits(brief, surroundings, HYPOTHESES * 4), sample);
  return prose(brief, places, await edits(brief, surroundings, EDITS_SHOWN));
}

/** The first so many different edits. */
async function edits(
  brief: RepairBrief,
  { propose, signal }: AdviceSurroundings,
  most: number,
): Promise<readonly Proposal[]> {
  const found = new Map<string, Proposal>();
  for await (const proposal of propose(brief, signal)) {
    found.set(proposal.text, proposal);
    if (found.size >= most) break;
  }
  return [...found.values()];
}

interface Place extends Suspect {
  readonly code: string;
}

/** The most suspicious lines that hold something, one a neighbourhood of three. */
function suspiciousPlaces({ sources, suspects }: RepairBrief): readonly Place[] {
  const lines = new Map(sources.map(({ path, text }) => [path, text.split('\n')]));
  const places: Place[] = [];
  for (const suspect of suspects) {
    const code = lines.get(suspect.path)?.[suspect.line - 1]?.trim() ?? '';
    const isNear = places.some(({ path, line }) => path === suspect.path && Math.abs(line - suspect.line) < 3);
    if (/\w/.test(code) && !isNear) places.push({ ...suspect, code });
    if (places.length >= PLACES_SHOWN) break;
  }
  return places;
}

function prose(brief: RepairBrief, places: readonly Place[], proposals: readonly Proposal[]): string {
  const tests = brief.failures.map(({ id }) => `- ${id}`).slice(0, 10);
  return [
    'This comes from templates over the syntax of the code, not from a language model: guesses, to be tested.',
    ...(tests.length > 0 ? ['', 'Failing:', ...tests] : []),
    '',
    'Suspicious places, most suspicious first:',
    ...places.map(
      ({ path, line, code, why, score }, index) =>
        `${index + 1}. ${path}:${line} \`${code.slice(0, 160)}\`: ${why} (suspicion ${score.toFixed(2)})`,
    ),
    ...(proposals.length > 0 ? ['', 'Edits worth a try, one at a time:'] : []),
    ...proposals.map(({ text, operator }) => `\n${operator ?? 'edit'}:\n\`\`\`diff\n${text.trimEnd()}\n\`\`\``),
  ].join('\n');
}

/** The stage's hypotheses: what the best edits take for the cause; a further sample goes on where the one before ended. */
function hypotheses(brief: RepairBrief, proposals: readonly Proposal[], sample: number): string | null {
  const failing = brief.failures.map(({ id }) => id).slice(0, 3);
  const test =
    failing.length > 0 ? `with the edit, these pass: ${failing.join('; ')}` : 'with the edit, the failing test passes';
  const own = proposals.slice(sample * HYPOTHESES, (sample + 1) * HYPOTHESES);
  if (own.length === 0) return null;
  const list = own.map(({ text, operator }, index) => {
    const { path, line, before, after } = firstChange(text);
    return {
      id: `h${sample * HYPOTHESES + index + 1}`,
      claim: `${path}:${line} is wrong (${operator ?? 'edit'}): \`${before}\` should be \`${after}\``,
      verification_test: test,
      confidence: Math.round(100 / (2 + sample * HYPOTHESES + index)) / 200,
    };
  });
  return JSON.stringify({ hypotheses: list }, null, 2);
}

function firstChange(diff: string): { path: string; line: number; before: string; after: string } {
  const lines = diff.split('\n');
  const path = /^\+\+\+ b\/(.+)$/m.exec(diff)?.[1]?.trim() ?? 'the file';
  const at = lines.findIndex((line) => line.startsWith('@@'));
  const changed = lines.findIndex((line, index) => index > at && /^[-+]/.test(line));
  const start = Number(/^@@ -\d+(?:,\d+)? \+(\d+)/.exec(lines[at] ?? '')?.[1] ?? 1);
  const body = lines.slice(at + 1);
  const first = (mark: string) =>
    body
      .find((line) => line.startsWith(mark))
      ?.slice(1)
      .trim() ?? '(nothing)';
  return { path, line: start + Math.max(0, changed - at - 1), before: first('-'), after: first('+') };
}
