import { describe, expect, it } from 'vitest';
import { UNKNOWN_USAGE } from '../../../src/domain/advice.ts';
import type { WatchedEnd } from '../../../src/platform/watched-process.ts';
import { dialect } from '../../../src/providers/codex.ts';
import { conclude } from '../../../src/providers/command-line/conclude.ts';
import type { Reading } from '../../../src/providers/command-line/dialect.ts';

const END: WatchedEnd = { exitCode: 0, signal: null, spawnError: null, ms: 5, stdout: 'x', stderr: '', stopped: null };
const READ: Reading = {
  ...{ text: 'the answer', complete: true, model: null, usage: UNKNOWN_USAGE },
  ...{ error: null, tool: null, refused: false },
};
const BOUNDS = { answerBytes: 1_000, secrets: [] as string[], model: 'asked-for' };

const concluded = (end: Partial<WatchedEnd>, read: Partial<Reading> = {}, bounds: Partial<typeof BOUNDS> = {}) =>
  conclude({ ...END, ...end }, { ...READ, ...read }, dialect, { ...BOUNDS, ...bounds });

const nothing = { text: '', complete: false };
const unavailable = Object.assign(new Error('spawn codex ENOENT'), { code: 'ENOENT' });

describe('what comes of a run', () => {
  it('is the answer, from the model that is named or else was asked for', () => {
    expect(concluded({})).toMatchObject({
      ok: true,
      ran: true,
      text: 'the answer',
      truncated: false,
      model: 'asked-for',
    });
    expect(concluded({}, { model: 'the\none' }).model).toBe('the one');
  });

  it.each<[string, Partial<WatchedEnd>, Partial<Reading>]>([
    ['an exit status of 1', { exitCode: 1 }, {}],
    ['an error beside it', {}, { error: { message: 'late trouble', status: 500 } }],
    ['a signal', { signal: 'SIGKILL', exitCode: null }, {}],
    ['a limit of time', { stopped: 'total' }, {}],
    ['a limit of silence', { stopped: 'silence' }, {}],
    ['words on stderr', { stderr: 'Error: 401 unauthorized' }, {}],
  ])('is the complete answer in spite of %s', (_, end, read) => {
    expect(concluded(end, read)).toMatchObject({ ok: true, text: 'the answer' });
  });

  it.each<[string, Partial<WatchedEnd>, Partial<Reading>, object]>([
    ['a cancel, although all had come', { stopped: 'cancelled' }, {}, { reason: 'cancelled', unpaid: false }],
    ['tools it should not have', { stopped: 'unwanted' }, nothing, { reason: 'not_held', unpaid: true }],
    ['a complaint of its own', { stopped: 'complaint' }, nothing, { reason: 'bad_output', unpaid: false }],
    [
      'a program that is not there',
      { spawnError: unavailable },
      nothing,
      { reason: 'not_installed', unpaid: true, ran: false },
    ],
    [
      'a program that cannot start',
      { spawnError: new Error('EMFILE') },
      nothing,
      { reason: 'crashed', unpaid: true, ran: false },
    ],
    ['a refusal', {}, { ...nothing, refused: true }, { reason: 'refused', unpaid: false }],
    ['a tool, whatever text came with it', {}, { tool: 'shell' }, { reason: 'bad_output', partial: 'the answer' }],
    [
      'an error that is known',
      {},
      { ...nothing, error: { message: 'x', status: 429 } },
      { reason: 'quota', unpaid: true },
    ],
    [
      'an error that is not',
      {},
      { ...nothing, error: { message: 'odd', status: null } },
      { reason: 'bad_output', message: 'codex: odd' },
    ],
    [
      'an odd error at a limit of time',
      { stopped: 'total' },
      { ...nothing, error: { message: 'odd', status: null } },
      { reason: 'timeout' },
    ],
    ['no first word in time', { stopped: 'first_output', stdout: '' }, nothing, { reason: 'timeout', partial: null }],
    [
      'silence in the middle',
      { stopped: 'silence' },
      { text: 'so far', complete: false },
      { reason: 'timeout', partial: 'so far' },
    ],
    ['far too much', { stopped: 'too_much' }, nothing, { reason: 'bad_output' }],
    [
      'a web page',
      { stdout: ' <!DOCTYPE html><p>' },
      nothing,
      { reason: 'bad_output', message: expect.stringContaining('web page') },
    ],
    [
      'an answer of blanks',
      {},
      { text: ' \n' },
      { reason: 'bad_output', message: expect.stringContaining('empty'), partial: null },
    ],
    ['half an answer', {}, { text: 'so far', complete: false }, { reason: 'bad_output', partial: 'so far' }],
    [
      'a signal',
      { signal: 'SIGSEGV', exitCode: null },
      nothing,
      { reason: 'crashed', message: 'codex was ended by SIGSEGV' },
    ],
    [
      'a status',
      { stdout: '', exitCode: 3, stderr: 'a\nlast words' },
      nothing,
      { reason: 'crashed', message: 'codex ended with status 3: last words' },
    ],
    ['nothing at all', { stdout: '' }, nothing, { reason: 'bad_output', message: 'codex ended without an answer' }],
    [
      'a login that is missing, on stderr',
      { stdout: '', exitCode: 1, stderr: 'Not logged in' },
      nothing,
      { reason: 'not_logged_in' },
    ],
  ])('is no answer because of %s', (_, end, read, wanted) => {
    const advice = concluded(end, read);
    expect(advice).toMatchObject({ ok: false, ran: true, ...wanted });
    if (!advice.ok) expect(advice.remedy).toMatch(/^[A-Z].*\.$/);
  });

  it.each([
    ['the message of a JSON error', 'noise\n{"error": {"message": "the \\"real\\" reason"}}', 'the "real" reason'],
    ['the last of several', '{"message": "first"}\n{"message": "second"}', 'second'],
    ['the last line where a message is no JSON', 'x\n{"message": "it\\\'s \\x odd"}', `{"message": "it\\'s \\x odd"}`],
    ['the last line where a message runs over lines', '{"message": "one\ntwo"}', 'two"}'],
  ])('tells of stderr %s', (_, stderr, words) => {
    expect(concluded({ stdout: '', exitCode: 1, stderr }, nothing)).toMatchObject({
      reason: 'crashed',
      message: `codex ended with status 1: ${words}`,
    });
  });

  it('shows no secret: not in the answer, the model, the words of a failure or what had come', () => {
    const secrets = ['sk-canary-1', 'sk-canary-2'];
    const text = 'keys sk-canary-1 and sk-canary-2, sk-canary-1 again';
    const failing = { ...nothing, text, error: { message: `bad ${secrets[0]}`, status: 401 } };
    expect(concluded({}, { text, model: secrets[1]! }, { secrets })).toMatchObject({
      text: 'keys [key] and [key], [key] again',
      model: '[key]',
    });
    expect(JSON.stringify(concluded({}, failing, { secrets }))).not.toContain('canary');
  });

  it('cuts an answer at a whole character, and says that it did', () => {
    for (const [answerBytes, text] of [
      [4, 'a€'],
      [3, 'a'],
      [2, 'a'],
      [0, ''],
    ] as const) {
      const advice = concluded({}, { text: 'a€b' }, { answerBytes });
      if (text === '') expect(advice).toMatchObject({ ok: false, reason: 'bad_output' });
      else expect(advice).toMatchObject({ ok: true, text, truncated: true });
    }
    expect(concluded({}, { text: 'a€b' }, { answerBytes: 5 })).toMatchObject({ text: 'a€b', truncated: false });
  });

  it('is told in one short line', () => {
    const advice = concluded({}, { ...nothing, error: { message: `long\n${'word '.repeat(500)}`, status: null } });
    if (advice.ok) throw new Error('answered');
    expect(advice.message).toMatch(/^codex: long word .*…$/);
    expect(advice.message.length).toBeLessThanOrEqual(301);
  });
});
