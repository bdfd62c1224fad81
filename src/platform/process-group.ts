import { type ChildProcess, spawn } from 'node:child_process';
import { accessSync, constants, statSync } from 'node:fs';
import type { Socket } from 'node:net';
import { PassThrough, type Readable, type Writable } from 'node:stream';
import { setTimeout as sleep } from 'node:timers/promises';
import type { ProcessEnd, ProcessSpec } from './process.ts';
import { identityOf, isGone, pidOf } from './process-identity.ts';
import { OWNER_TOKEN, recordGroup } from './process-registry.ts';
import { GROUP_VARIABLE, type Group, membersOf, send, signalGroup } from './process-tree.ts';

/** How long a process may outlive SIGKILL (asleep in the kernel, or not ours to kill) before it is given up. */
const GIVE_UP_MS = 5_000;
const MEMBERS_DIE_WITHIN_MS = 1_000;

const live = new Set<ProcessGroup>();
let started = 0;
let hooked = false;

/** The groups that this process started and whose leader still runs. */
export function liveGroups(): readonly ProcessGroup[] {
  return [...live];
}

/** A child that leads a process group of its own, until leader and group are gone. Starting never throws. */
export class ProcessGroup {
  readonly stdin: Writable;
  readonly stdout: Readable;
  readonly stderr: Readable;
  readonly ended: Promise<ProcessEnd>;
  readonly #child: ChildProcess | null;
  readonly #group: Group;
  readonly #startedAt = performance.now();
  readonly #forget: () => void;
  readonly #closed: Promise<void>;
  #end!: (end: ProcessEnd) => void;
  #over = false;
  #termination: Promise<void> | null = null;
  #seen: string[] = [];

  constructor(spec: Omit<ProcessSpec, 'stdin'>, stdin: 'pipe' | 'ignore') {
    this.ended = new Promise((resolve) => {
      this.#end = resolve;
    });
    const marker = `${OWNER_TOKEN}.${++started}`;
    const child = spawnLeader(spec, marker, stdin);
    this.#child = child instanceof Error ? null : child;
    this.#group = { pid: this.#child?.pid ?? -1, marker };
    this.stdin = this.#child?.stdin ?? new PassThrough();
    this.stdout = this.#child?.stdout ?? endedStream();
    this.stderr = this.#child?.stderr ?? endedStream();
    // The child may close its end at any moment (EPIPE); how it ended is told by `ended` alone.
    for (const stream of [this.stdin, this.stdout, this.stderr]) stream.on('error', () => {});
    this.#closed = new Promise((resolve) => (this.#child ? this.#child.once('close', () => resolve()) : resolve()));
    this.#forget = this.pid > 0 ? this.#keep() : () => {};
    if (child instanceof Error) this.#finish({ spawnError: child });
    else this.#listen(child, spec.cwd);
  }

  /** The leader's pid, which is also the group's; -1 when it never started. */
  get pid(): number {
    return this.#group.pid;
  }

  get isOver(): boolean {
    return this.#over;
  }

