import { readFile } from 'node:fs/promises';
import { basename, join, resolve } from 'node:path';
import type { Invocation } from './invocation.ts';
import { command, type ShellCommand, shellCommands } from './shell-words.ts';

/** Whether these words are a runner's own command, seen from `cwd`. */
export type IsRunner = (words: readonly string[], cwd: string) => boolean;

/** What is known so far while wrappers come off, outermost first. */
interface Layer {
  readonly words: readonly string[];
  readonly cwd: string;
  readonly env: Readonly<Record<string, string>>;
  /** Index of `words` in the user's argv; `null` inside a script. */
  readonly start: number | null;
  /** Words to put between the user's argv and appended ones; `null` when appended words do not reach `words`. */
  readonly bridge: readonly string[] | null;
}

const MAX_LAYERS = 12;

/** Takes wrappers (`env`, `npx`, `timeout`, `uv run`, …) and package scripts off a command, without running anything. */
export async function unwrap(argv: readonly string[], root: string, isRunner: IsRunner): Promise<Invocation> {
  let layer: Layer = { words: argv, cwd: root, env: {}, start: 0, bridge: [] };
  for (let depth = 0; depth < MAX_LAYERS && !isRunner(layer.words, layer.cwd); depth++) {
    const next = prefixOff(layer) ?? shellTextOff(layer, isRunner) ?? (await scriptOff(layer, argv, isRunner));
    if (!next) break;
    layer = next;
  }
  const { words, cwd, env, start, bridge } = layer;
  return {
    words,
    argv,
    cwd,
    root,
    env,
    replace: (changed) => (start === null ? null : [...argv.slice(0, start), ...changed]),
    append: (more) => (bridge === null || words.includes('--') ? null : [...argv, ...bridge, ...more]),
  };
}

function dropped(layer: Layer, count: number, env: Readonly<Record<string, string>> = {}): Layer | null {
  if (count === 0 || count >= layer.words.length) return null;
  return {
    ...layer,
    words: layer.words.slice(count),
    env: { ...layer.env, ...env },
    start: layer.start === null ? null : layer.start + count,
  };
}

/** Wrappers that run the rest of their words. */
function prefixOff(layer: Layer): Layer | null {
  const { words } = layer;
  const name = basename(words[0] ?? '');
  const second = words[1] ?? '';
  if (name === 'env' || name === 'cross-env') return environmentOff(layer);
  if (name === 'npx' || name === 'bunx') return dropped(layer, pastFlags(words, 1, NPX_FLAGS));
  if (/^(npm|pnpm|yarn)$/.test(name) && /^(exec|x)$/.test(second))
    return dropped(layer, pastFlags(words, 2, NPX_FLAGS));
  if (/^(uv|poetry|pipenv|pdm|rye)$/.test(name) && second === 'run') return dropped(layer, pastFlags(words, 2, /^--$/));
  if (name === 'timeout') return dropped(layer, pastFlags(words, 1, /^-/) + 1);
  if (name === 'nice') return dropped(layer, second === '-n' ? 3 : pastFlags(words, 1, /^-/));
  if (name === 'xvfb-run') return dropped(layer, pastFlags(words, 1, /^(-a|--auto-servernum)$/));
  if (/^(time|command|exec|c8|nyc)$/.test(name) && !second.startsWith('-')) return dropped(layer, 1);
  return null;
}

const NPX_FLAGS = /^(--|-y|--yes|--no|--no-install|--offline|-s|--silent)$/;

function pastFlags(words: readonly string[], from: number, flags: RegExp): number {
  let at = from;
  while (at < words.length && flags.test(words[at]!)) at++;
  return words[at]?.startsWith('-') ? 0 : at;
}

function environmentOff(layer: Layer): Layer | null {
  let at = 1;
  while (at < layer.words.length && /^-/.test(layer.words[at]!)) at += /^(-u|--unset)$/.test(layer.words[at]!) ? 2 : 1;
  const { words, env } = command(layer.words.slice(at));
  return dropped(layer, layer.words.length - words.length, env);
}

/** `sh -c "text"`. */
function shellTextOff(layer: Layer, isRunner: IsRunner): Layer | null {
  const [name = '', flag, text] = layer.words;
  if (!/^(ba|da|z|k)?sh$/.test(basename(name)) || !/^-\w*c$/.test(flag ?? '') || text === undefined) return null;
  const { chosen } = choose(text, layer.cwd, isRunner);
  return chosen && inside(layer, chosen, null);
}

