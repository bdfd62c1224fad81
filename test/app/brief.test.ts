import { symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { briefOf, briefWhenAsked, errorsIn } from '../../src/app/brief.ts';
import { liveTree } from '../../src/verify/live-tree.ts';
import { folder, repository } from './world.ts';

const { signal } = new AbortController();
const FILES = {
  'src/add.js': 'export function add(a, b) {\n  return a - b;\n}\n',
  'src/other.js': 'export const other = 1;\n',
  'test/add.test.js': "import { add } from '../src/add.js';\n",
};
const TAP =
  'TAP version 13\nnot ok 1 - adds\n  ---\n  error: expected 3\n  stack: |-\n    at add (/x/src/add.js:2:10)\n  ...\n1..1\n';
const brief = (root: string, given: { errors?: string[]; files?: string[] }) =>
  briefOf(liveTree(root, signal), { task: 'mend it', errors: [], files: [], ...given });

describe('a question as evidence', () => {
  it('names the failing tests of a report that is understood, and where their stacks lead', async () => {
    const found = await brief(repository(FILES), { errors: [TAP] });
    expect(found!.failures.map(({ id }) => id)).toEqual([expect.stringContaining('adds')]);
    expect(found!.sources[0]).toEqual({ path: 'src/add.js', text: FILES['src/add.js'] });
    expect(found!.suspects[0]).toMatchObject({ path: 'src/add.js', line: 2 });
    expect(found).toMatchObject({ task: 'mend it', iteration: 1, attempts: [] });
  });

  it('takes an output that no report format explains as one failure', async () => {
    const found = await brief(repository(FILES), { errors: ['TypeError: x\n    at f (/app/src/add.js:1:8)\n'] });
    expect(found!.failures).toMatchObject([{ id: 'error 1', outcome: 'failed' }]);
    expect(found!.suspects[0]).toMatchObject({ path: 'src/add.js', line: 1 });
  });

  it('looks only into the files that are named, also by a glob', async () => {
    const root = repository(FILES);
    for (const files of [['src/other.js'], ['src/o*.js'], ['./src/other.js']])
      expect((await brief(root, { files }))!.sources.map(({ path }) => path)).toEqual(['src/other.js']);
  });

  it('goes by the failures where what is named holds nothing to edit', async () => {
    const found = await brief(repository(FILES), { files: ['test/*.js'], errors: [TAP] });
    expect(found!.sources.map(({ path }) => path)).toContain('src/add.js');
  });

  it('is none where there is nothing that templates can edit', async () => {
    expect(await brief(repository({ 'README.md': 'words' }), { errors: [TAP] })).toBeNull();
  });
});

describe('a question that is read when it is asked for', () => {
  it('is read once, as the tree is then', async () => {
    const root = repository(FILES);
    const read = briefWhenAsked(liveTree(root, signal), { task: 'mend it', errors: [TAP], files: [] });
    writeFileSync(join(root, 'src/add.js'), 'export const add = (a, b) => a - b;\n');
    const first = await read();
    expect(first!.sources[0]!.text).toContain('=> a - b');
    expect(await read()).toBe(first);
  });
});

describe('what a workflow was told of failing tests', () => {
  const debug = { error: 'TypeError: x', test_result: { status: 'failed', summary: '1 failed' } };

  it('is the error and the result of the last round, each once', () => {
    expect(
      errorsIn({ outputs: { debug }, tests: { status: 'failed', basis: 'reported', summary: '1 failed' } }),
    ).toEqual(['TypeError: x', '1 failed']);
  });

  it('is what implementing came to, before any debugging', () => {
    const outputs = { implement: { test_result: { status: 'failed', summary: '2 failed' } } };
    expect(errorsIn({ outputs, tests: null })).toEqual(['2 failed']);
  });

  it('is nothing where the tests pass or nobody said', () => {
    expect(errorsIn({ outputs: {}, tests: null })).toEqual([]);
    expect(errorsIn({ outputs: {}, tests: { status: 'passed', basis: 'observed', summary: 'all' } })).toEqual([]);
    expect(errorsIn({ outputs: { debug: { error: null, test_result: 'odd' } }, tests: null })).toEqual([]);
  });
});

describe("the user's tree as it stands", () => {
  it('is read when it is asked for', async () => {
    const root = repository(FILES);
    const tree = liveTree(root, signal);
    writeFileSync(join(root, 'src/other.js'), 'changed');
    expect(await tree.read('src/other.js')).toBe('changed');
    expect(await tree.files()).toEqual(['src/add.js', 'src/other.js', 'test/add.test.js']);
  });

  it('reads nothing outside of it, nothing of git, nothing that is no text', async () => {
    const root = repository({ ...FILES, binary: 'a\0b' });
    const outside = join(folder(), 'secret');
    writeFileSync(outside, 'secret');
    symlinkSync(outside, join(root, 'link'));
    const tree = liveTree(root, signal);
    for (const path of ['link', '../secret', outside, '.git/config', 'binary', 'missing', 'src'])
      expect(await tree.read(path), path).toBeNull();
  });
});
