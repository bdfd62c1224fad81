import { MaestroError } from '../domain/errors.ts';

/** SQLite's and Node's codes that are expected failures, first match wins. */
const MEANINGS: ReadonlyArray<readonly [RegExp, (file: string, cause: Error) => MaestroError]> = [
  [/^(SQLITE_CORRUPT|SQLITE_NOTADB)/, (file, cause) => corrupted(file, cause.message, cause)],
  [/^(SQLITE_FULL|SQLITE_IOERR_SHMSIZE|ENOSPC|EDQUOT)/, diskFull],
  [/^(SQLITE_READONLY|SQLITE_CANTOPEN|SQLITE_PERM|SQLITE_AUTH|EACCES|EPERM|EROFS|ENOTDIR|EISDIR|EEXIST)/, unwritable],
  [/^SQLITE_IOERR/, failing],
  [/^(SQLITE_BUSY|SQLITE_LOCKED)/, busy],
];

/** An expected failure of the state file as a MaestroError that names it; anything else as it is. */
export function explained(error: unknown, file: string): unknown {
  if (!(error instanceof Error) || !('code' in error) || error instanceof MaestroError) return error;
  const code = String(error.code);
  return MEANINGS.find(([pattern]) => pattern.test(code))?.[1](file, error) ?? error;
}

/** What the disk said when it was to take what is committed, as a MaestroError after which a run can be resumed. */
export function refusedByDisk(error: unknown, file: string): MaestroError {
  const known = explained(error, file);
  if (known instanceof MaestroError) return known;
  return failing(file, error instanceof Error ? error : new Error(String(error)));
}

/** Whether another process held the lock longer than SQLite waited. */
export function isBusy(error: unknown): boolean {
  return error instanceof Error && 'code' in error && /^SQLITE_(BUSY|LOCKED)/.test(String(error.code));
}

/** The file is damaged. It is the user's record, so it is never deleted or moved for them. */
export function corrupted(file: string, why: string, cause?: Error): MaestroError {
  return new MaestroError(
    'store_corrupted',
    `the state file ${file} is damaged: ${why}`,
    `move it and the files beside it (${file}-wal, ${file}-shm) away and run the command again: a new one is begun`,
    { cause },
  );
}

/** What kept the log of an earlier state file from being removed beside this one: another process uses it, unless `cause` says more. */
export function besideAnothersLog(cause: unknown, file: string): MaestroError {
  if (cause instanceof MaestroError && cause.code !== 'store_busy') return cause;
  return new MaestroError(
    'store_corrupted',
    `the state file ${file} was replaced while it was in use, and the log of the one before still lies beside it`,
    `end every program that uses it, move ${file}-wal and ${file}-shm away and run the command again`,
    { cause },
  );
}

/** The file was written by a newer version, which alone knows what is in it. */
export function tooNew(file: string, version: number, newest: number): MaestroError {
  return new MaestroError(
    'store_too_new',
    `the state file ${file} has version ${version}, this program knows versions up to ${newest}`,
    'update maestro-workflow, or set MAESTRO_HOME to another folder; the file was not touched',
  );
}

function diskFull(file: string, cause: Error): MaestroError {
  return new MaestroError(
    'disk_full',
    `no space left on the disk of the state file ${file}`,
    'free some space and run the same command again: what was committed is kept',
    { cause },
  );
}

function unwritable(file: string, cause: Error): MaestroError {
  return new MaestroError(
    'store_unwritable',
    `the state file ${file} cannot be written: ${cause.message}`,
    'make its folder writable, or set MAESTRO_HOME to a folder that is',
    { cause },
  );
}

/** A quota, a limit on the size of files, or the disk itself: SQLite does not tell them apart. */
function failing(file: string, cause: Error): MaestroError {
  return new MaestroError(
    'store_unwritable',
    `the disk takes nothing more into the state file ${file}: ${cause.message}`,
    'look for a quota, a limit on the size of files or a failing disk, or set MAESTRO_HOME to a folder elsewhere; what was committed is kept',
    { cause },
  );
}

/** Another process holds it. */
export function busy(file: string, cause?: Error): MaestroError {
  return new MaestroError(
    'store_busy',
    `another process keeps the state file ${file} locked`,
    'try again; if it stays locked, look for a backup or sync program that holds it',
    { cause },
  );
}
