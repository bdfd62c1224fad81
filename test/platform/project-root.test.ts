import { execFileSync } from 'node:child_process';
import { chmodSync, mkdirSync, mkdtempSync, realpathSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it, onTestFinished, vi } from 'vitest';
import { gitRoot } from '../../src/platform/git.ts';
import { projectRoot } from '../../src/platform/project-root.ts';

const git = (cwd: string, ...args: readonly string[]) =>
  execFileSync('git', ['-c', 'user.name=a', '-c', 'user.email=a@b', '-c', 'protocol.file.allow=always', ...args], {
    cwd,
    stdio: 'pipe',
  });

function folder(): string {
  const path = realpathSync(mkdtempSync(join(tmpdir(), 'place-')));
  onTestFinished(() => rmSync(path, { recursive: true, force: true }));
  return path;
}

/** A repository with one commit. */
function repository(path = join(folder(), 'project')): string {
  mkdirSync(path, { recursive: true });
  git(path, 'init', '-q', '-b', 'main');
  writeFileSync(join(path, 'a.txt'), 'a\n');
  git(path, 'add', '-A');
  git(path, 'commit', '-q', '-m', 'first');
  return path;
}

function inside(root: string, path: string): string {
  mkdirSync(join(root, path), { recursive: true });
  return join(root, path);
}

describe('the project of a folder', () => {
  it('is the top of its repository, from however far below, ignored folders too', async () => {
    const root = repository();
    writeFileSync(join(root, '.gitignore'), 'build/\n');
    for (const at of ['', 'src', 'src/deep/er', 'build/out', '.git', '.git/hooks'])
      expect(projectRoot(inside(root, at)), at).toBe(root);
    expect(await gitRoot(join(root, 'src/deep/er'))).toBe(root);
  });

  it('is the folder itself outside of a repository', () => {
    const at = inside(folder(), 'a/b');
    expect(projectRoot(at)).toBe(at);
    expect(projectRoot('/')).toBe('/');
  });

  it('is a linked worktree where the folder lies in one, also below the main one', async () => {
    const root = repository();
    for (const tree of [join(folder(), 'beside'), join(root, 'trees', 'below')]) {
      git(root, 'worktree', 'add', '-q', '--detach', tree);
      expect(projectRoot(inside(tree, 'src'))).toBe(tree);
      expect(await gitRoot(join(tree, 'src'))).toBe(tree);
    }
    expect(projectRoot(inside(root, 'trees'))).toBe(root);
  });

  it('is the nested repository, and the submodule', async () => {
    const root = repository();
    const nested = repository(join(root, 'vendor', 'nested'));
    expect(projectRoot(inside(nested, 'lib'))).toBe(nested);
    git(root, 'submodule', 'add', '-q', nested, 'modules/one');
    expect(projectRoot(inside(root, 'modules/one/lib'))).toBe(join(root, 'modules/one'));
    expect(await gitRoot(join(root, 'modules/one/lib'))).toBe(join(root, 'modules/one'));
  });

  it('is not made anew by a .git that holds no repository, as git itself sees it', async () => {
    const root = repository();
    const empty = inside(root, 'src');
    mkdirSync(join(empty, '.git'));
    expect(projectRoot(empty)).toBe(root);
    expect(await gitRoot(empty)).toBe(root);
    const odd = inside(root, 'odd');
    writeFileSync(join(odd, '.git'), 'nothing of the kind\n');
    expect(projectRoot(odd)).toBe(root);
  });

  it.each([
    ['with a slash at its end', (home: string) => `${home}/`],
    [
      'behind a link',
      (home: string) => {
        const link = join(folder(), 'home');
        symlinkSync(home, link);
        return link;
      },
    ],
  ])('is not the whole home folder that is written %s', (_, written) => {
    const home = repository();
    vi.stubEnv('HOME', written(home));
    onTestFinished(() => void vi.unstubAllEnvs());
    const at = inside(home, 'work/tool');
    expect(projectRoot(at)).toBe(at);
  });

  it('is not the whole home folder, as when its settings are kept in git', () => {
    const home = repository();
    const at = inside(home, 'work/tool');
    expect(projectRoot(at, home)).toBe(at);
    const project = repository(join(home, 'work/project'));
    expect(projectRoot(inside(project, 'src'), home)).toBe(project);
  });

  it.skipIf(process.getuid?.() === 0)(
    'stays the same where the repository may not be looked into (left out for root, who may look at everything)',
    () => {
      const root = repository();
      const at = inside(root, 'src');
      chmodSync(join(root, '.git'), 0o000);
      onTestFinished(() => chmodSync(join(root, '.git'), 0o700));
      expect(projectRoot(at)).toBe(root);
    },
  );
});
