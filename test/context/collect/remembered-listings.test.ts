import {
  appendFileSync,
  chmodSync,
  mkdirSync,
  renameSync,
  rmSync,
  symlinkSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { type Listing, listWorkspace } from '../../../src/context/collect/listing.ts';
import { RememberedListings } from '../../../src/context/collect/remembered-listings.ts';
import { commit, folder, git, plainFolder, repository, write } from '../workspace-of.ts';

afterEach(() => void vi.unstubAllEnvs());

const { signal } = new AbortController();
/** As if all that is there had been there for long. */
const LATER = () => Date.now() + 60_000;
const pathsOf = ({ files }: Listing): string[] => files.map(({ path }) => path);

/** Listings that know a workspace by heart: what they give is from memory until something changes. */
async function learned(root: string): Promise<RememberedListings> {
  const listings = new RememberedListings(LATER);
  const first = await listings.list(root, null, signal);
  expect(await listings.list(root, null, signal), 'remembered').toBe(first);
  return listings;
}

/** A home of the user's own, so that no settings of whoever runs the tests come in. */
function home(): string {
  const path = folder();
  vi.stubEnv('HOME', path);
  vi.stubEnv('XDG_CONFIG_HOME', '');
  return path;
}

const FILES = {
  'a.py': 'a\n',
  'pkg/b.py': 'b\n',
  'pkg/deep/er/c.py': 'c\n',
  'logs/.gitignore': '*.log\n',
  'logs/x.log': 'x\n',
  '.gitignore': 'node_modules\n*.tmp\n',
  'node_modules/dep/index.js': 'x\n',
};

type Change = (root: string) => void;

const CHANGES: Readonly<Record<string, Change>> = {
  'a new file at the top': (root) => write(root, { 'new.py': 'x' }),
  'a new file in a folder': (root) => write(root, { 'pkg/deep/er/new.py': 'x' }),
  'a new file in a folder that was empty': (root) => write(root, { 'empty/new.py': 'x' }),
  'a new file in an empty folder of an empty folder': (root) => write(root, { 'hollow/inner/new.py': 'x' }),
  'a new file in a folder that had only ignored ones': (root) => write(root, { 'scratch/new.py': 'x' }),
  'a new folder with a file': (root) => write(root, { 'other/new.py': 'x' }),
  'a file that is gone': (root) => rmSync(join(root, 'pkg/b.py')),
  'a folder that is gone': (root) => rmSync(join(root, 'pkg'), { recursive: true }),
  'a file renamed': (root) => renameSync(join(root, 'a.py'), join(root, 'z.py')),
  'a file renamed to what is a secret': (root) => renameSync(join(root, 'a.py'), join(root, '.env')),
  'a file of another length': (root) => appendFileSync(join(root, 'a.py'), 'more\n'),
  'a file of the same length with the old time': (root) => {
    writeFileSync(join(root, 'a.py'), 'z\n');
    utimesSync(join(root, 'a.py'), 1_000_000_000, 1_000_000_000);
  },
  'a file that became a link to outside': (root) => {
    rmSync(join(root, 'a.py'));
    symlinkSync('/etc/hostname', join(root, 'a.py'));
  },
  'a file that became a link inside': (root) => {
    rmSync(join(root, 'a.py'));
    symlinkSync('pkg/b.py', join(root, 'a.py'));
  },
  'a folder that became a link to outside': (root) => {
    rmSync(join(root, 'pkg'), { recursive: true });
    symlinkSync('/etc', join(root, 'pkg'));
  },
  'a link that leads elsewhere now': (root) => {
    rmSync(join(root, 'way'));
    symlinkSync('/etc', join(root, 'way'));
  },
  'a link whose target is gone': (root) => rmSync(join(root, 'target'), { recursive: true }),
  'a .gitignore changed in place': (root) => appendFileSync(join(root, '.gitignore'), 'untracked.py\n'),
  'a .gitignore changed in a folder without other files': (root) => writeFileSync(join(root, 'logs/.gitignore'), '\n'),
  'a .gitignore that is new, in a folder': (root) => write(root, { 'pkg/.gitignore': '*.py\n' }),
  'a .gitignore that is gone': (root) => rmSync(join(root, '.gitignore')),
  'an exclusion in the repository itself': (root) => write(root, { '.git/info/exclude': 'untracked.py\n' }),
  'a .maestroignore': (root) => write(root, { '.maestroignore': 'pkg/\n' }),
  'a file that git forgot and ignores': (root) => {
    git(root, 'rm', '-q', '--cached', 'pkg/b.py');
    write(root, { '.git/info/exclude': 'b.py\n' });
  },
  'an ignored file that was added': (root) => void git(root, 'add', '-f', 'node_modules/dep/index.js'),
  'a commit': (root) => {
    git(root, 'add', 'untracked.py');
    git(root, 'commit', '-q', '-m', 'more');
  },
  'another branch': (root) => void git(root, 'checkout', '-q', 'other'),
  'a repository that began in a folder': (root) => void git(root, 'init', '-q', 'pkg/deep'),
  'a repository in it that ended': (root) => rmSync(join(root, 'foreign/.git'), { recursive: true }),
  'the repository that is gone': (root) => rmSync(join(root, '.git'), { recursive: true }),
  'the settings of the repository': (root) => {
    write(root, { '.git/more-ignored': 'untracked.py\n' });
    git(root, 'config', 'core.excludesFile', join(root, '.git/more-ignored'));
  },
};

function sample(): string {
  const root = repository(FILES);
  git(root, 'checkout', '-q', '-b', 'other');
  write(root, { 'only-there.py': 'x' });
  commit(root, 'there');
  git(root, 'checkout', '-q', 'main');
  write(root, {
    'untracked.py': 'u\n',
    'scratch/x.tmp': 'x',
    'target/file.py': 't',
    'foreign/inside.py': 'f',
  });
  git(join(root, 'foreign'), 'init', '-q');
  mkdirSync(join(root, 'empty'));
  mkdirSync(join(root, 'hollow/inner'), { recursive: true });
  symlinkSync('target', join(root, 'way'));
  return root;
}

describe('a remembered listing after a change', () => {
  for (const [what, change] of Object.entries(CHANGES)) {
    it(`(${what}) is what a new one would be`, async () => {
      home();
      const root = sample();
      const listings = await learned(root);
      const before = await listings.list(root, null, signal);
      const state = folder();
      await new RememberedListings(LATER).list(root, state, signal);
      change(root);
      const fresh = await listWorkspace(root, signal);
      const after = await listings.list(root, null, signal);
      expect(after).toEqual(fresh);
      expect(after).not.toBe(before);
      expect(await new RememberedListings(LATER).list(root, state, signal), 'in another process').toEqual(fresh);
    });
  }
});

describe('a remembered listing', () => {
  it('is not asked for anew because of what git ignores, or of its own bookkeeping', async () => {
    home();
    const root = sample();
    const listings = await learned(root);
    const before = await listings.list(root, null, signal);
    write(root, { 'node_modules/dep/more.js': 'x', 'node_modules/new/index.js': 'x' });
    git(root, 'tag', 'v1');
    expect(await listings.list(root, null, signal)).toBe(before);
  });

  it('is the same object again, file for file, when only one file changed: the others are taken over', async () => {
    home();
    const root = sample();
    const listings = await learned(root);
    appendFileSync(join(root, 'a.py'), 'more\n');
    const changed = await listings.list(root, null, signal);
    expect(changed.files.find(({ path }) => path === 'a.py')!.size).toBe(7);
    expect(await listings.list(root, null, signal)).toBe(changed);
  });

  it('is not kept while a folder changed in the last two seconds: two changes at once leave one trace', async () => {
    home();
    const root = sample();
    const listings = new RememberedListings();
    for (let round = 0; round < 4; round++) {
      write(root, { [`fresh${round}.py`]: 'x' });
      expect(pathsOf(await listings.list(root, null, signal))).toContain(`fresh${round}.py`);
    }
    const first = await listings.list(root, null, signal);
    expect(await listings.list(root, null, signal)).not.toBe(first);
  });

  it('holds what several calls at once ask for', async () => {
    home();
    const root = sample();
    const listings = await learned(root);
    write(root, { 'new.py': 'x' });
    const all = await Promise.all(Array.from({ length: 5 }, () => listings.list(root, null, signal)));
    for (const one of all) expect(pathsOf(one)).toContain('new.py');
  });

  it('is of another git, or none, when the environment says so', async () => {
    home();
    const root = sample();
    const listings = await learned(root);
    expect((await listings.list(root, null, signal)).repository).toBe(true);
    vi.stubEnv('PATH', folder());
    expect((await listings.list(root, null, signal)).repository).toBe(false);
  });

  it('is kept for a few workspaces only, those used last', async () => {
    home();
    const listings = new RememberedListings(LATER);
    const roots = Array.from({ length: 9 }, () => plainFolder({ 'a.py': 'x' }));
    const first = new Map<string, Listing>();
    for (const root of roots.slice(0, 8)) first.set(root, await listings.list(root, null, signal));
    expect(await listings.list(roots[0]!, null, signal)).toBe(first.get(roots[0]!));
    await listings.list(roots[8]!, null, signal);
    expect(await listings.list(roots[0]!, null, signal)).toBe(first.get(roots[0]!));
    expect(await listings.list(roots[1]!, null, signal)).not.toBe(first.get(roots[1]!));
  });
});

describe('what is ignored outside of the tree', () => {
  it('is followed: the list that the user has by default, from when it is first written', async () => {
    const own = home();
    const root = sample();
    const listings = await learned(root);
    write(own, { '.config/git/ignore': 'untracked.py\n' });
    expect(pathsOf(await listings.list(root, null, signal))).not.toContain('untracked.py');
  });

  it('is followed: a list that the settings name, also over a link and settings they include', async () => {
    const own = home();
    write(own, {
      'real/settings': '[include]\n\tpath = "~/more"\n',
      more: '[core]\n\texcludesFile = ~/lists/ignored\n',
      'lists/ignored': '*.none\n',
    });
    symlinkSync('real/settings', join(own, '.gitconfig'));
    const root = sample();
    for (const change of [
      () => write(own, { 'lists/ignored': 'untracked.py\n' }),
      () => write(own, { more: '[core]\n\texcludesFile = ~/lists/none\n' }),
      () => write(own, { 'lists/none': 'untracked.py\nscratch\n' }),
      () => write(own, { 'real/settings': '' }),
    ]) {
      const listings = await learned(root);
      change();
      expect(await listings.list(root, null, signal)).toEqual(await listWorkspace(root, signal));
    }
  });

  it('is asked for every time where the settings are not plain', async () => {
    for (const settings of [
      '[includeIf "onbranch:main"]\n\tpath = more\n',
      '[core]\n\texcludesFile = "a \\"strange\\" name"\n',
      '[core]\n\texcludesFile = ~someone/ignored\n',
    ]) {
      write(home(), { '.gitconfig': settings, more: '' });
      const root = repository({ 'a.py': 'x' });
      const listings = new RememberedListings(LATER);
      await listings.list(root, null, signal);
      const second = await listings.list(root, null, signal);
      expect(await listings.list(root, null, signal), settings).not.toBe(second);
    }
  });
});

describe('a workspace of another kind', () => {
  it('may be a part of a repository: what is ignored above it holds', async () => {
    home();
    const root = repository({ 'top.py': 'x', 'pkg/a.py': 'x' });
    write(root, { 'pkg/untracked.py': 'x', 'pkg/sub/b.py': 'x' });
    const part = join(root, 'pkg');
    for (const change of [
      () => write(root, { '.gitignore': 'untracked.py\n' }),
      () => write(root, { '.gitignore': 'sub/\n' }),
      () => void git(part, 'init', '-q'),
    ]) {
      const listings = await learned(part);
      change();
      expect(await listings.list(part, null, signal)).toEqual(await listWorkspace(part, signal));
    }
  });

  it('may have submodules, which are followed each', async () => {
    home();
    const inner = repository({ 'lib/a.py': 'x', '.gitignore': '*.tmp\n' });
    const root = repository({ 'main.py': 'x' });
    git(root, 'submodule', 'add', '-q', inner, 'deps/inner');
    commit(root, 'add it');
    const at = join(root, 'deps/inner');
    for (const change of [
      () => write(at, { 'lib/new.py': 'x' }),
      () => write(at, { '.gitignore': 'new.py\n' }),
      () => write(root, { '.git/modules/deps/inner/info/exclude': 'a.py\n' }),
      () => void git(at, 'rm', '-q', '--cached', 'lib/a.py'),
      () => void git(root, 'submodule', 'deinit', '-q', '-f', 'deps/inner'),
      () => void git(root, 'submodule', 'update', '-q', '--init'),
    ]) {
      const listings = await learned(root);
      change();
      expect(await listings.list(root, null, signal)).toEqual(await listWorkspace(root, signal));
    }
  });

  it('may be a linked working tree, with an index of its own and exclusions shared', async () => {
    home();
    const main = repository({ 'a.py': 'x', 'pkg/b.py': 'x' });
    const root = join(folder(), 'tree');
    git(main, 'worktree', 'add', '-q', root);
    write(root, { 'untracked.py': 'x' });
    for (const change of [
      () => write(main, { '.git/info/exclude': 'untracked.py\n' }),
      () => void git(root, 'add', '-f', 'untracked.py'),
      () => write(root, { 'pkg/new.py': 'x' }),
    ]) {
      const listings = await learned(root);
      change();
      expect(await listings.list(root, null, signal)).toEqual(await listWorkspace(root, signal));
    }
    const listings = await learned(root);
    const before = await listings.list(root, null, signal);
    write(main, { 'elsewhere.py': 'x' });
    git(main, 'add', '-A');
    expect(await listings.list(root, null, signal)).toBe(before);
  });

  it('may be a sparse checkout that becomes another', async () => {
    home();
    const origin = repository({ 'zoo/a.py': 'x', 'park/b.py': 'x' });
    const root = join(folder(), 'clone');
    git(origin, 'clone', '-q', `file://${origin}`, root);
    git(root, 'sparse-checkout', 'set', 'zoo');
    const listings = await learned(root);
    expect(await listings.list(root, null, signal)).toMatchObject({ absent: 1 });
    git(root, 'sparse-checkout', 'set', 'zoo', 'park');
    expect(await listings.list(root, null, signal)).toEqual(await listWorkspace(root, signal));
    expect(pathsOf(await listings.list(root, null, signal))).toContain('park/b.py');
  });

  it('may be no repository, until it is one', async () => {
    home();
    for (const change of [
      (root: string) => write(root, { 'pkg/new.py': 'x' }),
      (root: string) => write(root, { 'pkg/.gitignore': 'b.py\n' }),
      (root: string) => write(root, { '.gitignore': 'a.py\n' }),
      (root: string) => rmSync(join(root, 'a.py')),
      (root: string) => void git(root, 'init', '-q'),
      (root: string) => chmodSync(join(root, 'pkg'), 0o700),
    ]) {
      const root = plainFolder({ 'a.py': 'x', 'pkg/b.py': 'x', '.gitignore': '*.tmp\n', 'x.tmp': 'x' });
      const listings = await learned(root);
      change(root);
      expect(await listings.list(root, null, signal)).toEqual(await listWorkspace(root, signal));
    }
  });

  it('is listed anew every time where what is ignored stands behind a link', async () => {
    home();
    const root = repository({ 'a.py': 'x' });
    write(root, { rules: 'a\n' });
    symlinkSync('rules', join(root, '.gitignore'));
    const listings = new RememberedListings(LATER);
    await listings.list(root, null, signal);
    const second = await listings.list(root, null, signal);
    expect(await listings.list(root, null, signal)).not.toBe(second);
  });
});
