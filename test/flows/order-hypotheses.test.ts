import { describe, expect, it } from 'vitest';
import type { Candidate } from '../../src/domain/candidate.ts';
import { checkedEvent } from '../../src/domain/event.ts';
import type { KnownTests } from '../../src/domain/verification.ts';
import { orderHypotheses } from '../../src/flows/order-hypotheses.ts';
import { Journal } from './memory-run.ts';

const KNOWN: KnownTests = {
  command: ['npm', 'test'],
  baseline: { failing: ['test/a.js::adds'], passing: ['test/a.js::takes away'] },
  files: ['test/a.js', 'test/other.js', 'src/a.js'],
};
const hypothesis = (id: string, verification_test: string): Candidate =>
  ({ id, text: `${id} is why`, verification_test }) as unknown as Candidate;

const MISSING = hypothesis('missing', 'a test somebody should write');
const THERE = hypothesis('there', 'test/other.js');
const GREEN = hypothesis('green', 'test/a.js::takes away');
const RED = hypothesis('red', 'npm test');

async function ordered(hypotheses: readonly Candidate[], known: KnownTests = KNOWN) {
  const journal = new Journal();
  const selection = await orderHypotheses(journal.run(), hypotheses, known);
  return { selection, journal };
}

describe('the order of hypotheses', () => {
  it('goes by how far the test of each gets, in whatever order they come', async () => {
    for (const given of [
      [MISSING, THERE, GREEN, RED],
      [RED, GREEN, THERE, MISSING],
      [GREEN, MISSING, RED, THERE],
    ]) {
      const { selection } = await ordered(given);
      expect(selection.ranking.map(({ id }) => id)).toEqual(['red', 'green', 'there', 'missing']);
      expect(selection.ranking.map(({ rank }) => rank)).toEqual([1, 2, 3, 4]);
      expect(selection.ranking.map(({ eligible }) => eligible)).toEqual([true, false, false, false]);
      expect(selection.ranking.map(({ evidence }) => evidence.basis)).toEqual(['observed', 'observed', 'none', 'none']);
      expect(selection).toMatchObject({ winner: 'red', closest: null });
      expect(selection.next).toContain("Select 'red'");
    }
  });

  it('chooses none whose test does not show the failure, and says which is closest', async () => {
    const { selection } = await ordered([MISSING, THERE, GREEN]);
    expect(selection).toMatchObject({ winner: null, closest: 'green' });
    expect(selection.why).toBe(
      "No test of 3 reproduces the failure. Closest is 'green': its test runs and passes on the unchanged tree: it does not show the failure.",
    );
    expect(selection.next).toContain("a test that fails if 'green' holds");
  });

  it.each<[string, readonly Candidate[], KnownTests, string, string]>([
    [
      'no test is there',
      [MISSING],
      KNOWN,
      'No hypothesis of 1 has a test that is there.',
      'Write the verification tests',
    ],
    ['there is no hypothesis', [], KNOWN, 'There is no hypothesis to choose from.', 'Write the verification tests'],
    ['nothing was run', [RED], { ...KNOWN, command: null, baseline: null }, 'No hypothesis of 1', 'Give test_command'],
  ])('chooses nobody where %s, and says what to do', async (_, hypotheses, known, why, next) => {
    const { selection } = await ordered(hypotheses, known);
    expect(selection).toMatchObject({ winner: null, closest: null, why: expect.stringContaining(why) });
    expect(selection.next).toContain(next);
  });

  it('is recorded with the order in which they came, and what was seen of each', async () => {
    const { journal } = await ordered([MISSING, { ...GREEN, provider: 'codex' }, RED]);
    const [made] = journal.of('selection_made');
    expect(made).toMatchObject({
      mode: 'tests_first',
      winner: 'red',
      ranking: [
        { candidate: 'red', provider: null, order: 2, tested: true, passed: true },
        { candidate: 'green', provider: 'codex', order: 1, tested: true, passed: false },
        { candidate: 'missing', provider: null, order: 0, tested: false, passed: null },
      ],
    });
    expect(journal.events.map(checkedEvent)).toHaveLength(1);
  });
});
