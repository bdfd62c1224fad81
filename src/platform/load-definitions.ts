import { readdir } from 'node:fs/promises';

const loaded = new Map<string, Promise<readonly unknown[]>>();

/**
 * Imports every module of a folder (`.ts` from source, `.js` from a build) and returns the one definition each
 * exports under `name`, sorted by file name. Throws when a module of the folder does not export it. A folder is listed once
 * in a process, like a module: what is added later is found by the next one. A failure is not kept.
 */
export async function loadDefinitions<T>(folder: URL, name: string): Promise<T[]> {
  const key = `${name} ${folder.href}`;
  const known = loaded.get(key) ?? listed<T>(folder, name);
  loaded.set(key, known);
  try {
    return [...((await known) as readonly T[])];
  } catch (error) {
    loaded.delete(key);
    throw error;
  }
}

async function listed<T>(folder: URL, name: string): Promise<T[]> {
  const base = folder.href.endsWith('/') ? folder : new URL(`${folder.href}/`);
  const files = (await readdir(base)).filter((file) => /\.(ts|js)$/.test(file) && !/\.d\.ts$/.test(file)).sort();
  return Promise.all(
    files.map(async (file) => {
      const module = (await import(new URL(file, base).href)) as Record<string, T | undefined>;
      const definition = module[name];
      if (!definition) throw new TypeError(`${new URL(file, base).pathname} must export a '${name}'`);
      return definition;
    }),
  );
}
