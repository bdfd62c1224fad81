import { chmodSync, existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import {
  killAllProcesses,
  type ProcessSpec,
  type RunLimits,
  runProcess,
  startProcess,
} from '../../src/platform/process.ts';
import { membersOf } from '../../src/platform/process-tree.ts';

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'maestro-process-test-'));
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const env = { PATH: process.env.PATH!, HOME: tmpdir() };

function run(argv: readonly string[], limits: Partial<RunLimits> = {}, spec: Partial<ProcessSpec> = {}) {
  return runProcess(
    { argv, cwd: folder, env, ...spec },
    { timeLimitMs: 30_000, outputCapBytes: 1_000_000, signal: new AbortController().signal, ...limits },
  );
}

const node = (code: string) => [process.execPath, '-e', code];
const sh = (script: string) => ['sh', '-c', script];

/** Whether a pid still runs; a zombie that nobody collects does not. */
function runs(pid: number): boolean {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'latin1');
    return !['Z', 'X'].includes(stat.slice(stat.lastIndexOf(')') + 2)[0]!);
  } catch {
    return false;
  }
}

async function pidIn(name: string): Promise<number> {
  const file = join(folder, name);
  for (let i = 0; i < 500 && !(existsSync(file) && readFileSync(file, 'utf8').endsWith('\n')); i++) await sleep(10);
  return Number(readFileSync(file, 'utf8'));
}

describe('running a program', () => {
  it('returns both streams, apart and together, and the exit code', async () => {
    const result = await run(sh('echo out; echo err >&2; exit 3'));
    expect(result).toMatchObject({ stdout: 'out\n', stderr: 'err\n', exitCode: 3, signal: null, spawnError: null });
    expect(result.output).toContain('out\n');
    expect(result.output).toContain('err\n');
    expect(result).toMatchObject({ truncated: false, timedOut: false, cancelled: false });
    expect(result.ms).toBeGreaterThan(0);
  });

  it('keeps the order in which the two streams arrive', async () => {
    const result = await run(sh('for i in 1 2; do echo o$i; sleep 0.3; echo e$i >&2; sleep 0.3; done'));
    expect(result.output).toBe('o1\ne1\no2\ne2\n');
  });

  it('names the signal of a program that died by one', async () => {
    expect(await run(sh('kill -SEGV $$'))).toMatchObject({ exitCode: null, signal: 'SIGSEGV', timedOut: false });
  });

  it('hands arguments over as they are: no shell reads them', async () => {
    const argument = '$(touch pwned); `id` "quotes" *';
    expect((await run([...node('console.log(process.argv[1])'), argument])).stdout).toBe(`${argument}\n`);
    expect(existsSync(join(folder, 'pwned'))).toBe(false);
  });

  it('gives the program the given environment and its group marker, and nothing of our own', async () => {
    const { stdout } = await run(node('console.log(JSON.stringify(process.env))'), {}, { env: { ...env, ONE: '1' } });
    expect(Object.keys(JSON.parse(stdout)).sort()).toEqual(['HOME', 'MAESTRO_GROUP', 'ONE', 'PATH']);
  });

  it('finds the program by the PATH it is given', async () => {
    const bin = mkdtempSync(join(folder, 'bin-'));
    writeFileSync(join(bin, 'only-here'), '#!/bin/sh\necho found\n');
    chmodSync(join(bin, 'only-here'), 0o755);
    expect((await run(['only-here'], {}, { env: { PATH: `${bin}:${env.PATH}` } })).stdout).toBe('found\n');
  });

  it('writes text to stdin and closes it', async () => {
    const text = 'größe\n'.repeat(50_000);
    expect((await run(['cat'], {}, { stdin: text })).stdout).toBe(text);
  });

  it('gives an empty stdin when there is no text', async () => {
    expect(await run(['cat'])).toMatchObject({ stdout: '', exitCode: 0 });
  });

  it('survives a program that ends without reading its stdin', async () => {
    expect(await run(sh('exit 0'), {}, { stdin: 'x'.repeat(5_000_000) })).toMatchObject({ exitCode: 0 });
  });

  it('runs many at once', async () => {
    const results = await Promise.all(Array.from({ length: 30 }, (_, i) => run(sh(`echo ${i}`))));
    expect(results.map(({ stdout }) => stdout)).toEqual(Array.from({ length: 30 }, (_, i) => `${i}\n`));
  });
});

