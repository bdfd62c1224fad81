/** The innermost command of a test command, and how words can be added to it from outside. */
export interface Invocation {
  /** The runner's own words, e.g. `['vitest', 'run']`, wrappers and scripts taken off. */
  readonly words: readonly string[];
  /** The command as the user gave it. */
  readonly argv: readonly string[];
  /** Where the inner command runs. */
  readonly cwd: string;
  /** The workspace: where the user's command runs. */
  readonly root: string;
  /** Variables set on the way. */
  readonly env: Readonly<Record<string, string>>;
  /** The user's command with the runner's words replaced, or `null` where they stand in a script. */
  replace(words: readonly string[]): readonly string[] | null;
  /** The user's command with words after the runner's, or `null` where that is not certain to reach the runner. */
  append(words: readonly string[]): readonly string[] | null;
}
