import { MaestroError } from '../domain/errors.ts';
import type { Advisor } from '../domain/ports.ts';
import { loadDefinitions } from '../platform/load-definitions.ts';
import { createEmbeddedAdvisor } from '../repair/index.ts';

/** A source of advice: one file in `providers/`. */
export interface ProviderDefinition {
  readonly id: string;
  readonly description: string;
  /** The provider made ready to be asked. `propose` is what ships with Maestro and needs no model. */
  advisor(propose: Advisor['propose']): Advisor;
}

/** Every provider, by listing their folder. */
export function loadProviders(): Promise<ProviderDefinition[]> {
  return loadDefinitions<ProviderDefinition>(new URL('../providers/', import.meta.url), 'provider');
}

/** The advisors of these names in their order; throws `usage` for a name that no provider has. */
export async function loadAdvisors(names: readonly string[]): Promise<Advisor[]> {
  const providers = await loadProviders();
  const { propose } = createEmbeddedAdvisor();
  return [...new Set(names)].map((name) => {
    const provider = providers.find(({ id }) => id === name);
    if (provider) return provider.advisor(propose);
    const known = providers.map(({ id }) => id).join(', ');
    throw new MaestroError('usage', `there is no provider '${name}'`, `choose among: ${known}`);
  });
}
