import { describe, expect, it } from 'vitest';
import { protectedPaths } from '../../src/verify/protected-files.ts';

const NOTHING = { failing: [], passing: [], flaky: [] };
const none = { protect: [], dependencies: [], command: [] };
const touches = (
  paths: readonly string[],
  baseline = NOTHING as { failing: string[]; passing: string[]; flaky: string[] },
  more: Partial<Record<keyof typeof none, string[]>> = {},
) =>
  protectedPaths(
    paths.map((path) => ({ path, content: '' })),
    baseline,
    { ...none, ...more },
  );

describe('files that no patch may touch unasked', () => {
  it.each([
    ...[
      '.git/config',
      'sub/.git/hooks/pre-commit',
      '.github/workflows/ci.yml',
      '.gitlab-ci.yml',
      'Jenkinsfile',
      '.circleci/config.yml',
    ],
    ...[
      'package-lock.json',
      'packages/a/yarn.lock',
      'pnpm-lock.yaml',
      'poetry.lock',
      'Cargo.lock',
      'go.sum',
      'uv.lock',
    ],
    ...[
      'test_a.py',
      'pkg/a_test.py',
      'conftest.py',
      'pkg/conftest.py',
      'a_test.go',
      'src/a.test.ts',
      'a.spec.jsx',
      'my-test.mjs',
    ],
    ...['tests/data.json', 'test/x.js', 'pkg/__tests__/x.js', 'src/__snapshots__/a.snap'],
  ])('include %s', (path) => {
    expect(touches([path])).toEqual([path]);
  });

  it.each([
    'a.py',
    'src/index.ts',
    'latest.js',
    'contest.py',
    'attest/a.py',
    'src/testing.js',
    'packages.js',
    'lock.js',
    'src/specs.md',
    'gitlab.js',
  ])('do not include %s', (path) => {
    expect(touches([path])).toEqual([]);
  });

  it('include every file in which the baseline has a test, whatever its name', () => {
    expect(
      touches(['check.js', 'other.js', 'a.py'], { failing: ['check.js::a > b'], passing: ['other.js::c'], flaky: [] }),
    ).toEqual(['check.js', 'other.js']);
  });

  it('include what the user names, as a file, a folder or a pattern', () => {
    const protect = ['docs', 'config/*.json', '**/*.sql', 'exact.js'];
    const paths = ['docs/a/b.md', 'config/a.json', 'config/deep/a.json', 'db/x/y.sql', 'exact.js', 'src/exact.js'];
    expect(touches(paths, NOTHING, { protect })).toEqual(['docs/a/b.md', 'config/a.json', 'db/x/y.sql', 'exact.js']);
  });

  it('include dependency folders', () => {
    const seen = protectedPaths(
      [
        { path: 'node_modules/a/i.js', content: '' },
        { path: 'node_modules.js', content: '' },
      ],
      NOTHING,
      { protect: [], dependencies: ['node_modules'], command: [] },
    );
    expect(seen).toEqual(['node_modules/a/i.js']);
  });

  it('include the files that the command runs by name: they are the test, whatever they are called', () => {
    expect(touches(['check.js', 'src/check.js'], NOTHING, { command: ['check.js'] })).toEqual(['check.js']);
  });

  it('include what says how tests run', () => {
    expect(touches(['package.json', 'a/vitest.config.ts', 'pyproject.toml'])).toHaveLength(3);
  });
});
