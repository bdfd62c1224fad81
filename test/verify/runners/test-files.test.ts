import { symlink } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { filesUnder, resolveFiles } from '../../../src/verify/runners/test-files.ts';
import { SampleProject } from './sample-project.ts';

describe('files of a folder', () => {
  let project: SampleProject;
  beforeAll(async () => {
    project = await SampleProject.of({
      'b/x.js': '',
      'a.js': '',
      'node_modules/m/y.js': '',
      '.git/z': '',
      'with space/ü.js': '',
    });
    await symlink('..', join(project.root, 'b', 'loop'));
  });
  afterAll(() => project.remove());

  it('are listed sorted, without dependencies and without following links', () => {
    expect(filesUnder(project.root)).toEqual(['a.js', 'b/x.js', 'with space/ü.js']);
  });

  it('are none where the folder cannot be read', () => {
    expect(filesUnder(join(project.root, 'gone'))).toEqual([]);
  });

  it('are found by name, by folder and by pattern', () => {
    const all = () => true;
    expect(resolveFiles(['a.js'], project.root, () => false)).toEqual(['a.js']);
    expect(resolveFiles(['b', './a.js', 'gone.js'], project.root, all)).toEqual(['a.js', 'b/x.js']);
    expect(resolveFiles(['**/*.js'], project.root, () => false)).toEqual(['a.js', 'b/x.js', 'with space/ü.js']);
    expect(resolveFiles(['.'], project.root, (file) => file.startsWith('b/'))).toEqual(['b/x.js']);
  });
});
