import { existsSync, readFileSync } from 'node:fs';
import { basename, join, relative, resolve } from 'node:path';
import { globExpression } from '../../../platform/glob.ts';
import { idParts } from '../arguments.ts';
import type { Invocation } from '../invocation.ts';
import { pythonModule, withReporters } from '../python-program.ts';
import type { Addition, Program, RunnerDefinition, Setting } from '../runner.ts';
import { EVENTS } from '../runtime-files.ts';
import { existing, resolveFiles } from '../test-files.ts';

const PLUGIN = ['-p', 'maestro_pytest'];
const CONFIGS = ['pytest.toml', '.pytest.toml', 'pytest.ini', '.pytest.ini', 'pyproject.toml', 'tox.ini', 'setup.cfg'];

export const runner: RunnerDefinition = { id: 'pytest', matches, plan, program };

interface Parts {
  readonly interpreter: string;
  readonly interpreterArgs: readonly string[];
  readonly head: readonly string[];
  readonly args: readonly string[];
  readonly readsEnvironment: boolean;
}

function parts(words: readonly string[]): Parts | null {
  if (/^(pytest|py\.test)(-?3)?(\.exe)?$/.test(basename(words[0] ?? '')))
    return {
      interpreter: beside(words[0]!),
      interpreterArgs: [],
      head: words.slice(0, 1),
      args: words.slice(1),
      readsEnvironment: true,
    };
  const module = pythonModule(words);
  if (!module || !/^(pytest|py\.test)$/.test(module.module)) return null;
  return { ...module, head: [...module.head, module.module] };
}

/** The interpreter of a `pytest` given by its path lies next to it; otherwise it is the one on the PATH. */
function beside(pytest: string): string {
  const folder = pytest.slice(0, -basename(pytest).length);
  return folder === '' || !existsSync(`${folder}python3`) ? 'python3' : `${folder}python3`;
}

function matches(words: readonly string[]): boolean {
  const found = parts(words);
  return (
    found !== null &&
    !found.args.some((word) => /^(--version|--help|-h|--collect-only|--co|--fixtures|--markers)$/.test(word))
  );
}

function plan(invocation: Invocation, { reportDir, environment }: Setting): Addition {
  const { readsEnvironment, head, args } = parts(invocation.words)!;
  const argv = invocation.replace([...head, ...PLUGIN, ...args]) ?? invocation.append(PLUGIN);
  const overridden = invocation.replace([]) === null && invocation.env.PYTHONPATH !== undefined;
  if (!argv || !readsEnvironment || overridden) return { argv: invocation.argv, formats: ['pytest'] };
  return {
    argv: withPythonPath(argv, invocation, environment),
    env: { MAESTRO_REPORT: join(reportDir, EVENTS), PYTHONPATH: withReporters(environment, invocation.env) },
    reportFiles: [EVENTS],
    formats: ['pytest'],
    only: (ids) => only(invocation, environment, ids),
  };
}

/** `env PYTHONPATH=src pytest` sets the variable after us: it is changed where it stands. */
function withPythonPath(
  argv: readonly string[],
  { env }: Invocation,
  environment: Setting['environment'],
): readonly string[] {
  const own = env.PYTHONPATH;
  return own === undefined
    ? argv
    : argv.map((word) => (word === `PYTHONPATH=${own}` ? `PYTHONPATH=${withReporters(environment, env)}` : word));
}

function only(
  invocation: Invocation,
  environment: Setting['environment'],
  ids: readonly string[],
): readonly string[] | null {
  const { head, args } = parts(invocation.words)!;
  const chosen = new Set<string>();
  for (const id of ids) {
    const { file } = idParts(id);
    if (file === null) return null;
    chosen.add(nodeId(invocation, file, id.slice(file.length + 2)));
  }
  const options = args.filter(
    (word, index) => word.startsWith('-') || !isTarget(word, args[index - 1], invocation.cwd),
  );
  const argv = invocation.replace([...head, ...PLUGIN, ...options, ...chosen]);
  return argv && withPythonPath(argv, invocation, environment);
}

/** Parameters are left out: all of a test's cases run. A file stands for itself. */
function nodeId({ root, cwd }: Invocation, file: string, name: string): string {
  const path = relative(cwd, join(root, file));
  const plain = name.replace(/[[ ].*$/s, '');
  return plain === '' || plain.startsWith('(') ? path : `${path}::${plain}`;
}

const NO_VALUE =
  /^(-[xvqslx]+|--(?!.*=)(verbose|quiet|exitfirst|lf|ff|nf|sw|no-header|no-summary|strict-markers|disable-warnings))$/;

function isTarget(word: string, before: string | undefined, cwd: string): boolean {
  if (before?.startsWith('-') && !before.includes('=') && !NO_VALUE.test(before)) return false;
  return word.includes('::') || existsSync(resolve(cwd, word));
}

function program({ words, cwd, root, env }: Invocation): Program {
  const { interpreter, interpreterArgs, args } = parts(words)!;
  const targets = args.filter((word, index) => !word.startsWith('-') && isTarget(word, args[index - 1], cwd));
  const settings = configured(cwd);
  const patterns = settings.files.map((glob) => globExpression(glob));
  const accepts = (path: string) =>
    patterns.some((expression) => expression.test(basename(path)) || expression.test(path));
  const places = targets.length > 0 ? targets.map((target) => target.split('::')[0]!) : settings.paths;
  const folder = relative(root, cwd);
  return {
    runner: 'pytest',
    interpreter,
    interpreterArgs,
    args: args.filter((word) => !targets.includes(word)),
    testFiles: resolveFiles(places, cwd, accepts)
      .filter((file) => file.endsWith('.py'))
      .map((file) => join(folder, file)),
    named: targets.filter((target) => target.includes('::')),
    folder,
    configFiles: existing(
      root,
      [...CONFIGS, 'conftest.py'].map((name) => join(folder, name)),
    ),
    env,
  };
}

/** `testpaths` and `python_files` of the first settings file that has pytest's section. */
function configured(cwd: string): { paths: string[]; files: string[] } {
  for (const name of CONFIGS) {
    const text = read(join(cwd, name));
    const section = /^\[(?:tool\.pytest(?:\.ini_options)?|tool:pytest|pytest)\]\s*$([\s\S]*?)(?=^\[|$(?![\s\S]))/m.exec(
      text,
    )?.[1];
    if (section === undefined) continue;
    const list = (key: string) => setting(section, key);
    return { paths: orElse(list('testpaths'), ['.']), files: orElse(list('python_files'), ['test_*.py', '*_test.py']) };
  }
  return { paths: ['.'], files: ['test_*.py', '*_test.py'] };
}

/** A list as ini files (words, or one a line) and TOML (quoted, in brackets) write it. */
function setting(section: string, key: string): string[] {
  const value =
    new RegExp(`^${key}\\s*=\\s*(\\[[^\\]]*\\]|[^\\n]*(?:\\n[ \\t]+[^\\n]*)*)`, 'm').exec(section)?.[1] ?? '';
  return /["']/.test(value)
    ? [...value.matchAll(/["']([^"'\n]*)["']/g)].flatMap((match) => match[1]!.split(/\s+/))
    : value.split(/\s+/).filter(Boolean);
}

function orElse(values: string[], fallback: string[]): string[] {
  return values.length > 0 ? values : fallback;
}

function read(path: string): string {
  try {
    return readFileSync(path, 'utf8').slice(0, 500_000);
  } catch {
    return '';
  }
}
