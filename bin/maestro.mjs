#!/usr/bin/env node
// Plain JavaScript that any Node can parse: checks the version, then starts the CLI.
import * as nodeModule from 'node:module';

const [major, minor] = process.versions.node.split('.').map(Number);
const recentEnough = major > 22 || (major === 22 && minor >= 12);

if (recentEnough) await start();
else await startOnNewerNode();

async function start() {
  nodeModule.enableCompileCache?.();
  const args = process.argv.slice(2);
  const isServer = args.length === 1 && args[0] === 'mcp';
  if (!isSomewhere()) {
    if (!isServer) return fail('the folder this runs in is not there any more\n  → change to one that is', 2);
    // Every call then has to name its workspace.
    process.chdir('/');
  }
  const [entry, begin] = isServer
    ? ['../dist/mcp.js', ({ serveOverStdio }) => serveOverStdio({ env: process.env, cwd: process.cwd() })]
    : ['../dist/cli.js', ({ main }) => main(process.argv)];
  const module = await import(entry).catch(async (error) => {
    const { existsSync } = await import('node:fs');
    if (existsSync(new URL(entry, import.meta.url))) throw error;
    fail('not built yet (dist/ is missing). Run: npm run build');
  });
  if (module) await begin(module);
}

/** Whether the folder that the process was started in is still there. */
function isSomewhere() {
  try {
    return process.cwd() !== '';
  } catch {
    return false;
  }
}

/** The local newer Node does the work; signals are passed on to it, and its end is ours. */
async function startOnNewerNode() {
  const [{ spawn }, { existsSync }, { constants }, { fileURLToPath }] = await Promise.all([
    import('node:child_process'),
    import('node:fs'),
    import('node:os'),
    import('node:url'),
  ]);
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

function fail(text, status = 3) {
  process.stderr.write(`maestro: ${text}\n`);
  process.exitCode = status;
}