describe('a program that does not start', () => {
  it('is reported as a spawn error when it is missing', async () => {
    const result = await run(['no-such-program-anywhere']);
    expect(result).toMatchObject({ exitCode: null, signal: null, output: '' });
    expect(result.spawnError).toMatchObject({ code: 'ENOENT', path: 'no-such-program-anywhere' });
  });

  it('is told from a working folder that is missing', async () => {
    const result = await run(['true'], {}, { cwd: join(folder, 'nowhere') });
    expect(result.spawnError).toMatchObject({ code: 'ENOENT', syscall: 'chdir' });
    expect(result.spawnError?.message).toContain('nowhere does not exist');
  });

  it('is told from a working folder that is a file', async () => {
    writeFileSync(join(folder, 'file'), '');
    const result = await run(['true'], {}, { cwd: join(folder, 'file') });
    expect(result.spawnError).toMatchObject({ code: 'ENOTDIR', syscall: 'chdir' });
  });

  it('is reported when it is not executable', async () => {
    writeFileSync(join(folder, 'plain.txt'), 'text', { mode: 0o644 });
    expect((await run([join(folder, 'plain.txt')])).spawnError).toMatchObject({ code: 'EACCES' });
  });

  it('is reported when the arguments are too long for the system', async () => {
    expect((await run(['echo', 'x'.repeat(8_000_000)])).spawnError).toMatchObject({ code: 'E2BIG' });
  });

  it('is reported when an argument holds a zero byte, or there is no program at all', async () => {
    expect((await run(['echo', 'a\0b'])).spawnError).toMatchObject({ code: 'ERR_INVALID_ARG_VALUE' });
    expect((await run([])).spawnError).toMatchObject({ code: 'ERR_INVALID_ARG_VALUE' });
  });

  it('takes no stdin, and that is no error either', async () => {
    expect((await run(['no-such-program'], {}, { stdin: 'text' })).spawnError).toMatchObject({ code: 'ENOENT' });
  });
});

describe('output', () => {
  it('of 1 GB is read to its end in constant memory, its head and its end kept', async () => {
    const before = process.memoryUsage().rss;
    let peak = before;
    const watch = setInterval(() => {
      peak = Math.max(peak, process.memoryUsage().rss);
    }, 20);
    const result = await run(sh('echo first; yes | head -c 1000000000; echo last'), { timeLimitMs: 60_000 });
    clearInterval(watch);
    expect(result).toMatchObject({ exitCode: 0, truncated: true, timedOut: false });
    expect(result.stdout.startsWith('first\ny\n')).toBe(true);
    expect(result.stdout.endsWith('y\nlast\n')).toBe(true);
    expect(result.stdout.length).toBeLessThan(1_000_100);
    expect(peak - before).toBeLessThan(150_000_000);
  });

  it('is whole when it just fits, and cut when it is one byte more', async () => {
    expect(await run(['printf', 'abcdefgh'], { outputCapBytes: 8 })).toMatchObject({
      stdout: 'abcdefgh',
      truncated: false,
    });
    const cut = await run(['printf', 'abcdefghi'], { outputCapBytes: 8 });
    expect(cut).toMatchObject({ stdout: 'abcd\n[… 1 bytes left out …]\nfghi', truncated: true });
  });

  it('is whole when the program ends right after writing it', async () => {
    const { stdout } = await run(sh('head -c 300000 /dev/zero | tr "\\0" x'));
    expect(stdout).toHaveLength(300_000);
  });

  it('joins characters that are split between chunks, though the other stream writes in between', async () => {
    const script = `printf '\\xe2\\x82'; sleep 0.1; printf 'E' >&2; sleep 0.1; printf '\\xac'; sleep 0.1; printf '\\xf0\\x9f'; sleep 0.1; printf '\\x98\\x80'`;
    const result = await run(['bash', '-c', script]);
    expect(result).toMatchObject({ stdout: '€😀', stderr: 'E' });
    expect(result.output.replace('E', '')).toBe('€😀');
  });

  it('that is not UTF-8 becomes replacement characters and never fails', async () => {
    const result = await run(['bash', '-c', `printf 'a\\xff\\xfeb\\xc3'`]);
    expect(result.stdout).toBe('a\ufffd\ufffdb\ufffd');
    expect(result.output).toBe(result.stdout);
  });
});

