import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { dirname, join, relative, sep } from 'node:path';
import { type Plugin, rolldown } from 'rolldown';

/** What no import names: native libraries and data, by package and the files of it that are read at run time. */
const READ_AT_RUN_TIME: Readonly<Record<string, RegExp>> = {
  'better-sqlite3': /^(lib|prebuilds)\//,
  '@vscode/tree-sitter-wasm': /^wasm\/[^/]+\.(wasm|js)$/,
};

/** The files below node_modules that the built Maestro needs, as paths from `root`: what its modules import, traced, and what they read. */
export async function neededFiles(root: string): Promise<string[]> {
  const needed = new Set<string>();
  for (const file of await imported(root)) {
    const path = relative(root, file);
    if (path.startsWith(`node_modules${sep}`)) needed.add(path);
  }
  for (const [name, pattern] of Object.entries(READ_AT_RUN_TIME)) {
    const home = join('node_modules', name);
    for (const file of filesBelow(join(root, home))) if (pattern.test(file)) needed.add(join(home, file));
  }
  for (const file of [...needed]) for (const extra of ofPackage(root, file)) needed.add(extra);
  return [...needed].sort();
}

/** Every module that a module of dist/ leads to. */
async function imported(root: string): Promise<string[]> {
  const dist = join(root, 'dist');
  const input = filesBelow(dist)
    .filter((file) => /\.m?js$/.test(file))
    .map((file) => join(dist, file));
  const found: string[] = [];
  const trace: Plugin = {
    name: 'trace',
    buildEnd() {
      found.push(...this.getModuleIds());
    },
  };
  const bundle = await rolldown({
    input,
    platform: 'node',
    plugins: [trace],
    external: [/\.node$/],
    logLevel: 'silent',
  });
  await bundle.generate({ format: 'esm' });
  await bundle.close();
  return found.filter((id) => id.startsWith(root));
}

/** The description and the licence of the package that a file is of, and of the folders between. */
function ofPackage(root: string, file: string): string[] {
  const extras: string[] = [];
  for (
    let folder = dirname(file);
    folder !== 'node_modules' && !folder.endsWith(`${sep}node_modules`);
    folder = dirname(folder)
  ) {
    if (existsSync(join(root, folder, 'package.json'))) extras.push(join(folder, 'package.json'));
    if (isPackage(root, folder))
      extras.push(
        ...readdirSync(join(root, folder))
          .filter((name) => /^licen[cs]e/i.test(name))
          .map((name) => join(folder, name)),
      );
  }
  return extras;
}

function isPackage(root: string, folder: string): boolean {
  const file = join(root, folder, 'package.json');
  return existsSync(file) && 'name' in (JSON.parse(readFileSync(file, 'utf8')) as object);
}

function filesBelow(folder: string): string[] {
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => relative(folder, join(entry.parentPath, entry.name)).split(sep).join('/'));
}
