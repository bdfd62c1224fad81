import { describe, expect, it } from 'vitest';
import { type Pack, pack, type Rerank } from '../../../src/context/index.ts';
import { folder, repository } from '../workspace-of.ts';

const indexes = folder();
const names = ['alpha', 'bravo', 'carol', 'delta'];
const root = repository({
  ...Object.fromEntries(
    names.map((name, i) => [
      `lib/${name}.py`,
      `def ${name}_total(basket):\n    return basket ${'basket '.repeat(4 - i)}\n`,
    ]),
  ),
  'lib/settings.py': 'PASSWORD = "Zx81-pQ7-vfw2-secret"\n\n\ndef basket_settings():\n    return PASSWORD\n',
});

interface Asked {
  question: string;
  outlines: ReadonlyArray<{ readonly path: string; readonly outline: string }>;
}

/** Packs with a port that remembers what it was asked. */
async function packed(rerank: Rerank, task = 'the basket total is wrong'): Promise<{ answer: Pack; asked: Asked[] }> {
  const asked: Asked[] = [];
  const port: Rerank = (question, outlines) => {
    asked.push({ question, outlines });
    return rerank(question, outlines);
  };
  return { answer: await pack({ workspace: root, task, budget: 1_000 }, { indexes, rerank: port }), asked };
}

const order = ({ files }: Pack): string[] => files.map(({ path }) => path);
const usual = async (): Promise<Pack> =>
  pack({ workspace: root, task: 'the basket total is wrong', budget: 1_000 }, { indexes });

describe('a better order from outside', () => {
  it('is not asked for unless there is somebody to ask, and nothing is said of it then', async () => {
    expect(await usual()).not.toHaveProperty('reranked');
  });

  it('is asked for once, with the question and an outline of every likely file', async () => {
    const { asked } = await packed(async () => null);
    expect(asked).toHaveLength(1);
    expect(asked[0]!.question).toContain('the basket total is wrong');
    expect(asked[0]!.outlines.map(({ path }) => path)).toEqual(
      expect.arrayContaining(['lib/alpha.py', 'lib/delta.py']),
    );
    expect(asked[0]!.outlines.find(({ path }) => path === 'lib/delta.py')!.outline).toContain('delta_total:1');
  });

  it('puts the files it names first, in its order, the others after them as they were', async () => {
    const before = order(await usual());
    const wanted = [before.at(-1)!, before[1]!];
    const { answer } = await packed(async () => wanted);
    expect(answer.reranked).toEqual({ used: true, why: null });
    expect(order(answer)).toEqual([...wanted, ...before.filter((path) => !wanted.includes(path))]);
  });

  it('leaves the beliefs with the places', async () => {
    const before = await usual();
    const { answer } = await packed(async () => [order(before).at(-1)!]);
    expect(answer.files[0]!.score).toBe(before.files[0]!.score);
  });

  it('may name files twice, and files that were not shown: they are passed over', async () => {
    const before = order(await usual());
    const last = before.at(-1)!;
    const { answer } = await packed(async () => ['/etc/passwd', last, '../outside.py', last]);
    expect(order(answer)).toEqual([last, ...before.slice(0, -1)]);
  });

  for (const [what, port, why] of [
    ['there is no answer', async () => null, 'there was no answer'],
    ['the answer names none of the files', async () => ['nowhere.py'], 'the answer named none of the files'],
    ['asking fails', () => Promise.reject(new Error('too busy')), 'it failed: too busy'],
  ] as ReadonlyArray<readonly [string, Rerank, string]>) {
    it(`is as it was, and says why, when ${what}`, async () => {
      const { answer } = await packed(port);
      expect(answer.reranked).toEqual({ used: false, why });
      expect(order(answer)).toEqual(order(await usual()));
    });
  }

  it('is asked for without secrets', async () => {
    const { asked } = await packed(async () => null, 'the basket settings: password = "hJ3-kkP0-qwe9-Lz" is refused');
    expect(JSON.stringify(asked)).not.toContain('hJ3-kkP0-qwe9-Lz');
    expect(JSON.stringify(asked)).not.toContain('Zx81-pQ7-vfw2-secret');
  });

  it('stays within the budget', async () => {
    const { answer } = await packed(async (_, outlines) => outlines.map(({ path }) => path).reverse());
    expect(answer.tokens).toBeLessThanOrEqual(1_000);
  });
});
