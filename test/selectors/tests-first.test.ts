import { describe, expect, it } from 'vitest';
import type { SelectorDefinition } from '../../src/domain/selector.ts';
import { loadDefinitions } from '../../src/platform/load-definitions.ts';
import { evidenceOf, UNKNOWN } from '../domain/evidence-of.ts';

const selectors = await loadDefinitions<SelectorDefinition>(
  new URL('../../src/selectors', import.meta.url),
  'selector',
);

describe('the selectors', () => {
  it('have different modes and say in one line what they do', () => {
    expect(new Set(selectors.map(({ mode }) => mode)).size).toBe(selectors.length);
    for (const { mode, summary } of selectors) {
      expect(mode).toMatch(/^[a-z_]+$/);
      expect(summary).toMatch(/^\S[^\n]+$/);
    }
  });
});

describe('tests_first', () => {
  const selector = selectors.find(({ mode }) => mode === 'tests_first')!;

  it('lets one candidate that passes beat any number that agree and fail', () => {
    const crowd = ['a', 'b', 'c'].map((id) => ({
      id,
      text: 'same',
      evidence: evidenceOf({ fixed: [], behaviour: '1' }),
    }));
    expect(selector.select([...crowd, { id: 'd', text: 'odd', evidence: evidenceOf({ behaviour: '2' }) }]).winner).toBe(
      'd',
    );
  });

  it('chooses nobody where nothing was tested', () => {
    expect(selector.select([{ id: 'a', text: 'convincing', evidence: UNKNOWN }]).winner).toBeNull();
  });
});
