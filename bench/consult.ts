import { spawn } from 'node:child_process';
import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { AdviceSurroundings, ProviderDefinition } from '../src/domain/advice.ts';
import { removeAllTempDirs, removeTempDir } from '../src/platform/temp.ts';
import * as claude from '../src/providers/claude.ts';
import * as codex from '../src/providers/codex.ts';
import type { Dialect } from '../src/providers/command-line/dialect.ts';
import { programEnvironment } from '../src/providers/command-line/environment.ts';
import { makePrivateFolders } from '../src/providers/command-line/private-folder.ts';
import * as gemini from '../src/providers/gemini.ts';
import { REQUEST, settingsFor, surroundingsFor } from '../test/contract/cli-asking.ts';
import { startFakeModelServer } from '../test/models/model-server.mjs';

/**
 * Prints what asking through Maestro costs over starting the same program by hand, with the same flags, against the
 * same server on loopback: the median of as many pairs as the argument says, in turn. The goal is 1.05 for each.
 */
const ROUNDS = Number(process.argv[2] ?? 9);
const GOAL = 1.05;
const MODULES = fileURLToPath(new URL('../test/clients/node_modules', import.meta.url));

const CLIENTS: ReadonlyArray<{
  module: { provider: ProviderDefinition; dialect: Dialect };
  binary: string;
  key: string;
  model: string;
}> = [
  { module: codex, binary: join(MODULES, '.bin/codex'), key: 'CODEX_API_KEY', model: 'gpt-5.5' },
  {
    module: claude,
    binary: join(MODULES, `@anthropic-ai/claude-code-${process.platform}-${process.arch}/claude`),
    key: 'ANTHROPIC_API_KEY',
    model: 'claude-sonnet-4-5',
  },
  { module: gemini, binary: join(MODULES, '.bin/gemini'), key: 'GEMINI_API_KEY', model: 'gemini-2.5-pro' },
];

const cacheFolder = mkdtempSync(join(tmpdir(), 'maestro-bench-consult-'));
const server = await startFakeModelServer({ script: [{ text: 'pong' }] });
try {
  for (const client of CLIENTS) {
    const { dialect, provider } = client.module;
    if (!existsSync(client.binary)) {
      console.log(`${dialect.id}: not installed; run npm ci --prefix test/clients --ignore-scripts`);
      continue;
    }
    const baseUrl = `${server.url}${dialect.apiPath}`;
    const settings = settingsFor(dialect.id, { binary: client.binary, model: client.model, baseUrl });
    const env = { PATH: process.env.PATH, HOME: cacheFolder, [client.key]: 'not-a-key' };
    const surroundings = surroundingsFor(settings, { env, cacheFolder: join(cacheFolder, dialect.id) });
    const pairs: Array<[byHand: number, asked: number]> = [];
    for (let round = -1; round < ROUNDS; round++) {
      const asked = await timed(() => ask(provider, surroundings));
      await removeAllTempDirs();
      const byHand = await runByHand(dialect, client.binary, surroundings);
      if (round >= 0) pairs.push([byHand, asked]);
    }
    report(dialect.id, pairs);
  }
} finally {
  await server.close();
  rmSync(cacheFolder, { recursive: true });
}

async function ask(provider: ProviderDefinition, surroundings: AdviceSurroundings): Promise<void> {
  const advice = await provider.ask(REQUEST, surroundings);
  if (!advice.ok) throw new Error(`${provider.id}: ${advice.reason}: ${advice.message}`);
}

/** Folders and files are made before the clock starts: whoever runs it by hand has them. */
async function runByHand(dialect: Dialect, binary: string, surroundings: AdviceSurroundings): Promise<number> {
  const login = (await dialect.login(surroundings))!;
  const folders = await makePrivateFolders(dialect.id, REQUEST.system);
  const { limits, cacheFolder, settings } = surroundings;
  const program = { path: binary, version: dialect.testedVersion };
  const { args, env } = await dialect.prepare({
    program,
    login,
    folders,
    model: settings.model,
    effort: null,
    limits,
    cacheFolder,
    env: surroundings.env,
    signal: surroundings.signal,
  });
  const everything = { ...programEnvironment(surroundings.env), HOME: folders.home, TMPDIR: folders.tmp, ...env };
  const ms = await timed(
    () =>
      new Promise<void>((resolve, reject) => {
        const child = spawn(binary, args, { cwd: folders.cwd, env: everything, stdio: ['pipe', 'pipe', 'ignore'] });
        child.stdout.resume();
        child.stdin.end('# Question\n\nSay pong.\n');
        child.on('error', reject);
        child.on('close', (code) => (code === 0 ? resolve() : reject(new Error(`${dialect.id} ended with ${code}`))));
      }),
  );
  await removeTempDir(folders.root);
  return ms;
}

function report(id: string, pairs: ReadonlyArray<[number, number]>): void {
  const [byHand, asked] = [0, 1].map((at) => median(pairs.map((pair) => pair[at]!)));
  const ratio = median(pairs.map(([hand, through]) => through / hand));
  const verdict = `goal ${GOAL}${ratio <= GOAL ? '' : ', missed'}`;
  console.log(
    `${id}: by hand ${byHand!.toFixed(0)} ms, through Maestro ${asked!.toFixed(0)} ms, median ratio ${ratio.toFixed(3)} of ${pairs.length} (${verdict})`,
  );
}

async function timed(act: () => Promise<void>): Promise<number> {
  const started = performance.now();
  await act();
  return performance.now() - started;
}

function median(values: readonly number[]): number {
  const sorted = values.toSorted((a, b) => a - b);
  return sorted[sorted.length >> 1]!;
}
