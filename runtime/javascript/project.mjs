// The project under test: how its modules are found and compiled, and which test library its tests see.

import { nodeTest } from './apis/node-test.mjs';
import { Compiler } from './compile.mjs';
import { Realm } from './realm.mjs';
import { Resolver } from './resolve.mjs';
import { Suite, selectOnly } from './suites.mjs';

const LENIENT = new Set(['vitest', 'jest']);

export class Project {
  #current = null;
  #realm = null;

  constructor(root, runner) {
    this.root = root;
    this.runner = runner;
  }

  prepare() {
    this.api = nodeTest(this.#declarations());
    this.standIns = new Map([['node:test', this.api]]);
    this.resolver = new Resolver(this.root, this.standIns, LENIENT.has(this.runner));
    this.compiler = this.freshCompiler();
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
