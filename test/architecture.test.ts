import { readdirSync, readFileSync } from 'node:fs';
import { dirname, join, relative, resolve, sep } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';

const SRC = fileURLToPath(new URL('../src', import.meta.url));

/** The only allowed arrows: module → modules and packages it may import, beside itself. */
const ALLOWED: Record<string, { modules: string[]; packages: string[]; node: boolean }> = {
  domain: { modules: [], packages: ['zod'], node: false },
  platform: {
    modules: ['domain'],
    packages: ['@opentelemetry/api', '@vscode/tree-sitter-wasm', 'diff', 'picomatch'],
    node: true,
  },
  providers: { modules: ['domain', 'platform'], packages: ['eventsource-parser', 'ky'], node: true },
  context: {
    modules: ['domain', 'platform'],
    packages: ['@vscode/tree-sitter-wasm', 'gpt-tokenizer', 'ignore'],
    node: true,
  },
  verify: { modules: ['domain', 'platform'], packages: [], node: true },
  repair: { modules: ['domain', 'platform'], packages: ['@vscode/tree-sitter-wasm'], node: true },
  store: { modules: ['domain', 'platform'], packages: ['kysely', 'better-sqlite3', 'zod'], node: true },
  engine: { modules: ['domain', 'platform', 'store'], packages: ['kysely'], node: true },
  stages: { modules: ['domain'], packages: ['zod'], node: false },
  selectors: { modules: ['domain'], packages: ['zod'], node: false },
  roles: { modules: ['domain'], packages: [], node: false },
  flows: { modules: ['domain'], packages: [], node: false },
  app: {
    modules: [
      'domain',
      'platform',
      'providers',
      'context',
      'verify',
      'repair',
      'store',
      'engine',
      'stages',
      'selectors',
      'roles',
      'flows',
    ],
    packages: ['jsonc-parser', 'zod'],
    node: true,
  },
  mcp: {
    modules: ['domain', 'platform', 'app'],
    packages: ['zod', '@modelcontextprotocol/server', '@modelcontextprotocol/node'],
    node: true,
  },
  // `maestro mcp` and `maestro serve` start the other face: only its two entries.
  cli: {
    modules: ['domain', 'platform', 'app', 'mcp/stdio.ts', 'mcp/serve.ts'],
    packages: ['commander', 'picocolors'],
    node: true,
  },
  '': { modules: ['domain', 'app'], packages: [], node: false },
};

const REFUSED_NAMES = /(^|[-.])(utils?|helpers?|managers?|services?|handlers?)([-.]|$)/;
const MAX_LINES = 400;
const IMPORT =
  /(?:^|\n)\s*(?:import|export)\b[^'"`;]*?from\s*['"]([^'"]+)['"]|(?:^|\n)\s*import\s*['"]([^'"]+)['"]|\bimport\(\s*['"]([^'"]+)['"]/g;

const files = readdirSync(SRC, { recursive: true, withFileTypes: true })
  .filter((entry) => entry.isFile() && entry.name.endsWith('.ts'))
  .map((entry) => join(entry.parentPath, entry.name));

/** `src/flows/fix.ts` → `flows`; files directly under `src` belong to the module ''. */
function moduleOf(file: string): string {
  const parts = relative(SRC, file).split(sep);
  return parts.length > 1 ? parts[0]! : '';
}

function packageOf(specifier: string): string {
  return specifier
    .split('/')
    .slice(0, specifier.startsWith('@') ? 2 : 1)
    .join('/');
}

/** The import lines of one file that no arrow allows. */
function offences(file: string, text: string): string[] {
  const from = moduleOf(file);
  const rule = ALLOWED[from];
  if (!rule) return [`${relative(SRC, file)}: the module '${from}' is not in the table`];
  const found: string[] = [];
  for (const match of text.matchAll(IMPORT)) {
    const specifier = (match[1] ?? match[2] ?? match[3])!;
    const line = text.slice(0, match.index + match[0].indexOf(specifier)).split('\n').length;
    if (!isAllowed(specifier, file, from, rule))
      found.push(`${relative(SRC, file)}:${line}: ${from || 'src'} must not import ${specifier}`);
  }
  return found;
}

function isAllowed(specifier: string, file: string, from: string, rule: (typeof ALLOWED)[string]): boolean {
  if (specifier.startsWith('node:')) return rule.node;
  if (!specifier.startsWith('.')) return rule.packages.includes(packageOf(specifier));
  const target = resolve(dirname(file), specifier);
  const to = moduleOf(target);
  const path = relative(SRC, target).split(sep).join('/');
  return to === from || rule.modules.includes(to) || rule.modules.includes(path);
}

describe('the architecture', () => {
  it('has only the allowed arrows between modules', () => {
    expect(files.length).toBeGreaterThan(0);
    expect(files.flatMap((file) => offences(file, readFileSync(file, 'utf8')))).toEqual([]);
  });

  it('reports an arrow that is not allowed with its file and line', () => {
    const text =
      "import { x } from '../store/events.ts';\nimport fs from 'node:fs';\nconst y = await import('kysely');\n";
    expect(offences(join(SRC, 'flows', 'fix.ts'), text)).toEqual([
      'flows/fix.ts:1: flows must not import ../store/events.ts',
      'flows/fix.ts:2: flows must not import node:fs',
      'flows/fix.ts:3: flows must not import kysely',
    ]);
  });

  it('has no file named after nothing in particular', () => {
    expect(
      files
        .map((file) => relative(SRC, file))
        .filter((name) => REFUSED_NAMES.test(name.split(sep).at(-1)!.replace(/\.ts$/, ''))),
    ).toEqual([]);
  });

  it(`has no source file over ${MAX_LINES} lines`, () => {
    const long = files
      .map((file) => [relative(SRC, file), readFileSync(file, 'utf8').split('\n').length] as const)
      .filter(([, lines]) => lines > MAX_LINES);
    expect(long).toEqual([]);
  });
});
