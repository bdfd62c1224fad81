import { join } from 'node:path';
import { familyOf } from '../collect/kinds.ts';
import { readBytes, textOf } from '../collect/read-text.ts';
import { type Import, importsOf } from '../index/imports.ts';
import type { PathIndex } from '../question/locations.ts';

const ENDINGS = [
  'py',
  'ts',
  'tsx',
  'js',
  'jsx',
  'mjs',
  'cjs',
  'java',
  'kt',
  'cs',
  'rb',
  'rs',
  'php',
  'h',
  'hpp',
  'scala',
  'vue',
  'pyx',
  'swift',
];
const FOLDER_FILES = ['__init__.py', 'index.ts', 'index.js', 'index.tsx', 'mod.rs', 'main.go', 'index.mjs'];

/** Numbers of the workspace files that a file imports. */
export function importedBy(root: string, paths: readonly string[], index: PathIndex, file: number): number[] {
  const path = paths[file]!;
  const family = familyOf(path);
  const bytes = readBytes(join(root, path));
  if (family === null || typeof bytes === 'string') return [];
  return [...new Set(importsOf(textOf(bytes), family).flatMap((one) => resolveImport(one, path, paths, index)))];
}

/** The workspace files that a module written as in `package.module.name` means: its name may be of something inside. */
export function resolveModule(parts: readonly string[], paths: readonly string[], index: PathIndex): number[] {
  for (let length = parts.length; length > 1; length--) {
    const files = filesOf(parts.slice(0, length), '', paths, index);
    if (files.length > 0) return files;
  }
  return [];
}

/** The workspace files an import means, as far as paths tell: those that agree with it in the most parts. */
function resolveImport(one: Import, importer: string, paths: readonly string[], index: PathIndex): number[] {
  const wanted = wantedParts(one, importer);
  if (wanted.length === 0) return [];
  const targets =
    one.names.length > 0 ? [...one.names.map((name) => [...wanted, name]), wanted] : [wanted, wanted.slice(0, -1)];
  const found = new Set<number>();
  for (const target of targets) {
    for (const file of filesOf(target, importer, paths, index)) found.add(file);
    if (one.names.length === 0 && found.size > 0) break;
  }
  return [...found].slice(0, 12);
}

function wantedParts(one: Import, importer: string): string[] {
  if (one.up === null) return [...one.parts];
  const folder = importer.split('/').slice(0, -1);
  return [...folder.slice(0, Math.max(0, folder.length - one.up)), ...one.parts];
}

function filesOf(parts: readonly string[], importer: string, paths: readonly string[], index: PathIndex): number[] {
  const last = parts.at(-1);
  if (!last) return [];
  const ending = importer.slice(importer.lastIndexOf('.') + 1) || ENDINGS[0]!;
  let best = 0;
  let found: number[] = [];
  const consider = (file: number, own: readonly string[]): void => {
    let agree = 0;
    while (agree < own.length && agree < parts.length && own.at(-1 - agree) === parts.at(-1 - agree)) agree++;
    if (agree < Math.min(2, parts.length) || agree < best) return;
    if (agree > best) found = [];
    best = agree;
    found.push(file);
  };
  for (const end of [ending, ...ENDINGS.filter((other) => other !== ending)]) {
    for (const file of index.named(`${last}.${end}`)) consider(file, paths[file]!.slice(0, -end.length - 1).split('/'));
  }
  for (const name of FOLDER_FILES) {
    for (const file of index.inFolder(last, name)) consider(file, paths[file]!.split('/').slice(0, -1));
  }
  return found.length <= 4 ? found : [];
}
