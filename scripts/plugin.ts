// Makes plugin/: one folder that Claude Code, Codex, Gemini CLI and MCPB clients install as it is. Run after the build.
import { chmodSync, cpSync, mkdirSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { neededFiles } from './needed-files.ts';

const ROOT = fileURLToPath(new URL('../', import.meta.url));

/** Declarations, which are all that the folders of dist/ hold, and what Python leaves behind. */
const LEFT_OUT = /\.d\.ts$|[\\/]dist[\\/][\w-]+$|__pycache__/;

interface Built {
  readonly folder: string;
  readonly files: number;
  readonly bytes: number;
}

/** Builds the plugin below `out`, with a marketplace of its own around it; what was there is replaced. */
export async function buildPlugin(out: string = join(ROOT, 'plugin')): Promise<Built> {
  const folder = join(out, 'maestro');
  rmSync(out, { recursive: true, force: true });
  mkdirSync(folder, { recursive: true });
  cpSync(join(ROOT, 'packaging', 'marketplace'), out, { recursive: true });
  cpSync(join(ROOT, 'packaging', 'plugin'), folder, { recursive: true });
  for (const part of ['bin', 'dist', 'runtime', 'skills', 'LICENSE']) copy(part, folder);
  writeFileSync(join(folder, 'package.json'), packageFile());
  for (const file of await neededFiles(ROOT)) copy(file, folder);
  return { folder, ...measure(folder) };
}

function copy(path: string, folder: string): void {
  const target = join(folder, path);
  mkdirSync(dirname(target), { recursive: true });
  cpSync(join(ROOT, path), target, {
    recursive: true,
    dereference: true,
    filter: (file) => !LEFT_OUT.test(file),
  });
  if (statSync(target).isFile()) chmodSync(target, path.startsWith('bin/') ? 0o755 : 0o644);
}

/** What Node and Maestro themselves read of package.json. */
function packageFile(): string {
  const { name, version, license, type, bin, engines } = JSON.parse(
    readFileSync(join(ROOT, 'package.json'), 'utf8'),
  ) as Record<string, unknown>;
  return `${JSON.stringify({ name, version, license, private: true, type, bin, engines }, null, 2)}\n`;
}

function measure(folder: string): { readonly files: number; readonly bytes: number } {
  const files = readdirSync(folder, { recursive: true, withFileTypes: true }).filter((entry) => entry.isFile());
  const bytes = files.reduce((sum, entry) => sum + statSync(join(entry.parentPath, entry.name)).size, 0);
  return { files: files.length, bytes };
}

if (import.meta.main) {
  const { folder, files, bytes } = await buildPlugin();
  console.log(`${folder}: ${files} files, ${(bytes / 1e6).toFixed(1)} MB`);
}
