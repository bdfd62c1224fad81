import { describe, expect, it } from 'vitest';
import { readToml } from '../../src/platform/toml-read.ts';
import { TomlError } from '../../src/platform/toml-text.ts';

const readValue = (text: string): unknown => readToml(`x = ${text}`)[0]!.value;

describe('reading TOML', () => {
  it.each<[string, unknown]>([
    ['"a\\tb\\u00e9\\U0001F600\\"\\\\"', 'a\tbé😀"\\'],
    ["'C:\\no\\escape'", 'C:\\no\\escape'],
    ['"""\na\n"b" ""c"""', 'a\n"b" ""c'],
    ['"""a \\\n   b"""', 'a b'],
    ['""""quoted""""', '"quoted"'],
    ["'''\n[x]'''", '[x]'],
    ['true', true],
    ['-17', -17],
    ['1_000', '1_000'],
    ['0xDEAD_beef', '0xDEAD_beef'],
    ['6.626e-34', '6.626e-34'],
    ['inf', 'inf'],
    ['1979-05-27T07:32:00-08:00', '1979-05-27T07:32:00-08:00'],
    ['07:32:00', '07:32:00'],
    ['[ "a", # one\n  [1, 2], ]', ['a', [1, 2]]],
    ['{ a.b = 1, "c d" = [] }', { a: { b: 1 }, 'c d': [] }],
    ['{}', {}],
  ])('reads the value %s', (text, value) => {
    expect(readValue(text)).toEqual(value);
  });

  it('gives every statement its whole path and its place', () => {
    const text = 'a = 1 # one\n\n[b."c.d"]\ne.f = "g"\r\n[[h]]\ni = 2';
    const found = readToml(text).map(({ kind, path, start, end }) => [kind, path.join('/'), text.slice(start, end)]);
    expect(found).toEqual([
      ['pair', 'a', 'a = 1'],
      ['table', 'b/c.d', '[b."c.d"]'],
      ['pair', 'b/c.d/e/f', 'e.f = "g"'],
      ['list', 'h', '[[h]]'],
      ['pair', 'h/i', 'i = 2'],
    ]);
  });

  it.each<[string, number]>([
    ['x = ', 1],
    ['x = 1 y = 2', 1],
    ['a = 1\nx = "open', 2],
    ['x = "line\nbreak"', 1],
    ['x = """never ends', 1],
    ['x = [1, 2', 1],
    ['x = [1 2]', 1],
    ['x = { a = 1', 1],
    ['[a\nb = 1', 1],
    ['[]', 1],
    ['= 1', 1],
    ['x = 01', 1],
    ['x = yes', 1],
    ['x = "\\q"', 1],
    ['x = "\\uD8"', 1],
    ['{"a": 1}', 1],
    ['a = 1\n\na = 2', 3],
    ['[t]\na = 1\n[t]\nb = 2', 3],
    ['<<<<<<< ours', 1],
  ])('says in which line %j is not TOML', (text, line) => {
    const error = thrownBy(() => readToml(text));
    expect(error).toBeInstanceOf(TomlError);
    expect((error as TomlError).line).toBe(line);
  });

  it('lets every element of a list of tables have the same keys', () => {
    expect(readToml('[[l]]\na = 1\n[l.t]\nb = 1\n[[l]]\na = 2\n[l.t]\nb = 2\n')).toHaveLength(8);
    expect(thrownBy(() => readToml('[[l]]\na = 1\na = 2\n'))).toBeInstanceOf(TomlError);
  });

  it('reads a megabyte of settings in one pass', () => {
    const text = Array.from({ length: 20_000 }, (_, index) => `key${index} = "value ${index}" # and a comment`).join(
      '\n',
    );
    expect(readToml(text)).toHaveLength(20_000);
  });
});

function thrownBy(work: () => unknown): unknown {
  try {
    work();
    return null;
  } catch (error) {
    return error;
  }
}
