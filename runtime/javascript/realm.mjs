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

  /**
   * `texts` maps absolute paths to changed texts; `standIns` names to what they export; `loadMs` bounds each evaluation.
   * `recorder` stands between the test file `main` and what it imports, where there is one.
   */
  constructor({ resolver, compiler, texts, standIns, loadMs, main, recorder = null }) {
    Object.assign(this, { resolver, compiler, texts, standIns, loadMs, mainPath: main, recorder });
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
    const watched = this.recorder !== null && parent === this.mainPath;
    if (compiled.type !== 'module') {
      const exports = this.#guardedRequire(target.id, compiled);
      return watched
        ? this.#wrap(`${target.id} watched`, this.recorder.watched(target.id, exports))
        : this.#wrap(target.id, exports);
    }
    const module = this.#esm(target.id, compiled);
    return watched ? this.#watchedModule(module, target.id) : module;
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

  /** An evaluated copy of a module's exports for a test file; without top-level await. */
  #watchedModule(module, path) {
    this.#link(module);
    if (module.status === 'linked') void module.evaluate();
    if (module.status === 'errored') throw module.error;
    const watched = this.recorder.watched(path, { ...module.namespace });
    const names = Object.keys(watched);
    return new vm.SyntheticModule(names, function () {
      for (const name of names) this.setExport(name, watched[name]);
    });
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
      const exports = this.#requireProject(target.id, module);
      const watched = this.recorder !== null && module.filename === this.mainPath;
      return watched ? this.recorder.watched(target.id, exports) : exports;
    };
    require.resolve = (specifier) => this.resolver.resolve(specifier, module.filename, 'require').id;
    require.cache = this.#cache;
    require.main = this.main ??= module;
    require.extensions = {};
    return require;
  }

  #requireProject(path, parent) {
    if (this.#cache[path]) return this.#cache[path].exports;
    const compiled = this.compiler.compile(path, this.texts.get(path));
    return compiled.type === 'module' ? this.#requireModule(path, compiled) : this.#require(path, compiled, parent);
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