describe('the time limit', () => {
  it('ends a program and says so', async () => {
    const result = await run(['sleep', '60'], { timeLimitMs: 100 });
    expect(result).toMatchObject({ timedOut: true, cancelled: false, signal: 'SIGTERM', exitCode: null });
  });

  it('keeps what was printed before', async () => {
    expect((await run(sh('echo before; sleep 60'), { timeLimitMs: 1_000 })).stdout).toBe('before\n');
  });

  it('kills a program that ignores SIGTERM after the grace', async () => {
    const result = await run(sh('trap "" TERM; echo $$ > stubborn; while :; do sleep 0.1; done'), {
      timeLimitMs: 1_000,
      graceMs: 100,
    });
    expect(result).toMatchObject({ timedOut: true, signal: 'SIGKILL' });
    expect(runs(await pidIn('stubborn'))).toBe(false);
  });

  it('lets a program that cleans up on SIGTERM end by itself', async () => {
    const result = await run(sh('trap "echo cleaned; exit 7" TERM; echo ready; while :; do sleep 0.05; done'), {
      timeLimitMs: 1_000,
      graceMs: 10_000,
    });
    expect(result).toMatchObject({ timedOut: true, exitCode: 7, stdout: 'ready\ncleaned\n' });
  });

  it('ends a program that is stopped', async () => {
    const result = await run(sh('kill -STOP $$'), { timeLimitMs: 200, graceMs: 100 });
    expect(result).toMatchObject({ timedOut: true, signal: 'SIGKILL' });
  });

  it('may be longer than a timer can be', async () => {
    expect(await run(['true'], { timeLimitMs: Number.POSITIVE_INFINITY })).toMatchObject({
      exitCode: 0,
      timedOut: false,
    });
  });
});

describe('cancelling', () => {
  it('before the start starts nothing', async () => {
    const result = await run(sh('touch started'), { signal: AbortSignal.abort() });
    expect(result).toMatchObject({ cancelled: true, timedOut: false, exitCode: null, spawnError: null });
    expect(existsSync(join(folder, 'started'))).toBe(false);
  });

  it('right after the start ends the program', async () => {
    const controller = new AbortController();
    const running = run(['sleep', '60'], { signal: controller.signal });
    controller.abort();
    expect(await running).toMatchObject({ cancelled: true, timedOut: false, signal: 'SIGTERM' });
  });

  it('while it runs ends it with its children', async () => {
    const controller = new AbortController();
    const running = run(sh('sleep 60 & echo $! > cancelled-child; wait'), { signal: controller.signal });
    const child = await pidIn('cancelled-child');
    controller.abort();
    expect(await running).toMatchObject({ cancelled: true });
    expect(runs(child)).toBe(false);
  });

  it('during the grace of the time limit changes nothing: it timed out', async () => {
    const controller = new AbortController();
    const running = run(sh('trap "" TERM; while :; do sleep 0.1; done'), {
      timeLimitMs: 100,
      graceMs: 300,
      signal: controller.signal,
    });
    await sleep(200);
    controller.abort();
    expect(await running).toMatchObject({ timedOut: true, cancelled: false });
  });

  it('after the end changes nothing', async () => {
    const controller = new AbortController();
    const result = await run(['true'], { signal: controller.signal });
    controller.abort();
    expect(result).toMatchObject({ cancelled: false, exitCode: 0 });
  });
});

describe('the process group', () => {
  it('does not wait for a grandchild that holds the pipe, and ends it', async () => {
    const result = await run(sh('sleep 60 & echo $! > holder; echo done'));
    expect(result).toMatchObject({ stdout: 'done\n', exitCode: 0, timedOut: false });
    expect(result.ms).toBeLessThan(20_000);
    expect(runs(await pidIn('holder'))).toBe(false);
  });

  it('ends as a whole tree, members that ignore SIGTERM included', async () => {
    writeFileSync(join(folder, 'inner.sh'), 'trap "" TERM; echo $$ > deep; while :; do sleep 0.1; done');
    const controller = new AbortController();
    const running = run(sh('sh -c "sh inner.sh & wait" & wait'), { signal: controller.signal, graceMs: 100 });
    const deep = await pidIn('deep');
    controller.abort();
    expect(await running).toMatchObject({ cancelled: true });
    expect(runs(deep)).toBe(false);
  });

  it.runIf(process.platform === 'linux')('ends what left it by setsid while the leader runs', async () => {
    const controller = new AbortController();
    const script = 'setsid sh -c "echo \\$\\$ > session; exec sleep 60" & wait';
    const running = run(sh(script), { signal: controller.signal });
    const session = await pidIn('session');
    controller.abort();
    expect(await running).toMatchObject({ cancelled: true });
    expect(runs(session)).toBe(false);
  });

  it.runIf(process.platform === 'linux')('ends what left it by setsid and lost its parent', async () => {
    const daemon = 'setsid sh -c "echo \\$\\$ > daemon; exec sleep 60" & while [ ! -s daemon ]; do sleep 0.01; done';
    const result = await run(sh(`(${daemon}); exit 0`));
    expect(result.exitCode).toBe(0);
    expect(runs(await pidIn('daemon'))).toBe(false);
  });

  it.runIf(process.platform === 'linux')('resolves though something that hid too well holds the pipe', async () => {
    const hidden =
      'setsid env -i /bin/sh -c "echo \\$\\$ > hidden; exec /bin/sleep 60" & while [ ! -s hidden ]; do sleep 0.01; done';
    const result = await run(sh(`(${hidden}); echo done`));
    const pid = await pidIn('hidden');
    expect(result).toMatchObject({ exitCode: 0, stdout: 'done\n' });
    if (runs(pid)) process.kill(pid, 'SIGKILL');
  });
});

