import { type ChildProcess, spawn } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { reapOrphans } from '../../src/platform/process.ts';
import { identityOf, isGone, ownIdentity, pidOf } from '../../src/platform/process-identity.ts';

const MODULE = new URL('../../src/platform/process.ts', import.meta.url).href;
let folder: string;
let registry: string;
const started: ChildProcess[] = [];

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'maestro-registry-test-'));
  registry = join(folder, 'registry');
});
afterEach(async () => {
  await Promise.all(started.splice(0).map(killHard));
  await reapOrphans(registry);
  rmSync(folder, { recursive: true, force: true });
});

/** A process of its own that uses the registry and starts one group running `script`. */
async function startOwner(script: string): Promise<ChildProcess> {
  const program = `
    const { setProcessRegistry, startProcess } = await import(${JSON.stringify(MODULE)});
    setProcessRegistry(${JSON.stringify(registry)});
    startProcess({ argv: ['sh', '-c', ${JSON.stringify(script)}], cwd: ${JSON.stringify(folder)}, env: { PATH: process.env.PATH } });
    setInterval(() => {}, 1000);`;
  const owner = spawn(process.execPath, ['--input-type=module', '-e', program], { stdio: 'ignore' });
  started.push(owner);
  return owner;
}

async function pidIn(name: string): Promise<number> {
  const file = join(folder, name);
  for (let i = 0; i < 1000 && !(existsSync(file) && readFileSync(file, 'utf8').endsWith('\n')); i++) await sleep(10);
  return Number(readFileSync(file, 'utf8'));
}

async function endsSoon(pid: number): Promise<boolean> {
  for (let i = 0; i < 200; i++) {
    if (identityOf(pid) === null) return true;
    await sleep(10);
  }
  return false;
}

async function killHard(owner: ChildProcess): Promise<void> {
  if (owner.exitCode !== null || owner.signalCode !== null) return;
  const over = new Promise((resolve) => owner.once('exit', resolve));
  owner.kill('SIGKILL');
  await over;
}

describe('the identity of a process', () => {
  it('is the same as long as it runs, and over when it ends', async () => {
    const child = spawn('sleep', ['60']);
    const identity = identityOf(child.pid!)!;
    expect(identityOf(child.pid!)).toBe(identity);
    expect([pidOf(identity), isGone(identity)]).toEqual([child.pid, false]);
    await killHard(child);
    expect([identityOf(child.pid!), isGone(identity)]).toEqual([null, true]);
  });

  it('tells two processes apart that had the same pid', () => {
    const [pid, start, ...rest] = ownIdentity().split('-');
    expect(isGone(ownIdentity())).toBe(false);
    expect(isGone([pid, Number(start) - 1, ...rest].join('-'))).toBe(true);
  });

  it('of another boot is over, of another pid namespace is not known to be', () => {
    const [pid, start, boot, namespace] = ownIdentity().split('-');
    expect(isGone(`${pid}-${start}-00000000-${namespace}`)).toBe(boot !== '00000000');
    expect(isGone(`4194304-1-${boot}-1`)).toBe(false);
  });
});

describe('groups whose owner was killed with kill -9', () => {
  it('are ended at the next start, with all their members', async () => {
    const owner = await startOwner('echo $$ > leader; sleep 600 & echo $! > child; wait');
    const [leader, child] = [await pidIn('leader'), await pidIn('child')];
    await killHard(owner);
    expect([identityOf(leader), identityOf(child)].includes(null)).toBe(false);
    expect(await reapOrphans(registry)).toBe(1);
    expect([await endsSoon(leader), await endsSoon(child)]).toEqual([true, true]);
    expect(readdirSync(registry)).toEqual([]);
  });

  it.runIf(process.platform === 'linux')(
    'are ended though their leader is gone and a member left by setsid',
    async () => {
      const owner = await startOwner(
        'echo $$ > leader; setsid sleep 600 & echo $! > child; while [ ! -e go ]; do sleep 0.01; done; sleep 600',
      );
      const [leader, child] = [await pidIn('leader'), await pidIn('child')];
      await killHard(owner);
      process.kill(leader, 'SIGKILL');
      expect(await endsSoon(leader)).toBe(true);
      expect(await reapOrphans(registry)).toBe(1);
      expect(await endsSoon(child)).toBe(true);
    },
  );

  it('are left alone while their owner lives', async () => {
    await startOwner('echo $$ > leader; sleep 600');
    const leader = await pidIn('leader');
    expect(await reapOrphans(registry)).toBe(0);
    expect(identityOf(leader)).not.toBeNull();
    expect(readdirSync(registry)).toHaveLength(1);
  });

  it('are not taken for a process that has got the same pid since', async () => {
    const bystander = spawn('sleep', ['600'], { detached: true, stdio: 'ignore' });
    started.push(bystander);
    const [pid, start, ...rest] = identityOf(bystander.pid!)!.split('-');
    const [ownPid, ownStart, ...ownRest] = ownIdentity().split('-');
    const dead = join(registry, `${[ownPid, Number(ownStart) - 5, ...ownRest].join('-')}.${crypto.randomUUID()}`);
    mkdirSync(dead, { recursive: true });
    writeFileSync(join(dead, [pid, Number(start) - 5, ...rest].join('-')), '');
    expect(await reapOrphans(registry)).toBe(1);
    expect(identityOf(bystander.pid!)).not.toBeNull();
    expect(existsSync(dead)).toBe(false);
  });
});

describe('the registry', () => {
  it('that is missing, or holds something else, is no error and stays as it is', async () => {
    expect(await reapOrphans(join(folder, 'nowhere'))).toBe(0);
    mkdirSync(registry);
    writeFileSync(join(registry, 'notes.txt'), '');
    expect(await reapOrphans(registry)).toBe(0);
    expect(readdirSync(registry)).toEqual(['notes.txt']);
  });

  it.each([
    ['that started processes', true],
    ['that started none', false],
  ])('is empty again after a process %s and ended in order', async (_, starts) => {
    const program = `
      const { setProcessRegistry, startProcess, runProcess } = await import(${JSON.stringify(MODULE)});
      setProcessRegistry(${JSON.stringify(registry)});
      if (${starts}) {
        const spec = { cwd: '.', env: { PATH: process.env.PATH } };
        await runProcess({ ...spec, argv: ['true'] }, { timeLimitMs: 9000, outputCapBytes: 99, signal: new AbortController().signal });
        startProcess({ ...spec, argv: ['sleep', '60'] });
      }
      process.exit(0);`;
    const child = spawn(process.execPath, ['--input-type=module', '-e', program], { stdio: 'inherit' });
    started.push(child);
    await new Promise((resolve) => child.once('exit', resolve));
    expect(readdirSync(registry)).toEqual([]);
  });
});
