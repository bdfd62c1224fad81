import type { AdviceLimits, AdviceRequest, AdviceSurroundings, AdviceUsage } from '../../domain/advice.ts';
import type { LineMeaning } from '../../platform/watched-process.ts';

/** Folders of one ask, removed after it. `home`, `cwd` and `tmp` are empty at first and in nobody else's reach. */
export interface PrivateFolders {
  readonly root: string;
  readonly home: string;
  readonly cwd: string;
  readonly tmp: string;
  /** Holds the system prompt. */
  readonly system: string;
}

/** A program that was found, with its version; `path` is what is started. */
export interface Program {
  readonly path: string;
  readonly version: string;
}

/** How the user is logged in: a sentence for people, and what to hand to the program. */
export interface Login {
  readonly how: string;
  /** Variables that carry the credentials. */
  readonly env: Readonly<Record<string, string>>;
  /** A file of the user with the credentials, for the private home. */
  readonly file: string | null;
  /** Where its requests must go, when that is not the vendor. */
  readonly baseUrl: string | null;
}

/** What is known when a program is about to be asked. */
export interface Call {
  readonly program: Program;
  readonly login: Login;
  readonly folders: PrivateFolders;
  readonly model: string | null;
  readonly effort: string | null;
  readonly limits: AdviceLimits;
  readonly cacheFolder: string;
  readonly env: AdviceSurroundings['env'];
  readonly signal: AbortSignal;
}

/** The command line and what its environment has beside the folders and the path. */
export interface Invocation {
  readonly args: readonly string[];
  readonly env: Readonly<Record<string, string>>;
}

/** What a program's output says. */
export interface Reading {
  /** The text of the answer as far as it came. */
  readonly text: string;
  /** The program itself says, or the form of its output shows, that the text is the whole answer. */
  readonly complete: boolean;
  readonly model: string | null;
  readonly usage: AdviceUsage;
  /** What went wrong in the program's words, with the HTTP status where it names one. */
  readonly error: { readonly message: string; readonly status: number | null } | null;
  /** The model asked for this tool instead of answering. */
  readonly tool: string | null;
  /** The model declined to answer. */
  readonly refused: boolean;
}

/** How a program ended, for one that says something with its exit status. */
export interface Output {
  readonly stdout: string;
  readonly stderr: string;
  readonly exitCode: number | null;
}

/** What distinguishes one command line program from another. */
export interface Dialect {
  readonly id: string;
  readonly description: string;
  /** Name of the program on the PATH. */
  readonly program: string;
  /** The npm package it comes in. */
  readonly npmPackage: string;
  /** The version whose flags were proven to leave no tool; older ones are refused, newer ones are tried first. */
  readonly testedVersion: string;
  /** So many bytes of question it takes on stdin. */
  readonly promptBytes: number;
  /** Whether the answer streams; else nothing can be told from silence. */
  readonly streams: boolean;
  readonly loginRemedy: string;
  /** The path below the address of the API that a loopback server shows, such as `/v1`. */
  readonly apiPath: string;
  /** The login to use; null where there is none. Nothing is asked and nothing spent. */
  login(surroundings: AdviceSurroundings): Promise<Login | null>;
  /** A login that is good for a server of our own only. */
  fakeLogin(baseUrl: string): Login;
  /** Writes what the program needs into the private folders and says how to start it. */
  prepare(call: Call): Promise<Invocation>;
  /** What it says on stderr when the model asks for a tool, and would then ask the model again; null where it ends by itself. */
  readonly toolComplaint: RegExp | null;
  meaning(line: string): LineMeaning;
  read(output: Output): Reading;
}

/** The question in one text, ready for stdin. */
export type Question = Pick<AdviceRequest, 'prompt' | 'transcript'>;
