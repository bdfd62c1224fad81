// Undoes what one candidate does to the process, so that the next one starts as if it were the first.
import { call } from './guard.mjs';

const native = { setTimeout, setInterval, setImmediate, clearTimeout, clearInterval, clearImmediate };
const PROTOTYPES = [Object, Array, String, Number, Function, Promise, Map, Set, RegExp, Date, Error].map(
  (type) => type.prototype,
);

export class ExitCalled extends Error {}

export class Isolation {
  /** `onStray` hears of errors and hangs that no call returns: from timers, unhandled rejections, `process.exit`. */
  constructor(onStray) {
    this.onStray = onStray;
    this.timers = new Set();
    this.callbackMs = 1000;
    this.exit = process.reallyExit.bind(process);
    this.#silence();
    this.#watch();
    this.#wrapTimers();
    this.baseline = this.#picture();
  }

  /** Ends what is left running and puts globals back. Returns false when that is not possible any more. */
  restore() {
    for (const clear of [...this.timers]) clear();
    this.timers.clear();
    restoreProperties(globalThis, this.baseline.globals);
    restoreProperties(Math, this.baseline.math);
    restoreProperties(console, this.baseline.console);
    restoreEnvironment(this.baseline.environment);
    for (const name of process.eventNames()) restoreListeners(name, this.baseline.listeners.get(name) ?? []);
    process.exitCode = undefined;
    if (process.cwd() !== this.baseline.folder) process.chdir(this.baseline.folder);
    return PROTOTYPES.every(
      (prototype, index) => Reflect.ownKeys(prototype).length === this.baseline.prototypes[index],
    );
  }

  /** Keeps everything as it is now for `restore`. */
  settle() {
    this.baseline = this.#picture();
  }

  #picture() {
    return {
      globals: properties(globalThis),
      math: properties(Math),
      console: properties(console),
      environment: { ...process.env },
      listeners: new Map(process.eventNames().map((name) => [name, process.rawListeners(name)])),
      folder: process.cwd(),
      prototypes: PROTOTYPES.map((prototype) => Reflect.ownKeys(prototype).length),
    };
  }

  #silence() {
    for (const name of Object.keys(console)) if (typeof console[name] === 'function') console[name] = () => {};
    for (const stream of [process.stdout, process.stderr]) {
      stream.write = (_chunk, encoding, done) => {
        const callback = typeof encoding === 'function' ? encoding : done;
        if (callback) process.nextTick(callback);
        return true;
      };
    }
  }

  #watch() {
    const stop = () => {
      const error = new ExitCalled('process.exit() was called');
      this.onStray(error);
      throw error;
    };
    process.exit = stop;
    process.reallyExit = stop;
    process.abort = stop;
    for (const event of ['uncaughtException', 'unhandledRejection'])
      process.on(event, (error) => this.onStray(error ?? new Error(event)));
  }

  #wrapTimers() {
    const wrap = (start, clear, repeats) =>
      Object.assign((callback, ...rest) => {
        if (typeof callback !== 'function') return start(callback, ...rest);
        const forget = () => this.timers.delete(stop);
        const timer = start(
          (...values) => {
            if (!repeats) forget();
            this.#callback(() => callback(...values));
          },
          ...rest,
        );
        const stop = () => clear(timer);
        this.timers.add(stop);
        return timer;
      }, start);
    globalThis.setTimeout = wrap(native.setTimeout, native.clearTimeout, false);
    globalThis.setInterval = wrap(native.setInterval, native.clearInterval, true);
    globalThis.setImmediate = wrap(native.setImmediate, native.clearImmediate, false);
  }

  #callback(callback) {
    const result = call(() => void callback(), this.callbackMs);
    if (result.state === 'threw') this.onStray(result.error);
    if (result.state === 'hang') this.onStray(new Error('a callback did not end'), true);
  }
}

function properties(object) {
  return new Map(Reflect.ownKeys(object).map((key) => [key, Object.getOwnPropertyDescriptor(object, key)]));
}

function restoreProperties(object, before) {
  for (const key of Reflect.ownKeys(object)) if (!before.has(key)) delete object[key];
  for (const [key, wanted] of before) {
    const now = Object.getOwnPropertyDescriptor(object, key);
    if (now && now.value === wanted.value && now.get === wanted.get) continue;
    if (!now || now.configurable) Object.defineProperty(object, key, wanted);
    else if (now.writable) object[key] = wanted.value;
  }
}

function restoreEnvironment(before) {
  for (const name of Object.keys(process.env)) if (!(name in before)) delete process.env[name];
  for (const [name, value] of Object.entries(before)) if (process.env[name] !== value) process.env[name] = value;
}

function restoreListeners(name, before) {
  const now = process.rawListeners(name);
  if (now.length === before.length && now.every((listener, index) => listener === before[index])) return;
  process.removeAllListeners(name);
  for (const listener of before) process.on(name, listener);
}
