import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { readAnswer } from '../../src/domain/structured-answer.ts';

const schema = z.object({ name: z.string(), parts: z.array(z.object({ size: z.number() })).default([]) });
const read = (text: string) => readAnswer(text, schema);
const value = (name: string) => ({ ok: true, value: { name, parts: [] } });
const problem = (text: string): string => {
  const reading = read(text);
  return reading.ok ? 'no problem' : reading.problem;
};

describe('a structured answer', () => {
  it.each([
    ['the whole text', '{"name":"a"}'],
    ['the text with space around it', '\n\n  {"name":"a"}\n'],
    ['a fence', 'Here you are:\n```json\n{"name":"a"}\n```\nGood luck.'],
    ['a fence without a language', '```\n{ "name": "a" }\n```'],
    ['an indented fence', '- so:\n  ```json\n  {"name":"a"}\n  ```\n'],
    ['prose', 'I would say {"name":"a"} and nothing else.'],
    ['prose with other brackets', 'As f(x) = [x] says {not json}, the answer is {"name":"a"}.'],
    ['a text with CRLF', '```json\r\n{"name":"a"}\r\n```\r\n'],
  ])('is found as %s', (_, text) => {
    expect(read(text)).toEqual(value('a'));
  });

  it('may hold brackets and quotes in its strings', () => {
    expect(read('so {"name":"} \\" ] {"} it is')).toEqual(value('} " ] {'));
  });

  it('is taken from the fence when the prose holds brackets too', () => {
    expect(read('{"name":"from prose"}\n```json\n{"name":"a"}\n```')).toEqual(value('a'));
  });

  it('is not chosen among two that differ, but given twice it counts once', () => {
    expect(problem('{"name":"a"} or {"name":"b"}')).toBe('it holds 2 different answers');
    expect(read('{"name":"a"}, I repeat: {"name":"a"}')).toEqual(value('a'));
  });

  it('loses fields that were not asked for', () => {
    expect(read('{"name":"a","mood":"good"}')).toEqual(value('a'));
  });

  it.each([
    ['no JSON at all', 'I do not know.', 'it holds no JSON object'],
    ['nothing', '', 'it holds no JSON object'],
    ['JSON that is cut off', '{"name":"a"', 'it holds no JSON object'],
    ['JSON with a trailing comma', '{"name":"a",}', 'it holds no JSON object'],
    ['a field of another kind', '{"name":1}', 'name: Invalid input: expected string, received number'],
    ['a missing field', '{"other":1}', 'name: Invalid input: expected string, received undefined'],
    [
      'a wrong field deep inside',
      '{"name":"a","parts":[{"size":1},{"size":"big"}]}',
      'parts[1].size: Invalid input: expected number, received string',
    ],
    ['a list instead', '[1]', 'the answer: Invalid input: expected object, received array'],
  ])('with %s is refused with what is wrong and where', (_, text, expected) => {
    expect(problem(text)).toBe(expected);
  });

  it('says how many more things are wrong, on one short line', () => {
    const said = problem('{"parts":[{},{},{}]}');
    expect(said).toMatch(/^name: .* \(and 3 more\)$/);
    expect(said.length).toBeLessThanOrEqual(200);
  });

  it('is looked for in a text full of brackets without taking its square in time', () => {
    expect(problem('{'.repeat(300_000))).toBe('it holds no JSON object');
    expect(problem('[{"'.repeat(100_000))).toBe('it holds no JSON object');
  });
});
