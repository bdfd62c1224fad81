import type { Metrics } from '../app/metrics.ts';
import { paint } from './io.ts';

const SHOWN: Record<string, (value: number) => string> = {
  overhead_percent: (value) => `${value.toFixed(0)} %`,
  advisor_ms: (value) => `${(value / 1000).toFixed(1)} s`,
  cost_usd: (value) => `$${value.toFixed(2)}`,
  tokens: (value) => String(value),
};

/** The metrics as a table: value, target and how it is known; what was not measured is a dash with the reason. */
export function renderMetrics(metrics: Metrics, stream: NodeJS.WriteStream): string {
  const rows = Object.entries(metrics).map(([name, { value, basis, target, met, reason }]) => {
    const label = `  ${name.padEnd(22)}`;
    if (value === null) return paint(stream, 'dim', `${label}${'–'.padStart(8)}  ${reason}`);
    const shown = (SHOWN[name] ?? ((number) => number.toFixed(2)))(value).padStart(8);
    const goal =
      target === null
        ? ''
        : `  target ${target} ${met ? paint(stream, 'green', 'met') : paint(stream, 'yellow', 'not met')}`;
    return `${label}${shown}  ${basis}${goal}`;
  });
  return ['Metrics', ...rows].join('\n');
}
