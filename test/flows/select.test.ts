import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import type { Candidate } from '../../src/domain/candidate.ts';
import { selectFlow } from '../../src/flows/select.ts';
import type { SelectPorts, SelectRequest } from '../../src/flows/select-contract.ts';
import { BUGGY, Project } from './project.ts';

const pages = (body: string): string => `export const pages = (items, size) => ${body};\n`;
const file = (id: string, body: string, provider?: string): Candidate => ({
  id,
  files: { 'pages.mjs': pages(body) },
  ...(provider === undefined ? {} : { provider }),
});
const diffTo = (body: string): string =>
  `--- a/pages.mjs\n+++ b/pages.mjs\n@@ -1 +1 @@\n-${BUGGY}+${pages(body)}`.replace(/\n\+$/, '\n');
const CEIL = 'Math.ceil(items / size)';
/** Passes the three tests and is wrong for a page of one item more than the tests know. */
const LOOKUP = 'items === 11 ? 3 : Math.floor(items / size)';

const asked = (candidates: readonly Candidate[], changes: Partial<SelectRequest> = {}): SelectRequest => ({
  candidates,
  results: null,
  lintResults: new Map(),
  task: null,
  criteria: null,
  timeLimitMs: 30_000,
  ...changes,
});

async function chosen(
  project: Project,
  candidates: readonly Candidate[],
  ports: Partial<SelectPorts> = {},
  request: Partial<SelectRequest> = {},
) {
  return selectFlow(project.run(), await project.ports(ports), asked(candidates, request));
}

describe('selecting with a test command', () => {
  it('names the candidate that makes the failing tests pass and breaks none', async () => {
    await using project = await Project.open();
    const selection = await chosen(project, [
      file('breaks', 'Math.floor(items / size) + 1'),
      file('ceil', CEIL),
      file('same', 'Math.trunc(items / size)'),
    ]);
    expect(selection.winner).toBe('ceil');
    expect(selection.ranking.map(({ id, rank, eligible }) => [id, rank, eligible])).toEqual([
      ['ceil', 1, true],
      ['same', 2, false],
      ['breaks', 3, false],
    ]);
    expect(selection.ranking[2]!.why).toContain('breaks 2 tests that passed: empty, full');
    expect(selection.ranking[0]!.evidence).toMatchObject({
      basis: 'observed',
      fixed: ['rest'],
      broken: [],
      executed: 3,
    });
  });

  it('names nobody when none passes, and says which came closest and what to do', async () => {
    await using project = await Project.open();
    const selection = await chosen(project, [file('throws', 'nothing()'), file('same', 'items / size | 0')]);
    expect(selection).toMatchObject({ winner: null, closest: 'same' });
    expect(selection.ranking[1]!.why).toContain('no test was executed');
    expect(selection.next).toContain("giving back 'same'");
  });

  it('takes a patch, whole files and a diff inside prose alike', async () => {
    await using project = await Project.open();
    const selection = await chosen(project, [
      { id: 'patch', patch: diffTo(CEIL) },
      file('files', CEIL),
      { id: 'prose', text: `I am not sure, but perhaps:\n\n\`\`\`diff\n${diffTo(CEIL)}\`\`\`\n` },
    ]);
    expect(selection.winner).toBe('patch');
    expect(selection.ranking.every(({ eligible }) => eligible)).toBe(true);
  });

  it('leaves the tree as it was', async () => {
    await using project = await Project.open();
    await chosen(project, [file('ceil', CEIL)]);
    expect(await readFile(join(project.root, 'pages.mjs'), 'utf8')).toBe(BUGGY);
    expect((await readdir(project.root)).sort()).toEqual(['check.mjs', 'pages.mjs', 'probe.mjs']);
  });

  it('runs the same change once, however it was written and by whom', async () => {
    await using project = await Project.open();
    await chosen(project, [file('a', CEIL), { id: 'b', patch: diffTo(CEIL) }, file('c', CEIL)], { probe: null });
    expect(project.commands).toEqual(['check.mjs', 'check.mjs']);
  });

  it('runs as many commands at once as it is told to, and no more', async () => {
    await using project = await Project.open();
    const many = Array.from({ length: 6 }, (_, index) => file(`c${index}`, `${CEIL} + ${index}`));
    await chosen(project, many, { width: 3 });
    expect(project.most).toBe(3);
  });

  it('gives a candidate whose tests never end up, and goes on', async () => {
    await using project = await Project.open();
    const selection = await chosen(
      project,
      [file('hangs', '{ for (;;); }'), file('ceil', CEIL)],
      {},
      { timeLimitMs: 3_000 },
    );
    expect(selection.winner).toBe('ceil');
    expect(selection.ranking[1]!.why).toContain('the tests did not end in time');
  });
});

