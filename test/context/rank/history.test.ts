import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { readQuestion } from '../../../src/context/question/question.ts';
import { hashTerm, termsOf } from '../../../src/context/question/terms.ts';
import { type History, historyScores, openHistory } from '../../../src/context/rank/history.ts';
import { commit, folder, git, repository, write } from '../workspace-of.ts';

const signal = new AbortController().signal;
const termsIn = (message: string): number[] => [...new Set(message.split(' ').flatMap(termsOf).map(hashTerm))];
const past = (...commits: ReadonlyArray<readonly [message: string, files: readonly string[]]>): History => ({
  head: 'x',
  commits: commits.map(([message, files]) => [termsIn(message), files]),
});
const numbers = new Map(['a.py', 'b.py', 'c.py'].map((path, i) => [path, i]));
const scored = (history: History, task: string): number[] => [
  ...historyScores(history, numbers, readQuestion(task, '')),
];

describe('what commits say of a question', () => {
  it('is shared among the files of a commit', () => {
    const [a, b, c] = scored(past(['zebra stripes', ['a.py']], ['zebra stripes', ['b.py', 'c.py']]), 'zebra stripes');
    expect(a).toBeGreaterThan(b!);
    expect(b).toBe(c);
  });

  it('adds up over commits, and rare words say more than common ones', () => {
    const history = past(
      ['zebra hooves', ['a.py']],
      ['zebra mane', ['b.py']],
      ['zebra tail', ['b.py']],
      ['lion roar', ['c.py']],
    );
    const [a, b, c] = scored(history, 'the hooves of a zebra');
    expect(a).toBeGreaterThan(b!);
    expect(b).toBeGreaterThan(0);
    expect(c).toBe(0);
  });

  it('is nothing of files that are gone, of no commits, and of words that nobody used', () => {
    expect(scored(past(['zebra', ['gone.py']]), 'zebra')).toEqual([0, 0, 0]);
    expect(scored({ head: '', commits: [] }, 'zebra')).toEqual([0, 0, 0]);
    expect(scored(past(['lion', ['a.py']]), 'zebra')).toEqual([0, 0, 0]);
  });
});

describe('the history of a repository', () => {
  it('is left out where a commit changed very many files: it says nothing of any', async () => {
    const root = repository(Object.fromEntries(Array.from({ length: 30 }, (_, i) => [`f${i}.py`, `${i}`])));
    write(root, { 'f1.py': 'new' });
    commit(root, 'Mend the zebra');
    const { commits } = await openHistory(folder(), root, signal);
    expect(commits.map(([, files]) => files)).toEqual([['f1.py']]);
  });

  it('is that of the part of it which is the workspace, with paths from there', async () => {
    const root = repository({ 'pkg/a.py': '1', 'other/b.py': '1' });
    write(root, { 'other/b.py': '2' });
    commit(root, 'Elsewhere');
    const { commits } = await openHistory(folder(), join(root, 'pkg'), signal);
    expect(commits.flatMap(([, files]) => files)).toEqual(['a.py']);
  });

  it('is read though nothing can be kept, and though its folder was deleted', async () => {
    const root = repository({ 'a.py': '1' });
    const state = folder();
    rmSync(state, { recursive: true });
    expect((await openHistory(state, root, signal)).commits).toHaveLength(1);
    mkdirSync(state);
    writeFileSync(join(state, 'history.json'), '{"head":3}');
    expect((await openHistory(state, root, signal)).commits).toHaveLength(1);
  });

  it('takes messages as they are: of many lines, with marks that could end them', async () => {
    const root = repository({ 'a.py': '1' });
    write(root, { 'a b.py': '1' });
    git(root, 'add', '-A');
    git(root, 'commit', '-q', '-m', 'Zebra\n\n"quoted" %x00 %s\n\nTrailer: yes');
    const [newest] = (await openHistory(folder(), root, signal)).commits;
    expect(newest![1]).toEqual(['a b.py']);
    expect(newest![0]).toEqual(expect.arrayContaining(termsIn('zebra trailer')));
  });
});
