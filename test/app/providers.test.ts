import { describe, expect, it } from 'vitest';
import { loadAdvisors, loadProviders } from '../../src/app/providers.ts';

describe('providers', () => {
  it('are found by listing their folder, each with a word about what it is', async () => {
    const providers = await loadProviders();
    expect(providers.map(({ id }) => id)).toContain('embedded');
    for (const { description } of providers) expect(description.length).toBeGreaterThan(20);
  });

  it('are asked in the order of their names, each once', async () => {
    expect((await loadAdvisors(['embedded', 'embedded'])).map(({ id }) => id)).toEqual(['embedded']);
  });

  it('are known by name: another one is refused with those that there are', async () => {
    await expect(loadAdvisors(['embedded', 'oracle'])).rejects.toMatchObject({
      code: 'usage',
      message: "there is no provider 'oracle'",
      remedy: expect.stringContaining('embedded'),
    });
  });
});
