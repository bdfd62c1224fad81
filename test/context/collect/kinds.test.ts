import { describe, expect, it } from 'vitest';
import { familyOf, type Kind, kindOf } from '../../../src/context/collect/kinds.ts';

const EXPECTED: Record<Kind, readonly string[]> = {
  source: [
    'src/app.ts',
    'django/test/client.py',
    'lib/rules/no-undef.js',
    'src/main/java/a/Latest.java',
    'pkg/testing.go',
    'src/contest/protest.py',
    'Dockerfile',
    'app/views/user.html',
    'src/main/java/zoo/test/Herd.java',
    'src/Zoo.Testing/Herd.cs',
    'src/testing/latest.rs',
    'src/grammar.y',
    'src/builtin.jq',
    'deps/herd/lib/walk.py',
  ],
  test: [
    'tests/test_a.py',
    'src/a.test.ts',
    'src/__tests__/a.js',
    'pkg/a_test.go',
    'spec/a_spec.rb',
    'src/test/java/a/BTest.java',
    'conftest.py',
    'test/app.router.js',
    'packages/x/test/a.js',
    'sympy/core/tests/test_basic.py',
    'fixtures/a.json',
    'Src/Zoo.Tests/HerdChecks.cs',
    'src/Zoo.UnitTests/Herd.cs',
    'src/Component/Herd/Tests/Walk.php',
    'src/test-jdk17/java/zoo/Records.java',
    'app/src/integration-test/java/zoo/Run.java',
    'lib/a.test-d.ts',
    'src/walk_unittest.cc',
    'src/herd/tests.rs',
    'core/test/unit/walk.c',
  ],
  docs: ['README.md', 'docs/guide.md', 'CHANGELOG', 'doc/conf.py', 'CONTRIBUTING.md'].filter(
    (path) => path !== 'CHANGELOG',
  ),
  example: ['examples/a.py', 'benchmarks/b.js', 'crate/benches/walk.rs'],
  config: ['package.json', 'tsconfig.json', '.github/workflows/ci.yml', 'pyproject.toml'],
  generated: [
    'dist/a.js',
    'vendor/x.go',
    'deps/zlib/inflate.c',
    'single_include/zoo/zoo.hpp',
    'docs/javadoc/2.1/zoo/Herd.html',
    'jquery.min.js',
    'package-lock.json',
    'yarn.lock',
    'a_pb2.py',
    'src/__snapshots__/a.snap',
  ],
  data: ['logo.png', 'locale/de/django.po', 'a.bin', 'noending'],
};

describe('the kind of a file', () => {
  for (const [kind, paths] of Object.entries(EXPECTED)) {
    it(`is ${kind} for ${paths.join(', ')}`, () => {
      expect(paths.map((path) => [path, kindOf(path)])).toEqual(paths.map((path) => [path, kind]));
    });
  }
});

describe('the language family of a file', () => {
  it('is told by its ending, or by its name', () => {
    expect(['a.py', 'a.TSX', 'a.hpp', 'Makefile', 'x/Gemfile', 'a.unknown', 'a'].map(familyOf)).toEqual([
      'python',
      'tsx',
      'cpp',
      'text',
      'ruby',
      null,
      null,
    ]);
  });
});
