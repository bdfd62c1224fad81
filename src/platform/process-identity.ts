import { spawnSync } from 'node:child_process';
import { readFileSync, readlinkSync } from 'node:fs';

/**
 * Text that names one process for good, fit for a file name: `<pid>-<start>-<boot>-<pid namespace>`. A pid alone is
 * reused; with its start time it is not. Outside Linux the last two are `0`. `null` when there is no such process.
 */
export function identityOf(pid: number): string | null {
  const start = startOf(pid);
  return start === null ? null : `${pid}-${start}-${here().boot}-${here().namespace}`;
}

/** The identity of this process. */
export function ownIdentity(): string {
  own ??= identityOf(process.pid) ?? `${process.pid}-0-${here().boot}-${here().namespace}`;
  return own;
}

/** Whether the process of that identity is certainly over; `false` where that cannot be told from here. */
export function isGone(identity: string): boolean {
  const [pid, start, boot, namespace] = identity.split('-');
  if (boot !== here().boot) return true;
  if (namespace !== here().namespace) return false;
  return startOf(Number(pid)) !== start;
}

/** The pid inside an identity. */
export function pidOf(identity: string): number {
  return Number.parseInt(identity, 10);
}

/** What an identity looks like: for patterns over file names. */
export const IDENTITY_PATTERN = '[0-9]+-[0-9]+-[0-9a-f]+-[0-9]+';

let own: string | undefined;
let place: { readonly boot: string; readonly namespace: string } | undefined;

/** Which boot of the machine and which pid namespace this is: pids of another one mean nothing here. */
function here(): { readonly boot: string; readonly namespace: string } {
  place ??= {
    boot: attempt(() => readFileSync('/proc/sys/kernel/random/boot_id', 'utf8').slice(0, 8)) ?? '0',
    namespace: attempt(() => readlinkSync('/proc/self/ns/pid').replace(/\D/g, '')) ?? '0',
  };
  return place;
}

function startOf(pid: number): string | null {
  if (process.platform !== 'linux') return startFromPs(pid);
  const stat = attempt(() => readFileSync(`/proc/${pid}/stat`, 'latin1'));
  const fields = stat?.slice(stat.lastIndexOf(')') + 2).split(' ');
  return !fields || fields[0] === 'Z' || fields[0] === 'X' ? null : (fields[19] ?? null);
}

function startFromPs(pid: number): string | null {
  const { stdout } = spawnSync('ps', ['-o', 'lstart=', '-p', String(pid)], {
    encoding: 'utf8',
    env: { ...process.env, LC_ALL: 'C', TZ: 'UTC' },
  });
  const started = Date.parse(`${(stdout ?? '').trim()} UTC`);
  return Number.isNaN(started) ? null : String(started / 1000);
}

function attempt<T>(read: () => T): T | null {
  try {
    return read();
  } catch {
    return null;
  }
}
