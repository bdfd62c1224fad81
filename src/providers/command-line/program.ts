import type { AdviceRequest, AdviceUsage, AdvisorSettings } from '../../domain/advice.ts';

type Environment = Readonly<Record<string, string | undefined>>;

/** How a program is logged in: variables it gets, files of the user's that it reads, and in words. */
export interface Login {
  readonly kind: 'key' | 'account';
  /** For people; never the value. */
  readonly from: string;
  readonly env: Readonly<Record<string, string>>;
  /** Files of the user's home shown in the private one: path there → path here. */
  readonly files: Readonly<Record<string, string>>;
}

/** Private folders of one ask, removed after it. `cwd` is empty. */
export interface Scratch {
  readonly root: string;
  readonly cwd: string;
  readonly home: string;
  readonly tmp: string;
  /** The system prompt, in a file of mode 0600. */
  readonly system: string;
}

/** Everything a command line is made from. */
export interface PlanInput {
  readonly scratch: Scratch;
  readonly login: Login;
  readonly model: string | null;
  readonly effort: string | null;
  readonly settings: AdvisorSettings;
  readonly silenceMs: number;
  /** A folder to keep what is derived from this version of the program. */
  readonly cacheFolder: string;
  readonly binary: string;
  readonly version: string;
  readonly env: Environment;
  readonly questionLength: number;
  readonly signal: AbortSignal;
}

/**
 * What to start: arguments after the program itself, and variables beside PATH, HOME and TMPDIR. `streams`: the answer
 * comes bit by bit, so that its silence means something.
 */
export interface Plan {
  readonly streams: boolean;
  readonly args: readonly string[];
  readonly env: Readonly<Record<string, string>>;
}

/** What one line, or the whole, of a program's output says. */
export interface Heard {
  /** More of the answer, as it streams in. */
  readonly delta?: string;
  /** The whole answer, replacing what streamed in. */
  readonly text?: string;
  readonly model?: string;
  readonly usage?: AdviceUsage;
  /** Positive evidence that the answer is complete. */
  readonly complete?: boolean;
  readonly error?: { readonly status: number | null; readonly message: string };
  /** Tools that the program says it offers to the model. */
  readonly tools?: readonly string[];
}

/** A command-line program of a vendor, as it is driven: one object a program. */
export interface Program {
  readonly id: string;
  readonly title: string;
  /** Its name on the PATH. */
  readonly command: string;
  readonly install: string;
  readonly logIn: string;
  /** The oldest version whose flags are known, and those whose flags were proven to leave no tool. */
  readonly oldest: string;
  readonly proven: readonly string[];
  /** The most characters it takes as a prompt. */
  readonly mostCharacters: number;
  /** The version without starting it, where a file beside it says so; else null, and `--version` is asked. */
  versionFile(binary: string): string | null;
  /** How it is logged in; null: not at all. */
  login(env: Environment, settings: AdvisorSettings): Login | null;
  plan(input: PlanInput): Promise<Plan>;
  /** Reads one line of standard output. */
  line(value: unknown): Heard;
  /** Reads the lines that are not JSON by themselves when nothing else told the end: plain errors, documents over several lines. */
  rest(stdout: string, stderr: string): Heard;
  /** The HTTP status that an exit status stands for, where the program puts it there. */
  httpStatus?(exitCode: number): number | null;
  /** The tools that a request to the model's API offers. */
  offered(body: unknown): readonly string[];
}

/** The question with what was said before, never beginning with a sign that a program takes for a command. */
export function questionText({ transcript, prompt }: AdviceRequest): string {
  const earlier = transcript.map(
    ({ question, answer }) => `## Earlier question\n\n${question}\n\n## Your answer\n\n${answer}`,
  );
  return [...earlier, `## Question\n\n${prompt}`].join('\n\n').replaceAll('\0', '\uFFFD');
}
