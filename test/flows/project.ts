import { execFile } from 'node:child_process';
import { cp, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { ChangeSet } from '../../src/domain/change.ts';
import { checkedEvent } from '../../src/domain/event.ts';
import type { Baseline, CheckRun, Evidence } from '../../src/domain/evidence.ts';
import type { CheckOptions, NewEvent, Run } from '../../src/domain/ports.ts';
import type { SelectPorts } from '../../src/flows/select-contract.ts';
import { parsePatch } from '../../src/platform/patch.ts';
import { refusal } from '../../src/platform/patch-names.ts';
import { selector } from '../../src/selectors/tests-first.ts';

/** The fault: a page that is not full is not counted. */
export const BUGGY = 'export const pages = (items, size) => Math.floor(items / size);\n';
/** Prints one line a test, `ok` or `not ok`, as a small runner would. */
const CHECK = `import { pages } from './pages.mjs';
const cases = { empty: [0, 5, 0], full: [10, 5, 2], rest: [11, 5, 3] };
let failed = 0;
for (const [name, [items, size, expected]] of Object.entries(cases)) {
  const passed = pages(items, size) === expected;
  failed += passed ? 0 : 1;
  console.log((passed ? 'ok ' : 'not ok ') + name);
}
process.exitCode = failed > 0 ? 1 : 0;
`;
/** What the code does on inputs without known answers. */
const PROBE = `import { pages } from './pages.mjs';
for (const items of [-3, 1, 4, 5, 6, 99, 2.5]) console.log(pages(items, 5));
`;

/** A real project in a temporary folder whose checks are real processes on copies of it, and a journal in memory. */
export class Project {
  readonly root: string;
  readonly controller = new AbortController();
  readonly committed = new Map<string, string>();
  readonly executed: string[] = [];
  readonly events: NewEvent[] = [];
  /** Commands run, as `<script>`; and how many were under way at once at most. */
  readonly commands: string[] = [];
  most = 0;
  #underWay = 0;

  private constructor(root: string) {
    this.root = root;
  }

  static async open(): Promise<Project> {
    const root = await mkdtemp(join(tmpdir(), 'maestro-project-'));
    await writeFile(join(root, 'pages.mjs'), BUGGY);
    await writeFile(join(root, 'check.mjs'), CHECK);
    await writeFile(join(root, 'probe.mjs'), PROBE);
    return new Project(root);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await rm(this.root, { recursive: true, force: true });
  }

  /** Steps commit as JSON with their events, which must be in the catalogue. */
  run(): Run {
    return {
      id: 'run-1',
      signal: this.controller.signal,
      step: async (name, work) => {
        const committed = this.committed.get(name);
        if (committed !== undefined) return JSON.parse(committed);
        const events: NewEvent[] = [];
        const result = await work((event) => events.push(checkedEvent(event)));
        this.committed.set(name, JSON.stringify(result));
        this.executed.push(name);
        this.events.push(...events);
        return result;
      },
    };
  }

  async ports(changes: Partial<SelectPorts> = {}): Promise<SelectPorts> {
    const texts = new Map([['pages.mjs', await readFile(join(this.root, 'pages.mjs'), 'utf8')]]);
    return {
      selector,
      parse: async (text) => parsePatch(text, (path) => texts.get(path) ?? null),
      refusal,
      tests: {
        observeBaseline: async (options) => this.#baseline(await this.#command('check.mjs', [], options)),
        verifier: {
          verify: async (change, baseline, options) => {
            const seen = await this.#command('check.mjs', change, options);
            return { ...this.#evidence(seen, baseline), counts: null, failures: [] };
          },
        },
      },
      command: ['node', 'check.mjs'],
      files: async () => ['pages.mjs', 'check.mjs', 'probe.mjs'],
      lint: null,
      judge: null,
      probe: (change, options) => this.#command('probe.mjs', change, options),
      width: 2,
      ...changes,
    };
  }

  async #command(script: string, change: ChangeSet, { signal, timeLimitMs }: CheckOptions): Promise<CheckRun> {
    const copy = await mkdtemp(join(tmpdir(), 'maestro-copy-'));
    this.commands.push(script);
    this.most = Math.max(this.most, ++this.#underWay);
    try {
      await cp(this.root, copy, { recursive: true });
      for (const { path, content } of change) {
        if (content === null) await rm(join(copy, path));
        else await writeFile(join(copy, path), content);
      }
      return await execute(script, copy, signal, timeLimitMs);
    } finally {
      this.#underWay--;
      await rm(copy, { recursive: true, force: true });
    }
  }

  #baseline({ tests }: CheckRun): Baseline {
    const named = (outcome: string) => (tests ?? []).filter((test) => test.outcome === outcome).map(({ id }) => id);
    return { format: 'lines', failing: named('failed'), passing: named('passed'), flaky: [], runs: [], ms: 1 };
  }

  #evidence({ tests, status }: CheckRun, baseline: Baseline): Evidence {
    const outcomes = new Map((tests ?? []).map(({ id, outcome }) => [id, outcome]));
    const ran = outcomes.size > 0;
    return {
      basis: 'observed',
      applies: true,
      protectedFiles: [],
      executed: outcomes.size,
      broken: ran ? baseline.passing.filter((id) => outcomes.get(id) !== 'passed') : null,
      fixed: baseline.failing.filter((id) => outcomes.get(id) === 'passed'),
      targets: baseline.failing,
      newLintProblems: null,
      behaviour: null,
      status,
      ms: 1,
    };
  }
}

function execute(script: string, cwd: string, signal: AbortSignal, timeout: number): Promise<CheckRun> {
  return new Promise((resolve) => {
    execFile(process.execPath, [script], { cwd, signal, timeout }, (error, stdout) => {
      const lines = stdout.split('\n').filter((line) => /^(not )?ok /.test(line));
      const tests = lines.map((line) => ({
        id: line.replace(/^(not )?ok /, ''),
        outcome: line.startsWith('ok') ? ('passed' as const) : ('failed' as const),
      }));
      const ended = error === null ? 'passed' : error.killed ? 'timed_out' : 'failed';
      const status = signal.aborted ? 'cancelled' : ended;
      const exitCode = error === null ? 0 : typeof error.code === 'number' ? error.code : null;
      resolve({
        status,
        exitCode,
        signal: null,
        format: 'lines',
        tests,
        output: stdout,
        outputTruncated: false,
        ms: 1,
      });
    });
  });
}
