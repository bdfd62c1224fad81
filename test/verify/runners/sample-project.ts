import { execFile, spawnSync } from 'node:child_process';
import { cp, mkdir, mkdtemp, readFile, realpath, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { TestResult } from '../../../src/domain/evidence.ts';
import { describeCommand, type ParsedReport, type RunnerPlan } from '../../../src/verify/runners/index.ts';

const PROJECTS = fileURLToPath(new URL('../../fixtures/reports/projects/', import.meta.url));
const MODULES = fileURLToPath(new URL('../../../node_modules', import.meta.url));
const TIME_LIMIT = 50_000;

/** A copy of a sample project, or a project made of the given files, in a temporary folder of its own. */
export class SampleProject {
  readonly root: string;
  #count = 0;

  private constructor(root: string) {
    this.root = root;
  }

  static async copyOf(name: string): Promise<SampleProject> {
    const project = await SampleProject.of({});
    await cp(join(PROJECTS, name), project.root, { recursive: true });
    return project;
  }

  static async of(files: Readonly<Record<string, string>>): Promise<SampleProject> {
    const base = await realpath(await mkdtemp(join(tmpdir(), 'maestro-runners-')));
    const project = new SampleProject(join(base, 'project'));
    await mkdir(project.root);
    await symlink(MODULES, join(base, 'node_modules'));
    for (const [path, text] of Object.entries(files)) await project.write(path, text);
    return project;
  }

  async write(path: string, text: string): Promise<void> {
    await mkdir(dirname(join(this.root, path)), { recursive: true });
    await writeFile(join(this.root, path), text);
  }

  /** The plan for a run of its own. */
  async plan(argv: readonly string[]): Promise<RunnerPlan> {
    const reportDir = join(dirname(this.root), `report ${this.#count++}`);
    await mkdir(reportDir);
    return describeCommand(argv, this.root, reportDir, {});
  }

  /** Plans, runs and parses; `ids` restricts the run as the runner can be told. */
  async run(argv: readonly string[], ids?: readonly string[]): Promise<ParsedReport & { readonly stdout: string }> {
    const plan = await this.plan(argv);
    const command = ids === undefined ? plan.argv : plan.only(ids);
    if (command === null) throw new Error('the runner cannot be told which tests to run');
    const ended = await execute(command, this.root, plan.env);
    const readReport = (name: string) => readFile(name, 'utf8').catch(() => null);
    return { ...(await plan.parse({ ...ended, readReport })), stdout: ended.stdout };
  }

  async remove(): Promise<void> {
    await rm(dirname(this.root), { recursive: true, force: true });
  }
}

interface Ended {
  readonly stdout: string;
  readonly stderr: string;
  readonly exitCode: number | null;
}

function execute(argv: readonly string[], cwd: string, env: Readonly<Record<string, string>>): Promise<Ended> {
  const base = { PATH: `${MODULES}/.bin:${process.env.PATH}`, HOME: process.env.HOME, PYTHONDONTWRITEBYTECODE: '1' };
  return new Promise((resolve) => {
    execFile(
      argv[0]!,
      argv.slice(1),
      { cwd, env: { ...base, ...env }, timeout: TIME_LIMIT, maxBuffer: 1 << 26, killSignal: 'SIGKILL' },
      (error, stdout, stderr) => {
        const code = error === null ? 0 : typeof error.code === 'number' ? error.code : null;
        resolve({ stdout, stderr, exitCode: code });
      },
    );
  });
}

/** Each id with its outcome's first letter, sorted. */
export function outcomes(tests: readonly TestResult[] | null): string[] {
  return (tests ?? []).map(({ id, outcome }) => `${outcome[0]} ${id}`).sort();
}

/** Why a tool's tests are left out here, or `null` when it is here. */
export function missing(...argv: string[]): string | null {
  const tried = spawnSync(argv[0]!, argv.slice(1), { timeout: 20_000, encoding: 'utf8' });
  return tried.status === 0 ? null : `${argv.join(' ')} does not work here: ${tried.error?.message ?? tried.stderr}`;
}
