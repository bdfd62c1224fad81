import { MaestroError } from '../domain/errors.ts';
import { pidOf } from '../platform/process-identity.ts';
import type { RunRow } from '../store/schema.ts';

/** Somebody else works on the same thing right now. */
export function alreadyRunning({ id, owner_process }: RunRow): MaestroError {
  const pid = owner_process === null ? 'unknown' : pidOf(owner_process);
  return new MaestroError(
    'already_running',
    `run ${id} is already being worked on by process ${pid}`,
    `wait for it to finish, or stop process ${pid} and run the same command again to take over`,
  );
}

/** The run ended its process too often to be tried once more. */
export function crashedTooOften({ id, attempts }: RunRow): MaestroError {
  return new MaestroError(
    'run_crashed',
    `run ${id} was given up: ${attempts} times its process ended in the middle of it`,
    'look for what ends the process (memory, a supervisor); the same command begins a new run',
  );
}

/** Another process took the run over, so nothing more is written here. */
export function leaseLost(id: string): MaestroError {
  return new MaestroError(
    'lease_lost',
    `run ${id} was taken over by another process while this one did not respond`,
    'leave it to the other process, or run the same command again once that one has finished',
  );
}

/** The run was interrupted; what it committed is kept. */
export function interrupted(id: string, cause: unknown): MaestroError {
  return new MaestroError('cancelled', `run ${id} was interrupted`, 'run the same command again to resume it', {
    cause,
  });
}
