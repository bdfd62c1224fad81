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

/**
 * The paths of a change that it has no business with: lock files, CI, `.git`, dependency folders, test files (by their
 * name, or because tests of the baseline are in them), and what the user protects by glob.
 */
export function protectedPaths(
  change: ChangeSet,
  baseline: Pick<Baseline, 'failing' | 'passing' | 'flaky'>,
  { protect, dependencies }: { readonly protect: readonly string[]; readonly dependencies: readonly string[] },
): string[] {
  const patterns = [...ALWAYS, ...TESTS, ...protect.flatMap((glob) => [glob, `${glob.replace(/\/$/, '')}/**`])].map(
    (glob) => globExpression(glob),
  );
  const own = new Set([...baseline.failing, ...baseline.passing, ...baseline.flaky].map((id) => id.split('::')[0]!));
  const isProtected = (path: string) =>
    own.has(path) ||
    patterns.some((pattern) => pattern.test(path)) ||
    dependencies.some((folder) => path === folder || path.startsWith(`${folder}/`));
  return change.map(({ path }) => path).filter(isProtected);
}
