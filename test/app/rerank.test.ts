import { describe, expect, it } from 'vitest';
import { packContext } from '../../src/app/pack.ts';
import { readEvents } from '../../src/store/events.ts';
import { openStore } from '../../src/store/open.ts';
import { advisor, calling, home, model, opened, repository } from './world.ts';

const FILES = {
  'lib/alpha.py': 'def basket_total(basket):\n    return sum(basket)\n',
  'lib/bravo.py': 'def basket_count(basket):\n    return len(basket)\n',
  'lib/carol.py': 'def carol(basket):\n    return basket\n',
};
const TASK = 'basket_total of a basket is wrong';

/** A workspace, a home whose only advisor follows the script, and packing with it. */
async function world(script: Parameters<typeof model>[0], config: Record<string, unknown> = {}) {
  const server = await model(script);
  const env = home({ advisors: [advisor(server)], ...config });
  const root = repository(FILES);
  const said: string[] = [];
  const packWith = (provider: string | null, signal = new AbortController().signal, task = TASK) =>
    packContext(
      { workspace: root, task, budget: 2_000 },
      {
        env,
        signal,
        warn: () => undefined,
        ...(provider !== null && { rerank: { provider, progress: (line: string) => void said.push(line) } }),
      },
    );
  const events = async () => {
    await using store = await openStore(`${env.MAESTRO_HOME}/maestro.db`);
    return await readEvents(store.queries, {});
  };
  return { server, env, root, said, packWith, events };
}

const order = ({ files }: { readonly files: ReadonlyArray<{ readonly path: string }> }) =>
  files.map(({ path }) => path);

describe('a pack in the order of an advisor', () => {
  it('asks nobody unless somebody is named', async () => {
    const { server, packWith } = await world([{ text: 'lib/carol.py' }]);
    const packed = await packWith(null);
    expect(order(packed)[0]).toBe('lib/alpha.py');
    expect(packed).not.toHaveProperty('reranked');
    expect(server.asked()).toEqual([]);
  });

  it('is asked for once, over outlines, and taken', async () => {
    const { server, packWith, said } = await world([{ text: '1. `lib/carol.py`\n2. `lib/bravo.py`\n' }]);
    const packed = await packWith('local');
    expect(order(packed)).toEqual(['lib/carol.py', 'lib/bravo.py', 'lib/alpha.py']);
    expect(packed.reranked).toEqual({ used: true, why: null });
    expect(server.asked()).toHaveLength(1);
    const [system, user] = server.asked()[0]!.body.messages;
    expect(system!.content).toContain('the likeliest first');
    expect(user!.content).toMatch(/^# Question\nbasket_total of a basket is wrong\n\n# Files/);
    expect(user!.content).toContain('lib/alpha.py: basket_total:1');
    expect(user!.content).not.toContain('return sum(basket)');
    expect(said).toContain('asking local');
  });

  it('is a consult like every other: recorded, paid from the budget, with what it used', async () => {
    const { packWith, events, env, root } = await world([{ text: 'lib/carol.py' }]);
    await packWith('local');
    const types = (await events()).map(({ type }) => type);
    expect(types).toEqual(
      expect.arrayContaining(['policy_decided', 'budget_reserved', 'consult_asked', 'consult_answered']),
    );
    const maestro = await opened(env, root);
    expect(await maestro.workflowState({}, calling())).toMatchObject({ budget: { used: { workflow: 1 } } });
  });

  it('is not paid twice for the same question', async () => {
    const { server, packWith } = await world([{ text: 'lib/carol.py' }]);
    const first = await packWith('local');
    const again = await packWith('local');
    expect(order(again)).toEqual(order(first));
    expect(server.asked()).toHaveLength(1);
  });

  it('leaves secrets here', async () => {
    const { server, packWith } = await world([{ text: 'lib/carol.py' }]);
    const secret = ['ghp', 'a1B2c3D4e5F6g7H8i9J0k1L2m3N4o5P6q7R8'].join('_');
    await packWith('local', undefined, `${TASK} with ${secret}`);
    expect(server.asked()).toHaveLength(1);
    expect(JSON.stringify(server.asked())).not.toContain(secret);
  });

  it('is the usual one, and says why, when the advisor fails; nobody else is asked in its place', async () => {
    const [broken, other] = [await model([{ status: 401 }]), await model([{ text: 'lib/carol.py' }])];
    const env = home({ advisors: [advisor(broken, 'first'), advisor(other, 'second')], order: ['first', 'second'] });
    const packed = await packContext(
      { workspace: repository(FILES), task: TASK },
      {
        env,
        signal: new AbortController().signal,
        warn: () => undefined,
        rerank: { provider: 'first', progress: () => undefined },
      },
    );
    expect(order(packed)[0]).toBe('lib/alpha.py');
    expect(packed.reranked).toEqual({ used: false, why: expect.stringMatching(/^it failed: first: ./) });
    expect(other.asked()).toEqual([]);
  });

  it('is the usual one, and says why, when the answer names no file', async () => {
    const { server, packWith } = await world([{ text: 'I cannot say. rm -rf /' }]);
    const packed = await packWith('local');
    expect(order(packed)[0]).toBe('lib/alpha.py');
    expect(packed.reranked).toEqual({ used: false, why: 'the answer named none of the files' });
    expect(server.asked()).toHaveLength(1);
  });

  it('is the usual one, and says why, when the budget is used up: nobody is asked', async () => {
    const { server, packWith } = await world([{ text: 'lib/carol.py' }], { limits: { consults_per_stage: 0 } });
    const packed = await packWith('local');
    expect(order(packed)[0]).toBe('lib/alpha.py');
    expect(packed.reranked).toEqual({
      used: false,
      why: expect.stringMatching(/^it failed: not asked \(stage_budget\): /),
    });
    expect(server.asked()).toEqual([]);
  });

  it('must be that of an advisor that there is', async () => {
    const { packWith, server } = await world([{ text: 'lib/carol.py' }]);
    await expect(packWith('oracle')).rejects.toMatchObject({ code: 'usage' });
    expect(server.asked()).toEqual([]);
  });

  it('ends with the caller: a pack that was cancelled is none', async () => {
    const controller = new AbortController();
    const { packWith } = await world(() => {
      controller.abort(new Error('enough'));
      return { hang: 'before' };
    });
    await expect(packWith('local', controller.signal)).rejects.toThrow('enough');
  });
});