/** Package scripts: `npm test`, `npm run x`, `pnpm x`, `yarn x`. */
async function scriptOff(layer: Layer, argv: readonly string[], isRunner: IsRunner): Promise<Layer | null> {
  const call = scriptCall(layer.words);
  if (!call) return null;
  const cwd = resolve(layer.cwd, call.folder);
  const text = await scriptText(cwd, call.script);
  if (text === null) return call.orBinary ? dropped(layer, 1) : null;
  const { chosen, reachable } = choose(text, cwd, isRunner);
  if (!chosen) return null;
  const outermost = layer.start !== null;
  const needsDashes = call.dashes && !call.passes;
  const open = reachable && layer.bridge !== null && (outermost || !needsDashes);
  const bridge = !open ? null : outermost && needsDashes ? ['--'] : layer.bridge;
  const words = reachable ? [...chosen.words, ...call.args] : chosen.words;
  return inside({ ...layer, cwd }, { ...chosen, words }, argv.length > 0 ? bridge : null);
}

interface ScriptCall {
  readonly script: string;
  readonly folder: string;
  readonly args: readonly string[];
  /** npm keeps options for itself unless they stand after `--`. */
  readonly dashes: boolean;
  /** The call has its `--` already. */
  readonly passes: boolean;
  /** `yarn jest` runs the installed program when there is no such script. */
  readonly orBinary: boolean;
}

const OWN_COMMANDS =
  /^(install|i|add|ci|publish|pack|exec|x|dlx|create|init|remove|why|list|audit|config|workspaces?)$/;

function scriptCall(words: readonly string[]): ScriptCall | null {
  const tool = basename(words[0] ?? '').replace(/\.(cmd|exe)$/, '');
  if (!/^(npm|pnpm|yarn|bun)$/.test(tool)) return null;
  let folder = '';
  let at = 1;
  const flags = () => {
    for (; words[at]?.startsWith('-') && words[at] !== '--'; at++) {
      if (/^(--prefix|-C|--dir|--cwd)$/.test(words[at]!)) folder = words[++at] ?? '';
      else folder = /^--(?:prefix|dir|cwd)=(.*)$/.exec(words[at]!)?.[1] ?? folder;
    }
  };
  flags();
  let script = words[at++];
  const explicit = script === 'run' || script === 'run-script';
  if (explicit) {
    flags();
    script = words[at++];
  } else if (tool === 'npm' && script && !/^(test|t|tst|start)$/.test(script)) return null;
  if (!script || (!explicit && OWN_COMMANDS.test(script)) || tool === 'bun') return null;
  if (/^(t|tst)$/.test(script) && !explicit) script = 'test';
  const rest = words.slice(at);
  const dash = rest.indexOf('--');
  const dashes = tool === 'npm';
  const args = dashes
    ? [
        ...rest.slice(0, dash < 0 ? undefined : dash).filter((word) => !word.startsWith('-')),
        ...(dash < 0 ? [] : rest.slice(dash + 1)),
      ]
    : rest.filter((word, index) => index > 0 || word !== '--');
  return {
    script,
    folder,
    args,
    dashes,
    passes: dash >= 0,
    orBinary: !explicit && tool !== 'npm' && script !== 'test',
  };
}

async function scriptText(cwd: string, name: string): Promise<string | null> {
  try {
    const { scripts } = JSON.parse(await readFile(join(cwd, 'package.json'), 'utf8')) as {
      scripts?: Record<string, unknown>;
    };
    const text = scripts && Object.hasOwn(scripts, name) ? scripts[name] : null;
    return typeof text === 'string' ? text.slice(0, 20_000) : null;
  } catch {
    return null;
  }
}

/** The command of a shell text that tests: the last that a runner knows, else the last. */
function choose(text: string, cwd: string, isRunner: IsRunner): { chosen: ShellCommand | null; reachable: boolean } {
  const { commands, openEnded } = shellCommands(text);
  const last = commands.at(-1) ?? null;
  const chosen = commands.findLast(({ words }) => isRunner(words, cwd)) ?? last;
  return { chosen, reachable: openEnded && chosen === last };
}

function inside(layer: Layer, { words, env }: ShellCommand, bridge: readonly string[] | null): Layer | null {
  if (words.length === 0) return null;
  return { ...layer, words, env: { ...layer.env, ...env }, start: null, bridge };
}