  /** SIGTERM, then SIGKILL to whatever is left after `graceMs`; resolves when the group is gone. */
  terminate(graceMs: number): Promise<void> {
    if (!this.#over && this.pid > 0) this.#termination ??= this.#terminate(graceMs);
    return this.#termination ?? this.ended.then(() => {});
  }

  /** SIGKILL without waiting: for the last moment of this process. */
  killNow(): void {
    signalGroup(this.#group, 'SIGKILL');
    this.#forget();
  }

  /**
   * Resolves when both streams are read to their end; or, since a process that escaped may hold them open for ever, when
   * nothing has come for two ticks, or after twenty. Then the streams are closed.
   */
  async drained(tickMs: number): Promise<void> {
    let before = -1;
    for (let tick = 0, idle = 0; tick < 20 && idle < 2; tick++) {
      if (await settlesWithin(this.#closed, tickMs)) return;
      const now = bytesRead(this.stdout) + bytesRead(this.stderr);
      idle = now === before ? idle + 1 : 0;
      before = now;
    }
    this.stdout.destroy();
    this.stderr.destroy();
  }

  #listen(child: ChildProcess, cwd: string): void {
    child.once('error', (error) => {
      if (child.pid === undefined) this.#finish({ spawnError: explain(error, cwd) });
    });
    child.once('exit', (exitCode, signal) => void this.#reap({ exitCode, signal }));
  }

  #keep(): () => void {
    live.add(this);
    // First of all that happens on exit: nobody may write where others then remove.
    if (!hooked) process.prependOnceListener('exit', killEverythingNow);
    hooked = true;
    const forget = recordGroup(this.#group);
    return () => {
      live.delete(this);
      forget();
    };
  }

  async #terminate(graceMs: number): Promise<void> {
    this.#seen = membersOf(this.#group).flatMap(({ pid }) => identityOf(pid) ?? []);
    signalGroup(this.#group, 'SIGTERM');
    if (await settlesWithin(this.ended, graceMs)) return;
    signalGroup(this.#group, 'SIGKILL');
    if (!(await settlesWithin(this.ended, GIVE_UP_MS))) this.#finish({});
  }

  async #reap(end: Partial<ProcessEnd>): Promise<void> {
    let left = signalGroup(this.#group, 'SIGKILL');
    for (const identity of this.#seen) if (!isGone(identity)) send(pidOf(identity), 'SIGKILL');
    const deadline = performance.now() + MEMBERS_DIE_WITHIN_MS;
    while (left > 0 && performance.now() < deadline) {
      await sleep(2);
      left = signalGroup(this.#group, 'SIGKILL');
    }
    this.#finish(end);
  }

  #finish(end: Partial<ProcessEnd>): void {
    if (this.#over) return;
    this.#over = true;
    this.#forget();
    this.#end({ exitCode: null, signal: null, spawnError: null, ...end, ms: performance.now() - this.#startedAt });
  }
}

function spawnLeader(
  { argv: [program = '', ...args], cwd, env }: Omit<ProcessSpec, 'stdin'>,
  marker: string,
  stdin: 'pipe' | 'ignore',
): ChildProcess | NodeJS.ErrnoException {
  try {
    return spawn(program, args, {
      cwd,
      env: { ...env, [GROUP_VARIABLE]: marker },
      detached: true,
      shell: false,
      windowsHide: true,
      stdio: [stdin, 'pipe', 'pipe'],
    });
  } catch (error) {
    return explain(error as NodeJS.ErrnoException, cwd);
  }
}

/** A missing working folder is reported by the system as a missing program: says which of the two it is. */
function explain(error: NodeJS.ErrnoException, cwd: string): NodeJS.ErrnoException {
  try {
    if (!statSync(cwd).isDirectory()) return folderError('ENOTDIR', `${cwd} is not a folder`, cwd);
    accessSync(cwd, constants.X_OK);
    return error;
  } catch (cause) {
    const { code = 'ENOENT' } = cause as NodeJS.ErrnoException;
    return folderError(code, `the folder ${cwd} ${code === 'ENOENT' ? 'does not exist' : 'cannot be entered'}`, cwd);
  }
}

function folderError(code: string, message: string, path: string): NodeJS.ErrnoException {
  return Object.assign(new Error(message), { code, path, syscall: 'chdir' });
}

function killEverythingNow(): void {
  for (const group of live) group.killNow();
}

function settlesWithin(promise: Promise<unknown>, ms: number): Promise<boolean> {
  return new Promise((resolve) => {
    const timer = setTimeout(() => resolve(false), ms);
    void promise.then(() => {
      clearTimeout(timer);
      resolve(true);
    });
  });
}

function bytesRead(stream: Readable): number {
  return (stream as Partial<Socket>).bytesRead ?? 0;
}

function endedStream(): Readable {
  return new PassThrough().end();
}
