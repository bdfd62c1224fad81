// Stands for src/platform/load-definitions.ts in the bundle, where there are no folders to list.

type Modules = readonly Readonly<Record<string, unknown>>[];

const folders = new Map<string, Modules>();

/** The address of a folder that was listed when the bundle was made, with what its files export, sorted by file name. */
export function listedFolder(name: string, modules: Modules): URL {
  const address = new URL(`maestro:${name}`);
  folders.set(address.href, modules);
  return address;
}

/** What each module of a listed folder exports under `name`. Throws for a folder that was not listed, and a module without it. */
export async function loadDefinitions<T>(folder: URL, name: string): Promise<T[]> {
  const modules = folders.get(folder.href);
  if (!modules) throw new TypeError(`${folder.href} was not listed when Maestro was built`);
  return modules.map((module) => {
    if (!module[name]) throw new TypeError(`each file in ${folder.href} must export a '${name}'`);
    return module[name] as T;
  });
}
