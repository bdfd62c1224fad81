import { readdirSync, readFileSync } from 'node:fs';

/** The environment variable by which descendants are known even after they left their group and lost their parent. */
export const GROUP_VARIABLE = 'MAESTRO_GROUP';

/** A process group that was started here: its leader's pid and the value of `GROUP_VARIABLE` it was given. */
export interface Group {
  readonly pid: number;
  readonly marker: string;
}

interface ProcessRow {
  readonly pid: number;
  readonly parent: number;
  readonly group: number;
  readonly session: number;
}

/** Signals that reach the group need not be sent to this one again. */
export interface Member {
  readonly pid: number;
  readonly inGroup: boolean;
}

/**
 * Everything that belongs to a group and still runs: its members, its session, the leader's descendants, and
 * whatever carries the group's marker. Empty where the system has no `/proc`.
 */
export function membersOf({ pid, marker }: Group): Member[] {
  if (!isGroup(pid)) return [];
  const rows = pidsSince(pid).flatMap((other) => readRow(other) ?? []);
  const members = new Set<number>();
  for (const row of rows) if (belongs(row, pid, marker)) members.add(row.pid);
  for (let size = -1; size !== members.size; ) {
    size = members.size;
    for (const row of rows) if (members.has(row.parent)) members.add(row.pid);
  }
  members.delete(process.pid);
  const found = rows.filter((row) => members.has(row.pid));
  return found.map((row) => ({ pid: row.pid, inGroup: row.group === pid }));
}

/** Pids of every process whose marker starts so. */
export function markedProcesses(markerPrefix: string): number[] {
  return allPids().filter((pid) => pid !== process.pid && isMarked(pid, `${GROUP_VARIABLE}=${markerPrefix}`));
}

/** Sends a signal to the group and to those of its processes that left it. Returns how many processes were seen. */
export function signalGroup(group: Group, signal: NodeJS.Signals): number {
  const members = membersOf(group);
  sendToGroup(group.pid, signal);
  for (const { pid, inGroup } of members) if (!inGroup) send(pid, signal);
  return members.length;
}

/** Sends a signal to a whole group. Pid 1 and below mean something else to the system: everything, ourselves, init. */
export function sendToGroup(pid: number, signal: NodeJS.Signals): void {
  if (isGroup(pid)) send(-pid, signal);
}

/** Sends a signal; a process that is gone or not ours is no error. */
export function send(pid: number, signal: NodeJS.Signals): void {
  try {
    process.kill(pid, signal);
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code !== 'ESRCH' && code !== 'EPERM') throw error;
  }
}

function isGroup(pid: number): boolean {
  return pid > 1;
}

function belongs(row: ProcessRow, leader: number, marker: string): boolean {
  if (row.pid === leader || row.parent === leader || row.group === leader || row.session === leader) return true;
  return isMarked(row.pid, `${GROUP_VARIABLE}=${marker}\0`);
}

function isMarked(pid: number, text: string): boolean {
  try {
    return readFileSync(`/proc/${pid}/environ`).includes(text);
  } catch {
    return false;
  }
}

/** Pids given out from `first` on, so that a scan costs by what started since, not by what runs on the machine. */
function pidsSince(first: number): number[] {
  const last = lastPid();
  return allPids().filter((pid) => (last >= first ? pid >= first && pid <= last : pid >= first || pid <= last));
}

function lastPid(): number {
  try {
    return Number(readFileSync('/proc/loadavg', 'latin1').trim().split(' ').at(-1));
  } catch {
    return Number.POSITIVE_INFINITY;
  }
}

function allPids(): number[] {
  try {
    return readdirSync('/proc')
      .filter((name) => /^\d+$/.test(name))
      .map(Number);
  } catch {
    return [];
  }
}

function readRow(pid: number): ProcessRow | null {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'latin1');
    const [state, parent, group, session] = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
    if (state === 'Z' || state === 'X') return null;
    return { pid, parent: Number(parent), group: Number(group), session: Number(session) };
  } catch {
    return null;
  }
}
