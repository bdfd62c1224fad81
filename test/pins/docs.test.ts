import { expect, it } from 'vitest';
import { stalePages } from '../../docs/generate.ts';

it('keeps help texts, error codes and metrics as the reference pages have them', async () => {
  expect(await stalePages()).toEqual([]);
});
