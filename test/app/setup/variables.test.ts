import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, it } from 'vitest';
import { variablesFor } from '../../../src/app/setup/variables.ts';

const ROOT = fileURLToPath(new URL('../../../', import.meta.url));
const { keys, plain } = variablesFor({ advisors: [] });

it('names every key that a provider looks for', () => {
  const folder = join(ROOT, 'src', 'providers');
  const sources = readdirSync(folder)
    .filter((name) => name.endsWith('.ts'))
    .map((name) => readFileSync(join(folder, name), 'utf8'));
  const looked = sources.flatMap((source) =>
    [...source.matchAll(/'([A-Z_]+_(?:KEY|TOKEN))'/g)].map(([, name]) => name!),
  );
  const given = looked.filter((name) => !name.startsWith('MAESTRO_'));
  expect(given.length).toBeGreaterThan(4);
  expect(keys).toEqual(expect.arrayContaining(given));
});

it('names the keys of configured advisors too, each once, and no key among the places', () => {
  const advisor = { provider: 'openai-compatible', api_key_env: 'ROUTER_KEY' };
  const named = variablesFor({ advisors: [advisor, advisor, { provider: 'openai', api_key_env: 'OPENAI_API_KEY' }] });
  expect(named.keys).toEqual([...keys, 'ROUTER_KEY']);
  expect(plain.filter((name) => /KEY|TOKEN|SECRET/.test(name))).toEqual([]);
});

it('is what the extension of Gemini CLI hands on', () => {
  const file = join(ROOT, 'packaging', 'plugin', 'gemini-extension.json');
  const { mcpServers } = JSON.parse(readFileSync(file, 'utf8')) as {
    mcpServers: { maestro: { env: Record<string, string> } };
  };
  expect(Object.entries(mcpServers.maestro.env)).toEqual(keys.map((name) => [name, `$\{${name}:-}`]));
});
