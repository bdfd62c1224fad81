import { expect, it } from 'vitest';
import { ERROR_CODES, EXIT } from '../../src/domain/errors.ts';

it('keeps the exit statuses of the command line', () => {
  expect(EXIT).toEqual({ ok: 0, notFound: 1, usage: 2, environment: 3 });
});

it('keeps every error code and the exit status that it means', () => {
  expect(ERROR_CODES).toMatchInlineSnapshot(`
    {
      "already_running": 3,
      "bad_candidates": 2,
      "bad_config": 2,
      "bad_host_config": 3,
      "budget_exhausted": 1,
      "cancelled": 1,
      "command_not_found": 3,
      "disk_full": 3,
      "lease_lost": 3,
      "run_crashed": 3,
      "store_busy": 3,
      "store_corrupted": 3,
      "store_too_new": 3,
      "store_unwritable": 3,
      "tests_all_flaky": 3,
      "tests_cannot_start": 3,
      "tests_timed_out": 3,
      "usage": 2,
      "workspace_bare": 2,
      "workspace_empty": 3,
      "workspace_missing": 2,
      "workspace_unreadable": 3,
    }
  `);
});