describe('a process that stays', () => {
  it('is talked to through its streams', async () => {
    const cat = startProcess({ argv: ['cat'], cwd: folder, env });
    cat.stdin.write('hello\n');
    const [chunk] = await new Promise<Buffer[]>((resolve) => cat.stdout.once('data', (data) => resolve([data])));
    expect(String(chunk)).toBe('hello\n');
    cat.stdin.end();
    expect(await cat.ended).toMatchObject({ exitCode: 0, signal: null, spawnError: null });
  });

  it('is killed with its group, and killing it again is fine', async () => {
    const live = startProcess({ argv: sh('sleep 60 & echo $! > live-child; wait'), cwd: folder, env });
    const child = await pidIn('live-child');
    await Promise.all([live.kill(), live.kill()]);
    await live.kill();
    expect(await live.ended).toMatchObject({ exitCode: null, signal: 'SIGTERM' });
    expect([runs(live.pid), runs(child)]).toEqual([false, false]);
  });

  it('tells how it ended by itself', async () => {
    const live = startProcess({ argv: sh('exit 4'), cwd: folder, env });
    expect(await live.ended).toMatchObject({ exitCode: 4, signal: null });
  });

  it('hands all its output over, though it is read only after the end', async () => {
    const live = startProcess({ argv: sh('head -c 50000 /dev/zero'), cwd: folder, env });
    let bytes = 0;
    live.stdout.on('data', (chunk: Buffer) => {
      bytes += chunk.length;
    });
    await Promise.all([live.ended, new Promise((resolve) => live.stdout.once('close', resolve))]);
    expect(bytes).toBe(50_000);
  });

  it('that cannot start says so in its end, its streams being at their end', async () => {
    for (const argv of [['no-such-program'], ['a\0b']]) {
      const live = startProcess({ argv, cwd: folder, env });
      live.stdin.write('ignored');
      expect((await live.ended).spawnError).not.toBeNull();
      await live.kill();
      expect(live.pid).toBe(-1);
    }
  });
});

describe('signals', () => {
  it('reach each process once: a second SIGTERM means "at once" to some', async () => {
    const count = `let n = 0; process.on('SIGTERM', () => { n++; setTimeout(() => { console.log('got ' + n); process.exit(0); }, 300); }); console.log('ready');`;
    const live = startProcess({ argv: node(`${count} setInterval(() => {}, 1000);`), cwd: folder, env });
    let text = '';
    live.stdout.on('data', (chunk) => {
      text += chunk;
    });
    for (let i = 0; i < 1000 && text === ''; i++) await sleep(10);
    await live.kill();
    expect(text).toBe('ready\ngot 1\n');
  });

  it('are sent to nobody when there is no process yet or never was one', async () => {
    const live = startProcess({ argv: ['no-such-program'], cwd: folder, env });
    await live.kill();
    expect((await live.ended).spawnError).toMatchObject({ code: 'ENOENT' });
    const controller = new AbortController();
    const running = run(['no-such-program'], { signal: controller.signal });
    controller.abort();
    expect((await running).spawnError).toMatchObject({ code: 'ENOENT' });
    for (const pid of [1, 0, -1]) expect(membersOf({ pid, marker: 'none' })).toEqual([]);
  });
});

describe('ending everything', () => {
  it('kills every group that still runs', async () => {
    const one = startProcess({ argv: ['sleep', '60'], cwd: folder, env });
    const two = run(['sleep', '60']);
    await killAllProcesses();
    expect(await one.ended).toMatchObject({ signal: 'SIGTERM' });
    expect(await two).toMatchObject({ signal: 'SIGTERM', cancelled: false, timedOut: false });
    await killAllProcesses();
  });

  it('happens by itself when the process exits', async () => {
    const module = new URL('../../src/platform/process.ts', import.meta.url).href;
    const program = `
      const { startProcess } = await import(${JSON.stringify(module)});
      const live = startProcess({ argv: ['sh', '-c', 'trap "" TERM; echo ready; sleep 60 & wait'], cwd: '.', env: process.env });
      live.stdout.once('data', () => { console.log(live.pid); process.exit(5); });`;
    const result = await run([process.execPath, '--input-type=module', '-e', program]);
    expect(result.exitCode, result.output).toBe(5);
    const pid = Number(result.stdout);
    for (let i = 0; i < 500 && runs(pid); i++) await sleep(10);
    expect([pid > 1, runs(pid)]).toEqual([true, false]);
  });
});
