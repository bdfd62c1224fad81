import { readFileSync } from 'node:fs';
import { join, relative } from 'node:path';
import { filesOf, namePattern, splitArguments } from '../arguments.ts';
import type { Invocation } from '../invocation.ts';
import { nodeProgram } from '../node-program.ts';
import type { Addition, Program, RunnerDefinition, Setting } from '../runner.ts';
import { EVENTS, reporterPath } from '../runtime-files.ts';
import { existing, resolveFiles } from '../test-files.ts';

const VALUES =
  /^(-r|--require|-g|--grep|-f|--fgrep|-R|--reporter|-O|--reporter-options?|-t|--timeout|-s|--slow|-u|--ui|--config|--package|--file|--spec|--extension|--ignore|--exclude|--retries|-j|--jobs|-n|--node-option|--import|--loader)$/;
const CONFIGS = [
  '.mocharc.cjs',
  '.mocharc.mjs',
  '.mocharc.js',
  '.mocharc.json',
  '.mocharc.jsonc',
  '.mocharc.yml',
  '.mocharc.yaml',
];

export const runner: RunnerDefinition = { id: 'mocha', matches, plan, program };

function matches(words: readonly string[]): boolean {
  const found = nodeProgram(words, 'mocha') ?? nodeProgram(words, '_mocha');
  return found !== null && !/^(--version|-V|--help|-h|init)$/.test(found.args[0] ?? '');
}

/** Mocha has one reporter: ours stands in for the default one and prints what it prints; a chosen one is left alone. */
function plan(invocation: Invocation, { reportDir }: Setting): Addition {
  const chosen = invocation.words.some((word) => /^(-R|--reporter(=.*)?)$/.test(word));
  const flags = ['--reporter', reporterPath('mocha.cjs')];
  const argv = chosen ? null : invocation.append(flags);
  if (!argv) return { argv: invocation.argv, formats: ['mocha-json', 'mocha-spec', 'tap', 'junit'] };
  return {
    argv,
    env: { MAESTRO_REPORT: join(reportDir, EVENTS) },
    reportFiles: [EVENTS],
    formats: ['mocha-spec'],
    only: (ids) => only(invocation, flags, ids),
  };
}

function only(invocation: Invocation, flags: readonly string[], ids: readonly string[]): readonly string[] | null {
  const pattern = namePattern(ids);
  const { args, head } = nodeProgram(invocation.words, 'mocha') ?? nodeProgram(invocation.words, '_mocha')!;
  const names = pattern === null || args.some((word) => /^(-[gf]|--f?grep)/.test(word)) ? [] : ['--grep', pattern];
  const files = filesOf(ids);
  const { positional, options } = splitArguments(args, VALUES);
  if (files !== null && positional.length > 0 && !args.includes('--')) {
    const paths = files.map((file) => relative(invocation.cwd, join(invocation.root, file)));
    const narrowed = invocation.replace([...head, ...options, ...flags, ...names, ...paths]);
    if (narrowed) return narrowed;
  }
  return names.length > 0 ? invocation.append([...flags, ...names]) : null;
}

function program({ words, cwd, root, env }: Invocation): Program {
  const { interpreter, interpreterArgs, args } = nodeProgram(words, 'mocha') ?? nodeProgram(words, '_mocha')!;
  const { positional, options } = splitArguments(args, VALUES);
  const configured = positional.length > 0 ? positional : configuredSpec(cwd);
  const recursive = options.includes('--recursive');
  const spec = configured.length > 0 ? configured : ['test'];
  const accepts = (path: string) =>
    /\.[cm]?js$/.test(path) && (recursive || spec.some((word) => isDirectlyIn(path, word)));
  const folder = relative(root, cwd);
  return {
    runner: 'mocha',
    interpreter,
    interpreterArgs,
    args: options,
    testFiles: resolveFiles(spec, cwd, accepts).map((file) => join(folder, file)),
    named: [],
    folder,
    configFiles: existing(
      root,
      [...CONFIGS, 'package.json'].map((name) => join(folder, name)),
    ),
    env,
  };
}

function isDirectlyIn(path: string, folder: string): boolean {
  const base = folder.replace(/^\.\//, '').replace(/\/$/, '');
  return path.startsWith(`${base}/`) && !path.slice(base.length + 1).includes('/');
}

/** `spec` of `.mocharc.json` or of package.json's `mocha`; other kinds of settings would have to be executed. */
function configuredSpec(cwd: string): string[] {
  for (const [file, key] of [
    ['.mocharc.json', null],
    ['package.json', 'mocha'],
  ] as const) {
    try {
      const json = JSON.parse(readFileSync(join(cwd, file), 'utf8')) as Record<string, unknown>;
      const settings = (key === null ? json : json[key]) as { spec?: unknown } | undefined;
      const spec = settings?.spec;
      if (typeof spec === 'string') return [spec];
      if (Array.isArray(spec)) return spec.filter((word) => typeof word === 'string');
    } catch {}
  }
  return [];
}
