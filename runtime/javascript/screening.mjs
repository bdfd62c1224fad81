// Whether a candidate makes the failing tests pass without breaking others.
import { join } from 'node:path';
import { batched } from './guard.mjs';
import { fileOf } from './ids.mjs';
import { runFiles } from './run.mjs';

const AFTER_FAILURE_MS = 30;

/** The verdict on changed files. A limit that was hit while others had the processor is tried once more, longer. */
export function* screen(bench, tests, files) {
  const texts = changedTexts(bench.project.root, files);
  const once = yield* stages(bench, tests, texts, 1);
  return once.starved ? yield* stages(bench, tests, texts, once.starved) : once;
}

export function changedTexts(root, files) {
  return new Map(Object.entries(files).map(([path, text]) => [join(root, path), text]));
}

function* stages(bench, { targets, others, load }, texts, patience) {
  const first = yield* pass(bench, targets, load, texts, patience);
  const fixed = first.passed;
  if (first.verdict !== 'pass') return { verdict: first.verdict, fixed, broken: 0, starved: first.starved };
  if (fixed < targets.size) return { verdict: 'fail', fixed, broken: 0 };
  if (others.size === 0) return { verdict: 'pass', fixed, broken: 0 };
  const second = yield* pass(bench, others, load, texts, patience);
  const complete = second.verdict === 'pass';
  const broken = complete ? others.size - second.passed : second.failed;
  return { verdict: complete && broken > 0 ? 'fail' : second.verdict, fixed, broken, starved: second.starved };
}

/** Runs the wanted tests on freshly loaded modules; goes on for a short while after the first failure. */
function* pass(bench, wanted, load, texts, patience) {
  const state = { passed: 0, failed: 0, verdict: 'pass', starved: 0 };
  const ids = [...wanted.keys()];
  const root = bench.project.root;
  const paths = bench.files.filter((file) => ids.some((id) => fileOf(root, id) === file));
  const scaled = ({ ms, wall }) => ({ ms: ms * patience, wall });
  let stopAt = Number.POSITIVE_INFINITY;
  const tests = runFiles(bench, paths, {
    texts,
    load: scaled(load),
    limits: (id) => scaled(wanted.get(id) ?? load),
    select: (id) => wanted.has(id) || ids.some((other) => other.startsWith(`${id} > `)),
    report: (id, outcome, _ms, result) => {
      if (!wanted.has(id)) return false;
      if (outcome === 'passed') state.passed++;
      else {
        state.failed++;
        if (state.verdict === 'pass')
          Object.assign(state, result?.hang ? { verdict: 'hang', starved: result.starved } : { verdict: 'fail' });
        stopAt = Math.min(stopAt, performance.now() + AFTER_FAILURE_MS);
      }
      return state.verdict === 'hang' || performance.now() >= stopAt;
    },
  });
  const problem = yield* batched(tests);
  if (problem && state.verdict === 'pass')
    return { ...state, verdict: problem.hang ? 'hang' : 'fail', starved: problem.starved };
  return state;
}
