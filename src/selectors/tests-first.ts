import { select } from '../domain/selection.ts';
import type { SelectorDefinition } from '../domain/selector.ts';

export const selector: SelectorDefinition = {
  mode: 'tests_first',
  summary: 'tests decide; agreement in behaviour, then in text, only orders those that pass',
  select,
};
