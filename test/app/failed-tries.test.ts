import { expect, it } from 'vitest';
import { carryOnAlone } from '../../src/app/failed-tries.ts';

const failure = (provider: string, remedy: string) =>
  ({ provider, reason: 'too_old', detail: 'd', remedy, retry_after_ms: null }) as const;

it('says what would help, once each, as one sentence', () => {
  const failures = [failure('codex', 'Update it.'), failure('codex', 'Update it.'), failure('local', 'start it')];
  expect(carryOnAlone(failures)).toBe(
    'carry on alone with the evidence there is. What would help: codex: Update it; local: start it.',
  );
});
