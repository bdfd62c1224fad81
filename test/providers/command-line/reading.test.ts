import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { dialect as claude } from '../../../src/providers/claude.ts';
import { dialect as codex } from '../../../src/providers/codex.ts';
import type { Reading } from '../../../src/providers/command-line/dialect.ts';
import { classify } from '../../../src/providers/command-line/failures.ts';
import { jsonLines, sum } from '../../../src/providers/command-line/json-lines.ts';
import { questionText } from '../../../src/providers/command-line/question.ts';
import { dialect as gemini } from '../../../src/providers/gemini.ts';
import { SPEECHES } from '../../contract/cli-dialects.ts';
import { JUNK, spoiled } from '../../models/json-spoiled.ts';

const DIALECTS = { claude, codex, gemini };
type Id = keyof typeof DIALECTS;

const read = (id: string, lines: readonly string[], exitCode = 0): Reading =>
  DIALECTS[id as Id].read({ stdout: lines.join('\n'), stderr: '', exitCode });

/** What of a reading does not keep to its type. */
function unsound({ text, complete, model, tool, error, usage }: Reading): string[] {
  const isText = (value: unknown) => value === null || typeof value === 'string';
  const sound = {
    ...{ text: typeof text === 'string', complete: typeof complete === 'boolean', model: isText(model) },
    ...{ tool: isText(tool), error: error === null || typeof error.message === 'string' },
    usage: Object.values(usage).every((count) => count === null || Number.isFinite(count)),
  };
  return Object.keys(sound).filter((name) => !sound[name as keyof typeof sound]);
}

describe.each(SPEECHES)('what $id prints', (speech) => {
  const lines = [...speech.preamble, ...speech.answer('Grüße, 🙂\nzwei')];

  it('is read as the whole answer, also with CRLF, blank lines and noise between its lines', () => {
    const noise = ['', 'Loading…', '{not json}', '[1]', 'null', '{"type":"unheard_of","text":"no"}'];
    for (const printed of [lines, lines.flatMap((line) => [...noise, `${line}\r`]), [...lines, '', ...noise]])
      expect(read(speech.id, printed)).toMatchObject({
        text: 'Grüße, 🙂\nzwei',
        complete: true,
        error: null,
        tool: null,
      });
  });

  it('is never more than the answer, nor complete before its answer is there, wherever it is cut', () => {
    const whole = lines.join('\n');
    const wrong = Array.from({ length: whole.length + 1 }, (_, end) => read(speech.id, [whole.slice(0, end)])).filter(
      (reading) =>
        unsound(reading).length > 0 ||
        !'Grüße, 🙂\nzwei'.startsWith(reading.text) ||
        (reading.complete && reading.text !== 'Grüße, 🙂\nzwei'),
    );
    expect(wrong).toEqual([]);
  });

  it('is read without trouble whatever stands in place of any of its values', () => {
    const failing = speech.failure(500, 'it broke').lines;
    const junk = fc.constantFrom(...JUNK);
    fc.assert(
      fc.property(fc.constantFrom(...lines, ...failing), fc.nat(14), junk, (line, which, put) => {
        const printed = [...lines, ...failing].map((each) => (each === line ? spoiled(each, which, put) : each));
        expect(unsound(read(speech.id, printed))).toEqual([]);
        expect(unsound(read(speech.id, printed.slice(0, lines.length)))).toEqual([]);
        expect(unsound(read(speech.id, printed.slice(lines.length)))).toEqual([]);
      }),
      { numRuns: 150 },
    );
  });

  it('names a failure, and does not take its words for an answer', () => {
    const { lines: failing, exit } = speech.failure(503, 'it broke');
    const reading = read(speech.id, [...speech.preamble, ...failing], exit);
    expect(reading).toMatchObject({ complete: false, text: '' });
    expect(classify(reading.error!.message, reading.error!.status, DIALECTS[speech.id as Id])?.reason).toBe(
      'overloaded',
    );
  });
});

describe('a status of HTTP', () => {
  it.each([
    [401, 'not_logged_in', true],
    [403, 'not_logged_in', true],
    [402, 'quota', true],
    [429, 'quota', true],
    [400, 'refused', true],
    [404, 'refused', true],
    [413, 'refused', true],
    [500, 'overloaded', true],
    [502, 'overloaded', true],
    [529, 'overloaded', true],
  ])('%i, stated or in the words, is %s', (status, reason, unpaid) => {
    expect(classify('odd', status, codex)).toMatchObject({ reason, unpaid });
    for (const words of [
      `API Error: ${status} odd`,
      `unexpected status ${status}: odd`,
      `HTTP ${status}`,
      `(http ${status})`,
    ])
      expect(classify(words, null, codex)).toMatchObject({ reason, unpaid });
  });

  it('that means nothing in particular, or is only a number, leaves it open', () => {
    for (const words of ['HTTP 418', 'line 401', 'took 429 s', 'error 42', 'http 4290'])
      expect(classify(words, null, codex)).toBeNull();
    expect(classify('odd', 200, codex)).toBeNull();
  });
});

describe('a wait that is asked for in words', () => {
  it.each([
    ['rate limit: retry after 2s', 2_000],
    ['rate limit: please try again in 1.5 hours', 5_400_000],
    ['rate limit: retry in 900ms', 900],
    ['rate limit: retry in 500 milliseconds', 500],
    ['rate limit: retry after: 3 minutes', 180_000],
    ['rate limit: wait for 30 seconds', 30_000],
    ['rate limit: limit resets in 2 days', 172_800_000],
    ['rate limit: retry later', null],
    ['rate limit: retry after soon', null],
    ['odd: retry in 5s, quota exceeded', 5_000],
  ])('%s', (words, ms) => {
    expect(classify(words, null, codex)?.retryAfterMs).toBe(ms);
  });

  it('is nobody’s business where waiting does not help', () => {
    expect(classify('unauthorized, retry in 5s', null, codex)?.retryAfterMs).toBeNull();
  });
});

const words = fc.string({ unit: 'binary', maxLength: 20 });

describe('the question on stdin', () => {
  it('never begins like a command, holds no NUL and always ends with what is asked', () => {
    fc.assert(
      fc.property(words, fc.array(words, { maxLength: 3 }), (prompt, earlier) => {
        const text = questionText({ prompt, transcript: earlier.map((question) => ({ question, answer: 'a\0b' })) });
        expect(text.startsWith('# ')).toBe(true);
        expect(text).not.toContain('\0');
        expect(text.endsWith(`# Question\n\n${prompt.replaceAll('\0', '\ufffd')}\n`)).toBe(true);
      }),
    );
  });

  it('keeps as many of the newest exchanges as there is room for, in their order', () => {
    const transcript = [1, 2, 3, 4].map((at) => ({ question: `q${at}`, answer: `${at}`.repeat(25_000) }));
    const text = questionText({ prompt: 'now', transcript });
    expect([...text.matchAll(/q\d|now/g)].map(([word]) => word)).toEqual(['q3', 'q4', 'now']);
    expect(text.length).toBeLessThan(64 * 1024 + 200);
  });
});

describe('lines of JSON', () => {
  it('are the objects among them, whatever stands between', () => {
    expect(jsonLines('{"a":1}\n  {"b":2}\r\n{"c":\n[1]\n"x"\n\n{"d":{}}')).toEqual([{ a: 1 }, { b: 2 }, { d: {} }]);
    expect(jsonLines('')).toEqual([]);
  });

  it('add up to what is known of them, and to nothing known where nothing is', () => {
    expect([sum(1, null, 2), sum(null, null), sum(), sum(0)]).toEqual([3, null, null, 0]);
  });
});
