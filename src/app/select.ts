import { availableParallelism } from 'node:os';
import { relative } from 'node:path';
import { type Candidate, readCandidates, readResults } from '../domain/candidate.ts';
import { changeSet } from '../domain/change.ts';
import type { Run } from '../domain/ports.ts';
import { redact } from '../domain/redaction.ts';
import type { Selection } from '../domain/selection.ts';
import { selectFlow } from '../flows/select.ts';
import type { SelectPorts } from '../flows/select-contract.ts';
import { refusal } from '../platform/patch-names.ts';
import { observeBaseline } from '../verify/baseline.ts';
import type { TreeSnapshot } from '../verify/snapshot.ts';
import { type StillTree, stillTree } from '../verify/still-tree.ts';
import { createVerifier } from '../verify/verifier.ts';
import { type CandidateTree, candidatesIn } from './candidate-paths.ts';
import { patchesOf } from './patches.ts';
import { runInTree, type Surroundings } from './run-in-tree.ts';
import { type SelectPlan, selectorOf } from './select-plan.ts';
import type { Workspace } from './workspace.ts';

/** A call of `maestro select`; files are given as their text, commands as program and arguments. */
export interface SelectInvocation {
  readonly cwd: string;
  readonly candidates: string;
  readonly mode: string;
  readonly testCommand: readonly string[] | null;
  readonly lintCommand: readonly string[] | null;
  readonly probeCommand: readonly string[] | null;
  readonly testResults: string | null;
  readonly timeLimitMs: number;
}

/** Chooses among candidates by evidence. Throws `bad_candidates`, `usage`, and what running the tests may throw. */
export async function select(invocation: SelectInvocation, surroundings: Surroundings): Promise<Selection> {
  const { cwd, ...request } = invocation;
  const { testResults, ...plan } = request;
  const candidates = readCandidates(request.candidates);
  const ids = candidates.map(({ id }) => id);
  const results = testResults === null ? null : readResults(testResults, ids);
  await selectorOf(plan.mode);
  return runInTree(
    { kind: 'selection', cwd, request, kept: { candidates: ids, testCommand: request.testCommand } },
    surroundings,
    (run, { snapshot }) =>
      selectIn(
        run,
        copied(snapshot),
        { ...plan, candidates, results, lintResults: {}, task: null, criteria: null },
        null,
      ),
    async ({ result }) => result,
  );
}

/** The tree that candidates are for; `snapshot` is there where a command is to be run. */
export interface SelectTree extends CandidateTree {
  readonly files: () => Promise<readonly string[]>;
  readonly snapshot: TreeSnapshot | null;
}

/** The tree as it was when it was copied. */
export function copied(snapshot: TreeSnapshot): SelectTree {
  const known = new Set(snapshot.files);
  const { read, folder } = snapshot;
  return { snapshot, folder, read, has: async (path) => known.has(path), files: async () => snapshot.files };
}

/** The tree where it lies, where nothing is to be run in it; what was read of it already is not read again. */
export function inPlace(
  { folder, project }: Workspace,
  signal: AbortSignal,
  read?: Pick<StillTree, 'under'>,
): SelectTree & StillTree {
  const tree = read?.under(signal) ?? stillTree(project, signal);
  return { ...tree, folder: relative(project, folder), snapshot: null };
}

/** Carries out a plan over a tree, within a run. A judge is asked where the mode wants one and one is given. */
export async function selectIn(
  run: Run,
  tree: SelectTree,
  plan: SelectPlan,
  judge: SelectPorts['judge'],
): Promise<Selection> {
  await using ports = await selectPorts(tree, plan, judge);
  const candidates = await Promise.all(plan.candidates.map(candidatesIn(tree).withFiles));
  return selectFlow(run, ports, { ...plan, candidates, lintResults: new Map(Object.entries(plan.lintResults)) });
}

/** The patch that a candidate stands for, without secrets; null where it changes nothing that can be told. */
export async function patchOf(tree: SelectTree, candidate: Candidate): Promise<string | null> {
  const { parse, withFiles } = candidatesIn(tree);
  const { patch, files, text } = await withFiles(candidate);
  const parsed = files ? null : await parse(patch ?? text ?? '');
  if (parsed && !parsed.ok) return null;
  const change = parsed?.change ?? changeSet(Object.entries(files!).map(([path, content]) => ({ path, content })));
  return change.length === 0 ? null : redact(await patchesOf(tree).render(change)).text;
}

async function selectPorts(
  tree: SelectTree,
  { mode, testCommand, lintCommand, probeCommand }: SelectPlan,
  judge: SelectPorts['judge'],
): Promise<SelectPorts & AsyncDisposable> {
  const { snapshot } = tree;
  const open = async (command: readonly string[] | null) =>
    snapshot && command && (await createVerifier({ snapshot, command }));
  const [verifier, linter, prober] = await Promise.all([open(testCommand), open(lintCommand), open(probeCommand)]);
  return {
    selector: await selectorOf(mode),
    parse: candidatesIn(tree).parse,
    refusal,
    tests: verifier && { verifier, observeBaseline: (options) => observeBaseline(verifier, testCommand!, options) },
    command: testCommand,
    files: tree.files,
    lint: linter && ((change, options) => linter.run(change, options)),
    judge,
    probe: prober && ((change, options) => prober.run(change, options)),
    width: availableParallelism(),
    [Symbol.asyncDispose]: async () => {
      await Promise.all([verifier?.close(), linter?.close(), prober?.close()]);
    },
  };
}
