// Where an import leads: a file of the project, a package, a builtin or a stand-in for a test library.
import { existsSync, readFileSync, realpathSync, statSync } from 'node:fs';
import { createRequire, isBuiltin } from 'node:module';
import { dirname, extname, join, resolve as resolvePath, sep } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';

const EXTENSIONS = ['.js', '.json', '.ts', '.tsx', '.jsx', '.mjs', '.cjs', '.mts', '.cts'];
const AS_TYPESCRIPT = { '.js': ['.ts', '.tsx'], '.mjs': ['.mts'], '.cjs': ['.cts'], '.jsx': ['.tsx'] };

export class Resolver {
  #found = new Map();
  #types = new Map();

  /** `standIns` names modules that are replaced; `lenient` finds files the way bundlers do. */
  constructor(root, standIns, lenient) {
    this.root = root;
    this.standIns = standIns;
    this.lenient = lenient;
  }

  /** `{ kind: 'project' | 'package' | 'builtin' | 'stand-in', id }`. Throws like Node does when nothing is found. */
  resolve(specifier, parent, kind) {
    const key = `${kind}\0${dirname(parent)}\0${specifier}`;
    let found = this.#found.get(key);
    if (!found) {
      found = this.#find(specifier, parent, kind);
      this.#found.set(key, found);
    }
    return found;
  }

  /** `commonjs`, `module` or, where only the text can tell, `either`. */
  typeOf(path) {
    const extension = extname(path);
    if (/^\.m[jt]s$/.test(extension)) return 'module';
    if (/^\.c[jt]s$/.test(extension)) return 'commonjs';
    return this.#packageType(dirname(path));
  }

  #find(specifier, parent, kind) {
    if (this.standIns.has(specifier)) return { kind: 'stand-in', id: specifier };
    if (isBuiltin(specifier)) return { kind: 'builtin', id: specifier };
    const path = this.#path(specifier, parent, kind);
    const isOwn =
      path.startsWith(this.root + sep) && !path.includes(`${sep}node_modules${sep}`) && extname(path) !== '.node';
    return { kind: isOwn ? 'project' : 'package', id: path };
  }

  #path(specifier, parent, kind) {
    if (specifier.startsWith('file:')) return fileURLToPath(specifier);
    if (/^(\.{1,2}(\/|$)|\/)/.test(specifier)) {
      const path = resolvePath(dirname(parent), specifier.replace(/[?#].*$/, ''));
      const file = isFile(path) ? path : kind === 'require' || this.lenient ? onDisk(path) : null;
      if (file) return realpathSync(file);
    }
    if (kind === 'import') {
      try {
        return fileURLToPath(import.meta.resolve(specifier, pathToFileURL(parent).href));
      } catch {}
    }
    return createRequire(parent).resolve(specifier);
  }

  #packageType(folder) {
    let type = this.#types.get(folder);
    if (type) return type;
    const file = join(folder, 'package.json');
    if (existsSync(file)) type = JSON.parse(readFileSync(file, 'utf8')).type ?? 'either';
    else
      type =
        dirname(folder) === folder || !folder.startsWith(this.root) ? 'either' : this.#packageType(dirname(folder));
    this.#types.set(folder, type);
    return type;
  }
}

function onDisk(path) {
  const extension = extname(path);
  const typed = (AS_TYPESCRIPT[extension] ?? []).map((other) => path.slice(0, -extension.length) + other);
  const added = EXTENSIONS.map((other) => path + other);
  const index = isFolder(path) ? [mainOf(path), ...EXTENSIONS.map((other) => join(path, `index${other}`))] : [];
  return [...added, ...typed, ...index].find((file) => file && isFile(file)) ?? null;
}

function mainOf(folder) {
  try {
    const { main } = JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8'));
    if (!main) return null;
    const path = join(folder, main);
    return isFile(path) ? path : onDisk(path);
  } catch {
    return null;
  }
}

function isFile(path) {
  return statSync(path, { throwIfNoEntry: false })?.isFile() ?? false;
}

function isFolder(path) {
  return statSync(path, { throwIfNoEntry: false })?.isDirectory() ?? false;
}