describe('a candidate without a change that could be run', () => {
  it('does not apply when its patch does not fit the files', async () => {
    await using project = await Project.open();
    const selection = await chosen(project, [
      { id: 'a', patch: '--- a/pages.mjs\n+++ b/pages.mjs\n@@ -1 +1 @@\n-something else\n+x\n' },
    ]);
    expect(selection).toMatchObject({ winner: null, closest: 'a' });
    expect(selection.ranking[0]).toMatchObject({ evidence: { applies: false, basis: 'observed' } });
    expect(selection.ranking[0]!.why).toMatch(/^does not apply: pages\.mjs/);
    expect(project.commands).toEqual([]);
  });

  it.each(['../outside.mjs', '/etc/passwd', '.git/hooks/pre-commit', 'a/../../b', ''])(
    'does not apply when it names the file %j',
    async (path) => {
      await using project = await Project.open();
      const selection = await chosen(project, [{ id: 'a', files: { 'pages.mjs': pages(CEIL), [path]: 'x' } }]);
      expect(selection.winner).toBeNull();
      expect(selection.ranking[0]!.why).toContain(`does not apply: ${JSON.stringify(path)}`);
      expect(project.commands).toEqual([]);
    },
  );

  it('does not apply when it changes no file', async () => {
    await using project = await Project.open();
    const selection = await chosen(project, [{ id: 'a', files: {} }]);
    expect(selection.ranking[0]!.why).toBe('does not apply: it changes no file');
  });

  it('has no evidence when it is prose only, and never wins over one that passes', async () => {
    await using project = await Project.open();
    const prose = ['p1', 'p2', 'p3'].map((id) => ({ id, text: 'Round up.' }));
    const selection = await chosen(project, [...prose, file('ceil', CEIL)]);
    expect(selection.winner).toBe('ceil');
    expect(selection.ranking.slice(1).map(({ evidence }) => evidence.basis)).toEqual(['none', 'none', 'none']);
    expect(selection.ranking[1]!.why).toContain('no evidence: its text holds no change to run');
  });
});

describe('the probe command', () => {
  it('puts the behaviour that most share first among those that pass', async () => {
    await using project = await Project.open();
    const selection = await chosen(project, [
      file('lookup', LOOKUP),
      file('ceil', CEIL),
      file('other', '-Math.floor(-items / size)'),
    ]);
    expect(selection.ranking.map(({ id }) => id)).toEqual(['ceil', 'other', 'lookup']);
    expect(selection.ranking[2]!.why).toContain("behind 'other': fewer others behave like it");
  });

  it('is what makes the difference: without it the earlier one is taken', async () => {
    await using project = await Project.open();
    const pool = [file('lookup', LOOKUP), file('ceil', CEIL), file('other', '-Math.floor(-items / size)')];
    expect((await chosen(project, pool, { probe: null })).winner).toBe('lookup');
  });

  it('is run only for those that pass, and not for a lone one', async () => {
    await using project = await Project.open();
    await chosen(project, [file('ceil', CEIL), file('same', 'Math.trunc(items / size)')]);
    expect(project.commands).not.toContain('probe.mjs');
    await using other = await Project.open();
    await chosen(other, [file('ceil', CEIL), file('lookup', LOOKUP), file('same', 'Math.trunc(items / size)')]);
    expect(other.commands.filter((script) => script === 'probe.mjs').length).toBe(2);
  });

  it('never lets a crowd that fails a test win', async () => {
    await using project = await Project.open();
    const crowd = ['a', 'b', 'c'].map((id) => file(id, `Math.trunc(items / size) // ${id}\n`));
    expect((await chosen(project, [...crowd, file('ceil', CEIL)])).winner).toBe('ceil');
  });

  it('tells candidates apart that print the same and end differently', async () => {
    await using project = await Project.open();
    const ended = {
      status: 'failed',
      signal: null,
      format: '',
      tests: null,
      output: '',
      outputTruncated: false,
      ms: 0,
    } as const;
    const selection = await chosen(
      project,
      [file('lookup', LOOKUP), file('ceil', CEIL), file('other', `${CEIL} + 0`)],
      {
        probe: async (change) => ({ ...ended, exitCode: change[0]!.content?.includes('===') ? 1 : 0 }),
      },
    );
    expect(selection.winner).toBe('ceil');
  });

  it('that cannot be run leaves behaviour unknown', async () => {
    await using project = await Project.open();
    const missing = { status: 'not_started', exitCode: null, signal: null, format: '', tests: null } as const;
    const selection = await chosen(project, [file('ceil', CEIL), file('lookup', LOOKUP)], {
      probe: async () => ({ ...missing, output: '', outputTruncated: false, ms: 0 }),
    });
    expect(selection.winner).toBe('ceil');
    expect(selection.ranking.map(({ evidence }) => evidence.behaviour)).toEqual([null, null]);
  });
});

