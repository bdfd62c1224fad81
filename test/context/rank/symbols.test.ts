import { describe, expect, it } from 'vitest';
import { readQuestion } from '../../../src/context/question/question.ts';
import { symbolScores } from '../../../src/context/rank/symbols.ts';
import { indexed } from '../index-of.ts';

const body = (lines: number): string => '    x = 1\n'.repeat(lines);

/** Scores by path for a task, only `app/` being sources. */
async function scores(files: Readonly<Record<string, string>>, task: string): Promise<Record<string, number>> {
  const { corpus, paths, byPath, index } = await indexed(files);
  const { file } = symbolScores(corpus, readQuestion(task, ''), (at) => paths[at]!.startsWith('app/'));
  index.close();
  return byPath(file);
}

describe('a name of the question that is defined', () => {
  it('speaks for the file that defines it, not for those that use it', async () => {
    const found = await scores(
      { 'app/a.py': `def count_stripes(z):\n${body(3)}`, 'app/b.py': 'count_stripes(1)\ncount_stripes(2)\n' },
      '`count_stripes` is wrong',
    );
    expect(Object.keys(found)).toEqual(['app/a.py']);
  });

  it('speaks for sources alone', async () => {
    const files = { 'tests/a.py': `def count_stripes(z):\n${body(3)}` };
    expect(await scores(files, '`count_stripes` is wrong')).toEqual({});
  });

  it('says less when several files define it, and nothing when very many do', async () => {
    const of = (count: number) =>
      Object.fromEntries(
        Array.from({ length: count }, (_, i) => [`app/f${i}.py`, `def count_stripes(z):\n    return ${i}\n`]),
      );
    const [one, four, many] = [
      await scores(of(1), '`count_stripes`'),
      await scores(of(4), '`count_stripes`'),
      await scores(of(50), '`count_stripes`'),
    ];
    expect(Object.keys(four)).toHaveLength(4);
    expect(four['app/f0.py']).toBeLessThan(one['app/f0.py']! * 4);
    expect(many).toEqual({});
  });

  it('is known in any case of its letters; a plain word says half of what a compound name does', async () => {
    const files = { 'app/a.py': `def CountStripes(z):\n${body(3)}`, 'app/b.py': `def zebra(z):\n${body(3)}` };
    const found = await scores(files, '`countStripes` and `zebra` disagree');
    expect(found['app/a.py']).toBeGreaterThan(found['app/b.py']!);
    expect(found['app/b.py']).toBeGreaterThan(0);
  });

  it('counts a file once, however often it defines the name, and every place of it', async () => {
    const method = `    def count_stripes(self):\n${'        x = 1\n'.repeat(30)}`;
    const { corpus, byPath, index } = await indexed({ 'app/a.py': `class A:\n${method}\n\nclass B:\n${method}` });
    const { file, chunk } = symbolScores(corpus, readQuestion('`count_stripes`', ''), () => true);
    index.close();
    const places = [...chunk].filter((value) => value !== 0);
    expect(places.length).toBeGreaterThan(1);
    expect(Math.min(...places)).toBeGreaterThan(0);
    expect(byPath(file)['app/a.py']).toBeCloseTo(Math.max(...places));
  });

  it('is none in a question without names', async () => {
    expect(await scores({ 'app/a.py': `def zebra(z):\n${body(3)}` }, '')).toEqual({});
  });
});
