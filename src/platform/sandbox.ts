import { bubblewrap } from './sandbox-bubblewrap.ts';
import { probeSandbox, type SandboxHolds } from './sandbox-probe.ts';
import { unshare } from './sandbox-unshare.ts';

export type { SandboxHolds } from './sandbox-probe.ts';

/** What a sandboxed command sees beside the rest of the system, which is read-only, and a private /tmp. Paths are absolute and real. */
export interface SandboxView {
  /** Folder shown at `showAt`; the command may write in it. */
  readonly workspace: string;
  /** Path at which the command sees the workspace, usually the user's own. */
  readonly showAt: string;
  /** Where the command starts, as it sees it; `showAt` by default. */
  readonly cwd?: string;
  /** Only where `overlays`: a folder that shows through the workspace. `work` is an empty folder beside the workspace. */
  readonly lower?: { readonly folder: string; readonly work: string; readonly removed: readonly string[] };
  /** Further folders it may write, seen at their own path. */
  readonly writable?: readonly string[];
  /** Files and folders seen at their own path; writes fail, or are thrown away where `overlays`. */
  readonly readOnly?: readonly string[];
}

/** A way to start commands that can't do harm. `holds` was measured on this machine by trying. */
export interface Sandbox {
  readonly kind: 'bubblewrap' | 'unshare' | 'none';
  readonly holds: SandboxHolds;
  /** Whether a view may have a `lower`: a fresh workspace then costs nothing. */
  readonly overlays: boolean;
  /** Why something does not hold, in one line. */
  readonly why?: string;
  /** The command to start instead of `argv`. `view.showAt` is ignored by `none`, which holds nothing. */
  wrap(argv: readonly string[], view: SandboxView): string[];
}

/** A kind of sandbox before it is known whether it works here. */
export interface SandboxKind {
  readonly kind: 'bubblewrap' | 'unshare';
  /** Whether it knows how to show a `lower`; whether that works here is tried. */
  readonly overlays: boolean;
  wrap(argv: readonly string[], view: SandboxView): string[];
}

/** Starts commands as they are: every file and the network in reach. */
export const NO_SANDBOX: Sandbox = {
  kind: 'none',
  holds: { network: false, writes: false, processes: false, loopback: true },
  overlays: false,
  wrap: (argv) => [...argv],
};

let detected: Promise<Sandbox> | undefined;

/** The best sandbox that works here, found once a process: both kinds are tried with a real command. Never rejects. */
export function detectSandbox(): Promise<Sandbox> {
  detected ??= chooseSandbox([unshare, bubblewrap]);
  return detected;
}

/** The first kind in which everything holds; else the one that confines most; else none, with why. */
export async function chooseSandbox(kinds: readonly SandboxKind[]): Promise<Sandbox> {
  const reasons: string[] = [];
  let best: Sandbox = NO_SANDBOX;
  for (const kind of kinds) {
    const probe = await probeSandbox(kind);
    if (!probe.works) {
      reasons.push(`${kind.kind}: ${probe.why}`);
      continue;
    }
    const sandbox = { kind: kind.kind, holds: probe.holds, overlays: probe.overlays, wrap: kind.wrap };
    if (strength(sandbox.holds) === strength(EVERYTHING)) return sandbox;
    reasons.push(`${kind.kind}: ${missing(sandbox.holds)}`);
    if (strength(sandbox.holds) > strength(best.holds)) best = sandbox;
  }
  return { ...best, why: reasons.join('; ') || 'no sandbox for this system' };
}

const EVERYTHING: SandboxHolds = { network: true, writes: true, processes: true, loopback: true };

/** A sandbox without loopback is worth less than none: tests that start a server would fail in it. */
function strength(holds: SandboxHolds): number {
  if (!holds.loopback) return -1;
  return Number(holds.writes) * 4 + Number(holds.network) * 2 + Number(holds.processes);
}

function missing(holds: SandboxHolds): string {
  const lacking = Object.entries(holds).flatMap(([what, held]) => (held ? [] : [what]));
  return `does not hold: ${lacking.join(', ')}`;
}
