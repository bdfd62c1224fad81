import { mkdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it, vi } from 'vitest';
import { configureAdvisor, type Home, makeHome, missing } from './home.ts';
import { claude, codex, converse, type HostProgram, objectIn, type Turn } from './host-models.ts';

vi.setConfig({ testTimeout: 180_000 });

const FILE = 'src/interval.js';
const TEST = 'node --test';
const FAULTY = '  return a.start <= b.end && b.start < a.end;';
const WRONG = '  return a.start <= b.end && b.start <= a.end;';
const MENDED = '  return a.start < b.end && b.start < a.end;';

/** What the advisor says when it is asked for hypotheses. */
const HYPOTHESES = {
  text: JSON.stringify([
    {
      id: 'H1',
      claim:
        'overlaps() in src/interval.js counts intervals that only touch, because the left comparison is not strict',
      verification_test: TEST,
      confidence: 0.8,
    },
    {
      id: 'H2',
      claim: 'parse() in src/interval.js swaps hours and minutes',
      verification_test: TEST,
      confidence: 0.1,
    },
  ]),
};

/** The source as it is in the project, with the line of `overlaps` replaced. */
function sourceWith({ project }: Home, line: string): Record<string, string> {
  const source = readFileSync(join(project, FILE), 'utf8');
  return { [FILE]: source.replace(/ {2}return a\.start .*;/, line) };
}

/** A bug taken through the five stages by a model that makes a wrong change first; one entry a turn. */
function script(host: HostProgram, { project: workspace }: Home): ReadonlyArray<readonly [label: string, turn: Turn]> {
  const call =
    (tool: string, args: Record<string, unknown> = {}): Turn =>
    () =>
      host.maestro(`maestro_${tool}`, { workspace, ...args });
  const stage = (id: string, args: Record<string, unknown> = {}): Turn => call('run_stage', { stage: id, ...args });
  const runTests: Turn = () => host.shell(`${TEST} --test-reporter=tap | grep '^# fail'`);
  const edit = (label: string, from: string, to: string) =>
    host.edit(FILE, from, to).map((turn, index) => [`${label} ${index}`, turn] as const);
  return [
    ['state', call('workflow_state')],
    ['open analyze', stage('analyze', { task: 'two tests of bookings fail' })],
    ['see failing', runTests],
    [
      'analyze',
      stage('analyze', {
        host_turns: 2,
        output: {
          observations: ['2 of 13 tests fail: meetings that touch are refused'],
          repro_steps: [TEST],
          affected_modules: [FILE],
          invariants: ['meetings that really overlap stay refused'],
        },
      }),
    ],
    ['open hypothesize', stage('hypothesize')],
    [
      'ensemble',
      call('ensemble_generate', {
        kind: 'hypotheses',
        task: 'Meetings that touch are refused. Why?',
        providers: ['local', 'embedded'],
        n: 2,
        confidence: 0.3,
      }),
    ],
    [
      'hypothesize',
      stage('hypothesize', {
        host_turns: 2,
        output: {
          hypotheses: JSON.parse(HYPOTHESES.text) as unknown,
          selected: 'H1',
          test_command: TEST,
        },
      }),
    ],
    ['open implement', stage('implement')],
    ...edit('wrong edit', FAULTY, WRONG),
    ['see still failing', runTests],
    [
      'implement',
      stage('implement', {
        host_turns: 3,
        output: {
          changes: [{ file: FILE, summary: 'made the other comparison loose' }],
          test_result: { status: 'failed', summary: 'still 2 failing' },
        },
        test_result: { status: 'failed', summary: 'still 2 failing' },
      }),
    ],
    ['open debug', stage('debug')],
    [
      'select',
      (_, home) =>
        host.maestro('maestro_select_best', {
          workspace,
          candidates: [
            { id: 'keep', files: sourceWith(home, WRONG), text: 'as it is' },
            { id: 'strict', files: sourceWith(home, MENDED) },
          ],
          test_command: TEST,
        }),
    ],
    ...edit('right edit', WRONG, MENDED),
    ['see passing', runTests],
    [
      'debug',
      stage('debug', {
        host_turns: 4,
        output: {
          iteration: 1,
          error: 'touching meetings are refused',
          hypothesis_update: 'kept: it is the left comparison',
          change: { file: FILE, summary: 'both comparisons strict' },
          test_result: { status: 'passed', summary: '13 of 13 pass' },
          compared_to_previous: 'better',
        },
        test_result: { status: 'passed', summary: '13 of 13 pass' },
      }),
    ],
    ['open improve', stage('improve')],
    [
      'improve',
      stage('improve', {
        host_turns: 1,
        output: {
          summary: 'one comparison made strict',
          edge_cases: ['an interval beside itself'],
          regression_tests: ['test/interval.test.js: intervals that touch do not overlap'],
        },
        test_result: { status: 'passed', summary: '13 of 13 pass' },
      }),
    ],
    ['final state', call('workflow_state')],
    ['metrics', call('get_metrics', { scope: 'workspace' })],
  ];
}

describe.each<HostProgram>([claude, codex])('$name, the real program with a scripted model', (host) => {
  it.skipIf(missing(host.name))(
    'takes the example bug through all five stages to a patch that its tests verify',
    async () => {
      const home = makeHome();
      mkdirSync(join(home.path, '.gemini'));
      expect((await home.maestro('setup', host.name)).exitCode).toBe(0);
      const turns = script(host, home);
      const { result, answers } = await converse(
        host,
        home,
        turns.map(([, turn]) => turn),
        HYPOTHESES,
        (url) => configureAdvisor(home, url),
      );
      expect(result).toMatchObject({ exitCode: 0 });
      const answerTo = (label: string): string => answers[turns.findIndex(([name]) => name === label)]!;
      const told = (label: string): Record<string, unknown> => objectIn(answerTo(label));

      expect(told('state')).toMatchObject({ status: 'none' });
      expect(told('open analyze')).toMatchObject({ status: 'opened', stage: 'analyze' });
      expect(answerTo('see failing')).toMatch(/fail 2/);
      expect(told('analyze')).toMatchObject({ status: 'accepted', next_stage: 'hypothesize' });
      expect(told('ensemble')).toMatchObject({ status: 'generated' });
      expect(told('hypothesize')).toMatchObject({ status: 'accepted', next_stage: 'implement' });
      expect(answerTo('see still failing')).toMatch(/fail [1-9]/);
      expect(told('implement')).toMatchObject({ status: 'accepted', next_stage: 'debug' });
      expect(told('open debug')).toMatchObject({ status: 'opened', stage: 'debug', iteration: 1 });
      expect(told('select')).toMatchObject({ status: 'selected', winner: 'strict' });
      expect(answerTo('see passing')).toMatch(/fail 0/);
      expect(told('debug')).toMatchObject({ status: 'accepted', next_stage: 'improve' });
      expect(told('open improve')).toMatchObject({ status: 'opened', stage: 'improve' });
      expect(told('improve')).toMatchObject({ status: 'finished' });
      expect(told('metrics')).toMatchObject({ metrics: { overhead_percent: { value: expect.any(Number) } } });

      expect(readFileSync(join(home.project, FILE), 'utf8')).toContain(MENDED);
      const verified = await home.run([process.execPath, '--test']);
      expect(verified.stdout).toMatch(/pass 13/);
      expect(verified.exitCode).toBe(0);
    },
  );
});
