import { describe, expect, it } from 'vitest';
import { readVerdict } from '../../src/domain/verdict.ts';

const IDS = ['A', 'B'];
const verdict = (winner: unknown, why: unknown = 'it is right'): string => JSON.stringify({ winner, why });

describe('a verdict', () => {
  it('names one of the ids and why', () => {
    expect(readVerdict(`\`\`\`json\n${verdict('B')}\n\`\`\``, IDS)).toEqual({
      ok: true,
      value: { winner: 'B', why: 'it is right' },
    });
  });

  it('may name none', () => {
    expect(readVerdict(verdict(null), IDS)).toEqual({ ok: true, value: { winner: null, why: 'it is right' } });
  });

  it('cannot name an id that is not there', () => {
    expect(readVerdict(verdict('C'), IDS)).toEqual({
      ok: false,
      problem: 'winner: "C" is none of the ids A, B',
    });
  });

  it('without a reason, or with anything but text as winner, is malformed', () => {
    expect(readVerdict(verdict('A', ''), IDS)).toMatchObject({ ok: false });
    expect(readVerdict('{"winner":"A"}', IDS)).toMatchObject({ ok: false });
    expect(readVerdict(verdict(1), IDS)).toMatchObject({ ok: false });
  });

  it('that goes on too long is discarded, even where it could be read', () => {
    const long = `${'Let me think again. '.repeat(200)}${verdict('A')}`;
    expect(readVerdict(long, IDS)).toEqual({
      ok: false,
      problem: `it has ${long.length} characters where at most 3000 were expected`,
    });
  });

  it('that hedges counts like any other', () => {
    expect(readVerdict(verdict('A', 'perhaps, although I am not sure'), IDS)).toMatchObject({ ok: true });
  });
});
