import type { ParsedReport } from '../reports/report.ts';
import type { Invocation } from './invocation.ts';

/** How a run ended, and how to read the report files it left. */
export interface FinishedRun {
  readonly stdout: string;
  readonly stderr: string;
  readonly exitCode: number | null;
  /** Text of one of the plan's `reportFiles`, or `null` where it was not written. */
  readReport(name: string): Promise<string | null>;
}

/** The user's command, made to say what each test did. Made for one run: report files belong to its `reportDir`. */
export interface RunnerPlan {
  /** `node-test`, `vitest`, `jest`, `mocha`, `pytest`, `unittest`, `go`, `cargo` or `other`. */
  readonly runner: string;
  /** The user's command, with a machine-readable reporter added where that is certain to change nothing else. */
  readonly argv: readonly string[];
  /** Variables to set for the command, beside those the caller gives every command. */
  readonly env: Readonly<Record<string, string>>;
  /** Absolute paths in `reportDir`; the folder has to exist and be writable and empty when the command starts. */
  readonly reportFiles: readonly string[];
  /** The command that runs these tests (and maybe more), or `null` when the runner can't be told so. */
  only(ids: readonly string[]): readonly string[] | null;
  /** Never throws for what a run printed or wrote, however hostile. */
  parse(run: FinishedRun): Promise<ParsedReport>;
}

export type Environment = Readonly<Record<string, string | undefined>>;

/** What a plan is made for. */
export interface Setting {
  readonly reportDir: string;
  /** What the command would get: variables that a plan has to add to, not replace. */
  readonly environment: Environment;
}

/** What a runner adds to a command. */
export interface Addition {
  readonly argv: readonly string[];
  readonly env?: Readonly<Record<string, string>>;
  /** Names within `reportDir`. */
  readonly reportFiles?: readonly string[];
  /** Formats to try on the output, best first; every other format is tried after these. */
  readonly formats: readonly string[];
  only?(ids: readonly string[]): readonly string[] | null;
}

/** One test runner: how its commands look and what is added to them. */
export interface RunnerDefinition {
  readonly id: string;
  /** Whether these words, wrappers taken off, run this runner. */
  matches(words: readonly string[], cwd: string): boolean;
  plan(invocation: Invocation, setting: Setting): Addition | Promise<Addition>;
  /** For warm runners: which tests the command would run; missing where no warm runner exists. */
  program?(invocation: Invocation): Program | Promise<Program>;
}

/** What a test command comes down to once wrappers and scripts are taken off. */
export interface Program {
  readonly runner: string;
  /** The program that runs the tests (`python3`, `node`, an absolute path), as the command names it. */
  readonly interpreter: string;
  /** Arguments of the interpreter itself, before the runner (`-W error`, `--import tsx`). */
  readonly interpreterArgs: readonly string[];
  /** Arguments of the runner that are not test files. */
  readonly args: readonly string[];
  /** Workspace-relative files it would run, sorted, as the runner finds them by default or from the patterns given. */
  readonly testFiles: readonly string[];
  /** Tests named on the command line (`test_x.Class.name`, `test_x.py::name`), where the runner takes such. */
  readonly named: readonly string[];
  /** Workspace-relative folder the runner runs in; '' for the workspace itself. */
  readonly folder: string;
  /** Workspace-relative configuration files that exist and that the runner reads. */
  readonly configFiles: readonly string[];
  /** Variables set on the way (`env A=b`, `A=b` in a script). */
  readonly env: Readonly<Record<string, string>>;
}
