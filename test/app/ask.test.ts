import { rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { type Asking, askAdvisor } from '../../src/app/ask.ts';
import type { KnownAdvisor } from '../../src/app/providers.ts';
import {
  type Advice,
  type AdviceRequest,
  type AdviceSurroundings,
  type ProviderDefinition,
  UNKNOWN_USAGE,
} from '../../src/domain/advice.ts';
import { DEFAULT_CONFIG } from '../../src/domain/config.ts';
import { MaestroError } from '../../src/domain/errors.ts';
import type { RepairBrief, Run } from '../../src/domain/ports.ts';
import { createEngine } from '../../src/engine/local.ts';
import type { Advised, Inquiry } from '../../src/flows/advise.ts';
import { readEvents } from '../../src/store/events.ts';
import { opened } from '../store/state-file.ts';
import { folder, repository } from './world.ts';

const SECRET = 'ghp_16C7e42F292c6912E7710c838347Ae178B4a';
const BRIEF: RepairBrief = { task: null, sources: [], failures: [], suspects: [], iteration: 1, attempts: [] };

const answer = (text: string): Advice => ({
  ok: true,
  ran: true,
  model: null,
  usage: UNKNOWN_USAGE,
  ms: 1,
  text,
  truncated: false,
});

interface Scene {
  readonly advised: Advised;
  readonly requests: readonly AdviceRequest[];
  readonly surroundings: readonly AdviceSurroundings[];
  readonly ledger: string;
}

/** Asks one advisor of a form whose `ask` is given, in a real run over a real ledger. */
async function scene(
  ask: (request: AdviceRequest) => Promise<Advice> | Advice,
  {
    form = 'cli',
    ...changes
  }: Partial<Inquiry['request']> & {
    form?: ProviderDefinition['form'];
    brief?: Asking['brief'];
    workspace?: string;
    answerBytes?: number;
  } = {},
): Promise<Scene> {
  const { workspace = repository(), answerBytes = 100_000, brief = async () => BRIEF, ...request } = changes;
  const requests: AdviceRequest[] = [];
  const surroundings: AdviceSurroundings[] = [];
  const provider: ProviderDefinition = {
    id: 'mine',
    description: 'for this test',
    form,
    network: false,
    available: () => expect.fail('availability is not needed for asking'),
    ask: async (given, where) => {
      requests.push(given);
      surroundings.push(where);
      return ask(given);
    },
  };
  const settings = {
    ...{ id: 'mine', provider: 'mine', model: 'own-model', effort: 'high', baseUrl: null, apiKeyEnv: null },
    ...{ binary: null, allowUnheld: false },
  };
  const advisors: KnownAdvisor[] = [{ provider, settings }];
  const store = await opened();
  const asking: Asking = {
    store,
    config: { ...DEFAULT_CONFIG, advice: { ...DEFAULT_CONFIG.advice, answerBytes } },
    env: { HOME: folder(), MAESTRO_HOME: folder() },
    workspace,
    advisors,
    limits: [{ scope: 'workflow:w', limit: 6 }],
    brief,
    progress: () => undefined,
  };
  const inquiry: Inquiry = {
    name: 'consult',
    purpose: 'advice',
    stage: null,
    ensemble: null,
    advisors: ['mine'],
    model: null,
    request: { kind: 'answer', system: 'be brief', prompt: 'why?', transcript: [], sample: 0, ...request },
    reservation: null,
    malformed: () => null,
  };
  const spec = { kind: 'consult', key: 'k', workspace, request: null };
  const { result } = await createEngine(store).start(spec, (run: Run) => askAdvisor(run, asking, inquiry));
  const rows = [await readEvents(store.queries), await store.queries.selectFrom('steps').selectAll().execute()];
  return { advised: result, requests, surroundings, ledger: JSON.stringify(rows) };
}

describe('what is sent to an advisor', () => {
  it('has its secrets taken out, wherever they are: question, system prompt, earlier exchanges', async () => {
    const { requests, ledger } = await scene(() => answer('ok'), {
      prompt: `token=${SECRET} fails`,
      system: `use ${SECRET}`,
      transcript: [{ question: `is ${SECRET} valid?`, answer: `${SECRET} is not` }],
    });
    expect(JSON.stringify(requests)).not.toContain(SECRET);
    expect(requests[0]!.prompt).toContain('[redacted:');
    expect(ledger).not.toContain(SECRET);
  });

  it('carries the model and effort of its settings', async () => {
    const { requests, surroundings } = await scene(() => answer('ok'));
    expect(requests[0]).toMatchObject({ model: 'own-model', effort: 'high', kind: 'answer', sample: 0 });
    expect(surroundings[0]).toMatchObject({ settings: { id: 'mine' }, limits: { answerBytes: 100_000 } });
  });

  it.each([
    ['embedded', BRIEF],
    ['cli', null],
    ['http', null],
  ] as const)('holds whole files for %s only where nothing leaves the machine', async (form, brief) => {
    expect((await scene(() => answer('ok'), { form })).requests[0]!.brief).toEqual(brief);
  });

  it.each(['cli', 'http'] as const)('is not read as evidence for %s, which is never given that', async (form) => {
    const { advised } = await scene(() => answer('ok'), { form, brief: () => expect.fail('it was read') });
    expect(advised.answer).toMatchObject({ text: 'ok' });
  });

  it('is a try that failed, with what can be done, where the tree cannot be read as evidence', async () => {
    const unreadable = new MaestroError('workspace_unreadable', 'git cannot list the files', 'run git status there');
    const { advised, requests } = await scene(() => answer('ok'), {
      form: 'embedded',
      brief: () => Promise.reject(unreadable),
    });
    expect(requests).toEqual([]);
    expect(advised).toMatchObject({
      answer: null,
      failures: [{ failure: { message: 'git cannot list the files', remedy: 'run git status there' } }],
    });
  });
});

describe('what an advisor says', () => {
  it('comes without what would steer a terminal, its line ends as they were', async () => {
    const { advised } = await scene(() => answer('\u001b[31mred\u001b[0m\r\nnext\u0007\n\u001b]0;title\u0007end'));
    expect(advised.answer!.text).toBe('red\r\nnext\nend');
  });

  it('comes without secrets, also in the ledger', async () => {
    const { advised, ledger } = await scene(() => answer(`I found ${SECRET}`));
    expect(advised.answer!.text).toMatch(/^I found \[redacted:/);
    expect(ledger).not.toContain(SECRET);
  });

  it('is cut between characters where it is longer than the limit, and says so', async () => {
    const { advised } = await scene(() => answer('ä'.repeat(1_000)), { answerBytes: 101 });
    expect(advised.answer).toMatchObject({ text: 'ä'.repeat(50), truncated: true });
  });

  it('on failing is one line without secrets or control sequences; what had arrived is bounded', async () => {
    const { advised, ledger } = await scene(
      () =>
        ({
          ...{ ok: false, ran: true, model: null, usage: UNKNOWN_USAGE, ms: 1, reason: 'crashed', unpaid: false },
          ...{ message: `\u001b[1mboom\n  at ${SECRET}`, remedy: 'look', retryAfterMs: null },
          partial: `${SECRET} ${'x'.repeat(10_000)}`,
        }) as Advice,
    );
    const [{ failure } = expect.fail()] = advised.failures;
    expect(failure.message).toMatch(/^boom at \[redacted:/);
    expect(failure.message).not.toContain('\n');
    expect(failure.partial!.length).toBeLessThanOrEqual(4_000);
    expect(ledger).not.toContain(SECRET);
  });

  it('by throwing, against its contract, is a failure of that provider', async () => {
    const { advised } = await scene(() => {
      throw new Error('a bug');
    });
    expect(advised.failures).toMatchObject([
      { provider: 'mine', failure: { reason: 'crashed', message: 'the provider failed in itself: a bug' } },
    ]);
  });
});

describe('a tree that changes while a command line program is asked', () => {
  const change = (path: string, content: string) => (root: string) => writeFileSync(join(root, path), content);

  it.each([
    ['a file that changed', change('src/add.js', 'export const add = 1;\n'), 'src/add.js'],
    ['a file that came', change('planted.js', 'x'), 'planted.js'],
    ['a file that went', (root: string) => rmSync(join(root, 'src/add.js')), 'src/add.js'],
  ])('is an incident: %s; the answer is withheld, the file named, and it is recorded', async (_, act, path) => {
    const workspace = repository();
    const ask = () => {
      act(workspace);
      return answer('all is well');
    };
    const { advised, ledger } = await scene(ask, { workspace });
    expect(advised.answer).toBeNull();
    expect(advised.failures).toMatchObject([{ failure: { reason: 'incident', partial: null } }]);
    expect(advised.failures[0]!.failure.message).toContain(path);
    expect(advised.failures[0]!.failure.remedy).toContain('if you or your agent edited these files meanwhile');
    expect(ledger).toContain('"reason":"incident"');
    expect(ledger).not.toContain('all is well');
  });

  it('is none where only ignored files changed', async () => {
    const workspace = repository({ '.gitignore': 'log/\n', 'log/a': '1', 'a.js': '1' });
    const ask = () => {
      writeFileSync(join(workspace, 'log/a'), '2');
      return answer('fine');
    };
    expect((await scene(ask, { workspace })).advised.answer).toMatchObject({ text: 'fine' });
  });

  it('is none of an advisor that runs no program', async () => {
    const workspace = repository();
    const ask = () => {
      writeFileSync(join(workspace, 'src/add.js'), 'x');
      return answer('fine');
    };
    expect((await scene(ask, { workspace, form: 'http' })).advised.answer).toMatchObject({ text: 'fine' });
  });
});

it('refuses an advisor that nobody knows before anything is paid', async () => {
  const asking = { advisors: [] } as unknown as Asking;
  const inquiry = { advisors: ['oracle'] } as unknown as Inquiry;
  expect(() => askAdvisor({} as Run, asking, inquiry)).toThrow("there is no provider 'oracle'");
});