describe('reported results', () => {
  const results = {
    baseline: { passed: ['empty', 'full'], failed: ['rest'] },
    results: [
      { id: 'lies', passed: ['empty', 'full', 'rest'], failed: [] },
      { id: 'prose', passed: ['empty', 'full'], failed: ['rest'] },
    ],
  };

  it('decide where there is no test command, and the answer says that they were reported', async () => {
    await using project = await Project.open();
    const pool = [file('lies', 'Math.trunc(items / size)'), { id: 'prose', text: 'Round up.' }];
    const selection = await chosen(project, pool, { tests: null, probe: null }, { results });
    expect(selection.winner).toBe('lies');
    expect(selection.ranking.map(({ evidence }) => evidence.basis)).toEqual(['reported', 'reported']);
    expect(selection.next).toContain('reported, not observed');
    expect(project.commands).toEqual([]);
  });

  it('give way to what a test command shows', async () => {
    await using project = await Project.open();
    const selection = await chosen(project, [file('lies', 'Math.trunc(items / size)')], {}, { results });
    expect(selection.winner).toBeNull();
    expect(selection.ranking[0]!.evidence.basis).toBe('observed');
  });

  it('cannot make a patch apply that does not', async () => {
    await using project = await Project.open();
    const selection = await chosen(project, [{ id: 'lies', patch: 'rubbish' }], { tests: null }, { results });
    expect(selection.winner).toBeNull();
    expect(selection.ranking[0]!.why).toContain('does not apply');
  });
});

describe('without any way to test', () => {
  it('nobody wins, and the answer asks for a test command', async () => {
    await using project = await Project.open();
    const selection = await chosen(project, [file('a', CEIL), file('b', CEIL)], { tests: null, probe: null });
    expect(selection).toMatchObject({ winner: null, closest: null });
    expect(selection.next).toContain('test command');
  });

  it('nobody wins among no candidates, and nothing is run', async () => {
    await using project = await Project.open();
    expect(await chosen(project, [])).toMatchObject({ winner: null, ranking: [], next: 'Ask for candidates first.' });
    expect(project.commands).toEqual([]);
  });
});

describe('what is recorded', () => {
  it('is the baseline, each candidate and the selection, in the words of the catalogue', async () => {
    await using project = await Project.open();
    await chosen(project, [
      file('same', 'Math.trunc(items / size)', 'codex'),
      file('ceil', CEIL, 'gemini'),
      { id: 'p', text: 'x' },
    ]);
    expect(project.events.map(({ type }) => type).sort()).toEqual([
      'baseline_observed',
      'candidate_verified',
      'candidate_verified',
      'candidate_verified',
      'selection_made',
    ]);
    expect(project.events[0]!.payload).toMatchObject({ failing: 1, passing: 2, flaky: 0 });
    expect(project.events.at(-1)!.payload).toMatchObject({
      mode: 'tests_first',
      winner: 'ceil',
      closest: null,
      ranking: [
        { candidate: 'ceil', provider: 'gemini', order: 1, tested: true, passed: true },
        { candidate: 'same', provider: 'codex', order: 0, tested: true, passed: false },
        { candidate: 'p', provider: null, order: 2, tested: false, passed: null },
      ],
    });
  });

  it('is not recorded twice and nothing is run again when the same run is taken up', async () => {
    await using project = await Project.open();
    const pool = [file('ceil', CEIL), file('lookup', LOOKUP)];
    const first = await chosen(project, pool);
    const { length } = project.events;
    const commands = project.commands.length;
    expect(await chosen(project, pool)).toEqual(first);
    expect(project.events.length).toBe(length);
    expect(project.commands.length).toBe(commands);
  });

  it('goes on where it stopped when a part was committed before', async () => {
    await using project = await Project.open();
    const pool = [file('ceil', CEIL), file('lookup', LOOKUP)];
    await chosen(project, pool);
    project.committed.delete('candidate.lookup');
    project.committed.delete('select');
    project.commands.length = 0;
    expect((await chosen(project, pool)).winner).toBe('ceil');
    expect(project.commands).toEqual(['check.mjs']);
  });

  it('is nothing about a candidate whose run was interrupted', async () => {
    await using project = await Project.open();
    const tests = (await project.ports()).tests!;
    const interrupted: SelectPorts['tests'] = {
      ...tests,
      verifier: {
        verify: async (...args) => {
          project.controller.abort(new Error('interrupted'));
          return tests.verifier.verify(...args);
        },
      },
    };
    await expect(chosen(project, [file('ceil', CEIL)], { tests: interrupted })).rejects.toThrow('interrupted');
    expect([...project.committed.keys()]).toEqual(['baseline']);
    expect(project.events.map(({ type }) => type)).toEqual(['baseline_observed']);
  });

  it('is nothing when the tests cannot be run on the unchanged tree', async () => {
    await using project = await Project.open();
    const { verifier } = (await project.ports()).tests!;
    const observeBaseline = async () => Promise.reject(new Error('the tests cannot start'));
    const broken = chosen(project, [file('ceil', CEIL)], { tests: { verifier, observeBaseline } });
    await expect(broken).rejects.toThrow('the tests cannot start');
    expect(project.events).toEqual([]);
  });
});
