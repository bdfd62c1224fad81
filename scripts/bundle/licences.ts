import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Plugin } from 'rolldown';

const PACKAGE = /^.*[\\/]node_modules[\\/](?:@[^\\/]+[\\/])?[^\\/]+(?=[\\/])/;

/** Adds a file with the licence of each package that went into the bundle. Throws for one that has none. */
export function licences(fileName: string): Plugin {
  return {
    name: 'licences',
    generateBundle(_options, output) {
      const modules = Object.values(output).flatMap((part) => (part.type === 'chunk' ? part.moduleIds : []));
      const packages = new Set(modules.flatMap((id) => PACKAGE.exec(id)?.[0] ?? []));
      this.emitFile({ type: 'asset', fileName, source: [...packages].sort().map(licenceOf).join('\n\n') });
    },
  };
}

function licenceOf(folder: string): string {
  const { name, version } = JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8')) as Record<string, string>;
  const file = readdirSync(folder).find((entry) => /^licen[cs]e/i.test(entry));
  if (!file) throw new Error(`${name} is in the bundle and has no licence`);
  return `${name} ${version}\n\n${readFileSync(join(folder, file), 'utf8').trim()}\n`;
}
