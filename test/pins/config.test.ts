import { expect, it } from 'vitest';
import { configKeys } from '../../docs/configuration.ts';

it('keeps the keys of the configuration file, and which of them a project may tighten', () => {
  expect(configKeys().map(({ key, project }) => `${key}${project ? ' (project)' : ''}`)).toMatchInlineSnapshot(`
    [
      "$schema (project)",
      "advisors",
      "advisors[].id",
      "advisors[].provider",
      "advisors[].model",
      "advisors[].effort",
      "advisors[].base_url",
      "advisors[].api_key_env",
      "advisors[].binary",
      "advisors[].allow_unheld",
      "order",
      "limits (project)",
      "limits.consults_per_stage (project)",
      "limits.consults_per_workflow (project)",
      "limits.debug_iterations (project)",
      "limits.first_output (project)",
      "limits.silence (project)",
      "limits.total (project)",
      "limits.answer_bytes (project)",
      "approval (project)",
      "pack_budget (project)",
    ]
  `);
});

it('says of every key what it is', () => {
  for (const { key, description, type } of configKeys()) {
    expect(description, key).toMatch(/\.$/);
    expect(type, key).not.toBe('value');
  }
});
