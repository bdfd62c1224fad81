import { describe, expect, it } from 'vitest';
import { readRequest } from '../../../src/context/question/asked.ts';
import { STOP_WORDS } from '../../../src/context/question/words.ts';
import { plainFolder } from '../workspace-of.ts';

const FILE = `def first():\n    a = 1\n    return a\n\n\ndef second():\n    b = 1\n    return b\n`;
const NONE = new Set<string>();

describe('a request', () => {
  it('is a question of its task and its distilled errors', () => {
    const request = {
      workspace: '/',
      task: 'Zebra is wrong',
      errors: ['noise\nnoise\nValueError: odd\n', 'TypeError: even'],
    };
    const { question, failure } = readRequest('/', request, new Map(), false, NONE);
    expect(question.title).toBe('Zebra is wrong');
    expect(failure.text).toContain('ValueError: odd');
    expect(failure.text).toContain('TypeError: even');
    expect(question.errors).toBe(failure.text);
  });

  it('of nothing is a question without terms', () => {
    const { question, failure } = readRequest('/', { workspace: '/' }, new Map(), false, NONE);
    expect([question.terms, question.mentions, failure.text]).toEqual([[], [], '']);
  });

  it('for a stage that looks at callers also asks for the definitions that hold changed lines, and no others', () => {
    const root = plainFolder({ 'a.py': FILE });
    const changed = new Map([['a.py', [[7, 7]] as const]]);
    const names = (callers: boolean): string[] => [
      ...readRequest(root, { workspace: root, task: 'improve it' }, changed, callers, NONE).question.identifiers.keys(),
    ];
    expect(names(true)).toContain('second');
    expect(names(false)).not.toContain('second');
  });

  it('passes over changed files that are gone, are no code, or lie behind a link', () => {
    const root = plainFolder({ 'a.bin': '\0' });
    const changed = new Map(['gone.py', 'a.bin', '../x.py'].map((path) => [path, [[1, 1]] as const]));
    expect(readRequest(root, { workspace: root, task: 'x' }, changed, true, NONE).question.text).toBe('x');
  });

  it('has the lines of the repository\u2019s own forms taken out', () => {
    const forms = new Set(['tell us what you did']);
    const task = 'Zebra fails\n\nTell us what you did:\n\nI fed it.';
    const { question } = readRequest('/', { workspace: '/', task }, new Map(), false, forms);
    expect(question.text).not.toContain('Tell us');
    expect(question.text).toContain('I fed it.');
  });
});

describe('words without meaning', () => {
  it('are of prose and of code, in small letters', () => {
    for (const word of ['the', 'function', 'self', 'please', 'https']) expect(STOP_WORDS.has(word), word).toBe(true);
    for (const word of STOP_WORDS) expect(word).toMatch(/^[a-z]+$/);
  });

  it('are none that names of things in programs consist of', () => {
    for (const word of ['file', 'index', 'token', 'cache', 'error', 'test', 'value', 'parse', 'url'])
      expect(STOP_WORDS.has(word), word).toBe(false);
  });
});
