// One candidate's own instances of all project modules; packages and builtins are shared with the process.
import { createRequire } from 'node:module';
import { dirname } from 'node:path';
import { pathToFileURL } from 'node:url';
import { isModuleNamespaceObject } from 'node:util/types';
import vm from 'node:vm';
import { call } from './guard.mjs';

export class Realm {
  #modules = new Map();
  #cache = Object.create(null);
  #synthetic = new Map();

  /** `texts` maps absolute paths to changed texts; `standIns` names to what they export; `loadMs` bounds each evaluation. */
  constructor({ resolver, compiler, texts, standIns, loadMs }) {
    Object.assign(this, { resolver, compiler, texts, standIns, loadMs });
  }

  /** Project files that this realm has loaded. */
  get paths() {
    return [...new Set([...Object.keys(this.#cache), ...this.#modules.keys()])];
  }

  /** Loads a project file of either kind: its exports, or a promise of them. */
  load(path) {
    const compiled = this.compiler.compile(path, this.texts.get(path));
    return compiled.type === 'module' ? this.#evaluate(this.#esm(path, compiled)) : this.#require(path, compiled, null);
  }

  /** Serves `import()`. */
  async import(specifier, parent) {
    const module = this.#linked(specifier, parent);
    await this.#link(module);
    if (module.status === 'linked') await module.evaluate();
    return module;
  }

  #evaluate(module) {
    const run = () =>
      module.status === 'evaluated' ? module.namespace : module.evaluate().then(() => module.namespace);
    const waiting = this.#link(module);
    return waiting ? waiting.then(run) : run();
  }

  #link(module) {
    if (module.status !== 'unlinked') return undefined;
    if (!module.linkRequests) return module.link((specifier, from) => this.#linked(specifier, from.identifier));
    this.#linkGraph(module, new Set());
    module.instantiate();
    return undefined;
  }

  #linkGraph(module, seen) {
    if (seen.has(module) || module.status !== 'unlinked' || !module.moduleRequests) return;
    seen.add(module);
    const requested = module.moduleRequests.map(({ specifier }) => this.#linked(specifier, module.identifier));
    module.linkRequests(requested);
    for (const other of requested) this.#linkGraph(other, seen);
  }

  /** The module that an `import` means, linked or not. */
  #linked(specifier, parent) {
    const target = this.resolver.resolve(specifier, parent, 'import');
    if (target.kind !== 'project') return this.#foreign(target);
    const known = this.#modules.get(target.id);
    if (known) return known;
    const compiled = this.compiler.compile(target.id, this.texts.get(target.id));
    if (compiled.type === 'module') return this.#esm(target.id, compiled);
    return this.#wrap(target.id, this.#guardedRequire(target.id, compiled));
  }

  #guardedRequire(path, compiled) {
    const result = call(() => ({ exports: this.#require(path, compiled, null) }), this.loadMs);
    if (result.state === 'returned') return result.value.exports;
    throw result.error ?? Object.assign(new Error(`${path} did not end`), { code: 'ERR_SCRIPT_EXECUTION_TIMEOUT' });
  }

  #esm(path, compiled) {
    let module = this.#modules.get(path);
    if (module) return module;
    module = compiled.instance((meta) => {
      meta.url = pathToFileURL(path).href;
      meta.filename = path;
      meta.dirname = dirname(path);
      meta.resolve = (specifier) => {
        const { id } = this.resolver.resolve(specifier, path, 'import');
        return id.startsWith('/') ? pathToFileURL(id).href : id;
      };
      meta.vitest = undefined;
    });
    this.#modules.set(path, module);
    return module;
  }

  #foreign({ kind, id }) {
    const known = this.#synthetic.get(id);
    if (known) return known;
    const exports =
      kind === 'stand-in'
        ? this.standIns.get(id)
        : kind === 'builtin'
          ? process.getBuiltinModule(id)
          : externalRequire(id);
    return this.#wrap(id, exports);
  }

  #wrap(id, exports) {
    const known = this.#synthetic.get(id);
    if (known) return known;
    const names = isModuleNamespaceObject(exports) ? Object.keys(exports) : ['default', ...namesOf(exports)];
    const module = new vm.SyntheticModule(
      names,
      function () {
        for (const name of names)
          this.setExport(name, name === 'default' && !isModuleNamespaceObject(exports) ? exports : exports[name]);
      },
      { identifier: id },
    );
    this.#synthetic.set(id, module);
    return module;
  }

  #require(path, compiled, parent) {
    const known = this.#cache[path];
    if (known) return known.exports;
    const module = {
      id: path,
      filename: path,
      path: dirname(path),
      exports: {},
      loaded: false,
      children: [],
      paths: [],
      parent,
    };
    parent?.children.push(module);
    this.#cache[path] = module;
    try {
      if (compiled.type === 'json') module.exports = JSON.parse(compiled.text);
      else {
        module.require = this.#requireOf(module);
        const run = compiled.script.runInThisContext();
        run.call(module.exports, module.exports, module.require, module, path, module.path);
      }
    } catch (error) {
      delete this.#cache[path];
      throw error;
    }
    module.loaded = true;
    return module.exports;
  }

  #requireOf(module) {
    const require = (specifier) => {
      const target = this.resolver.resolve(specifier, module.filename, 'require');
      if (target.kind === 'stand-in') return this.standIns.get(target.id);
      if (target.kind === 'builtin') return process.getBuiltinModule(target.id);
      if (target.kind === 'package') return externalRequire(target.id);
      if (this.#cache[target.id]) return this.#cache[target.id].exports;
      const compiled = this.compiler.compile(target.id, this.texts.get(target.id));
      return compiled.type === 'module'
        ? this.#requireModule(target.id, compiled)
        : this.#require(target.id, compiled, module);
    };
    require.resolve = (specifier) => this.resolver.resolve(specifier, module.filename, 'require').id;
    require.cache = this.#cache;
    require.main = this.main ??= module;
    require.extensions = {};
    return require;
  }

  /** `require` of an ES module: like Node, only without top-level await. */
  #requireModule(path, compiled) {
    const module = this.#esm(path, compiled);
    if (this.#link(module)) throw new Error('this Node cannot require ES modules here');
    if (module.status === 'linked') void module.evaluate().catch(() => {});
    if (module.status === 'errored') throw module.error;
    return module.namespace;
  }
}

const requireFrom = createRequire(import.meta.url);

function externalRequire(id) {
  return requireFrom(id);
}

function namesOf(exports) {
  if (exports === null || !['object', 'function'].includes(typeof exports)) return [];
  return Object.keys(exports).filter((name) => name !== 'default');
}
