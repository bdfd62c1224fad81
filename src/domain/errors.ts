/** Exit statuses of the CLI: part of its public contract. */
export const EXIT = { ok: 0, notFound: 1, usage: 2, environment: 3 } as const;
export type ExitStatus = (typeof EXIT)[keyof typeof EXIT];

/** Every expected failure: a stable code and the exit status it means on the command line. */
export const ERROR_CODES = {
  usage: EXIT.usage,
  bad_candidates: EXIT.usage,
  bad_config: EXIT.usage,
  bad_host_config: EXIT.environment,
  workspace_missing: EXIT.usage,
  workspace_unreadable: EXIT.environment,
  workspace_bare: EXIT.usage,
  workspace_empty: EXIT.environment,
  command_not_found: EXIT.environment,
  tests_cannot_start: EXIT.environment,
  tests_timed_out: EXIT.environment,
  tests_all_flaky: EXIT.environment,
  disk_full: EXIT.environment,
  already_running: EXIT.environment,
  lease_lost: EXIT.environment,
  run_crashed: EXIT.environment,
  store_too_new: EXIT.environment,
  store_corrupted: EXIT.environment,
  store_unwritable: EXIT.environment,
  store_busy: EXIT.environment,
  budget_exhausted: EXIT.notFound,
  cancelled: EXIT.notFound,
} as const satisfies Record<string, ExitStatus>;
export type ErrorCode = keyof typeof ERROR_CODES;

/**
 * An expected failure: one line that says what is wrong and where, and a remedy that says what to do.
 * Anything else that is thrown is a defect and keeps its stack.
 */
export class MaestroError extends Error {
  override readonly name = 'MaestroError';
  readonly code: ErrorCode;
  readonly remedy: string;

  constructor(code: ErrorCode, message: string, remedy: string, options?: ErrorOptions) {
    super(message, options);
    this.code = code;
    this.remedy = remedy;
  }

  get exitStatus(): ExitStatus {
    return ERROR_CODES[this.code];
  }
}
