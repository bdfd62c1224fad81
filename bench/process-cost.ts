import { readdirSync, readFileSync } from 'node:fs';

/** CPU that all threads of a process have used, in ms; Linux says it in /proc. */
export function cpuOf(pid: number): number {
  const threads = readdirSync(`/proc/${pid}/task`);
  const times = threads.map((thread) => readFileSync(`/proc/${pid}/task/${thread}/schedstat`, 'utf8').split(' ')[0]);
  return times.reduce((sum, time) => sum + Number(time), 0) / 1e6;
}

/** The most memory a process has held, in MiB. */
export function peakMemoryOf(pid: number): number {
  const peak = /VmHWM:\s+(\d+)/.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1];
  return Number(peak) / 1024;
}

/** The value that this share of the values does not exceed, by nearest rank. */
export function percentile(values: readonly number[], share: number): number {
  const sorted = values.toSorted((a, b) => a - b);
  return sorted[Math.max(0, Math.ceil(share * sorted.length) - 1)]!;
}

/** How often to measure: the first argument, else the usual number, which alone is enough to judge by. */
export function timesAsked(usual: number): { readonly times: number; readonly isEnough: boolean } {
  const times = Number(process.argv[2] ?? usual);
  if (!Number.isInteger(times) || times < 1) throw new RangeError(`${process.argv[2]} is not how often to measure`);
  return { times, isEnough: times >= usual };
}
