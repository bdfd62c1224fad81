// What the warm process knows, and its answer to each request.
import { realpathSync } from 'node:fs';
import { join, relative, sep } from 'node:path';
import { bounded } from './guard.mjs';
import { Isolation } from './isolation.mjs';
import { Project } from './project.mjs';
import { Runner } from './suites.mjs';

const MAX_HEAP = 400 * 1024 * 1024;
const MAX_CANDIDATES = 3000;
const AFTER_FAILURE_MS = 30;
const PATIENCE = 5;

export class Resident {
  #screened = 0;
  #waiting = () => {};
  #stray = new Strays();
  #isolation = new Isolation((error, hang) => this.#stray.hear(error, hang));
  exit = () => this.#isolation.exit(0);

  *answer(message, waiting) {
    this.#waiting = waiting;
    return yield* this[message.op](message);
  }

  *open({ root, folder, runner, files, env }) {
    this.root = realpathSync(root);
    Object.assign(process.env, env);
    process.chdir(join(this.root, folder));
    this.project = new Project(this.root, runner);
    this.files = files.map((file) => join(this.root, file));
    yield* this.project.prepare();
    this.#isolation.settle();
    return {};
  }

  /** Runs everything once, unchanged. */
  *baseline({ cpu, wall }) {
    const rows = [];
    const limit = inMs({ cpu, wall });
    const problem = yield* this.#run(new Map(), this.files, {
      limits: () => limit,
      load: limit,
      select: () => true,
      report: (id, outcome, took) => {
        rows.push({ id, parts: partsOf(id), outcome, cpu: inSeconds(took), wall: inSeconds(took) });
        return false;
      },
    });
    return { tests: rows, warm: null, problem };
  }

  *arm({ targets, others, load }) {
    this.targets = new Map(targets.map((test) => [test.id, inMs(test)]));
    this.others = new Map(others.map((test) => [test.id, inMs(test)]));
    this.load = inMs(load);
    return {};
  }

  *screen({ files }) {
    let verdict = yield* this.#screen(files, 1);
    if (verdict.starved) verdict = yield* this.#screen(files, PATIENCE);
    this.#screened++;
    const retire = this.unclean || this.#screened >= MAX_CANDIDATES || process.memoryUsage.rss() > MAX_HEAP;
    return { ...verdict, starved: undefined, retire };
  }

  *#screen(files, patience) {
    const first = yield* this.#pass(files, this.targets, patience);
    const passed = first.passed === this.targets.size && first.verdict === 'pass';
    if (!passed)
      return {
        verdict: first.verdict === 'pass' ? 'fail' : first.verdict,
        fixed: first.passed,
        broken: 0,
        starved: first.starved,
      };
    if (this.others.size === 0) return { verdict: 'pass', fixed: first.passed, broken: 0 };
    const second = yield* this.#pass(files, this.others, patience);
    const broken = second.failed + (second.verdict === 'pass' ? this.others.size - second.passed - second.failed : 0);
    return {
      verdict: second.verdict === 'pass' && broken > 0 ? 'fail' : second.verdict,
      fixed: first.passed,
      broken,
      starved: second.starved,
    };
  }

  /** Runs the wanted tests on freshly loaded modules. */
  *#pass(files, wanted, patience) {
    const state = { passed: 0, failed: 0, verdict: 'pass', starved: false };
    let stopAt = Number.POSITIVE_INFINITY;
    const scaled = ({ ms, wall }) => ({ ms: ms * patience, wall });
    const paths = this.files.filter((file) => [...wanted.keys()].some((id) => fileOf(this.root, id) === file));
    const problem = yield* this.#run(changed(this.root, files), paths, {
      limits: (id) => scaled(wanted.get(id) ?? this.load),
      load: scaled(this.load),
      select: (id) => wanted.has(id) || [...wanted.keys()].some((other) => other.startsWith(`${id} > `)),
      report: (id, outcome, _took, result) => {
        if (!wanted.has(id)) return false;
        if (outcome === 'passed') state.passed++;
        else {
          state.failed++;
          if (result?.hang && stopAt === Number.POSITIVE_INFINITY)
            Object.assign(state, { verdict: 'hang', starved: result.starved });
          else if (state.verdict === 'pass') state.verdict = 'fail';
          stopAt = Math.min(stopAt, performance.now() + AFTER_FAILURE_MS);
        }
        return state.verdict === 'hang' || performance.now() >= stopAt;
      },
    });
    if (problem) return { ...state, verdict: problem.hang ? 'hang' : 'fail', starved: problem.starved ?? false };
    return state;
  }

  /** Loads test files and runs the selected tests; says what kept a file from loading. */
  *#run(texts, paths, { limits, load, select, report }) {
    this.#isolation.callbackMs = load.ms;
    let problem;
    for (const path of paths) {
      const name = relative(this.root, path).split(sep).join('/');
      this.#stray.reset();
      const { suite, enter, leave, start } = this.project.open(path, texts, load.ms);
      enter();
      const loaded = yield* bounded(start, load.ms, load.wall, this.#waiting);
      leave();
      const bad = loaded.state === 'returned' ? this.#stray.taken() : loaded;
      if (bad) {
        problem = {
          hang: bad.state === 'hang',
          starved: bad.starved,
          error: String(bad.error?.stack ?? bad.error ?? 'it did not end'),
        };
        break;
      }
      if (yield* this.#tests(suite, name, { limits, select, report })) break;
    }
    this.unclean = !this.#isolation.restore() || this.unclean;
    return problem;
  }

  *#tests(suite, file, { limits, select, report }) {
    const ids = new Map();
    const taken = new Set();
    for (const test of suite.tests()) ids.set(test, unique(`${file}::${test.path.join(' > ')}`, taken));
    let stopped = false;
    let began = performance.now();
    const runner = new Runner({
      limits: (test) => limits(test && ids.get(test)),
      stray: this.#stray,
      waiting: this.#waiting,
      report: (test, result) => {
        const id = ids.get(test);
        for (const { path, outcome } of result.inner ?? []) report([id, ...path].join(' > '), outcome, 0, undefined);
        const now = performance.now();
        stopped = report(id, result.outcome, result.hang ? null : now - began, result);
        began = now;
        return stopped;
      },
    });
    yield* runner.run(this.project.chosen(suite).filter((test) => select(ids.get(test))));
    return stopped;
  }
}

/** Errors and hangs that happen outside of any call: they belong to the test that runs. */
class Strays {
  #first;

  reset() {
    this.#first = undefined;
  }

  hear(error, hang = false) {
    this.#first ??= hang ? { state: 'hang', starved: false } : { state: 'threw', error };
  }

  taken() {
    const first = this.#first;
    this.#first = undefined;
    return first;
  }
}

function changed(root, files) {
  return new Map(Object.entries(files).map(([path, text]) => [join(root, path), text]));
}

function fileOf(root, id) {
  return join(root, id.slice(0, id.indexOf('::')));
}

function partsOf(id) {
  const at = id.indexOf('::');
  return [id.slice(0, at), ...id.slice(at + 2).split(' > ')];
}

function unique(id, taken) {
  let number = 1;
  let name = id;
  while (taken.has(name)) name = `${id} #${++number}`;
  taken.add(name);
  return name;
}

/** Requests and answers speak of seconds. */
function inMs({ cpu, wall }) {
  return { ms: cpu * 1000, wall: wall * 1000 };
}

function inSeconds(ms) {
  return ms === null ? null : ms / 1000;
}
