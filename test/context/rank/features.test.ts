import { describe, expect, it } from 'vitest';
import { readQuestion } from '../../../src/context/question/question.ts';
import { featuresOf, normal } from '../../../src/context/rank/features.ts';
import { graphScores } from '../../../src/context/rank/graph.ts';
import { indexed } from '../index-of.ts';

const FILES = {
  'app/zebra.py': 'class ZebraKeeper:\n    def feed(self):\n        return "hay"\n',
  'app/lion.py': 'from app.zebra import ZebraKeeper\n\n\ndef hunt():\n    return ZebraKeeper().feed()\n',
  'app/core/models.py': 'def save():\n    return 1\n',
  'app/other.py': 'x = 1\n',
  'tests/test_zebra.py': 'def test_zebra():\n    assert ZebraKeeper().feed() == "hay"\n',
};

/** The signals of a question, by signal and path. */
async function signals(task: string): Promise<Record<string, Record<string, number>>> {
  const { layout, byPath, index } = await indexed(FILES);
  const { files } = featuresOf(layout, readQuestion(task, ''));
  index.close();
  return Object.fromEntries(Object.entries(files).map(([signal, scores]) => [signal, byPath(scores)]));
}

describe('the signals of a file', () => {
  it('are the words in it and in its best pieces, 1 for the best source', async () => {
    const { body, chunks } = await signals('the keeper should feed hay');
    expect(body!['app/zebra.py']).toBe(1);
    expect(chunks!['app/zebra.py']).toBe(1);
    expect(body!['app/other.py']).toBeUndefined();
  });

  it('are its path and its name in the text', async () => {
    const { path, name } = await signals('the zebra is lost');
    expect(path!['app/zebra.py']).toBe(1);
    expect(name!['app/zebra.py']).toBeGreaterThan(0);
    expect(name!['app/lion.py']).toBeUndefined();
  });

  it('are what it defines: a name of the text, and words of the text as parts of names', async () => {
    const { symbol, names } = await signals('calling `ZebraKeeper` fails');
    expect(symbol).toEqual({ 'app/zebra.py': 1 });
    expect(names!['app/zebra.py']).toBe(1);
  });

  it('are that the text gives its path, or its module with dots', async () => {
    expect((await signals('see app/other.py for more')).mention).toEqual({ 'app/other.py': 0.8 });
    expect((await signals('call app.core.models.save twice')).mention).toEqual({ 'app/core/models.py': 0.6 });
    expect((await signals('see nothing.here.at.all')).mention).toEqual({});
  });

  it('are the frames of traces in the text, nearer ones more', async () => {
    const { mention } = await signals(
      'It fails\n  File "app/lion.py", line 5, in hunt\n    feed()\n  File "app/zebra.py", line 3, in feed\nValueError: no',
    );
    expect(mention!['app/zebra.py']).toBe(1);
    expect(mention!['app/lion.py']).toBeLessThan(1);
    expect(mention!['app/lion.py']).toBeGreaterThan(0.5);
  });

  it('of one named among very many weigh less', async () => {
    const one = (await signals('`zebra` is lost')).name!['app/zebra.py']!;
    const files = Object.fromEntries(Array.from({ length: 40 }, (_, i) => [`lib/rule-${i}.js`, `rule${i}()\n`]));
    const { layout, paths, byPath, index } = await indexed(files);
    const task = `The rules are ${paths.map((path) => `\`${path.slice(4, -3)}\``).join(' ')}`;
    const many = byPath(featuresOf(layout, readQuestion(task, '')).files.name!);
    index.close();
    expect(Object.keys(many)).toHaveLength(40);
    expect(Math.max(...Object.values(many))).toBeLessThan(one);
  });

  it('compare with the best source, not with tests, and are bounded', () => {
    const scores = Float64Array.of(2, 4, 100);
    expect([...normal(scores, (file) => file < 2)]).toEqual([0.5, 1, 1.5]);
    expect([...normal(Float64Array.of(0, 0), () => true)]).toEqual([0, 0]);
  });
});

describe('the import graph', () => {
  it('gives belief to what likely files import and to what imports them, never to tests or themselves', async () => {
    const { root, paths, corpus, pathIndex, byPath, index } = await indexed(FILES);
    const kinds = paths.map((path) => (path.startsWith('tests/') ? ('test' as const) : ('source' as const)));
    const from = (path: string): Record<string, number> =>
      byPath(graphScores(root, paths, kinds, corpus, pathIndex, [[paths.indexOf(path), 1]]));
    expect(Object.keys(from('app/lion.py'))).toEqual(['app/zebra.py']);
    expect(Object.keys(from('app/zebra.py'))).toEqual(['app/lion.py']);
    expect(from('app/lion.py')['app/zebra.py']).toBeGreaterThan(from('app/zebra.py')['app/lion.py']!);
    expect(from('app/other.py')).toEqual({});
    index.close();
  });
});
