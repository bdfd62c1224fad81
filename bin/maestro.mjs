#!/usr/bin/env node
// Plain JavaScript that any Node can parse: checks the version, then starts the CLI.
import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { constants } from 'node:os';
import { fileURLToPath } from 'node:url';

const [major, minor] = process.versions.node.split('.').map(Number);
const recentEnough = major > 22 || (major === 22 && minor >= 12);

if (recentEnough) await start();
else startOnNewerNode();

async function start() {
  const cli = new URL('../dist/cli/main.js', import.meta.url);
  if (!existsSync(cli)) return fail('not built yet (dist/ is missing). Run: npm run build');
  const { enableCompileCache } = await import('node:module');
  enableCompileCache?.();
  const { main } = await import(cli.href);
  await main(process.argv);
}

/** The local newer Node does the work; signals are passed on to it, and its end is ours. */
function startOnNewerNode() {
  const node = fileURLToPath(new URL('../node_modules/node/bin/node', import.meta.url));
  const args = process.argv.slice(2);
  if (!existsSync(node)) {
    const remedy = `npx -y -p node@24 -p maestro-workflow maestro ${args.join(' ')}`;
    return fail(`needs Node 22.12 or newer, this is ${process.versions.node}. Run: ${remedy}`);
  }
  const child = spawn(node, [fileURLToPath(import.meta.url), ...args], { stdio: 'inherit' });
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.on(signal, () => child.kill(signal));
  child.on('error', (error) => fail(error.message));
  child.on('exit', (status, signal) => {
    process.exitCode = status ?? 128 + (constants.signals[signal] ?? 0);
  });
}

function fail(text) {
  process.stderr.write(`maestro: ${text}\n`);
  process.exitCode = 3;
}
