import { isBuiltin } from 'node:module';
import { relative, sep } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Plugin } from 'rolldown';

const BUILTIN = '\0builtin:';
const LAZILY = JSON.stringify(fileURLToPath(new URL('lazily.ts', import.meta.url)));

/** Slow to load, and used by a library as a whole that hardly ever uses it: loaded when something of it is asked for. */
const LATE = new Set(['node:child_process']);

/**
 * Takes what is used of Node's own modules from the modules themselves, in each module that uses it. An `import` has the
 * loader read every name that there is (streams, web crypto, readline), which takes 2 to 10 ms a module.
 */
export function plainBuiltins(root: string): Plugin {
  return {
    name: 'plain-builtins',
    resolveId(id, importer = '') {
      return isBuiltin(id) ? `${BUILTIN}${id} in ${relative(root, importer).split(sep).join('/')}` : null;
    },
    load(id) {
      if (!id.startsWith(BUILTIN)) return null;
      const [name] = id.slice(BUILTIN.length).split(' ', 1) as [string];
      const found = `process.getBuiltinModule(${JSON.stringify(name)})`;
      const names = Object.keys(process.getBuiltinModule(name) as object).filter((key) => key !== 'default');
      return [
        `import { lazily } from ${LAZILY};`,
        `const builtin = /* @__PURE__ */ ${LATE.has(name) ? `lazily(() => ${found})` : found};`,
        'export default builtin;',
        ...names.map((key) => `export const ${key} = /* @__PURE__ */ (() => builtin.${key})();`),
      ].join('\n');
    },
  };
}
