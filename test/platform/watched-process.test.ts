import { tmpdir } from 'node:os';
import { describe, expect, it } from 'vitest';
import { type LineMeaning, runWatched, type WatchLimits } from '../../src/platform/watched-process.ts';

const LIMITS: WatchLimits = {
  firstOutputMs: 10_000,
  silenceMs: 10_000,
  totalMs: 20_000,
  outputCapBytes: 1_000_000,
  signal: new AbortController().signal,
  graceMs: 200,
};

function run(
  script: string,
  limits: Partial<WatchLimits> = {},
  meaning: (line: string) => LineMeaning = () => 'output',
  stdin = '',
) {
  const argv = ['/bin/sh', '-c', script];
  return runWatched({ argv, cwd: tmpdir(), env: { PATH: '/usr/bin:/bin' }, stdin }, { ...LIMITS, ...limits }, meaning);
}

describe('a watched program', () => {
  it('ends by itself, with what it wrote and how', async () => {
    expect(await run('cat; echo oops >&2; exit 3', {}, undefined, 'in\n')).toMatchObject({
      stdout: 'in\n',
      stderr: 'oops\n',
      exitCode: 3,
      stopped: null,
      spawnError: null,
    });
  });

  it('has an empty stdin when none is given', async () => {
    expect(await run('cat; echo end')).toMatchObject({ stdout: 'end\n', stopped: null });
  });

  it('shows each line once, whole, and of a long one the beginning', async () => {
    const seen: string[] = [];
    const meaning = (line: string): LineMeaning => {
      seen.push(line);
      return 'output';
    };
    const script =
      "printf 'on'; sleep 0.1; printf 'e\\ntwo\\n'; head -c 9000 /dev/zero | tr '\\0' x; printf '\\nlast\\nrest'";
    await run(script, {}, meaning);
    expect(seen).toEqual(['one', 'two', 'x'.repeat(4096), 'last']);
  });

  it('is ended when only preamble comes', async () => {
    const { stopped, stdout } = await run('echo hello; sleep 60', { firstOutputMs: 300 }, () => 'preamble');
    expect({ stopped, stdout }).toEqual({ stopped: 'first_output', stdout: 'hello\n' });
  });

  it('is ended when it falls silent, and not while it goes on', async () => {
    const { stopped, stdout } = await run('for i in 1 2 3 4 5; do echo $i; sleep 0.1; done; sleep 60', {
      silenceMs: 400,
    });
    expect({ stopped, stdout }).toEqual({ stopped: 'silence', stdout: '1\n2\n3\n4\n5\n' });
  });

  it('counts half a line as going on', async () => {
    const { stopped } = await run('echo; for i in 1 2 3 4 5 6; do printf .; sleep 0.2; done', { silenceMs: 600 });
    expect(stopped).toBeNull();
  });

  it('is ended in the end, however busy', async () => {
    expect(await run('while :; do echo x; sleep 0.05; done', { totalMs: 400 })).toMatchObject({ stopped: 'total' });
  });

  it('is ended when it prints too much, and no more is kept than may be', async () => {
    const { stopped, stdout } = await run('yes', { outputCapBytes: 100_000 });
    expect(stopped).toBe('too_much');
    expect(stdout.length).toBeLessThanOrEqual(100_000);
  });

  it('is ended at a line that must not be, and nothing after it is kept', async () => {
    const meaning = (line: string): LineMeaning => (line === 'bad' ? 'unwanted' : 'preamble');
    const end = await run('echo good; echo bad; sleep 0.1; echo more; sleep 60', {}, meaning);
    expect(end).toMatchObject({ stopped: 'unwanted', stdout: 'good\nbad\n' });
  });

  it('is ended on abort, also one that came before', async () => {
    const abort = new AbortController();
    setTimeout(() => abort.abort(), 200);
    expect(await run('sleep 60', { signal: abort.signal })).toMatchObject({ stopped: 'cancelled' });
    expect(await run('sleep 60', { signal: AbortSignal.abort() })).toMatchObject({ stopped: 'cancelled' });
  });

  it('is killed when it ignores being asked', async () => {
    const end = await run("trap '' TERM; while :; do sleep 0.05; done", { totalMs: 200 });
    expect(end).toMatchObject({ stopped: 'total', signal: 'SIGKILL' });
  });

  it('keeps the end of what it complains about', async () => {
    const { stderr } = await run("head -c 200000 /dev/zero | tr '\\0' x >&2; echo end >&2");
    expect(stderr.length).toBeLessThanOrEqual(65_536);
    expect(stderr).toMatch(/xend\n$/);
  });

  it('is ended at a complaint, also at one that comes in two pieces', async () => {
    const script = "printf 'no such' >&2; sleep 0.1; printf ' tool\\n' >&2; sleep 60";
    expect(await run(script, { complaint: /no such tool/ })).toMatchObject({ stopped: 'complaint' });
    expect(await run('echo fine >&2', { complaint: /no such tool/ })).toMatchObject({ stopped: null });
  });

  it('says why it could not be started', async () => {
    const end = await runWatched({ argv: ['/nowhere/at-all'], cwd: tmpdir(), env: {} }, LIMITS, () => 'output');
    expect(end).toMatchObject({ exitCode: null, stdout: '', spawnError: { code: 'ENOENT' } });
  });
});
