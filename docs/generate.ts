// Writes the reference pages from the code: node docs/generate.ts, or with --check to see whether they are up to date.
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { PassThrough } from 'node:stream';
import { fileURLToPath } from 'node:url';
import type { CommandDefinition } from '../src/cli/command.ts';
import { execute } from '../src/cli/main.ts';
import { ERROR_CODES } from '../src/domain/errors.ts';
import { metricsOf } from '../src/domain/metrics.ts';
import { NO_EVENTS } from '../src/domain/tally.ts';
import { loadDefinitions } from '../src/platform/load-definitions.ts';
import { configurationPage } from './configuration.ts';
import { mcpPage } from './mcp.ts';
import { withTables } from './skill-tables.ts';

const HEAD = '<!-- Made by `npm run docs`; do not edit. -->\n\n';

async function help(...command: string[]): Promise<string> {
  const stdout = new PassThrough() as PassThrough & NodeJS.WriteStream;
  const stderr = new PassThrough() as PassThrough & NodeJS.WriteStream;
  const io = { stdout, stderr, stdin: process.stdin, env: {}, cwd: '/' };
  await execute([...command, '--help'], io, new AbortController().signal);
  return String(stdout.read()).trimEnd();
}

async function commandLine(): Promise<string> {
  const commands = await loadDefinitions<CommandDefinition<never>>(
    new URL('../src/cli/commands/', import.meta.url),
    'command',
  );
  const sections = [`# Command line\n\n\`\`\`text\n${await help()}\n\`\`\``];
  for (const { name } of commands) sections.push(`## maestro ${name}\n\n\`\`\`text\n${await help(name)}\n\`\`\``);
  return sections.join('\n\n');
}

function errors(): string {
  const rows = Object.entries(ERROR_CODES).map(([code, status]) => `| \`${code}\` | ${status} |`);
  return `# Error codes\n\nWith \`--json\` an expected failure is \`{ "status": "error", "error": { "code", "message", "remedy" } }\`.\n\n| code | exit status |\n|---|---|\n${rows.join('\n')}`;
}

function metrics(): string {
  const rows = Object.entries(metricsOf(NO_EVENTS)).map(
    ([name, { definition, target }]) => `| \`${name}\` | ${definition} | ${target ?? '–'} |`,
  );
  return `# Metrics\n\nEach is \`{ value | null, basis, definition, target, met, reason? }\`, computed from recorded events.\n\n| metric | definition | target |\n|---|---|---|\n${rows.join('\n')}`;
}

const ROOT = new URL('../', import.meta.url);

/** The pages of the skill, which are written by hand but for the tables in them. */
async function skillPages(): Promise<Record<string, string>> {
  const folder = fileURLToPath(new URL('skills/', ROOT));
  const names = readdirSync(folder, { recursive: true }).filter((name) => String(name).endsWith('.md'));
  const pages = names.map(async (name) => {
    const path = `skills/${String(name).replaceAll('\\', '/')}`;
    return [path, await withTables(readFileSync(new URL(path, ROOT), 'utf8'))] as const;
  });
  return Object.fromEntries(await Promise.all(pages));
}

/** Every page by its path; those on disk that differ. */
export async function stalePages(write = false): Promise<string[]> {
  const reference = {
    'cli.md': await commandLine(),
    'errors.md': errors(),
    'metrics.md': metrics(),
    'configuration.md': configurationPage(),
    'mcp.md': await mcpPage(),
  };
  const whole = Object.entries(reference).map(
    ([name, text]) => [`docs/reference/${name}`, `${HEAD}${text}\n`] as const,
  );
  const stale: string[] = [];
  for (const [path, content] of [...whole, ...Object.entries(await skillPages())]) {
    const file = fileURLToPath(new URL(path, ROOT));
    if (read(file) === content) continue;
    stale.push(path);
    if (write) writeFileSync(file, content);
  }
  return stale;
}

function read(file: string): string | null {
  try {
    return readFileSync(file, 'utf8');
  } catch {
    return null;
  }
}

if (import.meta.main) {
  const check = process.argv.includes('--check');
  const stale = await stalePages(!check);
  if (stale.length > 0) console.log(`${check ? 'out of date, run npm run docs' : 'written'}: ${stale.join(', ')}`);
  process.exitCode = check && stale.length > 0 ? 1 : 0;
}
