import { describe, expect, it } from 'vitest';
import type { ChangeSet } from '../../src/domain/change.ts';
import { MaestroError } from '../../src/domain/errors.ts';
import type { CheckRun } from '../../src/domain/evidence.ts';
import { lintEach } from '../../src/flows/lint-each.ts';
import type { Entry, SelectPorts, SelectRequest } from '../../src/flows/select-contract.ts';
import { evidenceOf, UNKNOWN } from '../domain/evidence-of.ts';
import { Journal } from './memory-run.ts';

const ran = (output: string, exitCode: number | null = 0): CheckRun => ({
  ...{ status: exitCode === 0 ? 'passed' : 'failed', exitCode, signal: null, format: 'exit-status', tests: null },
  ...{ output, outputTruncated: false, ms: 1 },
});

const entry = (id: string, content: string, evidence = evidenceOf()): Entry => ({
  candidate: { id, text: content } as unknown as Entry['candidate'],
  change: content === '' ? null : [{ path: 'a.js', content }],
  evidence,
});

/** Lints entries with a check that prints what `said` makes of the content, and counts how often it ran. */
async function linted(entries: readonly Entry[], said: (content: string | null) => CheckRun, journal = new Journal()) {
  const seen: (string | null)[] = [];
  const lint = async (change: ChangeSet) => {
    const content = change[0]?.content ?? null;
    seen.push(content);
    return said(content);
  };
  const ports = { lint, width: 2 } as unknown as SelectPorts;
  const request = { timeLimitMs: 1_000 } as SelectRequest;
  const result = await lintEach(journal.run(), ports, request, entries);
  return { seen, problems: result.map(({ evidence }) => evidence.newLintProblems), result };
}

const problems = (content: string | null) =>
  ran(`${'a.js:1: error old\n'}${content === 'bad' ? 'a.js:2: error new\na.js:9: error newer\n' : ''}`);

describe('linting candidates', () => {
  it('counts what is new beside the unchanged tree, each change once', async () => {
    const { seen, problems: counts } = await linted(
      [entry('one', 'bad'), entry('two', 'good'), entry('three', 'bad')],
      problems,
    );
    expect(counts).toEqual([2, 0, 2]);
    expect(seen.toSorted()).toEqual(['bad', 'good', null].toSorted());
  });

  it('leaves alone what holds no change, does not apply or touches protected files', async () => {
    const left = [
      entry('prose', ''),
      entry('misfit', 'bad', evidenceOf({ applies: false })),
      entry('greedy', 'bad', evidenceOf({ protectedFiles: ['package-lock.json'] })),
    ];
    const { seen, result } = await linted(left, problems);
    expect(seen).toEqual([]);
    expect(result).toEqual(left);
  });

  it('makes evidence of a candidate about which nothing else is known', async () => {
    const { result } = await linted([entry('one', 'good', UNKNOWN)], problems);
    expect(result[0]!.evidence).toMatchObject({ basis: 'observed', newLintProblems: 0 });
  });

  it('keeps what was reported where the check did not run, and claims nothing', async () => {
    const told = evidenceOf({ newLintProblems: 4 });
    const { result } = await linted([entry('one', 'bad', told), entry('two', 'bad', UNKNOWN)], () => ran('', null));
    expect(result.map(({ evidence }) => [evidence.newLintProblems, evidence.basis])).toEqual([
      [4, told.basis],
      [null, UNKNOWN.basis],
    ]);
  });

  it('takes a change that cannot be applied for not checked, and passes on what goes wrong otherwise', async () => {
    const misfit = (content: string | null) => {
      if (content !== null) throw new MaestroError('bad_candidates', 'no', 'no');
      return ran('');
    };
    expect((await linted([entry('one', 'bad', UNKNOWN)], misfit)).problems).toEqual([null]);
    const broken = (content: string | null) => {
      if (content !== null) throw new Error('disk');
      return ran('');
    };
    await expect(linted([entry('one', 'bad')], broken)).rejects.toThrow('disk');
  });

  it('is not done again when the run is taken up, and keeps no secret that the check printed', async () => {
    const journal = new Journal();
    const secret = `ghp_${'aZ3kQ9xB7mT2vR8nW5pL4jH6gF1dS0cY'}aZ3k`;
    await linted([entry('one', 'bad')], () => ran(`a.js:1: error ${secret}\n`), journal);
    expect(JSON.stringify([...journal.steps.values()])).not.toContain(secret);
    const again = await linted([entry('one', 'bad')], problems, journal);
    expect(again.seen).toEqual([]);
    expect(again.problems).toEqual([0]);
  });
});
