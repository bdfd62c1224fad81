import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type Question, readQuestion } from '../../../src/context/question/question.ts';

const weightOf = (question: Question, term: string): number =>
  question.terms.find((one) => one.term === term)?.weight ?? 0;

describe('a question', () => {
  it('has its first line of words as title, which weighs most', () => {
    const question = readQuestion('Zebra crossing\n\nThe lion sleeps.', '');
    expect(question.title).toBe('Zebra crossing');
    const said = readQuestion('The zebra is lost\n\nThe lion sleeps.', '');
    expect(weightOf(said, 'zebra')).toBeGreaterThan(weightOf(said, 'lion'));
  });

  it('passes over code and single words when it looks for a title', () => {
    expect(readQuestion('default\n\nThe zebra is lost again', '').title).toBe('The zebra is lost again');
    expect(readQuestion('var zebra = {\n};\nThe zebra is lost again', '').title).toBe('The zebra is lost again');
    expect(readQuestion('zebra', '').title).toBe('zebra');
    expect(readQuestion('', '').title).toBe('');
  });

  it('weighs what is written as code in prose more than prose, and blocks of code and output less', () => {
    const question = readQuestion(
      'Some title here\n\nword `inline`\n\n```\nblock\n```\n\n    indented\n',
      'Error: output',
    );
    expect(weightOf(question, 'inlin')).toBeGreaterThan(weightOf(question, 'word'));
    for (const low of ['block', 'indent', 'output'])
      expect(weightOf(question, low)).toBeLessThan(weightOf(question, 'word'));
  });

  it('takes lines that look like code for code, fenced or not', () => {
    const question = readQuestion('The title of it\n\nprose\n"key": [\n}, zebra(\nlion();', '');
    expect(weightOf(question, 'kei') || weightOf(question, 'key')).toBeLessThan(weightOf(question, 'prose') || 1);
    expect(weightOf(question, 'lion')).toBeLessThan(1);
  });

  it('counts repetition less and less', () => {
    const once = weightOf(readQuestion('t t\n\nzebra', ''), 'zebra');
    const often = weightOf(readQuestion(`t t\n\n${'zebra '.repeat(100)}`, ''), 'zebra');
    expect(often).toBeGreaterThan(once);
    expect(often).toBeLessThan(once * 5);
  });

  it('knows identifiers by their look and by where they stand', () => {
    const { identifiers } = readQuestion('It fails\n\nin getValue, my_name, `plain` and HttpServer but not prose', '');
    for (const name of ['getValue', 'my_name', 'plain', 'HttpServer']) expect(identifiers.has(name)).toBe(true);
    expect(identifiers.has('prose')).toBe(false);
  });

  it('knows modules written with dots, in parts, each once', () => {
    const { modules } = readQuestion('Use app.core.models twice: app.core.models, and e.g. os.path.', '');
    expect(modules).toContainEqual(['app', 'core', 'models']);
    expect(modules.filter((parts) => parts.join('.') === 'app.core.models')).toHaveLength(1);
  });

  it('keeps its errors beside its text', () => {
    const question = readQuestion('text', 'AssertionError: zebra');
    expect([question.text, question.errors]).toEqual(['text', 'AssertionError: zebra']);
    expect(weightOf(question, 'zebra')).toBeGreaterThan(0);
  });

  it('is bounded: terms, modules and time, whatever is asked', () => {
    const words = Array.from({ length: 20_000 }, (_, i) => `word${i}.part${i}`).join(' ');
    const question = readQuestion(words, words);
    expect(question.terms.length).toBeLessThanOrEqual(160);
    expect(question.modules.length).toBeLessThanOrEqual(100);
    expect(readQuestion('a'.repeat(5_000_000), '').terms).toEqual([]);
  });

  it('can be read from any text', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary', maxLength: 400 }), fc.string({ maxLength: 100 }), (task, errors) => {
        const { terms } = readQuestion(task, errors);
        expect(terms.every(({ weight }) => Number.isFinite(weight) && weight > 0)).toBe(true);
        expect(terms.map(({ weight }) => weight)).toEqual(terms.map(({ weight }) => weight).sort((a, b) => b - a));
      }),
      { numRuns: 100 },
    );
  });
});
