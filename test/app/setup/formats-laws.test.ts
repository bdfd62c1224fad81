import fc from 'fast-check';
import { parse } from 'jsonc-parser';
import { describe, expect, it } from 'vitest';
import type { ConfigFormat } from '../../../src/app/setup/config-format.ts';
import { jsonFormat } from '../../../src/app/setup/json-format.ts';
import { receiptFor, undone } from '../../../src/app/setup/receipt.ts';
import { tomlFormat } from '../../../src/app/setup/toml-format.ts';
import { readToml } from '../../../src/platform/toml-read.ts';

const JSONC = jsonFormat({ comments: true, trailingCommas: true });
const PATH = ['servers', 'maestro'];
const entry = fc.record(
  {
    command: fc.string(),
    args: fc.array(fc.string(), { maxLength: 3 }),
    env: fc.dictionary(fc.string(), fc.string(), { maxKeys: 2 }),
  },
  { requiredKeys: ['command'] },
);

/** White space and comments as they may stand between any two tokens. */
const gap = fc.oneof(
  { weight: 4, arbitrary: fc.constantFrom('', ' ', '\n', '\n  ', '\r\n\t') },
  { weight: 1, arbitrary: fc.constantFrom('/* , */', '// }, "maestro"\n') },
);
const comma = fc.constantFrom('', ',');
const plainKey = fc.oneof(fc.constantFrom('servers', 'a', 'b', 'maestro2'), fc.string({ maxLength: 4 }));

const { document } = fc.letrec<{ document: string; object: string; value: string }>((tie) => ({
  value: fc.oneof(
    { depthSize: 'small' },
    fc.oneof(fc.string(), fc.integer(), fc.boolean(), fc.constant(null)).map((plain) => JSON.stringify(plain)),
    tie('object'),
    fc.array(tie('value'), { maxLength: 2 }).map((items) => `[${items.join(', ')}]`),
  ),
  object: fc
    .tuple(
      fc.uniqueArray(fc.tuple(plainKey, tie('value'), gap, gap), { maxLength: 3, selector: ([key]) => key }),
      gap,
      comma,
    )
    .map(([members, last, trailing]) => {
      const text = members.map(([key, value, a, b]) => `${a}${JSON.stringify(key)}${b}:${a}${value}${b}`).join(',');
      return `{${text}${members.length > 0 ? trailing : ''}${last}}`;
    }),
  document: fc.tuple(gap, tie('object'), gap).map((parts) => parts.join('')),
}));

const usable = (text: string): boolean => {
  const { servers } = parse(text) as { servers?: unknown };
  if (servers === undefined) return true;
  return typeof servers === 'object' && servers !== null && !Array.isArray(servers) && !('maestro' in servers);
};
const json = document.filter(usable);

const tomlKey = fc.constantFrom('a', 'b-c', '"a.b"', "'x'", 'servers2');
const tomlValue = fc.constantFrom(
  '1',
  'true',
  '"x # y"',
  "'lit'",
  '[1, # one\n 2,]',
  '{ a = 1 }',
  '"""\n[servers.maestro]\n"""',
  '1979-05-27',
  '-1.5e3',
);
const tomlLine = fc.oneof(
  fc.tuple(tomlKey, tomlValue).map(([key, value]) => `${key} = ${value}`),
  fc.tuple(tomlKey, fc.constantFrom('', '.sub')).map(([key, sub]) => `[${key}${sub}]`),
  fc.constantFrom('# [servers.maestro]', '', '  ', '[[list]]', '[servers.other]', 'servers.x.command = "y"'),
);
const toml = fc
  .tuple(fc.array(tomlLine, { maxLength: 10 }), fc.constantFrom('\n', '\r\n'), fc.constantFrom('', '\n', '\n\n'))
  .map(([lines, eol, end]) => lines.join('\n').replaceAll('\n', eol) + end.replaceAll('\n', eol))
  .filter(isToml);

function isToml(text: string): boolean {
  try {
    readToml(text);
    return true;
  } catch {
    return false;
  }
}

const FORMATS: ReadonlyArray<readonly [string, ConfigFormat, fc.Arbitrary<string>]> = [
  ['JSON with comments', JSONC, json],
  ['TOML', tomlFormat, toml],
];

describe.each(FORMATS)('any document in %s', (_, format, documents) => {
  const entries = format === tomlFormat ? entry.map(({ env: _env, ...plain }) => plain) : entry;

  it('holds exactly what was put in', () => {
    fc.assert(
      fc.property(documents, entries, (text, put) => {
        expect(format.read(format.put(text, PATH, put), PATH)).toEqual(put);
      }),
    );
  });

  it('is not changed by putting the same in again', () => {
    fc.assert(
      fc.property(documents, entries, (text, put) => {
        const once = format.put(text, PATH, put);
        expect(format.put(once, PATH, put)).toBe(once);
      }),
    );
  });

  it('holds the newer entry after another, and none after it is taken out', () => {
    fc.assert(
      fc.property(documents, entries, entries, (text, first, second) => {
        const twice = format.put(format.put(text, PATH, first), PATH, second);
        expect(format.read(twice, PATH)).toMatchObject(second);
        expect(format.read(format.drop(twice, PATH), PATH)).toBeUndefined();
      }),
    );
  });

  it('says elsewhere what it said before, with the entry and after it was taken out', () => {
    fc.assert(
      fc.property(documents, entries, (text, put) => {
        const before = meaning(format, text);
        const within = format.put(text, PATH, put);
        expect(meaning(format, within)).toEqual(before);
        expect(meaning(format, format.drop(within, PATH))).toEqual(before);
      }),
    );
  });

  it('is restored byte by byte from its receipt, unless it was changed since', () => {
    fc.assert(
      fc.property(documents, entries, (text, put) => {
        const after = format.put(text, PATH, put);
        expect(undone(receiptFor('f', text, after, []), after)).toBe(text);
        expect(undone(receiptFor('f', text, after, []), `${after} `)).toBeUndefined();
        expect(undone(receiptFor('f', null, after, []), after)).toBeNull();
      }),
    );
  });
});

it('a TOML document that already ends in a line is restored even without a receipt', () => {
  fc.assert(
    fc.property(toml, (text) => {
      if (text !== '' && !text.endsWith('\n')) return;
      expect(tomlFormat.drop(tomlFormat.put(text, PATH, { command: 'x' }), PATH)).toBe(text);
    }),
  );
});

/** Everything but the entry, without an object for servers that holds nothing. */
function meaning(format: ConfigFormat, text: string): unknown {
  if (format === tomlFormat)
    return readToml(text)
      .filter(({ path }) => !(path[0] === 'servers' && path[1] === 'maestro'))
      .map(({ kind, path, value }) => ({ kind, path, value }));
  const { servers, ...rest } = parse(text) as { servers?: Record<string, unknown> };
  const { maestro: _, ...others } = servers ?? {};
  return { rest, others };
}
