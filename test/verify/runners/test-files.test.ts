import { symlink } from 'node:fs/promises';
import { join, matchesGlob } from 'node:path';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { filesUnder, globExpression, resolveFiles } from '../../../src/verify/runners/test-files.ts';
import { SampleProject } from './sample-project.ts';

describe('patterns', () => {
  it.each([
    ['**/*.test.js', ['a.test.js', 'x/y/a.test.js'], ['a.js', 'a.test.jsx']],
    ['test/*.js', ['test/a.js'], ['test/x/a.js', 'a.js']],
    ['test/**', ['test/a', 'test/x/a'], ['tests/a']],
    ['**/*.{test,spec}.?(c|m)[jt]s?(x)', ['a.test.js', 'a.spec.mts', 'x/a.test.tsx'], ['a.tests.js', 'a.test.json']],
    ['a?.[!b]s', ['ab.js', 'ab.ts'], ['a.js', 'ab.bs']],
    ['@(a|b)/+(c)', ['a/c', 'b/ccc'], ['c/c', 'a/']],
    ['./a.js', ['a.js'], ['./a.js', 'b.js']],
  ])('%s means what the shell means by it', (glob, yes, no) => {
    const expression = globExpression(glob);
    expect(yes.filter((path) => !expression.test(path))).toEqual([]);
    expect(no.filter((path) => expression.test(path))).toEqual([]);
  });

  it('agree with the platform on plain ones', () => {
    const part = fc.constantFrom('a', 'b', 'ab', '*', 'a*', '?b', '**');
    const glob = fc.array(part, { minLength: 1, maxLength: 4 }).map((parts) => parts.join('/'));
    const path = fc
      .array(fc.constantFrom('a', 'b', 'ab'), { minLength: 1, maxLength: 4 })
      .map((parts) => parts.join('/'));
    fc.assert(
      fc.property(glob, path, (pattern, file) => {
        fc.pre(!pattern.endsWith('**'));
        expect(globExpression(pattern).test(file), `${pattern} ${file}`).toBe(matchesGlob(file, pattern));
      }),
    );
  });

  it('never throw, whatever is written', () => {
    fc.assert(fc.property(fc.string(), (text) => globExpression(text) instanceof RegExp));
  });
});

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
