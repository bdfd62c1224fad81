import { readdirSync, readFileSync, statSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { z } from 'zod';

const ROOT = fileURLToPath(new URL('../../', import.meta.url));

/** What every manifest says of itself, as far as it does. */
const manifest = z.looseObject({
  name: z.string(),
  version: z.string().optional(),
  description: z.string().optional(),
  license: z.string().optional(),
  plugins: z.array(z.looseObject({ name: z.string(), version: z.string().optional() })).optional(),
  packages: z
    .array(z.looseObject({ registryType: z.string(), identifier: z.string(), version: z.string() }))
    .optional(),
});
const server = z.looseObject({ command: z.string(), args: z.array(z.string()) });
const servers = z.looseObject({ mcpServers: z.record(z.string(), server) });

const json = (path: string): unknown => JSON.parse(readFileSync(`${ROOT}${path}`, 'utf8'));
const own = z
  .looseObject({
    name: z.string(),
    version: z.string(),
    license: z.string(),
    mcpName: z.string(),
    engines: z.object({ node: z.string() }),
  })
  .parse(json('package.json'));

/** What a host fills in. */
const slot = (name: string): string => `$\{${name}}`;
/** The program in a folder that a host fills in. */
const inFolder = (name: string, slash = '/'): string => [slot(name), 'bin', 'maestro.mjs'].join(slash);

const PLUGIN = 'packaging/plugin';
const MANIFESTS = [
  'server.json',
  `${PLUGIN}/.claude-plugin/plugin.json`,
  `${PLUGIN}/plugin.json`,
  `${PLUGIN}/gemini-extension.json`,
  `${PLUGIN}/manifest.json`,
  'packaging/marketplace/.claude-plugin/marketplace.json',
  'packaging/marketplace/.agents/plugins/marketplace.json',
];

describe('the manifests', () => {
  it('are all that there are', () => {
    const found = readdirSync(`${ROOT}packaging`, { recursive: true })
      .map((name) => `packaging/${String(name)}`)
      .filter((path) => statSync(ROOT + path).isFile() && path.endsWith('.json'));
    const describing = found.filter((path) => !/\/\.?mcp\.json$/.test(path));
    expect(['server.json', ...describing].sort()).toEqual([...MANIFESTS].sort());
  });

  it.each(MANIFESTS)('%s has the version of the package, wherever it states one', (path) => {
    const { version, plugins = [], packages = [] } = manifest.parse(json(path));
    const stated = [version, ...plugins.map((one) => one.version), ...packages.map((one) => one.version)];
    const known = stated.filter((one) => one !== undefined);
    expect(known).toEqual(known.map(() => own.version));
    expect(path.includes('.agents') || known.length > 0).toBe(true);
  });

  it('describe Maestro in the same words', () => {
    const texts = MANIFESTS.filter((path) => path.startsWith(PLUGIN)).map(
      (path) => manifest.parse(json(path)).description,
    );
    expect(new Set(texts).size).toBe(1);
  });

  it('state the same licence', () => {
    const licences = MANIFESTS.flatMap((path) => manifest.parse(json(path)).license ?? []);
    expect(licences.length).toBeGreaterThan(0);
    expect(new Set([...licences, own.license]).size).toBe(1);
  });

  it('name the server of the registry as package.json does, in at most 100 characters of description', () => {
    const { name, description, packages } = manifest.parse(json('server.json'));
    expect(name).toBe(own.mcpName);
    expect(name).toMatch(/^[a-zA-Z0-9.-]+\/[a-zA-Z0-9._-]+$/);
    expect(description!.length).toBeLessThanOrEqual(100);
    expect(packages!.map(({ identifier }) => identifier)).toEqual([own.name]);
  });

  it('ask for the Node that the package asks for', () => {
    const { compatibility } = z
      .looseObject({ compatibility: z.looseObject({ runtimes: z.object({ node: z.string() }) }) })
      .parse(json(`${PLUGIN}/manifest.json`));
    expect(compatibility.runtimes.node).toBe(own.engines.node);
  });

  it.each<[string, string]>([
    ['.mcp.json', inFolder('CLAUDE_PLUGIN_ROOT')],
    ['mcp.json', inFolder('PLUGIN_ROOT')],
    ['gemini-extension.json', inFolder('extensionPath', slot('/'))],
  ])('%s starts the server that lies in the plugin itself', (file, path) => {
    const { mcpServers } = servers.parse(json(`${PLUGIN}/${file}`));
    expect(Object.keys(mcpServers)).toEqual(['maestro']);
    expect(mcpServers.maestro).toMatchObject({ command: 'node', args: [path, 'mcp'] });
  });

  it('keep to the closed list of fields of Agent Plugins 1.0', () => {
    const allowed = [
      '$schema',
      'name',
      'version',
      'description',
      'author',
      'homepage',
      'repository',
      'license',
      'keywords',
      'extensions',
    ];
    expect(Object.keys(json(`${PLUGIN}/plugin.json`) as object).filter((key) => !allowed.includes(key))).toEqual([]);
  });
});
