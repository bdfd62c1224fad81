import type { TestCoverage, TestResult } from '../domain/evidence.ts';
import type { Suspect } from '../domain/ports.ts';
import { type Frame, framesOf } from './stack-frames.ts';

export interface Facts {
  /** Lines each test executed; `null` when the runner cannot tell. */
  readonly coverage: readonly TestCoverage[] | null;
  readonly failures: readonly TestResult[];
  /** Files that may be edited, best first. */
  readonly sources: ReadonlyArray<{ readonly path: string; readonly text: string }>;
}

const MAX_SUSPECTS = 4_000;
/** How much of a score a stack frame's line may add to what coverage says. */
const FRAME_SHARE = 0.25;

/**
 * Suspicious lines of the sources, most suspicious first, scores in 0..1. With coverage: Ochiai (Abreu et al., 2006),
 * failed(l) / √(failed · (failed(l) + passed(l))), raised where a failure's stack passes. Without: lines of stack frames
 * and their neighbours, then every line of every file alike.
 */
export function localize(facts: Facts): Suspect[] {
  const paths = facts.sources.map((source) => source.path);
  const frames = facts.failures.flatMap((failure) => framesOf(failure.message ?? '', paths));
  const spectrum = facts.coverage ? ochiai(facts.coverage, new Set(paths)) : [];
  const suspects =
    spectrum.length > 0 ? raised(spectrum, frames) : [...besideFrames(facts, frames), ...everyLine(facts)];
  const best = new Map<string, Suspect>();
  for (const suspect of suspects) {
    const key = `${suspect.path}:${suspect.line}`;
    if ((best.get(key)?.score ?? -1) < suspect.score) best.set(key, suspect);
  }
  const order = new Map(paths.map((path, index) => [path, index]));
  return [...best.values()]
    .sort((a, b) => b.score - a.score || order.get(a.path)! - order.get(b.path)! || a.line - b.line)
    .slice(0, MAX_SUSPECTS);
}

function ochiai(coverage: readonly TestCoverage[], paths: ReadonlySet<string>): Suspect[] {
  const lines = new Map<string, { path: string; line: number; failed: number; passed: number }>();
  let failed = 0;
  for (const test of coverage) {
    if (test.outcome === 'skipped') continue;
    if (test.outcome === 'failed') failed++;
    for (const [path, executed] of Object.entries(test.lines)) {
      if (!paths.has(path)) continue;
      for (const line of executed) {
        const entry = lines.get(`${path}:${line}`) ?? { path, line, failed: 0, passed: 0 };
        entry[test.outcome]++;
        lines.set(`${path}:${line}`, entry);
      }
    }
  }
  return [...lines.values()]
    .filter((entry) => entry.failed > 0)
    .map((entry) => ({
      path: entry.path,
      line: entry.line,
      score: entry.failed / Math.sqrt(failed * (entry.failed + entry.passed)),
      why: `executed by ${entry.failed} of ${failed} failing and ${entry.passed} passing tests`,
    }));
}

function raised(spectrum: readonly Suspect[], frames: readonly Frame[]): Suspect[] {
  const innermost = new Map<string, number>();
  for (const { path, line, depth } of frames) {
    const key = `${path}:${line}`;
    innermost.set(key, Math.min(depth, innermost.get(key) ?? depth));
  }
  return spectrum.map((suspect) => {
    const depth = innermost.get(`${suspect.path}:${suspect.line}`);
    const share = depth === undefined ? 0 : FRAME_SHARE / (1 + depth);
    return {
      ...suspect,
      score: suspect.score * (1 - FRAME_SHARE) + share,
      why: depth === undefined ? suspect.why : `${suspect.why}; a failure's stack passes here`,
    };
  });
}

const NEIGHBOURHOOD = 6;

function besideFrames(facts: Facts, frames: readonly Frame[]): Suspect[] {
  const lengths = new Map(facts.sources.map(({ path, text }) => [path, text.trimEnd().split('\n').length]));
  return frames.flatMap(({ path, line, depth }) => {
    const found: Suspect[] = [];
    for (let at = line - NEIGHBOURHOOD; at <= line + NEIGHBOURHOOD; at++) {
      if (at < 1 || at > lengths.get(path)!) continue;
      const score = 1 / (1 + 0.3 * depth) / (1 + 0.2 * Math.abs(at - line));
      found.push({ path, line: at, score, why: at === line ? "a failure's stack passes here" : 'near a stack frame' });
    }
    return found;
  });
}

function everyLine({ sources }: Facts): Suspect[] {
  return sources.flatMap(({ path, text }, index) =>
    text
      .split('\n')
      .flatMap((content, at) =>
        content.trim() === ''
          ? []
          : [{ path, line: at + 1, score: 0.2 / (1 + 0.5 * index), why: 'in a file the failing tests may use' }],
      ),
  );
}
