import { describe, expect, it } from 'vitest';
import type { StageDefinition } from '../../src/domain/stage.ts';
import { inStageOrder, STAGE_ORDER } from '../../src/domain/stage.ts';
import { loadDefinitions } from '../../src/platform/load-definitions.ts';

const loaded = await loadDefinitions<StageDefinition>(new URL('../../src/stages', import.meta.url), 'stage');
const stages = inStageOrder(loaded);
const stageOf = (id: string): StageDefinition => stages.find((one) => one.id === id)!;
const accepts = (id: string, output: unknown): boolean => stageOf(id).output.safeParse(output).success;

describe('the stages', () => {
  it('are five, in the order of a workflow', () => {
    expect(stages.map(({ id }) => id)).toEqual(['analyze', 'hypothesize', 'implement', 'debug', 'improve']);
  });

  it('cannot be put in order when one is missing or given twice', () => {
    expect(() => inStageOrder(loaded.slice(1))).toThrow('4 stage definitions for 5 stages');
    expect(() => inStageOrder([...loaded.slice(1), loaded[1]!])).toThrow("no definition of the stage 'analyze'");
  });

  it.each(STAGE_ORDER)('tell what %s is for, what to do and what to keep to', (id) => {
    const { goal, steps, rules } = stageOf(id);
    for (const text of [goal, ...steps, ...rules]) expect(text).toMatch(/^[A-Z].*\.$/);
    expect(steps.length).toBeGreaterThanOrEqual(3);
    expect(rules.length).toBeGreaterThanOrEqual(1);
  });

  it('allow at most two consults each, one in implement, and in debug one from the third iteration on', () => {
    expect(Object.fromEntries(stages.map(({ id, consults }) => [id, consults]))).toEqual({
      analyze: { most: 2, fromIteration: 1 },
      hypothesize: { most: 2, fromIteration: 1 },
      implement: { most: 1, fromIteration: 1 },
      debug: { most: 1, fromIteration: 3 },
      improve: { most: 2, fromIteration: 1 },
    });
  });

  it('encourage an ensemble for hypotheses, take one for review, and refuse it while code changes', () => {
    expect(stages.map(({ ensemble }) => ensemble)).toEqual(['no', 'encouraged', 'refused', 'refused', 'for_review']);
  });

  it('give up on debugging after five iterations', () => {
    expect(stages.map(({ iterations }) => iterations)).toEqual([1, 1, 1, 5, 1]);
  });

  it('open improve only when all tests pass and debug only when some fail', () => {
    expect(stageOf('improve').entry).toEqual({ after: ['implement', 'debug'], tests: 'all_passing' });
    expect(stageOf('debug').entry).toEqual({ after: ['implement', 'debug'], tests: 'some_failing' });
  });

  it('can each be reached from the one at which a workflow begins', () => {
    const reached = new Set(stages.filter(({ entry }) => entry.after.length === 0).map(({ id }) => id));
    expect([...reached]).toEqual(['analyze']);
    for (const { id, entry } of stages) if (entry.after.some((before) => reached.has(before))) reached.add(id);
    expect(reached.size).toBe(5);
  });
});

const hypothesis = { id: 'h1', claim: 'off by one in page()', verification_test: 'last page', confidence: 0.6 };
const passed = { status: 'passed', summary: '12 passed' };
const change = { file: 'src/page.js', summary: 'count the last page' };

const OUTPUTS: Record<string, Record<string, unknown>> = {
  analyze: {
    observations: ['the last page is empty'],
    repro_steps: ['npm test'],
    affected_modules: ['src/page.js'],
    invariants: [],
  },
  hypothesize: { hypotheses: [hypothesis], selected: 'h1', test_command: 'npm test' },
  implement: { changes: [change], test_result: passed },
  debug: {
    iteration: 1,
    error: 'expected 3, got 2',
    hypothesis_update: 'kept',
    change,
    test_result: { status: 'failed', summary: '1 failed' },
    compared_to_previous: 'better',
  },
  improve: { summary: 'shrunk to one line', edge_cases: [], regression_tests: ['empty list'] },
};

describe('the output of a stage', () => {
  it.each(STAGE_ORDER)('is accepted in full for %s, and refused when any field is missing or unknown', (id) => {
    const output = OUTPUTS[id]!;
    expect(accepts(id, output)).toBe(true);
    expect(accepts(id, { ...output, mood: 'good' })).toBe(false);
    for (const field of Object.keys(output)) {
      const { [field]: _, ...rest } = output;
      expect([field, accepts(id, rest)]).toEqual([field, false]);
    }
  });

  it('of analyze needs at least one observation and a way to reproduce', () => {
    expect(accepts('analyze', { ...OUTPUTS.analyze, observations: [] })).toBe(false);
    expect(accepts('analyze', { ...OUTPUTS.analyze, repro_steps: [] })).toBe(false);
  });

  it('of hypothesize selects one of its hypotheses, whose ids differ and whose confidence is a share', () => {
    const output = OUTPUTS.hypothesize!;
    expect(accepts('hypothesize', { ...output, selected: 'h2' })).toBe(false);
    expect(accepts('hypothesize', { ...output, hypotheses: [hypothesis, hypothesis] })).toBe(false);
    expect(accepts('hypothesize', { ...output, hypotheses: [{ ...hypothesis, confidence: 60 }] })).toBe(false);
    expect(accepts('hypothesize', { ...output, hypotheses: [] })).toBe(false);
  });

  it('of implement says what the tests said, in known words', () => {
    const output = { ...OUTPUTS.implement, test_result: { status: 'should pass', summary: 'looks good' } };
    expect(accepts('implement', output)).toBe(false);
  });

  it('of hypothesize is told all that is wrong with it at once, ids included', () => {
    const output = { ...OUTPUTS.hypothesize, hypotheses: [{ ...hypothesis, confidence: 60 }], selected: 'h2' };
    const { error } = stageOf('hypothesize').output.safeParse({ ...output, test_command: 1 });
    expect(error?.issues.map(({ path }) => path.join('.')).sort()).toEqual([
      'hypotheses.0.confidence',
      'selected',
      'test_command',
    ]);
  });

  it('of debug counts iterations from 1, however many are configured', () => {
    for (const [iteration, fits] of [
      [0, false],
      [1, true],
      [5, true],
      [6, true],
      [1.5, false],
    ] as const) {
      expect([iteration, accepts('debug', { ...OUTPUTS.debug, iteration })]).toEqual([iteration, fits]);
    }
  });
});
