import { describe, expect, it } from 'vitest';
import { isForeign, mentionsOf, PathIndex, tracesOf } from '../../../src/context/question/locations.ts';

const FORMS: ReadonlyArray<readonly [form: string, text: string, path: string, line: number | null, name?: string]> = [
  [
    'a Python frame',
    '  File "/srv/app/django/db/models/query.py", line 120, in get',
    '/srv/app/django/db/models/query.py',
    120,
    'get',
  ],
  ['a pytest line', 'src/_pytest/main.py:12: AssertionError', 'src/_pytest/main.py', 12],
  [
    'a JavaScript frame',
    '    at Router.handle (/app/lib/router/index.js:281:22)',
    '/app/lib/router/index.js',
    281,
    'handle',
  ],
  ['a frame without a function', '    at /app/lib/view.js:10:3', '/app/lib/view.js', 10],
  ['a frame with a file URL', '    at f (file:///app/src/a.mjs:3:1)', '/app/src/a.mjs', 3, 'f'],
  ['a Java frame', '\tat com.acme.json.Reader.next(Reader.java:88)', 'com/acme/json/Reader.java', 88, 'next'],
  [
    'a Java frame of a class loader',
    '\tat app//com.acme.json.Reader.next(Reader.java:88)',
    'com/acme/json/Reader.java',
    88,
    'next',
  ],
  [
    'a Java frame of a module',
    '\tat zoo.core@1.2/com.acme.json.Reader.next(Reader.java:88)',
    'com/acme/json/Reader.java',
    88,
    'next',
  ],
  ['a .NET frame', '   at Zoo.Herd.Trot(Int32 a) in /src/Zoo/Herd.cs:line 12', '/src/Zoo/Herd.cs', 12],
  ['a PHP error', 'PHP Fatal error: no zebra in /app/src/Herd.php on line 33', '/app/src/Herd.php', 33],
  ['a TypeScript error', 'src/app/main.ts(14,5): error TS2322: no', 'src/app/main.ts', 14],
  ['a Rust error', '  --> src/lib.rs:7:9', 'src/lib.rs', 7],
  ['a Go line', '\t/go/src/app/main.go:33 +0x1d', '/go/src/app/main.go', 33],
  ['a Ruby line', "lib/parser.rb:5:in `parse'", 'lib/parser.rb', 5],
  ['a link', 'see https://example.org/a/b/blob/main/lib/app.js#L44', 'org/a/b/blob/main/lib/app.js', 44],
  ['a Windows path', 'C:\\work\\src\\a.ts:9:1 - error', 'C:/work/src/a.ts', 9],
  ['a path in prose', 'the check in lib/rules/no-undef.js is wrong', 'lib/rules/no-undef.js', null],
];

describe('places that a text names', () => {
  for (const [form, text, path, line, name] of FORMS) {
    it(`are found in ${form}`, () => {
      const found = mentionsOf(text);
      expect(
        found.map((mention) => [mention.path.endsWith(path) || path.endsWith(mention.path), mention.line]),
      ).toContainEqual([true, line]);
      if (name) expect(found.map((mention) => mention.name)).toContain(name);
    });
  }

  it('are given once each', () => {
    expect(mentionsOf('a.py:1: x\na.py:1: x\na.py:2: x')).toHaveLength(2);
  });

  it('are bounded in number and read fast from a text without ends', () => {
    expect(mentionsOf(Array.from({ length: 2000 }, (_, i) => `f${i}.py:1: e`).join('\n'))).toHaveLength(400);
    expect(mentionsOf('a/'.repeat(200_000))).toEqual([]);
    expect(mentionsOf('a.b'.repeat(100_000)).length).toBeLessThan(400);
  });
});

describe('the traces of a text', () => {
  const nearestFirst = (text: string): string[][] =>
    tracesOf(mentionsOf(text), (mention) => !isForeign(mention)).map((trace) =>
      trace.map(({ path, line }) => `${path}:${line}`),
    );

  it('of Python end where it failed', () => {
    expect(
      nearestFirst('Traceback:\n  File "a.py", line 1, in f\n    g()\n  File "b.py", line 2, in g\n    raise E\nE: no'),
    ).toEqual([['b.py:2', 'a.py:1']]);
  });

  it('of JavaScript, Java and others begin there', () => {
    expect(nearestFirst('Error: no\n    at g (/x/b.js:2:1)\n    at f (/x/a.js:1:1)')).toEqual([
      ['/x/b.js:2', '/x/a.js:1'],
    ]);
    expect(nearestFirst('E: no\n\tat com.x.B.g(B.java:2)\n\tat com.x.A.f(A.java:1)')).toEqual([
      ['com/x/B.java:2', 'com/x/A.java:1'],
    ]);
  });

  it('are told apart when other text lies between them', () => {
    const prose = 'and then\n'.repeat(10);
    expect(nearestFirst(`  File "a.py", line 1, in f\n${prose}  File "b.py", line 2, in g`)).toEqual([
      ['a.py:1'],
      ['b.py:2'],
    ]);
  });

  it('have no frames of what is installed, and none without a line', () => {
    expect(
      nearestFirst('  File "/v/site-packages/x.py", line 1, in f\n  File "a.py", line 3, in g\nsee also b.py'),
    ).toEqual([['a.py:3']]);
    expect(nearestFirst('    at f (/p/node_modules/x/i.js:2:1)\n    at node:internal/x.js:3:1')).toEqual([]);
  });
});

describe('finding the file that is meant', () => {
  const paths = [
    'lib/app.js',
    'lib/router/index.js',
    'test/app.js',
    'src/a/index.js',
    'src/b/index.js',
    'src/c/index.js',
    'src/d/index.js',
  ];
  const index = new PathIndex(paths);
  const named = (written: string): string[] => index.resolve(written).map((file) => paths[file]!);

  it('takes the longest agreeing end of an absolute path', () => {
    expect(named('/home/me/project/lib/app.js')).toEqual(['lib/app.js']);
  });

  it('gives all that agree equally, and none when those are many', () => {
    expect(named('app.js')).toEqual(['lib/app.js', 'test/app.js']);
    expect(named('/elsewhere/x/index.js')).toEqual([]);
  });

  it('knows nothing of other names', () => {
    expect(named('lib/other.js')).toEqual([]);
    expect(named('')).toEqual([]);
  });
});
