import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { describe, expect, it } from 'vitest';
import { type Files, knownBaseline, PASS, screened, signal } from './screened-project.ts';

const COMMAND = ['node', '--test'];
const FILES: Files = {
  'one.js': 'exports.one = () => 2;',
  'a.test.js':
    "const test = require('node:test');\nconst assert = require('node:assert');\ntest('one', () => assert.equal(require('./one.js').one(), 1));\ntest('two', () => {});\n",
};
const BASELINE = knownBaseline(['a.test.js::one'], ['a.test.js::two']);
const FIXED = { 'one.js': 'exports.one = () => 1;' };
/** Nothing inside the process can interrupt this. */
const STUCK = "require('node:child_process').spawnSync('sleep', ['50']);";
const open = (options = {}, baseline = BASELINE, files = FILES, command: readonly string[] = COMMAND) =>
  screened({ files, command, baseline, options });

describe('opening a screener', () => {
  it.each([
    ['no warm runner is known for it', ['sh', '-c', 'exit 1'], BASELINE],
    ['the baseline knows no tests by name', COMMAND, knownBaseline(['(whole command)'])],
    ['a test does not fail here', COMMAND, knownBaseline(['a.test.js::one', 'a.test.js::two'])],
    ['a test is not found here', COMMAND, knownBaseline(['a.test.js::one', 'a.test.js::three'])],
    ['the interpreter does not start', ['/nowhere/python3', '-m', 'unittest'], BASELINE],
  ])('leaves it to the command where %s', async (_why, command, baseline) => {
    const { screener, screen, fallbacks } = await open({}, baseline, FILES, command);
    expect([screener.kind, screener.targets]).toEqual(['command', baseline.failing.length]);
    expect((await screen(FIXED)).verdict).toBe('fail');
    expect(fallbacks).toEqual(['one.js']);
    expect(await screener.coverage(signal)).toBeNull();
    expect(await screener.behaviour([{ path: 'one.js', content: '' }], signal)).toBeNull();
  });

  it('leaves changes to the command that are not of text it can replace: new, deleted and other files', async () => {
    const { screener, screen, fallbacks } = await open();
    await screen({ 'new.js': '' });
    await screener.screen([{ path: 'one.js', content: null }], signal);
    await screen({ 'one.js': 'exports.one = () => 1;', 'read.me': '' });
    expect(fallbacks).toEqual(['new.js', 'one.js', 'one.js,read.me']);
    expect(await screener.behaviour([{ path: 'new.js', content: '' }], signal)).toBeNull();
  });

  it('starts its processes with the sandbox around them and nothing but the given environment', async () => {
    const wrapped: string[][] = [];
    const confine = (argv: readonly string[]) => {
      wrapped.push([...argv]);
      return ['env', 'CONFINED=yes', ...argv];
    };
    const files = {
      ...FILES,
      'one.js':
        'exports.one = () => (process.env.CONFINED === "yes" && process.env.GIVEN === "1" && !process.env.HOME ? 2 : 1);',
    };
    const { screener } = await open({ confine, env: { PATH: process.env.PATH ?? '', GIVEN: '1' } }, BASELINE, files);
    expect(screener.kind).toBe('node-test');
    expect(wrapped.every((argv) => argv.some((word) => word.includes('runtime')))).toBe(true);
  });

  it('runs in the folder of the command', async () => {
    const files = Object.fromEntries(Object.entries(FILES).map(([path, text]) => [`packages/a/${path}`, text]));
    const { screener, screen } = await open({ folder: 'packages/a' }, BASELINE, files);
    expect(screener.kind).toBe('node-test');
    expect(
      await screen({
        'packages/a/one.js': 'exports.one = () => require("path").basename(process.cwd()) === "a" ? 1 : 0;',
      }),
    ).toEqual(PASS(1));
  });

  it('changes nothing on disk', async () => {
    const { dir, screen } = await open();
    await screen(FIXED);
    expect(readFileSync(join(dir, 'one.js'), 'utf8')).toBe(FILES['one.js']);
  });
});

describe('screening many at once', () => {
  it('gives each candidate its own verdict, whatever the others do to their processes', async () => {
    const { screener } = await open({ concurrency: 2 });
    const texts = [
      'exports.one = () => 1;',
      'exports.one = () => 2;',
      'for (;;);',
      'process.kill(process.pid, "SIGKILL");',
    ];
    const order = Array.from({ length: 24 }, (_, index) => index % texts.length);
    const verdicts = await Promise.all(
      order.map(
        async (at) => (await screener.screen([{ path: 'one.js', content: `${texts[at]}\n//` }], signal)).verdict,
      ),
    );
    expect(verdicts).toEqual(order.map((at) => ['pass', 'fail', 'hang', 'crash'][at]));
  });

  it('stops at once when it is told to, and goes on for others', async () => {
    const { screener, screen } = await open();
    const stop = new AbortController();
    const text = `${STUCK}\n`;
    const pending = screener.screen([{ path: 'one.js', content: text }], stop.signal);
    const queued = screener.screen([{ path: 'one.js', content: text }], stop.signal);
    await sleep(50);
    stop.abort(new Error('enough'));
    await expect(pending).rejects.toThrow('enough');
    await expect(queued).rejects.toThrow('enough');
    expect(await screen(FIXED)).toEqual(PASS(1));
  });

  it('replaces a process that is stuck where nothing can interrupt it', async () => {
    const { screen } = await open();
    expect((await screen({ 'one.js': STUCK })).verdict).toBe('hang');
    expect(await screen(FIXED)).toEqual(PASS(1));
  });

  it('answers nothing more once it is closed', async () => {
    const { screener } = await open();
    await screener.close();
    expect((await screener.screen([{ path: 'one.js', content: '' }], signal)).verdict).toBe('crash');
  });
});
