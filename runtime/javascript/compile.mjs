// Turns the text of a project file into something that can be evaluated afresh many times.
import { readFileSync } from 'node:fs';
import * as nodeModule from 'node:module';
import { extname } from 'node:path';
import vm from 'node:vm';

const WRAPPER = ['(function (exports, require, module, __filename, __dirname) { ', '\n})'];
const ESM_SYNTAX =
  /Cannot use import statement|Unexpected token 'export'|Cannot use 'import\.meta'|await is only valid/;
/** Length of what stands before the text in a compiled CommonJS file: offsets in coverage count it. */
export const WRAPPER_LENGTH = WRAPPER[0].length;

export class Compiler {
  #kept = new Map();
  #cachedData = new Map();
  #typescript = new Map();

  /** `importDynamically(specifier, path)` serves `import()`. */
  constructor(resolver, importDynamically) {
    this.resolver = resolver;
    this.importDynamically = importDynamically;
  }

  /** The compiled text of an unchanged file that was loaded, and whether a wrapper stands before it; null for others. */
  textOf(path) {
    const compiled = this.#kept.get(path);
    return compiled?.plain === undefined ? null : { text: compiled.plain, wrapped: compiled.type === 'commonjs' };
  }

  /** `{ type: 'json' | 'commonjs' | 'module', … }`; results for unchanged files are kept. */
  compile(path, changedText) {
    if (changedText !== undefined) return this.#compile(path, changedText, false);
    let compiled = this.#kept.get(path);
    if (!compiled) {
      compiled = this.#compile(path, readFileSync(path, 'utf8'), true);
      this.#kept.set(path, compiled);
    }
    return compiled;
  }

  #compile(path, raw, keep) {
    if (extname(path) === '.json') return { type: 'json', text: raw };
    const text = this.#plain(path, raw.replace(/^\uFEFF/, '').replace(/^#!.*/, ''));
    const type = this.resolver.typeOf(path);
    if (type !== 'module') {
      try {
        return { type: 'commonjs', plain: text, script: this.#script(path, text) };
      } catch (error) {
        const isModule =
          error instanceof SyntaxError &&
          (type === 'either' || this.resolver.lenient) &&
          ESM_SYNTAX.test(error.message);
        if (!isModule) throw error;
      }
    }
    return { type: 'module', plain: text, instance: (initialise) => this.#instance(path, text, keep, initialise) };
  }

  #script(path, text) {
    return new vm.Script(WRAPPER[0] + text + WRAPPER[1], {
      filename: path,
      columnOffset: -WRAPPER_LENGTH,
      importModuleDynamically: (specifier) => this.importDynamically(specifier, path),
    });
  }

  #instance(path, text, keep, initializeImportMeta) {
    const cachedData = keep ? this.#cachedData.get(path) : undefined;
    const module = new vm.SourceTextModule(text, {
      identifier: path,
      initializeImportMeta,
      importModuleDynamically: (specifier) => this.importDynamically(specifier, path),
      ...(cachedData ? { cachedData } : {}),
    });
    if (keep && !cachedData) this.#cachedData.set(path, module.createCachedData());
    return module;
  }

  #plain(path, text) {
    if (!/^\.[cm]?tsx?$/.test(extname(path))) return text;
    const known = this.#typescript.get(path);
    if (known?.raw === text) return known.plain;
    const plain = stripTypes(text);
    this.#typescript.set(path, { raw: text, plain });
    return plain;
  }
}

/** Positions stay as they are unless the text has syntax that is more than types. */
function stripTypes(text) {
  if (!nodeModule.stripTypeScriptTypes) throw new Error('this Node cannot strip types');
  try {
    return nodeModule.stripTypeScriptTypes(text, { mode: 'strip' });
  } catch (error) {
    if (error?.code !== 'ERR_UNSUPPORTED_TYPESCRIPT_SYNTAX') throw error;
    return nodeModule.stripTypeScriptTypes(text, { mode: 'transform' });
  }
}
