import { describe, expect, it } from 'vitest';
import { readCandidates, readResults } from '../../src/domain/candidate.ts';
import { MaestroError } from '../../src/domain/errors.ts';

/** The line of the expected failure. */
function refusal(work: () => unknown): string {
  try {
    work();
  } catch (error) {
    expect(error).toBeInstanceOf(MaestroError);
    const { code, message, remedy } = error as MaestroError;
    expect(code).toBe('bad_candidates');
    expect(message).not.toMatch(/[\r\n]/);
    expect(remedy).toMatch(/^Give a JSON list/);
    return message;
  }
  throw new Error('it was accepted');
}
const candidates = (value: unknown): string => refusal(() => readCandidates(JSON.stringify(value)));
const results = (value: unknown): string => refusal(() => readResults(JSON.stringify(value), ['a', 'b']));

describe('a candidates file', () => {
  it('is a list of patches, files or texts, each with an id', () => {
    const list = [
      { id: 'a', patch: '--- a/x\n', provider: 'codex' },
      { id: 'b', files: { 'src/x y.js': 'let x;\n', 'old.js': null } },
      { id: 'c', text: 'I would guard the null case.' },
      { id: 'd', patch: '--- a/x\n', text: 'because of the null case' },
    ];
    expect(readCandidates(JSON.stringify(list))).toEqual(list);
  });

  it('may be empty, start with a byte order mark, and carry fields of other tools', () => {
    expect(readCandidates('[]')).toEqual([]);
    expect(readCandidates('\uFEFF[{"id": " a ", "text": "x", "model": "m"}]')).toEqual([{ id: 'a', text: 'x' }]);
  });

  it.each([
    ['nothing', '', /^candidates: not JSON: /],
    ['a broken list', '[{"id": "a",\n]', /^candidates: not JSON: /],
    ['prose', 'here is\nmy list', /^candidates: not JSON: /],
    ['an object', '{"id": "a", "text": "x"}', /^candidates: .*expected array/],
  ])('that is %s is refused as a whole', (_, json, message) => {
    expect(refusal(() => readCandidates(json))).toMatch(message);
  });

  it.each([
    ['a missing id', [{ text: 'x' }], /^candidates\[0\]\.id: /],
    [
      'a blank id',
      [
        { id: 'a', text: 'x' },
        { id: ' ', text: 'x' },
      ],
      /^candidates\[1\]\.id: /,
    ],
    ['an id that is a number', [{ id: 7, text: 'x' }], /^candidates\[0\]\.id: /],
    ['an endless id', [{ id: 'x'.repeat(201), text: 'x' }], /^candidates\[0\]\.id: /],
    ['nothing to choose', [{ id: 'a' }], /^candidates\[0\]: needs a patch, files or a text$/],
    ['a patch that is no text', [{ id: 'a', patch: ['x'] }], /^candidates\[0\]\.patch: /],
    ['a file that is no text', [{ id: 'a', files: { 'a b.js': 1 } }], /^candidates\[0\]\.files\["a b\.js"\]: /],
    ['a patch and files at once', [{ id: 'a', patch: 'x', files: {} }], /^candidates\[0\]: has both/],
    ['no object', ['a'], /^candidates\[0\]: /],
  ])('with %s is refused by index and field', (_, value, message) => {
    expect(candidates(value)).toMatch(message);
  });

  it('with an id given twice is refused, naming both places', () => {
    const list = ['a', 'b', 'a '].map((id) => ({ id, text: 'x' }));
    expect(candidates(list)).toBe('candidates[2].id: "a" is already the id of candidates[0]');
  });
});

describe('a test-results file', () => {
  const entry = { id: 'a', passed: ['t1'], failed: ['t2'] };

  it('is a list of results by candidate, with the baseline beside it where that is known', () => {
    const baseline = { passed: ['t1'], failed: ['t2'] };
    expect(readResults(JSON.stringify([entry]), ['a'])).toEqual({ results: [entry] });
    expect(readResults(JSON.stringify({ baseline, results: [entry] }), ['a'])).toEqual({ baseline, results: [entry] });
  });

  it('may leave candidates out', () => {
    expect(readResults(JSON.stringify([entry]), ['a', 'b', 'c']).results.length).toBe(1);
  });

  it.each([
    ['no list', 'x', /^results: /],
    ['a result without passed', [{ id: 'a', failed: [] }], /^results\[0\]\.passed: /],
    ['a count instead of names', [{ ...entry, passed: 3 }], /^results\[0\]\.passed: /],
    ['a test that passed and failed', [{ ...entry, failed: ['t1'] }], /^results\[0\]: the same test/],
    ['an unknown candidate', [entry, { ...entry, id: 'z' }], /^results\[1\]\.id: "z" is not the id of a candidate$/],
    ['a candidate twice', [entry, entry], /^results\[1\]\.id: "a" is already the id of results\[0\]$/],
    ['half a baseline', { baseline: { passed: [] }, results: [] }, /^baseline\.failed: /],
    ['a negative count', [{ ...entry, lint_problems: -1 }], /^results\[0\]\.lint_problems: /],
  ])('with %s is refused by index and field', (_, value, message) => {
    expect(results(value)).toMatch(message);
  });

  it('that is not JSON is refused', () => {
    expect(refusal(() => readResults('passed: all', []))).toMatch(/^results: not JSON/);
  });
});
