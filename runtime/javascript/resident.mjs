// What the warm process knows, and its answer to each request.
import { realpathSync } from 'node:fs';
import { join } from 'node:path';
import { CallRecorder, failureText, outcomeOf } from './calls.mjs';
import { LineCounter } from './coverage.mjs';
import { bounded } from './guard.mjs';
import { relativePath } from './ids.mjs';
import { Isolation } from './isolation.mjs';
import { Project } from './project.mjs';
import { runFiles, Strays } from './run.mjs';
import { changedTexts, screen } from './screening.mjs';

const MAX_MEMORY = 400 * 1024 * 1024;
const MAX_CANDIDATES = 3000;
const MAX_HANGS = 5;
/** A watched test takes longer. */
const SLOWER = 5;

export class Resident {
  #screened = 0;
  #unclean = false;
  #stray = new Strays();
  #isolation = new Isolation((error, hang) => this.#stray.hear(error, hang));
  exit = () => this.#isolation.exit(0);

  /** A generator for `drive`; `waiting(ms)` is told when nothing but an event can go on. */
  *answer(message, waiting) {
    this.waiting = (ms, giveUp) => {
      this.#stray.waitedFor(giveUp);
      waiting(ms);
    };
    const answer = yield* this[message.op](message);
    this.#unclean = !this.#reset() || !this.#isolation.restore() || this.#unclean;
    const retire = this.#unclean || this.#screened >= MAX_CANDIDATES || process.memoryUsage.rss() > MAX_MEMORY;
    return { retire, ...answer };
  }

  *open({ root, folder, runner, files }) {
    this.root = realpathSync(root);
    process.chdir(join(this.root, folder));
    this.project = new Project(this.root, runner);
    this.files = files.map((file) => join(this.root, file));
    yield* this.project.prepare(this.waiting);
    this.#isolation.settle();
    return {};
  }

  /** Runs everything once, unchanged. */
  *baseline({ cpu, wall }) {
    const tests = [];
    let load = 0;
    const limit = inMs({ cpu, wall });
    const problem = yield* this.#runAll(limit, {
      limits: () => limit,
      loaded: (ms) => {
        load = Math.max(load, ms / 1000);
      },
      report: (id, outcome, ms) => {
        const used = ms === null ? null : ms / 1000;
        tests.push({ id, outcome, cpu: used, wall: used });
      },
    });
    return { tests, load: { cpu: load, wall: load }, warm: null, problem: problem?.error ?? null };
  }

  *arm({ targets, others, load }) {
    const limits = (tests) => new Map(tests.map((test) => [test.id, inMs(test)]));
    this.tests = { targets: limits(targets), others: limits(others), load: inMs(load) };
    return {};
  }

  *screen({ files }) {
    this.#screened++;
    this.#isolation.callbackMs = this.tests.load.ms;
    return yield* screen(this.#bench(), this.tests, files);
  }

  /** The lines each test reaches on the unchanged tree. */
  *coverage() {
    const compiler = this.project.compiler;
    this.project.compiler = this.project.freshCompiler();
    const counter = new LineCounter((path) => this.project.compiler.textOf(path));
    const tests = [];
    yield* this.#runAll(this.#slowly(this.tests.load), {
      limits: (id) => this.#slowly(this.#limitOf(id)),
      begin: () => counter.take(),
      report: (id, outcome) => {
        const lines = Object.entries(counter.take()).map(([path, numbers]) => [relativePath(this.root, path), numbers]);
        tests.push({ id, outcome, lines: Object.fromEntries(lines) });
      },
    });
    counter.close();
    this.project.compiler = compiler;
    return { tests, retire: true };
  }

  /** Calls that the tests make into the project. */
  *record() {
    const recorder = new CallRecorder();
    const limits = (id) => this.#slowly(this.#limitOf(id));
    yield* this.#runAll(this.#slowly(this.tests.load), { limits, recorder, report: () => false });
    return { calls: recorder.calls.map((call) => ({ ...call, module: relativePath(this.root, call.module) })) };
  }

  /** What a candidate returns for each call; one that does not end costs only itself, a few times. */
  *behave({ files, calls, cpu, wall }) {
    const realm = this.project.realm(changedTexts(this.root, files), this.tests.load.ms);
    const limit = inMs({ cpu, wall });
    const modules = new Map();
    const texts = [];
    let hangs = 0;
    for (const call of calls) {
      const path = join(this.root, call.module);
      if (!modules.has(path)) modules.set(path, yield* this.#bounded(() => realm.load(path), this.tests.load));
      const loaded = modules.get(path);
      const result =
        hangs >= MAX_HANGS || loaded.state !== 'returned'
          ? loaded
          : yield* this.#bounded(() => outcomeOf(loaded.value, call), limit);
      if (result.state === 'hang') hangs++;
      texts.push(hangs >= MAX_HANGS ? '! hang' : textOf(result));
    }
    return { texts };
  }

  /** False when the test library could not be put back. */
  #reset() {
    try {
      this.project?.reset?.();
      return true;
    } catch {
      return false;
    }
  }

  #bounded(work, { ms, wall }) {
    return bounded(work, ms, wall, this.waiting);
  }

  #bench() {
    return { project: this.project, files: this.files, stray: this.#stray, waiting: this.waiting };
  }

  #runAll(load, plan) {
    this.#isolation.callbackMs = load.ms;
    return runFiles(this.#bench(), this.files, { texts: new Map(), load, select: () => true, ...plan });
  }

  #limitOf(id) {
    return this.tests.targets.get(id) ?? this.tests.others.get(id) ?? this.tests.load;
  }

  #slowly({ ms, wall }) {
    return { ms: ms * SLOWER, wall: wall * SLOWER };
  }
}

function textOf({ state, value, error }) {
  if (state === 'returned') return value;
  return state === 'hang' ? '! hang' : failureText(error);
}

/** Requests and answers speak of seconds. */
function inMs({ cpu, wall }) {
  return { ms: cpu * 1000, wall: wall * 1000 };
}
