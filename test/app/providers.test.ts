import { describe, expect, it } from 'vitest';
import { loadProviders } from '../../src/app/providers.ts';

describe('providers', () => {
  it('are found by listing their folder, each with a word about what it is', async () => {
    const providers = await loadProviders();
    expect(providers.map(({ id }) => id)).toContain('embedded');
    for (const { description } of providers) expect(description.length).toBeGreaterThan(20);
  });
});
