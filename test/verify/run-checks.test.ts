import { chmodSync, existsSync, readdirSync, readFileSync, rmSync, symlinkSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout } from 'node:timers/promises';
import { describe, expect, it } from 'vitest';
import { BEST_AND_NONE, BUGGY, FIX, NODE_TEST, newFolder, options, project, signal, verifierOf } from './project.ts';

const PYTHON = ['python3', '-m', 'unittest'];

describe.each(BEST_AND_NONE)('running the checks (sandbox: %s)', (_kind, sandbox) => {
  const run = async (files: Readonly<Record<string, string>>, command: readonly string[], more = {}) =>
    (await verifierOf(project(files), command, { sandbox })).run([], { ...options, ...more });

  it('names every test with its outcome, and the same ids on each run', async () => {
    const verifier = await verifierOf(project(BUGGY), NODE_TEST, { sandbox });
    const [before, after] = [await verifier.run([], options), await verifier.run(FIX, options)];
    const outcomes = (tests: typeof before.tests) => tests?.map(({ id, outcome }) => [id, outcome]);
    expect([before.status, before.exitCode, outcomes(before.tests)]).toEqual([
      'failed',
      1,
      [
        ['math.test.js::adds', 'failed'],
        ['math.test.js::subtracts', 'passed'],
      ],
    ]);
    expect([after.status, after.exitCode, outcomes(after.tests)]).toEqual([
      'passed',
      0,
      [
        ['math.test.js::adds', 'passed'],
        ['math.test.js::subtracts', 'passed'],
      ],
    ]);
  });

  it('shows paths of the user, never those of a copy', async () => {
    const folder = project({
      'a.test.js': "require('node:test')('t', () => { throw new Error(__filename + ' ' + process.cwd()) })",
    });
    const seen = await (await verifierOf(folder, NODE_TEST, { sandbox })).run([], options);
    expect(seen.tests?.[0]?.message).toContain(`${folder}/a.test.js ${folder}`);
    expect(JSON.stringify(seen)).not.toContain('maestro-workspace');
  });

  it('judges a command that names no tests by its exit status', async () => {
    expect(await run({ a: '' }, ['true'])).toMatchObject({
      status: 'passed',
      exitCode: 0,
      tests: null,
      format: 'exit-status',
    });
    expect(await run({ a: '' }, ['sh', '-c', 'echo bad >&2; exit 3'])).toMatchObject({
      status: 'failed',
      exitCode: 3,
      tests: null,
      output: 'bad\n',
    });
  });

  it.each([[['maestro-no-such-program', 'x']], [['./missing.sh']], [['sub/../missing']], [['./plain.txt']]])(
    'says that %j is not found',
    async (command) => {
      const seen = await run({ 'plain.txt': 'not a program' }, command);
      expect(seen).toMatchObject({
        status: 'not_started',
        exitCode: null,
        problem: `command not found: ${command[0]}`,
      });
    },
  );

  it('finds programs of the project: by path, in node_modules, with a space in the name', async () => {
    const folder = project({
      'my check': '#!/bin/sh\necho found\n',
      'node_modules/.bin/tool': '#!/bin/sh\necho tool\n',
      'gone/x': '#!/bin/sh\n',
    });
    for (const path of ['my check', 'node_modules/.bin/tool']) chmodSync(join(folder, path), 0o755);
    for (const [program, output] of [
      ['./my check', 'found\n'],
      [join(folder, 'my check'), 'found\n'],
      ['node_modules/.bin/tool', 'tool\n'],
    ])
      expect(await (await verifierOf(folder, [program!], { sandbox })).run([], options)).toMatchObject({
        status: 'passed',
        output,
      });
  });

  it('says that a program cannot be started when its interpreter is not there', async () => {
    const folder = project({ 'run.sh': '#!/no/such/interpreter\n' });
    chmodSync(join(folder, 'run.sh'), 0o755);
    const seen = await (await verifierOf(folder, ['./run.sh'], { sandbox })).run([], options);
    expect([seen.status, seen.problem?.startsWith('./run.sh cannot be started')]).not.toEqual(['passed', false]);
    expect(seen.status).not.toBe('passed');
  });

  it('counts a run without any test as not started', async () => {
    expect(await run({ 'a.py': '' }, PYTHON)).toMatchObject({
      status: 'not_started',
      problem: expect.stringMatching(/./),
    });
    const skipped = "require('node:test').skip('later', () => {})";
    expect(await run({ 'a.test.js': skipped }, NODE_TEST)).toMatchObject({
      status: 'not_started',
      problem: 'no test was run: all are skipped',
    });
  });

  it('gives the decisive line when no test can start: a syntax error, a missing module', async () => {
    expect(await run({ 'test_a.py': 'def x(:\n' }, PYTHON)).toMatchObject({
      status: 'not_started',
      problem: expect.stringMatching(/SyntaxError|test_a/),
    });
    expect(await run({ 'a.test.js': "require('no-such-package')" }, NODE_TEST)).toMatchObject({
      status: 'not_started',
      problem: expect.stringContaining("Cannot find module 'no-such-package'"),
    });
  });

  it('is a plain failure when other tests did run', async () => {
    const files = { 'a.test.js': "require('no-such-package')", 'b.test.js': "require('node:test')('b', () => {})" };
    const seen = await run(files, NODE_TEST);
    expect([seen.status, seen.problem]).toEqual(['failed', undefined]);
  });

  it('ends a suite that never ends, with everything it started', async () => {
    const outside = newFolder('/var/tmp');
    const script = `(setsid sh -c 'sleep 3; echo late > "${outside}/late"' &) ; while :; do sleep 1; done`;
    const seen = await run({ a: '' }, ['sh', '-c', script], { timeLimitMs: 500 });
    expect([seen.status, seen.ms < 10_000]).toEqual(['timed_out', true]);
    expect(existsSync(join(outside, 'late'))).toBe(false);
  });

  it('stops at once when it is told to', async () => {
    const stop = new AbortController();
    const running = run({ a: '' }, ['sleep', '30'], { signal: stop.signal });
    await setTimeout(300);
    stop.abort();
    expect(await running).toMatchObject({ status: 'cancelled' });
  });

  it('gives the command no secret of the environment', async () => {
    process.env.MAESTRO_TEST_API_KEY = 'secret';
    try {
      const seen = await run({ a: '' }, ['sh', '-c', 'env; test -n "$PATH" && test -n "$HOME"']);
      expect(seen.status).toBe('passed');
      expect(seen.output).not.toContain('secret');
    } finally {
      delete process.env.MAESTRO_TEST_API_KEY;
    }
  });

  it('reads no report that a test has turned into a link or a pipe', async () => {
    const report = `const fs = require('fs'); const file = process.env.MAESTRO_REPORT;
require('node:test')('t', () => { for (const f of [file]) { try { fs.unlinkSync(f) } catch {} fs.symlinkSync('/etc/passwd', f) } })`;
    const seen = await run({ 'a.test.js': report }, NODE_TEST);
    expect(JSON.stringify(seen)).not.toContain('root:');
  });

  it('tests trees with odd names, links and CRLF files', async () => {
    const folder = project({
      'dir ü/line\nbreak.js': 'exports.two = () => 1;\r\n',
      'a.test.js':
        "const t = require('node:test'); t('two', () => require('assert').equal(require('./dir ü/line\\nbreak.js').two(), 2));",
    });
    symlinkSync('.', join(folder, 'loop'));
    const verifier = await verifierOf(folder, NODE_TEST, { sandbox });
    expect((await verifier.run([], options)).status).toBe('failed');
    expect(
      (await verifier.run([{ path: 'dir ü/line\nbreak.js', content: 'exports.two = () => 2;\r\n' }], options)).status,
    ).toBe('passed');
  });

  it('lets tests start a server and write temporary files', async () => {
    const files = {
      'a.test.js': `const t = require('node:test'), http = require('http'), fs = require('fs'), os = require('os'), path = require('path');
t('serves', async () => {
  const server = http.createServer((_, r) => r.end('ok')).listen(0);
  const text = await (await fetch('http://localhost:' + server.address().port)).text();
  server.close();
  const dir = fs.mkdtempSync(path.join(os.tmpdir(), 'x-'));
  fs.writeFileSync(path.join(dir, 'f'), text); fs.writeFileSync('out.txt', text);
  require('assert').equal(fs.readFileSync('out.txt', 'utf8'), 'ok');
})`,
    };
    expect((await run(files, NODE_TEST)).status).toBe('passed');
  });
});

