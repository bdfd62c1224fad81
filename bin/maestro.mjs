#!/usr/bin/env node
// Plain JavaScript that any Node can parse: checks the version, then starts the CLI.
import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

const [major, minor] = process.versions.node.split('.').map(Number);
const recentEnough = major > 22 || (major === 22 && minor >= 12);

if (recentEnough) {
  const cli = new URL('../dist/cli/main.js', import.meta.url);
  if (existsSync(cli)) {
    const { enableCompileCache } = await import('node:module');
    enableCompileCache?.();
    const { main } = await import(cli.href);
    await main(process.argv);
  } else {
    process.stderr.write('maestro: not built yet (dist/ is missing). Run: npm run build\n');
    process.exitCode = 3;
  }
} else {
  const local = fileURLToPath(new URL('../node_modules/node/bin/node', import.meta.url));
  const args = [fileURLToPath(import.meta.url), ...process.argv.slice(2)];
  if (existsSync(local)) {
    const child = spawnSync(local, args, { stdio: 'inherit' });
    process.exitCode = child.status ?? 1;
  } else {
    process.stderr.write(
      `maestro: needs Node 22.12 or newer, this is ${process.versions.node}. Run: npx -y -p node@24 -p maestro-workflow maestro ${process.argv.slice(2).join(' ')}\n`,
    );
    process.exitCode = 3;
  }
}
