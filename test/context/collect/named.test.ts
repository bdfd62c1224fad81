import { symlinkSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { listWorkspace } from '../../../src/context/collect/listing.ts';
import { findNamed, type Named } from '../../../src/context/collect/named.ts';
import { folder, plainFolder, repository, write } from '../workspace-of.ts';

const found = async (root: string, ...names: string[]): Promise<Named> =>
  findNamed(root, await listWorkspace(root, new AbortController().signal), names);

const project = (): string =>
  repository({ 'src/a.ts': 'a', 'src/deep/b.ts': 'b', 'src/c.js': 'c', 'top.ts': 't', '.gitignore': 'out/\n' });

describe('a name', () => {
  it('is a path from the workspace, with or without a dot before it, or an absolute one', async () => {
    const root = project();
    for (const name of ['src/a.ts', './src/a.ts', 'src/../src/a.ts', join(root, 'src/a.ts')])
      expect((await found(root, name)).paths, name).toEqual(['src/a.ts']);
  });

  it('is a folder: everything in it', async () => {
    for (const name of ['src', 'src/', './src'])
      expect((await found(project(), name)).paths, name).toEqual(['src/a.ts', 'src/c.js', 'src/deep/b.ts']);
  });

  it.each([
    ['src/*.ts', ['src/a.ts']],
    ['src/**/*.ts', ['src/a.ts', 'src/deep/b.ts']],
    ['**/*.ts', ['src/a.ts', 'src/deep/b.ts', 'top.ts']],
    ['*.ts', ['top.ts']],
    ['src/[ac].*', ['src/a.ts', 'src/c.js']],
    ['s?c/c.js', ['src/c.js']],
  ])('is a glob from the workspace: %s', async (glob, paths) => {
    expect((await found(project(), glob)).paths).toEqual(paths);
  });

  it('counts once, however often and in whatever way it is given', async () => {
    expect((await found(project(), 'top.ts', './top.ts', '*.ts')).paths).toEqual(['top.ts']);
  });

  it('brings in a file that git ignores, with what tells that it changed; a glob does not', async () => {
    const root = project();
    write(root, { 'out/made.js': 'made' });
    const { paths, extra } = await found(root, 'out/made.js');
    expect(paths).toEqual(['out/made.js']);
    expect(extra).toEqual([expect.objectContaining({ path: 'out/made.js', size: 4, mtimeMs: expect.any(Number) })]);
    expect(await found(root, 'out/*.js')).toMatchObject({ paths: [], notFound: ['out/*.js'] });
  });

  it('that nothing answers to is said as it was given', async () => {
    expect((await found(project(), './none.ts', 'none/*.ts')).notFound).toEqual(['./none.ts', 'none/*.ts']);
  });
});

describe('a name that is refused', () => {
  it('leads out of the workspace: upwards, absolutely, or over a link', async () => {
    const root = project();
    const outside = plainFolder({ 'x.ts': 'x' });
    symlinkSync(join(outside, 'x.ts'), join(root, 'file-link.ts'));
    symlinkSync(outside, join(root, 'folder-link'));
    const names = ['../x.ts', join(outside, 'x.ts'), 'file-link.ts', 'folder-link/x.ts'];
    const { paths, refused } = await found(root, ...names);
    expect(paths).toEqual([]);
    expect(Object.fromEntries(refused)).toEqual({
      '../x.ts': 'outside of the workspace',
      [join(outside, 'x.ts')]: 'outside of the workspace',
      'file-link.ts': 'a link that leads out of the workspace',
      'folder-link/x.ts': 'a link that leads out of the workspace',
    });
  });

  it('is a secret that git ignores: being named does not help it', async () => {
    const root = repository({ '.gitignore': '.env*\nkeys/\n' });
    write(root, { '.env': 'A=1', 'keys/id_ed25519': 'k' });
    const { paths, extra, refused } = await found(root, '.env', 'keys/id_ed25519');
    expect([paths, extra]).toEqual([[], []]);
    expect([...refused.keys()]).toEqual(['.env', 'keys/id_ed25519']);
  });

  it('is a link to a file of the workspace: the real name is told instead', async () => {
    const root = repository({ '.gitignore': 'alias.ts\n', 'real.ts': 'r' });
    symlinkSync('real.ts', join(root, 'alias.ts'));
    expect(Object.fromEntries((await found(root, 'alias.ts')).refused)).toEqual({
      'alias.ts': 'a link; name real.ts instead',
    });
  });

  it('reaches the workspace over a link from outside and is taken by its real path', async () => {
    const root = project();
    const link = join(folder(), 'link');
    symlinkSync(root, link);
    expect((await found(root, join(link, 'top.ts'))).paths).toEqual(['top.ts']);
  });
});
