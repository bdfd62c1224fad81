import { readdirSync, statSync } from 'node:fs';
import { relative, sep } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import type { Plugin } from 'rolldown';

const ADDRESS = /new URL\('(\.[^']*)', import\.meta\.url\)/g;
const DEFINITIONS = fileURLToPath(new URL('definitions.ts', import.meta.url));
const FOLDER = 'listed-folder:';

/**
 * Addresses that are relative to a module of `src/`, in a bundle of which every file lies in `out`. A folder of `src/` becomes
 * the modules that are in it now; whatever is outside of `src/` is found from `out`. Throws for a file of `src/`, which is
 * gone, and for an address in a form that is not known.
 */
export function addresses(src: string, out: string): Plugin {
  return {
    name: 'addresses',
    resolveId: (id) => (id.startsWith(FOLDER) ? `\0${id}` : null),
    load(id) {
      if (id === `${src}platform${sep}load-definitions.ts`) return { code: `export * from ${text(DEFINITIONS)};` };
      if (!id.startsWith(`\0${FOLDER}`)) return null;
      return { code: listing(src, id.slice(FOLDER.length + 1)) };
    },
    transform(code, id) {
      if (!id.startsWith(src)) return null;
      const elsewhere = code.replace(ADDRESS, '').replaceAll('createRequire(import.meta.url)', '');
      if (/\bimport\.meta\b/.test(elsewhere)) throw new Error(`${id} uses import.meta in a way that a bundle changes`);
      const imports: string[] = [];
      const moved = code.replace(ADDRESS, (_, path: string) => {
        const target = new URL(path, pathToFileURL(id));
        const place = fileURLToPath(target);
        if (!place.startsWith(src)) return `new URL(${text(fromFolder(out, place))}, import.meta.url)`;
        if (!statSync(place).isDirectory()) throw new Error(`${id} reads ${path}, which is not there in a bundle`);
        const local = `__folder${imports.length}`;
        imports.push(`import { folder as ${local} } from ${text(FOLDER + fromFolder(src, place).slice(2))};`);
        return local;
      });
      return moved === code ? null : [...imports, moved].join('\n');
    },
  };
}

function listing(src: string, folder: string): string {
  const files = readdirSync(src + folder)
    .filter((file) => file.endsWith('.ts'))
    .sort();
  const imports = files.map((file, i) => `import * as module${i} from ${text(src + folder + file)};`);
  const modules = files.map((_, i) => `module${i}`).join(', ');
  return [
    `import { listedFolder } from ${text(DEFINITIONS)};`,
    ...imports,
    `export const folder = listedFolder(${text(folder)}, [${modules}]);`,
  ].join('\n');
}

/** `./` or `../` first, forward slashes, and a slash at the end of what had one. */
function fromFolder(folder: string, place: string): string {
  const path = relative(folder, place).split(sep).join('/');
  const end = /[\\/]$/.test(place) && path !== '' ? '/' : '';
  return (path.startsWith('.') ? path : `./${path}`) + end;
}

const text = (value: string): string => JSON.stringify(value);
