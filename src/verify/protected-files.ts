import type { ChangeSet } from '../domain/change.ts';
import type { Baseline } from '../domain/evidence.ts';
import { globExpression } from '../platform/glob.ts';

/** What no patch may touch unasked: version control, CI, lock files, and everything that says how tests run or are judged. */
const ALWAYS = [
  ...[
    '.git/**',
    '**/.git/**',
    '.github/**',
    '.gitlab-ci.yml',
    '.circleci/**',
    '.travis.yml',
    'azure-pipelines.yml',
    'Jenkinsfile',
    '.buildkite/**',
    '.ci/**',
  ],
  ...[
    'package-lock.json',
    'npm-shrinkwrap.json',
    'yarn.lock',
    'pnpm-lock.yaml',
    'bun.lock',
    'bun.lockb',
    'deno.lock',
    'poetry.lock',
  ],
  ...['Pipfile.lock', 'uv.lock', 'pdm.lock', 'Cargo.lock', 'go.sum', 'composer.lock', 'Gemfile.lock', 'flake.lock'],
].flatMap((glob) => (glob.includes('/') ? [glob] : [glob, `**/${glob}`]));

/** What says how tests run or are judged. */
const SETTINGS = [
  ...['package.json', 'pyproject.toml', 'setup.cfg', 'tox.ini', 'noxfile.py', 'pytest.ini', '.coveragerc', 'Makefile'],
  ...['vitest.config.*', 'vite.config.*', 'jest.config.*', '.mocharc*', 'karma.conf.*', 'tsconfig*.json', '.npmrc'],
].flatMap((glob) => [glob, `**/${glob}`]);

const TESTS = [
  ...[
    'test_*.py',
    '*_test.py',
    'conftest.py',
    '*_test.go',
    '*.test.*',
    '*.spec.*',
    '*-test.{js,cjs,mjs,ts}',
    '*_test.{js,cjs,mjs,ts}',
  ],
  ...['test/**', 'tests/**', '__tests__/**', 'spec/**', '__snapshots__/**'],
].flatMap((glob) => [glob, `**/${glob}`]);

export interface Guard {
  /** Globs of the user. */
  readonly protect: readonly string[];
  /** Dependency folders, relative to the tree. */
  readonly dependencies: readonly string[];
  /** Files that the command itself names: they are the test, whatever they are called. */
  readonly command: readonly string[];
}

/**
 * The paths of a change that it has no business with: lock files, CI, `.git`, dependency folders, settings of runners, test files
 * (by their name, because tests of the baseline are in them, or because the command runs them), and what the user protects by glob.
 */
export function protectedPaths(
  change: ChangeSet,
  baseline: Pick<Baseline, 'failing' | 'passing' | 'flaky'>,
  { protect, dependencies, command }: Guard,
): string[] {
  const patterns = [
    ...ALWAYS,
    ...SETTINGS,
    ...TESTS,
    ...protect.flatMap((glob) => [glob, `${glob.replace(/\/$/, '')}/**`]),
  ].map((glob) => globExpression(glob));
  const own = new Set([...baseline.failing, ...baseline.passing, ...baseline.flaky].map((id) => id.split('::')[0]!));
  const isProtected = (path: string) =>
    own.has(path) ||
    command.includes(path) ||
    patterns.some((pattern) => pattern.test(path)) ||
    dependencies.some((folder) => path === folder || path.startsWith(`${folder}/`));
  return change.map(({ path }) => path).filter(isProtected);
}
