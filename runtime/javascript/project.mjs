// The project under test: how its modules are found and compiled, and which test library its tests see.

import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { Compiler } from './compile.mjs';
import { bounded } from './guard.mjs';
import { Realm } from './realm.mjs';
import { Resolver } from './resolve.mjs';
import { Suite, selectOnly } from './suites.mjs';

const PREPARE_MS = 15_000;
const LENIENT = new Set(['vitest', 'jest']);

export class Project {
  #current = null;
  #realm = null;

  constructor(root, runner) {
    this.root = root;
    this.runner = runner;
  }

  /** Loads the stand-in of the project's test library. Throws where there is none for it. */
  *prepare(waiting) {
    this.standIns = new Map();
    this.resolver = new Resolver(this.root, this.standIns, LENIENT.has(this.runner));
    this.compiler = this.freshCompiler();
    const created = yield* bounded(() => this.#create(), PREPARE_MS, PREPARE_MS, waiting);
    if (created.state !== 'returned') throw created.error ?? new Error('the test library took too long');
    const { globals, standIns, reset } = created.value;
    for (const [name, exports] of Object.entries(standIns)) this.standIns.set(name, exports);
    Object.assign(globalThis, globals);
    this.reset = reset;
  }

  async #create() {
    const { create } = await import(`./apis/${this.runner}.mjs`);
    const from = join(process.cwd(), 'index.js');
    const resolve = (name) => this.resolver.resolve(name, from, 'import').id;
    return create(this.#declarations(), (name) => import(pathToFileURL(resolve(name)).href), resolve);
  }

  /** Compiles everything anew: counters are put into code when it is compiled. */
  freshCompiler() {
    return new Compiler(this.resolver, (specifier, path) => this.#realm.import(specifier, path));
  }

  /** Fresh modules without any tests. */
  realm(texts, loadMs) {
    const { resolver, compiler, standIns } = this;
    this.#realm = new Realm({ resolver, compiler, texts, standIns, loadMs, main: null });
    return this.#realm;
  }

  /** A test file on modules of its own; what it declares between `enter` and `leave` is in `suite`. */
  open(path, texts, loadMs, recorder) {
    const { resolver, compiler, standIns } = this;
    const suite = new Suite('', null);
    this.#realm = new Realm({ resolver, compiler, texts, standIns, loadMs, main: path, recorder });
    const realm = this.#realm;
    return {
      suite,
      realm,
      enter: () => {
        this.#current = suite;
      },
      leave: () => {
        this.#current = null;
      },
      start: () => realm.load(path),
    };
  }

  chosen(suite) {
    return this.runner === 'node-test' ? [...suite.tests()] : selectOnly(suite);
  }

  #declarations() {
    return {
      add: (make) => {
        if (this.#current) this.#current.children.push(make(this.#current));
      },
      suite: (make, fn) => {
        const parent = this.#current;
        if (!parent) return;
        const suite = make(parent);
        parent.children.push(suite);
        this.#current = suite;
        try {
          fn?.(suite);
        } finally {
          this.#current = parent;
        }
      },
      hook: (kind, fn) => this.#current?.hooks[kind].push(fn),
    };
  }
}
