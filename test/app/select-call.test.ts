import { execFileSync } from 'node:child_process';
import { existsSync, readdirSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { describe, expect, it } from 'vitest';
import type { CallContext, EnsembleGenerated, SelectCall, Selected } from '../../src/app/calls.ts';
import { openMaestro } from '../../src/app/maestro.ts';
import { atHand } from '../../src/app/run-kinds/select.ts';
import { createRuns } from '../../src/app/runs.ts';
import type { SelectWork } from '../../src/app/select-at-hand.ts';
import { openState } from '../../src/app/state.ts';
import type { MaestroError } from '../../src/domain/errors.ts';
import { findRun } from '../../src/engine/records.ts';
import { type ChatReply, chatModel } from '../models/chat-model.ts';
import { AskedProject, advisors, FILES, RIGHT, WRONG } from './asked-project.ts';

const CONTEXT: CallContext = {
  signal: new AbortController().signal,
  progress: () => {},
  patienceMs: Number.POSITIVE_INFINITY,
  askPerson: null,
};
const TESTS = 'node --test test/pages.test.js';
const pages = (body: string): string => FILES['src/pages.js']!.replace(/return .*/, `return ${body};`);
const file = (id: string, body: string, provider?: string) => ({
  id,
  files: { 'src/pages.js': pages(body) },
  ...(provider === undefined ? {} : { provider }),
});
const verdict = (winner: string | null): string => JSON.stringify({ winner, why: `candidate ${winner} is right` });

/** The letter under which a judge sees the candidate that says this. */
function letterOf(prompt: string, text: string): string {
  return prompt.split('## Candidate ').find((section) => section.includes(text))![0]!;
}

async function withMaestro<T>(
  project: AskedProject,
  work: (
    select: (call: SelectCall) => Promise<Selected>,
    maestro: Awaited<ReturnType<typeof openMaestro>>,
  ) => Promise<T>,
): Promise<T> {
  await using maestro = await openMaestro({ env: project.env, cwd: project.root, warn: () => {} });
  return await work(async (call) => (await maestro.select(call, CONTEXT)) as Selected, maestro);
}

describe('selecting through Maestro', () => {
  it('tests candidates given by value, and hands over the patch of the one that passes', async () => {
    using project = new AskedProject(FILES, {});
    const candidates = [file('wrong', 'Math.round(items / size)'), file('right', 'Math.ceil(items / size)')];
    const selected = await withMaestro(project, (select) => select({ candidates, test_command: TESTS }));
    expect(selected).toMatchObject({ status: 'selected', winner: 'right', closest: null });
    expect(selected.patch).toContain('+  return Math.ceil(items / size);');
    expect(selected.ranking[1]!.why).toContain('a page that is not full');
    expect(selected.run_id).not.toBe('');
    expect(selected.workflow_id).toMatch(/^w-/);
  });

  it('says that none is right, and hands over no patch', async () => {
    using project = new AskedProject(FILES, {});
    const candidates = [file('wrong', 'Math.round(items / size)')];
    const selected = await withMaestro(project, (select) => select({ candidates, test_command: TESTS }));
    expect(selected).toMatchObject({ winner: null, closest: 'wrong', patch: null });
  });

  it('says that a command which names no test is gone by its exit status alone, and what that is worth', async () => {
    using project = new AskedProject(FILES, {});
    const candidates = [file('any', 'items')];
    const idle = await withMaestro(project, (select) => select({ candidates, test_command: 'true' }));
    expect(idle).toMatchObject({ winner: 'any', ranking: [{ evidence: { level: 'exit-status', executed: 1 } }] });
    expect(idle.ranking[0]!.why).toContain('as it did before (observed, by its exit status alone');
    expect(idle.next).toContain('the command passed before too and names no test');
    const telling = 'grep -q Math.ceil src/pages.js';
    const right = [file('wrong', 'items'), file('right', 'Math.ceil(items / size)')];
    const mended = await withMaestro(project, (select) => select({ candidates: right, test_command: telling }));
    expect(mended).toMatchObject({ winner: 'right', next: "Apply 'right'." });
    expect(mended.why).toContain('ends with 0, and failed before (observed, by its exit status alone');
    const named = await withMaestro(project, (select) => select({ candidates: right, test_command: TESTS }));
    expect(named.ranking[0]!.evidence).not.toHaveProperty('level');
  });

  it('judges by results that were handed over, and says that they were reported', async () => {
    using project = new AskedProject(FILES, {});
    const candidates = [file('a', '1'), file('b', '2')];
    const selected = await withMaestro(project, (select) =>
      select({
        candidates,
        test_results: [
          { id: 'a', passed: ['x'], failed: ['y'] },
          { id: 'b', passed: ['x', 'y'], failed: [] },
        ],
        lint_results: [{ id: 'b', problems: 2 }],
      }),
    );
    expect(selected.winner).toBe('b');
    expect(selected.ranking[0]!.evidence).toMatchObject({ basis: 'reported', newLintProblems: 2 });
  });

  it('prefers, of two that pass, the one that adds no lint problem', async () => {
    const lint = `import { readFileSync } from 'node:fs';
const lines = readFileSync('src/pages.js', 'utf8').split('\\n');
let failed = false;
lines.forEach((line, index) => {
  const [found] = /~~|Number/.exec(line) ?? [];
  if (found) { console.log('src/pages.js:' + (index + 1) + ': error: do not write ' + found); failed = true; }
});
process.exitCode = failed ? 1 : 0;
`;
    using project = new AskedProject({ ...FILES, 'lint.mjs': lint }, {});
    const odd = file('odd', '~~Math.ceil(items / size)');
    const plain = file('plain', 'Math.ceil(items / size)');
    const call = { candidates: [odd, plain], test_command: TESTS };
    const [without, withLint] = await withMaestro(project, async (select) => [
      await select(call),
      await select({ ...call, lint_command: 'node lint.mjs' }),
    ]);
    expect(without!.winner).toBe('odd');
    expect(withLint!.winner).toBe('plain');
    expect(withLint!.ranking.map(({ evidence }) => evidence.newLintProblems)).toEqual([0, 1]);
  });

  it.each([
    [{}, 'there are no candidates'],
    [{ candidates: [{ id: 'a', text: 'x' }], run_id: 'r' }, 'there are candidates and a run_id'],
    [{ run_id: 'nothing' }, 'there is no run nothing'],
    [{ candidates: [{ id: 'a', text: 'x' }], test_command: ' ' }, 'test_command is blank'],
    [{ candidates: [{ id: 'a' }] }, 'candidates[0]: needs a patch, files or a text'],
    [{ candidates: [{ id: 'a', text: 'x' }], lint_results: [{ id: 'b', problems: 1 }] }, 'lint_results[0].id'],
    [
      {
        candidates: [
          { id: 'a', text: 'x', verification_test: 'y' },
          { id: 'b', text: 'x' },
        ],
      },
      'candidates[1]: is no hypothesis, while others are',
    ],
  ] as const)('refuses %j', async (call, message) => {
    using project = new AskedProject(FILES, {});
    await expect(withMaestro(project, (select) => select(call))).rejects.toThrow(message);
  });

  it('tries candidates of which something may not be stored, and stores it all the same without that', async () => {
    const secret = `ghp_${'a1B2c3D4e5F6'.repeat(3)}`;
    using project = new AskedProject(FILES, {});
    const body = `Math.ceil(items / size); // ${secret}`;
    const selected = await withMaestro(project, (select) =>
      select({ candidates: [file('right', body)], test_command: TESTS }),
    );
    expect(selected.winner).toBe('right');
    expect(selected.patch).not.toContain(secret);
  });
});

describe('selecting by evidence that was handed over', () => {
  const patch = (from: string, to: string, path = 'src/pages.js') =>
    `--- a/${path}\n+++ b/${path}\n@@ -1,1 +1,1 @@\n-${from}\n+${to}\n`;
  const FIRST = FILES['src/pages.js']!.split('\n')[0]!;
  const passing = (...ids: string[]) => ids.map((id) => ({ id, passed: ['t'], failed: [] }));
  const inGit = (project: AskedProject): AskedProject => {
    execFileSync('git', ['init', '-q'], { cwd: project.root });
    execFileSync('git', ['add', '-A'], { cwd: project.root });
    return project;
  };

  it('needs no copy of the tree: it works where none can be made, and leaves nothing behind', async () => {
    using project = inGit(new AskedProject(FILES, {}));
    const candidates = [
      { id: 'a', patch: patch(FIRST, '// a') },
      { id: 'b', patch: patch('no such line', '// b') },
      file('c', '1'),
    ];
    const selected = await withMaestro(project, async (select) => {
      const before = process.env.TMPDIR;
      process.env.TMPDIR = join(project.root, 'nowhere');
      try {
        return await select({ candidates, test_results: passing('a', 'b', 'c') });
      } finally {
        if (before === undefined) delete process.env.TMPDIR;
        else process.env.TMPDIR = before;
      }
    });
    expect(selected.winner).toBe('a');
    expect(selected.patch).toContain('+// a');
    expect(selected.ranking.at(-1)).toMatchObject({ id: 'b', evidence: { applies: false } });
    expect(await project.events('candidate_verified')).toMatchObject([
      { candidate: 'a', applies: true, basis: 'reported' },
      { candidate: 'b', applies: false, basis: 'observed' },
      { candidate: 'c', applies: true, basis: 'reported' },
    ]);
    expect(readdirSync(project.root).sort()).toEqual(['.git', 'package.json', 'src', 'test']);
  });

  it('is the same choice again until a file changes that a candidate names', async () => {
    using project = inGit(new AskedProject(FILES, {}));
    const call = { candidates: [{ id: 'a', patch: patch(FIRST, '// a') }], test_results: passing('a') };
    await withMaestro(project, async (select) => {
      const first = await select(call);
      writeFileSync(join(project.root, 'package.json'), '{}');
      expect(await select(call)).toEqual(first);
      writeFileSync(join(project.root, 'src/pages.js'), 'something else\n');
      const second = await select(call);
      expect(second.run_id).not.toBe(first.run_id);
      expect([first.winner, second.winner]).toEqual(['a', null]);
    });
  });

  it('neither applies to what git ignores nor shows it', async () => {
    using project = inGit(new AskedProject({ ...FILES, '.gitignore': 'private.txt\n' }, {}));
    writeFileSync(join(project.root, 'private.txt'), 'the colour is blue\n');
    const [guess, whole] = await withMaestro(project, async (select) => [
      await select({
        candidates: [{ id: 'a', patch: patch('the colour is blue', 'x', 'private.txt') }],
        test_results: passing('a'),
      }),
      await select({ candidates: [{ id: 'a', files: { 'private.txt': 'x\n' } }], test_results: passing('a') }),
    ]);
    expect(guess!.ranking[0]!.evidence.applies).toBe(false);
    expect(whole!.winner).toBe('a');
    expect(whole!.patch).not.toContain('blue');
  });

  it('tries a hundred calls at once, each with its own candidates, also what may not be stored of them', async () => {
    const secret = `ghp_${'a1B2c3D4e5F6'.repeat(3)}`;
    using project = inGit(new AskedProject(FILES, {}));
    const calls = Array.from({ length: 100 }, (_, n) => ({
      candidates: [{ id: `c${n}`, patch: patch(FIRST, `// ${n} ${secret}`) }],
      test_results: passing(`c${n}`),
    }));
    const selected = await withMaestro(project, (select) => Promise.all(calls.map(select)));
    expect(selected.map(({ winner }) => winner)).toEqual(calls.map((_, n) => `c${n}`));
    expect(selected.every(({ patch }, n) => patch?.includes(`// ${n} [redacted:`))).toBe(true);
  });
});

describe('candidates that may not be stored whole', () => {
  const SECRET = `ghp_${'a1B2c3D4e5F6'.repeat(3)}`;
  const candidates = [file('a', `1; // ${SECRET}`), file('b', '2')];
  const passing = (...ids: string[]) => ids.map((id) => ({ id, passed: ['t'], failed: [] }));

  it('are at hand for each of the calls that want something else of them, whichever ends first', async () => {
    using project = new AskedProject(FILES, {});
    const wanted = Array.from({ length: 30 }, (_, n) => `criterion ${n}`);
    const selected = await withMaestro(project, (select) =>
      Promise.all(
        wanted.map(async (criteria, n) => {
          await sleep(n);
          return select({ candidates, criteria, test_results: passing('a', 'b') });
        }),
      ),
    );
    expect(selected.map(({ winner }) => winner)).toEqual(wanted.map(() => 'a'));
    expect(selected.every(({ patch }) => patch?.includes('return 1; // [redacted:'))).toBe(true);
  });

  it('are let go when the call is over, however it ends', async () => {
    using project = new AskedProject(FILES, {});
    const calls: [SelectCall, string | null][] = [
      [{ candidates, test_results: passing('a', 'b') }, null],
      [{ candidates, test_results: passing('a', 'b') }, null],
      [{ candidates, test_command: 'no-such-program-anywhere' }, 'command_not_found'],
    ];
    await withMaestro(project, async (select) => {
      for (const [call, code] of calls) {
        const ended = await select(call).then(
          () => null,
          (error: MaestroError) => error.code,
        );
        expect(ended).toBe(code);
        expect(atHand.characters()).toBe(0);
      }
    });
  });

  it('are not judged by what was stored of them: a run that has no more ends, and one that has the whole chooses', async () => {
    using project = new AskedProject(FILES, {});
    const [whole, plain] = await withMaestro(project, async (select) => [
      await select({ candidates, test_results: passing('a', 'b') }),
      await select({ candidates: [file('b', '2')], test_results: passing('b') }),
    ]);
    await using store = await openState(project.env);
    const runs = createRuns({ store, env: project.env, warn: () => {} });
    const where = { folder: project.root, project: project.root, workflowId: whole!.workflow_id };
    const workOf = async (id: string) => (await findRun(store.queries, id))!.request as unknown as SelectWork;
    const elsewhere = async (work: SelectWork) =>
      runs.perform({ kind: 'select', visit: 'elsewhere', request: work, ...where }, CONTEXT);
    const work = await workOf(whole!.run_id);
    expect(JSON.stringify(work)).not.toContain(SECRET);
    await expect(elsewhere(work)).rejects.toMatchObject({
      code: 'bad_candidates',
      message: expect.stringContaining("candidate 'a' held what looks like a secret"),
      remedy: 'call again with the same candidates',
    });
    using _kept = atHand.keep(work, where, { candidates, tree: null, characters: 1 });
    expect(await elsewhere(work)).toMatchObject({ reused: false, result: { winner: 'a' } });
    expect(await elsewhere(await workOf(plain!.run_id))).toMatchObject({ reused: false, result: { winner: 'b' } });
    await runs.close();
  });
});

describe('a candidate whose files cannot be put where they should be', () => {
  it.each([
    ['as results were handed over', { test_results: [{ id: 'c', passed: ['t'], failed: [] }] }],
    ['as a command is run', { test_command: 'true' }],
  ])('does not apply, and it says why: %s', async (_, how) => {
    using project = new AskedProject(FILES, {});
    const candidates = [{ id: 'c', files: { 'package.json/x': 'new\n' } }];
    const selected = await withMaestro(project, (select) => select({ candidates, ...how }));
    expect(selected).toMatchObject({ winner: null, closest: 'c', patch: null });
    expect(selected.ranking[0]!.evidence).toMatchObject({ applies: false });
    expect(selected.ranking[0]!.why).toContain('package.json is a file or a link, and no folder');
  });

  it('is refused where two of them are one file of the folder', async () => {
    using project = new AskedProject(FILES, {});
    execFileSync('git', ['init', '-q'], { cwd: project.root });
    const candidates = [{ id: 'c', files: { 'pages.js': '1\n', 'src/pages.js': '2\n' } }];
    const call = { candidates, workspace: join(project.root, 'src') };
    await expect(withMaestro(project, (select) => select(call))).rejects.toThrow(
      `"pages.js" and "src/pages.js" are the same file`,
    );
  });
});

describe('a call that is ended while the tree is read', () => {
  it('ends with that, and the same call later chooses', async () => {
    using project = new AskedProject(FILES, {});
    execFileSync('git', ['init', '-q'], { cwd: project.root });
    await using maestro = await openMaestro({ env: project.env, cwd: project.root, warn: () => {} });
    const call = { candidates: [file('a', '1')], test_results: [{ id: 'a', passed: ['t'], failed: [] }] };
    const controller = new AbortController();
    controller.abort(new Error('enough'));
    await expect(maestro.select(call, { ...CONTEXT, signal: controller.signal })).rejects.toThrow();
    expect(await project.events('selection_made')).toEqual([]);
    expect(await maestro.select(call, CONTEXT)).toMatchObject({ winner: 'a' });
  });
});

describe('selecting from an ensemble', () => {
  it('tests the patches of its advisors', async () => {
    await using model = await chatModel(({ model: name }) => ({ text: name === 'model-two' ? RIGHT : WRONG }));
    using project = new AskedProject(FILES, advisors(model.baseUrl, 'one', 'two'));
    const selected = await withMaestro(project, async (select, maestro) => {
      const call = { task: 'mend it', kind: 'patch', providers: ['one', 'two'] } as const;
      const { run_id } = (await maestro.ensemble(call, CONTEXT)) as EnsembleGenerated;
      return select({ run_id, test_command: TESTS });
    });
    expect(selected.winner).toBe('c2');
    expect(selected.patch).toContain('Math.ceil');
  });

  it('orders hypotheses by what their tests show, and never runs a command that a model wrote', async () => {
    const marker = join(tmpdir(), `maestro-was-here-${process.pid}`);
    const said = JSON.stringify({
      hypotheses: [
        { id: 'h1', claim: 'a', verification_test: `touch ${marker}`, confidence: 0.9 },
        { id: 'h2', claim: 'b', verification_test: 'a full page', confidence: 0.5 },
        { id: 'h3', claim: 'c', verification_test: 'a page that is not full', confidence: 0.1 },
      ],
    });
    await using model = await chatModel(() => ({ text: said }));
    using project = new AskedProject(FILES, advisors(model.baseUrl, 'one'));
    const selected = await withMaestro(project, async (select, maestro) => {
      const call = { task: 'why', kind: 'hypotheses', providers: ['one'] } as const;
      const { run_id } = (await maestro.ensemble(call, CONTEXT)) as EnsembleGenerated;
      return select({ run_id, test_command: TESTS });
    });
    expect(selected).toMatchObject({ winner: 'c1.h3', patch: null });
    expect(selected.ranking.map(({ id }) => id)).toEqual(['c1.h3', 'c1.h2', 'c1.h1']);
    expect(selected.ranking[0]!.why).toBe('its test runs and reproduces the failure');
    expect(existsSync(marker)).toBe(false);
  });
});

describe('a judge', () => {
  const prose = [
    { id: 'ours', text: 'Round up.', provider: 'one' },
    { id: 'theirs', text: 'Round down.', provider: 'two' },
  ];
  const judging = async (
    reply: (prompt: string, index: number) => ChatReply,
    call: SelectCall,
    names: readonly string[] = ['one', 'two', 'three'],
  ) => {
    await using model = await chatModel(({ prompt }, index) => reply(prompt, index));
    using project = new AskedProject(FILES, advisors(model.baseUrl, ...names));
    const selected = await withMaestro(project, (select) => select({ mode: 'llm_judge', ...call }));
    const asked = await project.events('consult_asked');
    return { selected, questions: model.questions, asked, refusals: await project.events('policy_decided') };
  };

  it('who wrote none of them chooses, twice and in both orders, without seeing who wrote what', async () => {
    const { selected, questions, asked } = await judging(
      (prompt) => ({ text: verdict(letterOf(prompt, 'Round up.')) }),
      { candidates: prose, criteria: 'which is right' },
    );
    expect(selected).toMatchObject({ winner: 'ours' });
    expect(selected.why).toContain('three');
    expect(asked.map(({ provider, purpose }) => [provider, purpose])).toEqual([
      ['three', 'judge'],
      ['three', 'judge'],
    ]);
    const [first, second] = questions.map(({ prompt }) => prompt);
    expect(first!.indexOf('Round up.') < first!.indexOf('Round down.')).toBe(
      second!.indexOf('Round up.') > second!.indexOf('Round down.'),
    );
    expect(first).toContain('which is right');
    expect(first).not.toMatch(/ours|theirs|\bone\b|\btwo\b/);
  });

  it('who is swayed by the order chooses nobody', async () => {
    const { selected } = await judging(() => ({ text: verdict('A') }), { candidates: prose });
    expect(selected.winner).toBeNull();
    expect(selected.why).toMatch(/when the order was swapped/);
  });

  it('may choose none, and cannot choose somebody who is not there', async () => {
    const none = await judging(() => ({ text: verdict(null) }), { candidates: prose });
    expect(none.selected.winner).toBeNull();
    const stranger = await judging(() => ({ text: verdict('Z') }), { candidates: prose });
    expect(stranger.selected.winner).toBeNull();
    expect(stranger.selected.why).toContain('Z');
    expect(stranger.asked.map(({ purpose }) => purpose)).toEqual(['judge', 'retry']);
  });

  it('who wrote one of them judges only where nobody else can, and that is said', async () => {
    const { selected, asked } = await judging(
      (prompt) => ({ text: verdict(letterOf(prompt, 'Round up.')) }),
      { candidates: prose },
      ['one'],
    );
    expect(asked[0]!.provider).toBe('one');
    expect(selected.why).toContain('wrote one of them');
  });

  it('is not asked where tests decide, and cannot choose what they speak against', async () => {
    const candidates = [file('wrong', 'Math.round(items / size)'), file('right', 'Math.ceil(items / size)')];
    const tested = await judging(() => ({ text: verdict('A') }), { candidates, test_command: TESTS });
    expect(tested.selected.winner).toBe('right');
    expect(tested.questions).toHaveLength(0);
    const failing = await judging(() => ({ text: verdict('A') }), { candidates: [candidates[0]], test_command: TESTS });
    expect(failing.selected.winner).toBeNull();
    expect(failing.questions).toHaveLength(0);
  });

  it('is refused where the budget leaves no two questions', async () => {
    await using model = await chatModel(() => ({ text: verdict('A') }));
    const limits = { consults_per_stage: 1, consults_per_workflow: 6 };
    using project = new AskedProject(FILES, { ...advisors(model.baseUrl, 'one'), limits });
    const call = { candidates: prose, mode: 'llm_judge' } as const;
    expect(await withMaestro(project, (select) => select(call))).toMatchObject({
      status: 'refused',
      rule: 'stage_budget',
      budget: { left: { stage: 1 } },
    });
    expect(await project.events('policy_decided')).toMatchObject([{ subject: 'judge', decision: 'refuse' }]);
    expect(model.questions).toHaveLength(0);
  });

  it('is not paid twice for the same choice', async () => {
    await using model = await chatModel(({ prompt }) => ({ text: verdict(letterOf(prompt, 'Round up.')) }));
    using project = new AskedProject(FILES, advisors(model.baseUrl, 'three'));
    const call = { candidates: prose, mode: 'llm_judge' } as const;
    const [first, second] = await withMaestro(project, async (select) => [await select(call), await select(call)]);
    expect(second).toEqual(first);
    expect(model.questions).toHaveLength(2);
  });

  it('who fails gives way to the next', async () => {
    await using model = await chatModel(({ prompt, model: name }) =>
      name === 'model-three' ? { status: 401 } : { text: verdict(letterOf(prompt, 'Round up.')) },
    );
    using project = new AskedProject(FILES, advisors(model.baseUrl, 'three', 'four'));
    const call = { candidates: prose, mode: 'llm_judge' } as const;
    expect(await withMaestro(project, (select) => select(call))).toMatchObject({ winner: 'ours' });
  });
});

describe('hypotheses by value', () => {
  it('are ordered without a test command by whether their test is there', async () => {
    using project = new AskedProject(FILES, {});
    const candidates = [
      { id: 'vague', text: 'somewhere', verification_test: 'look at it' },
      { id: 'there', text: 'rounding', verification_test: 'node --test test/pages.test.js' },
    ];
    const selected = await withMaestro(project, (select) => select({ candidates }));
    expect(selected).toMatchObject({ winner: null, closest: 'there' });
    expect(selected.next).toContain('test_command');
  });
});
