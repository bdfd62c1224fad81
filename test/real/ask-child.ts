import type { AdvisorSettings } from '../../src/domain/advice.ts';
import { setProcessRegistry } from '../../src/platform/process.ts';
import { LIMITS, REQUEST, surroundingsFor } from '../contract/cli-asking.ts';
import { CLIENTS } from './clients.ts';

/** Asks one of the real programs in a process of its own, which the test then kills. */
interface Plan {
  readonly settings: AdvisorSettings;
  readonly env: Readonly<Record<string, string>>;
  readonly cacheFolder: string;
  readonly registry: string;
}

const { settings, registry, ...rest } = JSON.parse(process.argv[2]!) as Plan;
setProcessRegistry(registry);
const limits = { ...LIMITS, firstOutputMs: 60_000, totalMs: 60_000 };
await CLIENTS.find(({ id }) => id === settings.provider)!.provider.ask(
  REQUEST,
  surroundingsFor(settings, { ...rest, limits }),
);
