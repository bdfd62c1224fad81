// Hears what tests pass to the project's functions, and calls these functions with given arguments.
import { bounded, canonical, decode, encode } from './values.mjs';

const MOST_CALLS = 40;

/** Stands between test files and what they import: `calls` collects plain calls whose arguments can be written down. */
export class CallRecorder {
  calls = [];
  #count = new Map();

  /** The exports of `module` as a test file is to see them. */
  watched(module, exports) {
    if (typeof exports === 'function') return this.#function(module, '', exports, exports);
    if (exports === null || typeof exports !== 'object') return exports;
    const entries = Object.keys(exports).map((name) => [name, this.#function(module, name, exports[name], exports)]);
    return Object.assign(Object.create(Object.getPrototypeOf(exports)), Object.fromEntries(entries));
  }

  #function(module, name, value) {
    if (typeof value !== 'function') return value;
    return new Proxy(value, {
      apply: (target, self, args) => {
        this.#note(module, name, args);
        return Reflect.apply(target, self, args);
      },
    });
  }

  #note(module, name, args) {
    const key = `${module}\0${name}`;
    const count = this.#count.get(key) ?? 0;
    if (count >= MOST_CALLS) return;
    try {
      this.calls.push({ module, name, args: args.map((value) => encode(value)) });
      this.#count.set(key, count + 1);
    } catch {
      // Arguments that cannot be written down are not replayed.
    }
  }
}

/** What a call returns, or which exception it raises, as one text; a promise where the function gives one. */
export function outcomeOf(exports, { name, args }) {
  const values = args.map(decode);
  const before = canonical(values);
  const text = (result) => {
    const after = canonical(values);
    return bounded(canonical(result) + (after === before ? '' : ` <- ${after}`));
  };
  const target = name === '' ? exports : exports[name];
  const result = target.apply(exports, values);
  return typeof result?.then === 'function' ? result.then(text) : text(result);
}

export function failureText(error) {
  return `! ${error?.name ?? typeof error}`;
}
