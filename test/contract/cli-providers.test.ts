import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterEach, describe, expect, it } from 'vitest';
import { ownIdentity } from '../../src/platform/process-identity.ts';
import { CLI_DIALECTS } from './cli-dialects.ts';
import { answered, type FakeProgram, failed, fakeProgram, KEY } from './cli-program.ts';

const fakes: FakeProgram[] = [];
afterEach(() => {
  for (const fake of fakes.splice(0)) fake.remove();
});

const runs = (pid: number): boolean => {
  try {
    return !/\) Z /.test(readFileSync(`/proc/${pid}/stat`, 'utf8'));
  } catch {
    return false;
  }
};
const scratchFolders = (): string[] =>
  readdirSync(tmpdir()).filter((name) => name.startsWith('maestro-ask.') && name.includes(ownIdentity()));

it('every program provider is held to this contract', () => {
  const folder = new URL('../../src/providers/', import.meta.url);
  const files = readdirSync(folder).filter((file) => file.endsWith('.ts'));
  const programs = files.filter((file) => readFileSync(new URL(file, folder), 'utf8').includes('programProvider('));
  expect(programs.map((file) => file.replace('.ts', '')).sort()).toEqual(CLI_DIALECTS.map(({ provider }) => provider));
});

describe.each(CLI_DIALECTS)('$provider', (dialect) => {
  const fake = (body: string, version?: string): FakeProgram => {
    const made = fakeProgram(dialect, body, version);
    fakes.push(made);
    return made;
  };

  afterEach(() => {
    expect(scratchFolders()).toEqual([]);
  });

  describe('what it is given', () => {
    it('gives the answer with usage, model and time', async () => {
      const advice = answered(await fake(`begin(); bit('po'); answer('pong');`).ask());
      expect(advice).toMatchObject({ ok: true, ran: true, truncated: false });
      expect(advice.text).toBe(dialect.provider === 'gemini' ? 'popong' : 'pong');
      expect(advice.usage).toMatchObject({
        input_tokens: 1000,
        cached_input_tokens: 200,
        output_tokens: 50,
        reasoning_tokens: 30,
      });
      expect(advice.ms).toBeGreaterThan(0);
    });

    it('asks on standard input, in an empty folder, with nothing of the question in its arguments', async () => {
      const program = fake(`begin(); answer('ok');`);
      await program.ask({}, { prompt: 'a secret question' });
      const { argv, stdin, cwd, files } = program.started()!;
      expect(stdin).toContain('a secret question');
      expect(argv.join(' ')).not.toContain('secret question');
      expect(files).toEqual([]);
      expect(cwd).not.toBe(process.cwd());
      expect(existsSync(cwd)).toBe(false);
    });

    it('gets its own key and nothing else of the environment', async () => {
      const program = fake(`begin(); answer('ok');`);
      await program.ask({
        env: {
          GITHUB_TOKEN: 'ghp_x',
          AWS_SECRET_ACCESS_KEY: 'y',
          CLAUDECODE: '1',
          CLAUDE_CODE_SESSION_ID: 's',
          NODE_OPTIONS: '--inspect',
        },
      });
      const { env } = program.started()!;
      expect(Object.values(env)).toContain(KEY);
      for (const name of [
        'GITHUB_TOKEN',
        'AWS_SECRET_ACCESS_KEY',
        'CLAUDECODE',
        'CLAUDE_CODE_SESSION_ID',
        'NODE_OPTIONS',
      ])
        expect(env).not.toHaveProperty(name);
      expect(env.HOME).toContain('maestro-ask');
      expect(env.TMPDIR).toContain('maestro-ask');
    });

    it('shows earlier exchanges before the question, and never begins with a sign of a command', async () => {
      const program = fake(`begin(); answer('ok');`);
      await program.ask({}, { prompt: '/clear', transcript: [{ question: 'first', answer: 'one' }] });
      const { stdin } = program.started()!;
      expect(stdin).toMatch(/^## Earlier question\n\nfirst\n\n## Your answer\n\none\n\n## Question\n\n\/clear$/);
    });

    it('takes a question that begins with dashes, holds NUL bytes, or is 2 MB long, or says that it is too long', async () => {
      const program = fake(`begin(); answer(String(stdin.length));`);
      answered(await program.ask({}, { prompt: '--help' }));
      expect(program.started()!.argv).not.toContain('--help');
      answered(await program.ask({}, { prompt: 'a\0b' }));
      expect(program.started()!.stdin).toContain('a\uFFFDb');
      const long = await program.ask({}, { prompt: 'x'.repeat(2_000_000) });
      if (dialect.provider === 'codex')
        expect(failed(long)).toMatchObject({ reason: 'refused', ran: false, unpaid: true });
      else expect(answered(long).text).toContain('2000');
    });

    it('uses the login of its own where there is no key', async () => {
      const program = fake(`begin(); answer('ok');`);
      const [folder, file] = {
        claude: ['.claude', '.credentials.json'],
        codex: ['.codex', 'auth.json'],
        gemini: ['.gemini', 'oauth_creds.json'],
      }[dialect.provider]!;
      mkdirSync(join(program.folder, 'home', folder!), { recursive: true });
      writeFileSync(join(program.folder, 'home', folder!, file!), '{"token":"t"}');
      answered(await program.ask({ env: { [dialect.keyVariable]: undefined } }));
      expect(Object.values(program.started()!.env)).not.toContain(KEY);
      expect(readFileSync(join(program.folder, 'home', folder!, file!), 'utf8')).toBe('{"token":"t"}');
    });
  });

  describe('before it is asked', () => {
    it('is not installed where there is no such program', async () => {
      const missing = await fake('').ask({ settings: { binary: '/nowhere/at/all' } });
      expect(failed(missing)).toMatchObject({ reason: 'not_installed', ran: false, unpaid: true });
      const unnamed = await fake('').ask({ settings: { binary: null }, env: { PATH: '/nowhere', HOME: '/nowhere' } });
      expect(failed(unnamed).remedy).toMatch(/npm install/);
    });

    it('is found on the PATH', async () => {
      const program = fake(`begin(); answer('ok');`);
      const path = `${join(program.folder, 'bin')}:${process.env.PATH}`;
      answered(await program.ask({ settings: { binary: null }, env: { PATH: path } }));
    });

    it('is too old below the version whose flags are known', async () => {
      expect(failed(await fake('', '0.1.0').ask())).toMatchObject({ reason: 'too_old', ran: false, unpaid: true });
    });

    it('is not logged in without key and login file, and says how to', async () => {
      const failure = failed(await fake('').ask({ env: { [dialect.keyVariable]: undefined } }));
      expect(failure).toMatchObject({ reason: 'not_logged_in', ran: false, unpaid: true });
      expect(failure.remedy).toMatch(/^Run: /);
    });

    it('tells all of that without asking anything', async () => {
      const program = fake(`begin(); answer('ok');`);
      const provider = await program.provider();
      expect(await provider.available(program.surroundings())).toMatchObject({
        ...{ ready: true, reason: null, version: dialect.version, path: program.binary, loggedIn: true },
        heldBy: 'its flags, proven for this version',
      });
      expect(program.started()).toBeNull();
      expect(
        await provider.available(program.surroundings({ env: { [dialect.keyVariable]: undefined } })),
      ).toMatchObject({
        ...{ ready: false, reason: 'not_logged_in', loggedIn: false },
      });
    });

    it('is held in a version nobody tried only where its own request offers no tool', async () => {
      const newer = dialect.version.replace(/\d+$/, '9999');
      const asking = (tools: string): string => `
const base = process.env.ANTHROPIC_BASE_URL ?? process.env.GOOGLE_GEMINI_BASE_URL ?? /base_url="([^"]+)"/.exec(argv.join(' '))?.[1];
if (base.endsWith(':9') || base.endsWith(':9/v1')) { begin(); answer('ok'); }
else await fetch(base, { method: 'POST', body: JSON.stringify({ tools: ${tools} }) }).catch(() => {});`;
      answered(await fake(asking('[]'), newer).ask());
      const offering = fake(asking(`[{ name: 'shell', functionDeclarations: [{ name: 'shell' }] }]`), newer);
      const availability = await (await offering.provider()).available(offering.surroundings());
      expect(availability.ready ? availability.heldBy : availability.reason).toMatch(/bubblewrap|not_held/);
      const allowed = await (await offering.provider()).available(
        offering.surroundings({ settings: { allowUnheld: true } }),
      );
      expect(allowed.ready).toBe(true);
    });
  });

  describe('failures of the model', () => {
    it.each([
      [401, 'bad key', 'not_logged_in'],
      [429, 'slow down', 'quota'],
      [429, 'Quota exceeded. Check your plan and billing details.', 'quota'],
      [500, 'oops', 'overloaded'],
      [503, 'model is overloaded', 'overloaded'],
      [404, 'no such model', 'refused'],
    ] as const)('%i (%s) is told as %s', async (status, message, reason) => {
      const failure = failed(await fake(`begin(); failure(${status}, ${JSON.stringify(message)});`).ask());
      expect(failure).toMatchObject({ reason, ran: true, partial: null });
      expect(failure.message).toContain(message.slice(0, 20));
      expect(failure.remedy.length).toBeGreaterThan(10);
    });

    it('keeps the time to wait where it was said', async () => {
      const said = failed(await fake(`begin(); failure(429, 'rate limited, retry after 7s');`).ask());
      expect(said).toMatchObject({ reason: 'quota', retryAfterMs: 7_000, unpaid: true });
      expect(failed(await fake(`begin(); failure(429, 'rate limited');`).ask()).retryAfterMs).toBeNull();
    });

    it('never shows the key, whatever the program prints', async () => {
      const failure = failed(await fake(`begin(); failure(401, 'bad key ${KEY}');`).ask());
      expect(JSON.stringify(failure)).not.toContain(KEY);
    });
  });

  describe('output that is not what it should be', () => {
    it('takes a complete answer whatever the exit status', async () => {
      expect(answered(await fake(`begin(); answer('there'); process.exitCode = 1;`).ask()).text).toBe('there');
    });

    it('takes an end with status 0 and an error inside for a failure', async () => {
      const failure = failed(await fake(`begin(); failure(500, 'broken'); process.exitCode = 0;`).ask());
      expect(failure.reason).toBe('overloaded');
    });

    it.each([
      ['nothing at all', ''],
      ['an empty answer', `begin(); answer('');`],
      ['a web page', `out('<html><body>log in</body></html>');`],
      ['half a line', `begin(); out('{"type":"item.comp');`],
      ['cut JSON lines', `begin(); out('{"type":"result","result":"x\\n');`],
      ['only white space as an answer', `begin(); answer(' \\n ');`],
    ])('tells %s as bad output', async (_, body) => {
      expect(failed(await fake(body).ask())).toMatchObject({ reason: 'bad_output', ran: true });
    });

    it('tells an end with a status and no word as a crash', async () => {
      expect(failed(await fake(`process.exit(3);`).ask())).toMatchObject({ reason: 'crashed', ran: true });
      expect(
        failed(
          await fake(`process.kill(process.pid, 'SIGSEGV'); await new Promise(() => setTimeout(() => {}, 9e3));`).ask(),
        ).message,
      ).toContain('SIGSEGV');
    });

    it('keeps an answer to its limit and says that it was cut', async () => {
      const advice = answered(await fake(`begin(); answer('é'.repeat(1000));`).ask({ limits: { answerBytes: 101 } }));
      expect(advice).toMatchObject({ truncated: true, text: 'é'.repeat(50) });
    });

    it('survives an answer of 50 MB and output without end', async () => {
      const big = answered(
        await fake(`begin(); answer('x'.repeat(50_000_000));`).ask({ limits: { answerBytes: 60_000_000 } }),
      );
      expect(big.text.length).toBe(50_000_000);
      const endless = `begin(); const more = () => { while (out('x'.repeat(65536))); process.stdout.once('drain', more); }; more(); await new Promise(() => {});`;
      expect(failed(await fake(endless).ask({ limits: { answerBytes: 1000 } }))).toMatchObject({
        reason: 'bad_output',
      });
    });

    it('puts characters together that were split between two writes, and replaces what is no UTF-8', async () => {
      const split = `begin(); const real = out; let whole = ''; globalThis.collect = true;
const bytes = Buffer.from(await new Promise((done) => { const kept = []; const write = process.stdout.write; process.stdout.write = (t) => { kept.push(t); return true; }; answer('naïve ✓'); process.stdout.write = write; done(kept.join('')); }));
for (const byte of bytes) { process.stdout.write(Buffer.from([byte])); if (byte > 127) await new Promise((r) => setTimeout(r, 2)); }`;
      expect(answered(await fake(split).ask()).text).toBe('naïve ✓');
      const invalid = `begin(); const write = process.stdout.write.bind(process.stdout); process.stdout.write = (t) => write(Buffer.concat(t.split('@').flatMap((part, i) => [Buffer.from(i ? [0xff] : []), Buffer.from(part)]))); answer('a@b');`;
      expect(answered(await fake(invalid).ask()).text).toBe('a\uFFFDb');
    });

    it('takes control sequences out of the answer', async () => {
      expect(answered(await fake(`begin(); answer('\\u001b[31mred\\u001b[0m\\u0007');`).ask()).text).toBe('red');
    });
  });

  describe('nothing hangs', () => {
    it('gives up when no sign of life comes', async () => {
      const program = fake(`await new Promise(() => setInterval(() => {}, 1e3));`);
      expect(failed(await program.ask({ limits: { firstOutputMs: 1_000 } }))).toMatchObject({
        reason: 'timeout',
        partial: null,
      });
      expect(runs(program.started()!.pid)).toBe(false);
    });

    it('gives up in the middle, and keeps what had come', async () => {
      const program = fake(`begin(); bit('half an'); await new Promise(() => setInterval(() => {}, 1e3));`);
      const failure = failed(await program.ask({ limits: { silenceMs: 800, totalMs: 4_000 } }));
      expect(failure).toMatchObject({ reason: 'timeout', partial: dialect.streams ? 'half an' : null });
      expect(runs(program.started()!.pid)).toBe(false);
    });

    it('ends a program that ignores SIGTERM', async () => {
      const program = fake(
        `process.on('SIGTERM', () => {}); begin(); await new Promise(() => setInterval(() => {}, 1e3));`,
      );
      expect(failed(await program.ask({ limits: { totalMs: 2_500 } })).reason).toBe('timeout');
      expect(runs(program.started()!.pid)).toBe(false);
    });

    it('does not wait for a grandchild that holds the pipe, and leaves none', async () => {
      const program = fake(
        `const child = spawn('sleep', ['300'], { stdio: ['ignore', 'inherit', 'inherit'] }); writeFileSync(NOTES + '.child', String(child.pid)); child.unref(); begin(); answer('done'); setTimeout(() => process.exit(0), 50);`,
      );
      expect(answered(await program.ask()).text).toContain('done');
      expect(runs(Number(readFileSync(join(program.folder, 'notes.json.child'), 'utf8')))).toBe(false);
    });

    it('is cancelled before it starts, while it waits, and in the middle of an answer', async () => {
      const early = fake(`begin(); answer('ok');`);
      expect(failed(await early.ask({ signal: AbortSignal.abort() }))).toMatchObject({
        reason: 'cancelled',
        ran: false,
      });
      expect(early.started()).toBeNull();
      for (const body of ['', `begin(); bit('some');`]) {
        const controller = new AbortController();
        const program = fake(
          `${body} writeFileSync(NOTES + '.there', ''); await new Promise(() => setInterval(() => {}, 1e3));`,
        );
        const asked = program.ask({ signal: controller.signal });
        while (!existsSync(join(program.folder, 'notes.json.there'))) await sleep(10);
        controller.abort();
        expect(failed(await asked).reason).toBe('cancelled');
        expect(runs(program.started()!.pid)).toBe(false);
      }
    });
  });
});
