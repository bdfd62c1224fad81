import { enableCompileCache } from 'node:module';
import type * as Built from '../src/context/index.ts';

// As `bin/maestro.mjs` does: code that was compiled before is not compiled again.
enableCompileCache();
const built = new URL('../dist/context.js', import.meta.url).href;
const { pack } = (await import(built)) as typeof Built;

const [workspace, indexes, times, task] = process.argv.slice(2) as [string, string, string, string];
const cpu: number[] = [];
const ms: number[] = [];
for (let i = 0; i < Number(times); i++) {
  const before = i === 0 ? { user: 0, system: 0 } : process.cpuUsage();
  const result = await pack({ workspace, task, budget: 8000 }, { indexes });
  const now = process.cpuUsage();
  cpu.push((now.user + now.system - before.user - before.system) / 1e6);
  ms.push(result.ms);
}
process.stdout.write(JSON.stringify({ cpu, ms, megabytes: process.resourceUsage().maxRSS / 1024 }));
