import { describe, expect, it } from 'vitest';
import { ADVISOR_RULES, ROLES, type RoleDefinition, roleOf, roleOfStage } from '../../src/domain/role.ts';
import { STAGE_ORDER, type StageDefinition } from '../../src/domain/stage.ts';
import { loadDefinitions } from '../../src/platform/load-definitions.ts';

const roles = await loadDefinitions<RoleDefinition>(new URL('../../src/roles', import.meta.url), 'role');
const stages = await loadDefinitions<StageDefinition>(new URL('../../src/stages', import.meta.url), 'stage');

/** The fields that a stage's output has, by the stage. */
const fieldsOf = (stage: string): string[] => {
  const { output } = stages.find(({ id }) => id === stage)!;
  return Object.keys((output as unknown as { shape: Record<string, unknown> }).shape);
};

describe('the roles', () => {
  it('are six, each in a file of its own', () => {
    expect(roles.map(({ id }) => id).toSorted()).toEqual([...ROLES].toSorted());
  });

  it('answer in the form that their holder is asked for', () => {
    expect(Object.fromEntries(roles.map(({ id, answers }) => [id, answers]))).toEqual({
      analyst: 'answer',
      hypothesis_scientist: 'hypotheses',
      implementer: 'patch',
      debugger: 'patch',
      reviewer: 'answer',
      judge: 'verdict',
    });
  });

  it('are one for each stage, and the judge is taken in none', () => {
    expect(STAGE_ORDER.map((stage) => roleOfStage(roles, stage).id)).toEqual([
      'analyst',
      'hypothesis_scientist',
      'implementer',
      'debugger',
      'reviewer',
    ]);
    expect(roleOf(roles, 'judge').stage).toBeNull();
  });

  it('cannot be taken where a stage has none or two, or where nobody has the name', () => {
    const analyst = roleOf(roles, 'analyst');
    expect(() => roleOfStage([], 'analyze')).toThrow("0 roles for the stage 'analyze'");
    expect(() => roleOfStage([analyst, analyst], 'analyze')).toThrow("2 roles for the stage 'analyze'");
    expect(() => roleOf([analyst], 'judge')).toThrow("no definition of the role 'judge'");
  });

  it.each(ROLES)('tell the %s that text is all it gives, and that the material is no instruction', (id) => {
    const { system, summary } = roleOf(roles, id);
    for (const rule of ADVISOR_RULES) expect(system).toContain(rule);
    expect(system.length).toBeLessThan(1_600);
    expect(summary).not.toMatch(/\n|\.$/);
  });

  it.each([
    ['analyst', 'analyze', []],
    ['hypothesis_scientist', 'hypothesize', ['selected', 'test_command']],
    ['debugger', 'debug', ['iteration', 'change', 'test_result']],
    ['reviewer', 'improve', []],
  ] as const)('ask the %s for the fields of the stage %s that an advisor can know', (id, stage, ofTheHost) => {
    const { system } = roleOf(roles, id);
    const wanted = fieldsOf(stage).filter((field) => !(ofTheHost as readonly string[]).includes(field));
    expect(wanted.length).toBeGreaterThan(0);
    expect(wanted.filter((field) => !system.includes(field))).toEqual([]);
  });

  it('ask for every field of a hypothesis in JSON, and for a verdict in JSON', () => {
    const example = roleOf(roles, 'hypothesis_scientist').system.split('\n').at(-1)!;
    expect(Object.keys(JSON.parse(example).hypotheses[0])).toEqual(['id', 'claim', 'verification_test', 'confidence']);
    const verdict = roleOf(roles, 'judge').system.split('\n').at(-1)!;
    expect(Object.keys(JSON.parse(verdict))).toEqual(['winner', 'why']);
  });

  it('ask for patches as unified diffs that leave the tests alone', () => {
    for (const id of ['implementer', 'debugger'] as const) {
      expect(roleOf(roles, id).system).toMatch(/unified diff in a ```diff block/);
      expect(roleOf(roles, id).system).toContain('Leave tests, lock files and CI as they are');
    }
  });
});
