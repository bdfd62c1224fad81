import { setTimeout as sleep } from 'node:timers/promises';
import { describe, expect, it, vi } from 'vitest';
import type { CallContext } from '../../src/app/calls.ts';
import { MaestroError } from '../../src/domain/errors.ts';
import { reportTo } from '../../src/mcp/progress.ts';
import { connect, ERAS } from './connected.ts';
import { answerOf, scripted } from './scripted.ts';

describe.each(ERAS)('a call in the protocol of %s', (era) => {
  it('that fails as expected says what happened and what to do', async () => {
    const fail = () => {
      throw new MaestroError('bad_config', 'providers[0] is not known', 'correct it in maestro.config.jsonc');
    };
    const { call, log } = await connect(era, { maestro: scripted({ consult: fail }) });
    expect(await call('maestro_consult', { prompt: 'p' })).toEqual({
      isError: true,
      text: 'bad_config: providers[0] is not known\nWhat to do: correct it in maestro.config.jsonc',
      json: {},
    });
    expect(log).toEqual([]);
  });

  it('that meets a defect says so in one line; the stack goes to the log', async () => {
    const fail = () => {
      throw new TypeError('x is not a function\nsecond line');
    };
    const { call, log } = await connect(era, { maestro: scripted({ metrics: fail }) });
    const { isError, text } = await call('maestro_get_metrics');
    expect(isError).toBe(true);
    expect(text).toMatch(/^defect: Maestro itself failed \(TypeError: x is not a function\)\. .*$/);
    expect(text).not.toContain('\n');
    expect(log.join()).toMatch(/second line\n\s+at /);
  });

  it('does not lose the server when the operations cannot be opened, and tries again', async () => {
    let tries = 0;
    const maestro = async () => {
      tries += 1;
      if (tries === 1) throw new MaestroError('store_busy', 'the ledger is in use', 'try again');
      return scripted();
    };
    const { call } = await connect(era, { face: { maestro } });
    expect((await call('maestro_workflow_state')).text).toContain('store_busy');
    expect((await call('maestro_workflow_state')).isError).toBe(false);
  });

  it('hears how it goes, with a figure that only grows, where it asked to', async () => {
    const consult = async (_: unknown, { progress }: CallContext) => {
      for (const step of ['packing the code', 'asking codex', 'reading the answer']) progress(step);
      await sleep(30);
      return answerOf('consult');
    };
    const { client } = await connect(era, { maestro: scripted({ consult }) });
    const heard: Array<{ progress: number; message?: string | undefined }> = [];
    await client.callTool(
      { name: 'maestro_consult', arguments: { prompt: 'p' } },
      { onprogress: ({ progress, message }) => void heard.push({ progress, message }) },
    );
    expect(heard.slice(0, 2)).toEqual([
      { progress: 1, message: 'packing the code' },
      { progress: 2, message: 'asking codex' },
    ]);
  });

  it('has its signal aborted when the host cancels it, and others go on', async () => {
    const seen = Promise.withResolvers<AbortSignal>();
    const consult = (_: unknown, { signal }: CallContext) => {
      seen.resolve(signal);
      return new Promise((_resolve, reject) => signal.addEventListener('abort', () => reject(signal.reason)));
    };
    const { client, call, log } = await connect(era, { maestro: scripted({ consult }) });
    const controller = new AbortController();
    const cancelled = client.callTool(
      { name: 'maestro_consult', arguments: { prompt: 'p' } },
      { signal: controller.signal },
    );
    const signal = await seen.promise;
    const aborted = new Promise((resolve) => signal.addEventListener('abort', resolve));
    controller.abort();
    await expect(cancelled).rejects.toThrow();
    await aborted;
    expect((await call('maestro_workflow_state')).isError).toBe(false);
    expect(log).toEqual([]);
  });

  it('has its signal aborted when the connection closes', async () => {
    const seen = Promise.withResolvers<AbortSignal>();
    const consult = (_: unknown, { signal }: CallContext) => {
      seen.resolve(signal);
      return new Promise((_resolve, reject) => signal.addEventListener('abort', () => reject(signal.reason)));
    };
    const { client, call } = await connect(era, { maestro: scripted({ consult }) });
    const call_ = call('maestro_consult', { prompt: 'p' }).catch(() => 'closed');
    const signal = await seen.promise;
    const aborted = new Promise((resolve) => signal.addEventListener('abort', resolve));
    await client.close();
    await aborted;
    expect(await call_).toBe('closed');
  });

  it('is one of many: they run at the same time', async () => {
    let running = 0;
    const all = Promise.withResolvers<void>();
    const consult = async () => {
      running += 1;
      if (running === 5) all.resolve();
      await all.promise;
      return answerOf('consult');
    };
    const { call } = await connect(era, { maestro: scripted({ consult }) });
    const answers = await Promise.all(Array.from({ length: 5 }, () => call('maestro_consult', { prompt: 'p' })));
    expect(answers.map(({ isError }) => isError)).toEqual(Array(5).fill(false));
  });

  it('has less than four minutes, counted from its arrival', async () => {
    const patience: number[] = [];
    const maestro = scripted({ consult: (_, context) => void patience.push(context.patienceMs) });
    const { call } = await connect(era, { maestro });
    await call('maestro_consult', { prompt: 'p' });
    expect(patience[0]).toBeGreaterThan(200_000);
    expect(patience[0]).toBeLessThanOrEqual(240_000);
  });

  it('about a folder that cannot be a project asks for the workspace', async () => {
    const face = { whereabouts: { cwd: '/home/me/.codex/plugins/maestro', env: { HOME: '/home/me' } } };
    const { call } = await connect(era, { face });
    const { isError, text } = await call('maestro_workflow_state');
    expect(isError).toBe(true);
    expect(text).toContain('call again with workspace: the absolute path');
    expect((await call('maestro_workflow_state', { workspace: '/project' })).isError).toBe(false);
  });
});

describe('progress', () => {
  it('comes at least every 10 s, with the seconds, and never after the end', () => {
    vi.useFakeTimers();
    try {
      const sent: Array<[number, string]> = [];
      const { report, stop } = reportTo((...one) => void sent.push(one), 'at work');
      vi.advanceTimersByTime(20_000);
      report('asking codex');
      vi.advanceTimersByTime(9_000);
      stop();
      report('late');
      vi.advanceTimersByTime(60_000);
      expect(sent).toEqual([
        [1, 'at work (8 s)'],
        [2, 'at work (16 s)'],
        [3, 'asking codex'],
        [4, 'asking codex (28 s)'],
      ]);
    } finally {
      vi.useRealTimers();
    }
  });

  it('is not sent where nobody asked for it', () => {
    const { report, stop } = reportTo(null, 'at work');
    expect(() => [report('x'), stop()]).not.toThrow();
  });
});