describe('a sandbox that fails', () => {
  it('is not taken for a failing test', async () => {
    const [, first] = BEST_AND_NONE[0]!;
    const broken = {
      ...first,
      overlays: false,
      wrap: () => ['sh', '-c', 'echo "mount: /x: permission denied." >&2; exit 32'],
    };
    const verifier = await verifierOf(project({ a: '' }), ['true'], { sandbox: broken });
    expect(await verifier.run([], options)).toMatchObject({
      status: 'not_started',
      problem: 'the sandbox cannot be set up: mount: /x: permission denied.',
    });
  });
});

describe('several runs', () => {
  it('bounds the output of a suite that prints a gigabyte, and keeps its end', async () => {
    const script = "yes 'a long line of output that says nothing at all' | head -c 1000000000; echo THE END; exit 1";
    const seen = await (await verifierOf(project({ a: '' }), ['sh', '-c', script])).run([], options);
    expect([
      seen.status,
      seen.outputTruncated,
      seen.output.length < 3_000_000,
      seen.output.trimEnd().endsWith('THE END'),
    ]).toEqual(['failed', true, true, true]);
  });

  it.each(BEST_AND_NONE)('run at once, but no more than allowed (sandbox: %s)', async (_kind, sandbox) => {
    const shared = newFolder('/var/tmp');
    rmSync(shared, { recursive: true });
    const verifier = await verifierOf(project(BUGGY), ['sh', '-c', 'date +%s%N; sleep 0.3; date +%s%N'], {
      sandbox,
      width: 2,
    });
    const runs = await Promise.all([1, 2, 3].map(() => verifier.run([], { ...options, signal })));
    const spans = runs
      .map(({ output }) => output.trim().split('\n').map(Number) as [number, number])
      .sort((a, b) => a[0] - b[0]);
    expect(spans[1]![0]).toBeLessThan(spans[0]![1]);
    expect(spans[2]![0]).toBeGreaterThan(Math.min(spans[0]![1], spans[1]![1]));
  });

  it('leaves the tree as it is', async () => {
    const folder = project(BUGGY);
    const before = readdirSync(folder).map((name) => [name, readFileSync(join(folder, name), 'utf8')]);
    for (const [, sandbox] of BEST_AND_NONE) {
      const verifier = await verifierOf(folder, ['sh', '-c', 'echo x > add.js; rm sub.js; touch new'], { sandbox });
      await verifier.run(FIX, options);
    }
    expect(readdirSync(folder).map((name) => [name, readFileSync(join(folder, name), 'utf8')])).toEqual(before);
  });
});
