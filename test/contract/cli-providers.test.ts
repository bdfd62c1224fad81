import { Buffer } from 'node:buffer';
import { existsSync, readdirSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { afterAll, describe, expect, it } from 'vitest';
import { workingBubblewrap } from '../platform/bubblewrap-here.ts';
import { processesWith } from '../real/clients.ts';
import { failureOf, LIMITS } from './cli-asking.ts';
import { SPEECHES } from './cli-dialects.ts';
import { fakeProgram, print, quoted, SHORT } from './cli-program.ts';

const bwrap = workingBubblewrap();
/** Longer than any test, and like no other process of this machine. */
const NAP = `sleep ${200_000 + process.pid}`;

afterAll(() => {
  expect(
    readdirSync(tmpdir()).filter((name) => /^maestro-ask-/.test(name) && name.includes(`.${process.pid}-`)),
  ).toEqual([]);
  expect(processesWith(NAP)).toEqual([]);
});

describe.each(SPEECHES)('$id, asked', (speech) => {
  const { preamble, answer, keyName } = speech;
  const good = [...preamble, ...answer('pong')];
  const says = (lines: readonly string[], exit = 0) =>
    fakeProgram(speech, `cat >/dev/null\n${print(lines)}\nexit ${exit}`);
  const fails = async (lines: readonly string[], exit = 0) => failureOf(await says(lines, exit).ask());

  it('answers, with the model where it is named and what was used', async () => {
    const advice = await says(good).ask();
    expect(advice).toMatchObject({
      ok: true,
      ran: true,
      text: 'pong',
      truncated: false,
      model: speech.id === 'codex' ? null : 'a-model',
      usage: {
        input_tokens: 1000,
        cached_input_tokens: 200,
        output_tokens: 50,
        reasoning_tokens: 30,
        cost_usd: speech.id === 'claude' ? 0.0125 : null,
      },
    });
    expect(advice.ms).toBeGreaterThan(0);
  });

  it('says that nothing is known of the usage when the program names none', async () => {
    const lines = good.map((line) => line.replace(/"(usage|stats)":\{/, '"other":{').replace('total_cost_usd', 'x'));
    const advice = await says(lines).ask();
    expect(advice).toMatchObject({ ok: true, usage: { input_tokens: null, output_tokens: null, cost_usd: null } });
  });

  it('is sent the question on stdin, which is closed, and never in its arguments', async () => {
    const program = fakeProgram(speech, `cat >"$NOTES/stdin"; printf '%s\\n' "$@" >"$NOTES/args"\n${print(good)}`);
    const prompt = '--dangerously-bypass-approvals-and-sandbox\n/help $(touch x) \u0000é';
    expect(failureOf(await program.ask({ prompt, transcript: [{ question: 'q1', answer: 'a1' }] }))).toBe(
      'an answer: pong',
    );
    expect(program.note('stdin')).toMatch(
      /^# Earlier question\n\nq1\n\n# Your answer then\n\na1\n\n# Question\n\n--dangerously/,
    );
    expect(program.note('stdin')).toContain('$(touch x) \ufffdé\n');
    expect(program.note('args')).not.toContain('dangerously');
    expect(program.note('args')).not.toContain('You are an adviser.');
    expect(program.note('args')).not.toContain('key-of-the-user');
  });

  it('keeps the newest earlier exchanges within bounds', async () => {
    const program = fakeProgram(speech, `cat >"$NOTES/stdin"\n${print(good)}`);
    const transcript = [1, 2, 3].map((n) => ({ question: `question ${n}`, answer: 'a'.repeat(30_000) }));
    await program.ask({ transcript });
    expect(program.note('stdin')).not.toContain('question 1');
    expect(program.note('stdin')).toContain('question 2');
    expect(program.note('stdin').length).toBeLessThan(70_000);
  });

  it('gets its own credentials, an empty home and folder of its own, and nothing else of the user', async () => {
    const look =
      'env >"$NOTES/env"; pwd >"$NOTES/cwd"; ls -A . "$HOME" "$TMPDIR" >"$NOTES/files"; stat -c %a "$PWD" "$HOME" .. >"$NOTES/modes"';
    const program = fakeProgram(speech, `${look}; cat >/dev/null\n${print(good)}`);
    const foreign = {
      GITHUB_TOKEN: 'foreign-1',
      AWS_SECRET_ACCESS_KEY: 'foreign-2',
      CLAUDECODE: '1',
      CLAUDE_CODE_ENTRYPOINT: 'cli',
      NODE_OPTIONS: '--require=/nowhere',
      GIT_DIR: '/nowhere',
      ...(keyName === 'ANTHROPIC_API_KEY' ? {} : { ANTHROPIC_API_KEY: 'foreign-3' }),
      ...(keyName === 'GEMINI_API_KEY' ? {} : { GEMINI_API_KEY: 'foreign-4' }),
    };
    expect(failureOf(await program.ask({}, { env: foreign }))).toBe('an answer: pong');
    const env = program.note('env');
    expect(env).toContain('key-of-the-user');
    expect(env).not.toMatch(/foreign-\d|CLAUDECODE|CLAUDE_CODE_ENTRYPOINT|NODE_OPTIONS|GIT_DIR/);
    expect(program.note('cwd')).toMatch(/maestro-ask-/);
    expect(program.note('files')).not.toMatch(/\.env|AGENTS|CLAUDE\.md|GEMINI\.md/);
    expect(program.note('modes')).toBe('700\n700\n700\n');
  });

  it('is not there', async () => {
    const program = says(good);
    expect(failureOf(await program.ask({}, { env: { PATH: '/nowhere' } }))).toMatch(/^not_installed: there is no/);
    const advice = await program.ask({}, { settings: { binary: `${program.folder}/nothing` } });
    expect(failureOf(advice)).toMatch(/^not_installed: .*nothing is not a program/);
    expect(advice).toMatchObject({ ran: false, unpaid: true, remedy: expect.stringContaining('npm install') });
  });

  it('is found where the settings say, whatever the PATH', async () => {
    const program = says(good);
    const settings = { binary: `${program.folder}/bin/${speech.id}` };
    expect(failureOf(await program.ask({}, { settings, env: { PATH: '/usr/bin:/bin' } }))).toBe('an answer: pong');
  });

  it('is too old', async () => {
    const advice = await fakeProgram(speech, 'touch "$NOTES/ran"', speech.olderVersion).ask();
    expect(failureOf(advice)).toContain(`too_old: ${speech.id} ${speech.olderVersion} is older than`);
    expect(advice).toMatchObject({ ran: false, unpaid: true });
  });

  it('names no version', async () => {
    expect(failureOf(await fakeProgram(speech, '', 'unknown').ask())).toMatch(/^crashed: .* names no version/);
  });

  it('has no login', async () => {
    const program = says(good);
    const advice = await program.ask({}, { env: { [keyName]: undefined } });
    expect(failureOf(advice)).toBe(`not_logged_in: ${speech.id} is not logged in`);
    expect(advice).toMatchObject({ ran: false, unpaid: true, remedy: expect.stringContaining(keyName) });
    expect(await program.available({ env: { [keyName]: undefined } })).toMatchObject({
      ready: false,
      loggedIn: false,
      version: speech.testedVersion,
    });
  });

  it('takes the key from the variable that the settings name, and from no other', async () => {
    const program = fakeProgram(speech, `env >"$NOTES/env"; cat >/dev/null\n${print(good)}`);
    expect(failureOf(await program.ask({}, { settings: { apiKeyEnv: 'MINE' } }))).toMatch(/^not_logged_in/);
    expect(failureOf(await program.ask({}, { settings: { apiKeyEnv: 'MINE' }, env: { MINE: 'my-own-key' } }))).toBe(
      'an answer: pong',
    );
    expect(program.note('env')).toContain('=my-own-key');
    expect(program.note('env')).not.toContain('key-of-the-user');
  });

  it('is ready when all of it is there', async () => {
    expect(await says(good).available()).toMatchObject({
      ready: true,
      reason: null,
      remedy: null,
      version: speech.testedVersion,
      loggedIn: true,
      heldBy: expect.stringMatching(/flags/),
    });
  });

  it.each([
    [401, 'Unauthorized', 'not_logged_in', null],
    [403, 'forbidden', 'not_logged_in', null],
    [429, 'Too Many Requests', 'quota', null],
    [429, 'quota exceeded, retry after 2s', 'quota', 2_000],
    [429, 'usage limit reached, try again in 1.5 hours', 'quota', 5_400_000],
    [500, 'Internal Server Error', 'overloaded', null],
    [503, 'overloaded', 'overloaded', null],
    [404, 'model x does not exist', 'refused', null],
  ])('fails when the server says %i %s', async (status, message, reason, retryAfterMs) => {
    const { lines, exit } = speech.failure(status, message);
    const advice = await says([...preamble, ...lines], exit).ask();
    expect(advice).toMatchObject({ ok: false, ran: true, reason, retryAfterMs, unpaid: true, partial: null });
    expect(advice).toMatchObject({
      message: expect.stringContaining(message),
      remedy: expect.stringMatching(/^[A-Z].+\.$/),
    });
  });

  it('keeps the key out of what it hands on', async () => {
    const { lines, exit } = speech.failure(401, 'invalid api key key-of-the-user');
    expect(await fails([...preamble, ...lines], exit)).toContain('[key]');
    expect(failureOf(await says([...preamble, ...answer('your key is key-of-the-user')]).ask())).toBe(
      'an answer: your key is [key]',
    );
  });

  it('has the error inside although it ends with 0', async () => {
    const { lines } = speech.failure(429, 'rate limit, Too Many Requests');
    expect(await fails([...preamble, ...lines], 0)).toMatch(/^quota: /);
  });

  it('has an answer inside although it ends with 1', async () => {
    expect(failureOf(await says(good, 1).ask())).toBe('an answer: pong');
  });

  it('ends without a word', async () => {
    expect(await fails([])).toMatch(/^bad_output: .*without an answer/);
    expect(await fails(preamble)).toMatch(/^bad_output: /);
    expect(failureOf(await fakeProgram(speech, 'cat >/dev/null; echo something broke >&2; exit 3').ask())).toMatch(
      /^crashed: .*status 3: something broke/,
    );
    expect(failureOf(await fakeProgram(speech, 'kill -SEGV $$').ask())).toMatch(/^crashed: .*SIGSEGV/);
  });

  it('tells on stderr what is wrong', async () => {
    const on = async (words: string) =>
      failureOf(await fakeProgram(speech, `cat >/dev/null; echo ${quoted(words)} >&2; exit 1`).ask());
    expect(await on('Not logged in · Please run /login')).toMatch(/^not_logged_in/);
    expect(await on('connect ECONNREFUSED 127.0.0.1:1')).toMatch(/^network/);
    expect(await on('error: unexpected status 503')).toMatch(/^overloaded/);
  });

  it('gives an empty answer', async () => {
    expect(await fails([...preamble, ...answer('')])).toMatch(/^bad_output: /);
    expect(await fails([...preamble, ...answer(' \n')])).toMatch(/^bad_output: /);
  });

  it('prints HTML, no JSON, or half a line', async () => {
    expect(await fails(['<html><body>login</body></html>'])).toMatch(/^bad_output: .*web page/);
    expect(await fails(['hello', 'world'])).toMatch(/^bad_output: /);
    const half = fakeProgram(speech, `cat >/dev/null; printf '%s' ${quoted(answer('pong')[0]!.slice(0, 30))}`);
    expect(failureOf(await half.ask())).toMatch(/^bad_output: /);
  });

  it('keeps what came before the JSON was cut', async () => {
    const lines = [...preamble, ...answer('pong').slice(0, -1), answer('pong').at(-1)!.slice(0, 40)];
    const advice = await says(lines).ask();
    if (speech.id === 'gemini') expect(advice).toMatchObject({ ok: false, reason: 'bad_output', partial: 'pong' });
    else expect(advice).toMatchObject({ ok: true, text: 'pong' });
  });

  it('says nothing at all until the limit', async () => {
    const advice = await fakeProgram(speech, `${print(preamble)}\n${NAP}`).ask({}, { limits: SHORT });
    expect(failureOf(advice)).toMatch(/^timeout: .*said nothing/);
    expect(advice).toMatchObject({ ran: true, unpaid: false, partial: null });
  });

  it('falls silent in the middle', async () => {
    const middle = speech.partial?.('half an ans') ?? answer('half an ans')[1]!;
    const advice = await fakeProgram(speech, `${print([...preamble, middle])}\n${NAP}`).ask({}, { limits: SHORT });
    expect(failureOf(advice)).toMatch(speech.id === 'codex' ? /^an answer: half/ : /^timeout: .*fell silent/);
    if (!advice.ok) expect(advice.partial).toBe('half an ans');
  });

  it('talks on and on, never to an end', async () => {
    const line = speech.partial?.('x') ?? answer('x')[0]!;
    const script = `${print(preamble)}\nwhile :; do printf '%s\\n' ${quoted(line)}; sleep 0.05; done`;
    const advice = await fakeProgram(speech, script).ask({}, { limits: { ...SHORT, totalMs: 900 } });
    expect(failureOf(advice)).toMatch(/^timeout: .*did not finish/);
  });

  it('prints without end', async () => {
    const advice = await fakeProgram(
      speech,
      `${print(preamble)}\nyes 'not json, never ending, and of no use to anyone'`,
    ).ask();
    expect(failureOf(advice)).toMatch(/^bad_output: .*far more/);
  });

  it('gives an answer of 50 MB, of which as much is taken as may be', async () => {
    const [head, tail] = [...preamble, ...answer('@@')].join('\n').split('@@', 2) as [string, string];
    const rest = [...preamble, ...answer('@@')]
      .join('\n')
      .slice(head.length + 2)
      .replaceAll('@@', 'short');
    expect(tail).toBeTruthy();
    const program = fakeProgram(
      speech,
      `cat >/dev/null; printf '%s' ${quoted(head)}; head -c 50000000 /dev/zero | tr '\\0' a; printf '%s\\n' ${quoted(rest)}`,
    );
    const advice = await program.ask({}, { limits: { ...LIMITS, answerBytes: 1_000 } });
    if (speech.id === 'claude') expect(advice).toMatchObject({ ok: true, text: 'short' });
    else expect(advice).toMatchObject({ ok: true, truncated: true, text: 'a'.repeat(1_000) });
  });

  it('is cut at a whole character', async () => {
    const advice = await says([...preamble, ...answer('é'.repeat(100))]).ask(
      {},
      { limits: { ...LIMITS, answerBytes: 33 } },
    );
    expect(advice).toMatchObject({ ok: true, truncated: true, text: 'é'.repeat(16) });
  });

  it('prints bytes that are not UTF-8, and characters in two pieces', async () => {
    const bytes = Buffer.from([...preamble, ...answer('naïve')].join('\n')).toString('latin1');
    const octal = [...bytes].map((char) => `\\${char.charCodeAt(0).toString(8).padStart(3, '0')}`).join('');
    const split = octal.indexOf('\\303') + 4;
    const pieces = fakeProgram(
      speech,
      `cat >/dev/null; printf '${octal.slice(0, split)}'; sleep 0.1; printf '${octal.slice(split)}'`,
    );
    expect(failureOf(await pieces.ask())).toBe('an answer: naïve');
    const broken = fakeProgram(speech, `cat >/dev/null; printf '${octal.replaceAll('\\303', '\\377')}'`);
    expect(failureOf(await broken.ask())).toMatch(/^an answer: na\ufffd+ve$/);
  });

  it('has what steers a terminal taken out of its answer', async () => {
    const advice = await says([...preamble, ...answer('\u001b[2Jred \u001b]0;title\u0007text\u0000\r\n\tend')]).ask();
    expect(advice).toMatchObject({ ok: true, text: 'red text\n\tend' });
  });

  it('leaves a grandchild that holds its pipes', async () => {
    const program = fakeProgram(speech, `cat >/dev/null; (${NAP} &)\nsetsid ${NAP} &\n${print(good)}`);
    expect(failureOf(await program.ask())).toBe('an answer: pong');
    expect(processesWith(NAP)).toEqual([]);
  });

  it('does not end when it is asked to', async () => {
    const program = fakeProgram(speech, `trap '' TERM INT HUP\n${print(preamble)}\nwhile :; do sleep 0.1; done`);
    const advice = await program.ask({}, { limits: SHORT });
    expect(failureOf(advice)).toMatch(/^timeout: /);
    expect(processesWith(program.folder)).toEqual([]);
  });

  it('does not read the question', async () => {
    const program = fakeProgram(speech, `exec 0<&-\n${print(good)}`);
    expect(failureOf(await program.ask({ prompt: 'x'.repeat(900_000) }))).toBe('an answer: pong');
  });

  it('is asked a question of 2 MB', async () => {
    const program = fakeProgram(speech, `wc -c >"$NOTES/size"\n${print(good)}`);
    const advice = await program.ask({ prompt: 'x'.repeat(2_000_000) });
    if (speech.id === 'codex') {
      expect(failureOf(advice)).toMatch(/^refused: the question has 2000013 bytes/);
      expect(advice).toMatchObject({ ran: false, unpaid: true });
    } else expect(Number(program.note('size'))).toBe(2_000_013);
  });

  it('is cancelled before it is started', async () => {
    const program = fakeProgram(speech, 'touch "$NOTES/ran"');
    const advice = await program.ask({}, { signal: AbortSignal.abort() });
    expect(failureOf(advice)).toMatch(/^cancelled: /);
    expect(advice).toMatchObject({ ran: false, unpaid: true });
  });

  it.each([
    ['before it says anything', `touch "$NOTES/ran"; ${NAP}`, 1],
    [
      'in the middle of its answer',
      `${print([...preamble, ...(speech.partial ? [speech.partial('hal')] : [])])}\n${NAP}`,
      1,
    ],
    ['when it does not end by itself', `trap '' TERM; while :; do sleep 0.1; done`, 1],
  ])('is cancelled %s', async (_when, script) => {
    const abort = new AbortController();
    const program = fakeProgram(speech, script);
    setTimeout(() => abort.abort(), 400);
    const advice = await program.ask({}, { signal: abort.signal });
    expect(failureOf(advice)).toMatch(/^cancelled: /);
    expect(processesWith(program.folder)).toEqual([]);
  });

  const visitor = (body: string) =>
    `exec node -e ${quoted(`fetch(${speech.address} + ${JSON.stringify(speech.post.path)}, { method: 'POST', body: ${JSON.stringify(body)} }).then(() => process.exit(1))`)} -- "$@"`;
  const once = (body: string) =>
    `if [ -e "$NOTES/looked" ]; then cat >/dev/null; ${print(good)}\nelse touch "$NOTES/looked"; ${visitor(body)}; fi`;

  it('is newer than what was proven, offers tools all the same, and is not asked unless the user allows it', async () => {
    const program = fakeProgram(speech, visitor(speech.post.withTool), speech.newerVersion);
    const advice = await program.ask();
    expect(failureOf(advice)).toMatch(/^not_held: .*still offers tools \((exec|Bash|run_shell_command)\)/);
    expect(advice).toMatchObject({ ran: false, unpaid: true });
    const allowed = fakeProgram(speech, once(speech.post.withTool), speech.newerVersion);
    expect(failureOf(await allowed.ask({}, { settings: { allowUnheld: true } }))).toBe('an answer: pong');
  });

  it.skipIf(bwrap === null)('is newer, offers tools, and is held by bubblewrap where that works', async () => {
    // In its own folders it finds no note that it was looked at, and answers; outside it would offer a tool.
    const inside = `cat >/dev/null; touch "$NOTES/hit"; touch "$HOME/own" || exit 9\n${print(good)}`;
    const script = `if [ -e "$NOTES/secret" ]; then ${visitor(speech.post.withTool)}; else ${inside}\nfi`;
    const program = fakeProgram(speech, script, speech.newerVersion);
    writeFileSync(`${program.folder}/secret`, 'x');
    rmSync(`${program.folder}/bin/bwrap`);
    symlinkSync(bwrap!, `${program.folder}/bin/bwrap`);
    expect(await program.available()).toMatchObject({ ready: true, heldBy: expect.stringMatching(/^bubblewrap/) });
    expect(failureOf(await program.ask())).toBe('an answer: pong');
    expect(existsSync(`${program.folder}/hit`)).toBe(false);
  });

  it('is newer than what was proven, offers nothing, and is remembered for that', async () => {
    const program = fakeProgram(speech, once(speech.post.without), speech.newerVersion);
    expect(failureOf(await program.ask())).toBe('an answer: pong');
    expect(failureOf(await program.ask())).toBe('an answer: pong');
    expect(await program.available()).toMatchObject({
      ready: true,
      heldBy: expect.stringContaining(speech.newerVersion),
    });
  });

  it('is newer than what was proven and sends nothing when it is tried', async () => {
    const program = fakeProgram(speech, 'cat >/dev/null', speech.newerVersion);
    expect(failureOf(await program.ask())).toMatch(/^not_held: .*sent nothing/);
  });
});
