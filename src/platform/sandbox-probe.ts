import { mkdir, mkdtemp, readFile, readlink, rm, writeFile } from 'node:fs/promises';
import { createServer, type Server } from 'node:net';
import { homedir, tmpdir } from 'node:os';
import { join } from 'node:path';
import { runProcess } from './process.ts';
import type { SandboxKind } from './sandbox.ts';

/**
 * What a sandbox was seen to hold. `network`: no other host or process is reached; `writes`: only the workspace and a private
 * /tmp can be written; `processes`: others are not seen and none is left behind; `loopback`: 127.0.0.1 works inside.
 */
export interface SandboxHolds {
  readonly network: boolean;
  readonly writes: boolean;
  readonly processes: boolean;
  readonly loopback: boolean;
}

export type Probe =
  | { readonly works: true; readonly holds: SandboxHolds; readonly overlays: boolean }
  | { readonly works: false; readonly why: string };

/** Starts a command in the sandbox that tries everything it should not be able to, and looks at what came of it. */
export async function probeSandbox(kind: Pick<SandboxKind, 'overlays' | 'wrap'>): Promise<Probe> {
  if (process.platform !== 'linux') return { works: false, why: 'only on Linux' };
  const folder = await mkdtemp(join(tmpdir(), 'maestro-probe-'));
  const server = await listen();
  try {
    const layered = kind.overlays && (await attempt(kind.wrap, folder, server, true));
    const layers = layered !== false && layered.works;
    const plain = layers ? layered : await attempt(kind.wrap, folder, server, false);
    return plain.works ? { ...plain, overlays: layers } : plain;
  } finally {
    server.close();
    await rm(folder, { recursive: true, force: true });
  }
}

/** Runs inside: connects to itself and to us, writes outside, tells its namespace and its mounts. Prints JSON. */
const INSIDE = `
const [port, outside, tmp] = process.argv.slice(1);
const fs = require('fs'), net = require('net');
const tried = (f) => { try { f(); return true } catch { return false } };
const connects = (port) => new Promise((done) => {
  const socket = net.connect(port, '127.0.0.1', () => { socket.destroy(); done(true) });
  socket.on('error', () => done(false));
});
const own = net.createServer((socket) => socket.destroy()).listen(0, '127.0.0.1', async () => {
  const loopback = await connects(own.address().port);
  const network = await connects(Number(port));
  const interfaces = Object.values(require('os').networkInterfaces()).flat().filter((i) => !i.internal).length;
  console.log(JSON.stringify({
    loopback, network: network || interfaces > 0,
    read: tried(() => fs.readFileSync('shown')), wrote: tried(() => fs.writeFileSync('written', 'x')),
    outside: tried(() => fs.writeFileSync(outside, 'x')),
    system: tried(() => fs.closeSync(fs.openSync('/proc/sys/kernel/core_pattern', 'r+'))),
    tmp: tried(() => fs.writeFileSync(tmp, 'x')),
    pids: fs.readlinkSync('/proc/self/ns/pid'),
    mounts: fs.readFileSync('/proc/self/mountinfo', 'utf8'),
  }));
  process.exit();
});
own.on('error', () => { console.log(JSON.stringify({ loopback: false })); process.exit() });
`;

interface Answer {
  readonly loopback: boolean;
  readonly network: boolean;
  readonly read: boolean;
  readonly wrote: boolean;
  readonly outside: boolean;
  readonly system: boolean;
  readonly tmp: boolean;
  readonly pids: string;
  readonly mounts: string;
}

async function attempt(
  wrap: SandboxKind['wrap'],
  folder: string,
  server: Server,
  layered: boolean,
): Promise<Omit<Probe & { works: true }, 'overlays'> | (Probe & { works: false })> {
  const base = await mkdtemp(join(folder, 'try-'));
  const [lower, upper, work, showAt] = ['lower', 'upper', 'work', 'shown-at'].map((name) => join(base, name)) as [
    string,
    string,
    string,
    string,
  ];
  await Promise.all([lower, upper, work, showAt].map((path) => mkdir(path)));
  await writeFile(join(layered ? lower : upper, 'shown'), 'x');
  const view = { workspace: upper, showAt, ...(layered && { lower: { folder: lower, work, removed: [] } }) };
  const outside = join(homedir(), `.${base.replaceAll('/', '-')}`);
  const address = server.address();
  const port = typeof address === 'object' ? String(address?.port) : '0';
  const program = [process.execPath, '-e', INSIDE, port, outside, join(folder, 'outside')];
  const end = await runProcess(
    { argv: wrap(program, view), cwd: '/', env: { PATH: process.env.PATH ?? '', HOME: homedir() } },
    { timeLimitMs: 10_000, outputCapBytes: 1_000_000, signal: AbortSignal.timeout(15_000) },
  );
  const escaped = await Promise.all([outside, join(folder, 'outside')].map(exists));
  await rm(outside, { force: true }).catch(() => {});
  if (end.spawnError)
    return { works: false, why: end.spawnError.code === 'ENOENT' ? 'not installed' : end.spawnError.message };
  const answer = parse(end.stdout);
  if (!answer)
    return { works: false, why: end.stderr.trim().split('\n').at(-1) || `ended with ${end.exitCode ?? end.signal}` };
  if (!answer.read || !answer.wrote || !(await exists(join(upper, 'written'))))
    return { works: false, why: 'the workspace is not where it should be' };
  return { works: true, holds: await judge(answer, showAt, escaped.includes(true)) };
}

async function judge(answer: Answer, showAt: string, escaped: boolean): Promise<SandboxHolds> {
  const open = writableMounts(answer.mounts).filter((path) => path !== showAt && !OWN_MOUNTS.test(path));
  return {
    network: !answer.network,
    writes: !escaped && !answer.outside && !answer.system && open.length === 0,
    processes: answer.pids !== (await readlink('/proc/self/ns/pid')),
    loopback: answer.loopback,
  };
}

/** Mounts that are the sandbox's own or have nothing of the host's files. */
const OWN_MOUNTS = /^\/(tmp|proc|dev(\/.*)?)$/;

/** Mount points of a mountinfo text that can be written and are not covered by a later mount at the same place. */
export function writableMounts(mountinfo: string): string[] {
  const last = new Map<string, string>();
  for (const line of mountinfo.split('\n').filter(Boolean)) {
    const [, , , , point, options] = line.split(' ');
    last.set(fromOctal(point!), options!);
  }
  return [...last].flatMap(([point, options]) => (options.split(',').includes('rw') ? [point] : []));
}

/** mountinfo writes space, tab, newline and backslash in octal. */
function fromOctal(path: string): string {
  return path.replace(/\\([0-7]{3})/g, (_, octal: string) => String.fromCharCode(Number.parseInt(octal, 8)));
}

function parse(text: string): Answer | null {
  try {
    return {
      network: true,
      read: false,
      wrote: false,
      outside: true,
      system: true,
      tmp: false,
      pids: '',
      mounts: '',
      ...JSON.parse(text),
    };
  } catch {
    return null;
  }
}

async function exists(path: string): Promise<boolean> {
  return readFile(path).then(
    () => true,
    () => false,
  );
}

function listen(): Promise<Server> {
  return new Promise((resolve) => {
    const server = createServer((socket) => socket.destroy()).listen(0, '127.0.0.1', () => resolve(server));
  });
}
