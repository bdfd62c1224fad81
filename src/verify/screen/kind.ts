import type { ProcessSpec } from '../../platform/process.ts';
import type { Program } from '../runners/index.ts';

/** What a kind of warm runner needs to know to start. */
export interface ScreenSetting {
  readonly program: Program;
  /** The user's argv. */
  readonly command: readonly string[];
  /** The copy of the tree to run in (a real path). */
  readonly dir: string;
  /** The user's own tree. */
  readonly original: string;
  /** Text of a file of the tree, or `null`. */
  read(path: string): Promise<string | null>;
}

/** How to start a warm process, and its first message. */
export interface Launch {
  readonly argv: readonly string[];
  readonly env: ProcessSpec['env'];
  readonly open: Readonly<Record<string, unknown>>;
  /** What every line of an answer starts with. */
  readonly mark: string;
}

/** One family of runners that can be kept warm. */
export interface ScreenKind {
  readonly runners: readonly string[];
  /** Files it can replace in memory; a change to any other goes to the user's command. */
  readonly replaces: RegExp;
  /** CPU seconds a test of a program that does next to nothing may use. */
  readonly leastCpu: number;
  /** `null` when this program is beyond it. */
  launch(setting: ScreenSetting): Promise<Launch | null>;
}
