import { join } from 'node:path';
import type { AdviceSurroundings, AdvisorSettings, Availability, ProviderDefinition } from '../domain/advice.ts';
import type { AdvisorEntry, Config } from '../domain/config.ts';
import { MaestroError } from '../domain/errors.ts';
import { loadDefinitions } from '../platform/load-definitions.ts';
import { statePath } from '../platform/state-folder.ts';
import { createEmbeddedAdvisor } from '../repair/index.ts';

const FOLDER = new URL('../providers/', import.meta.url);

let loaded: Promise<readonly ProviderDefinition[]> | undefined;

/** Every provider, by listing their folder. */
export function loadProviders(folder: URL = FOLDER): Promise<readonly ProviderDefinition[]> {
  if (folder.href !== FOLDER.href) return loadDefinitions<ProviderDefinition>(folder, 'provider');
  loaded ??= loadDefinitions<ProviderDefinition>(FOLDER, 'provider');
  return loaded;
}

/** A provider made ready for use under a name. */
export interface KnownAdvisor {
  readonly settings: AdvisorSettings;
  readonly provider: ProviderDefinition;
}

/**
 * Everyone who can be asked for: what is configured, and each provider under its own id. Throws `bad_config` for an
 * entry of a provider that there is not.
 */
export function knownAdvisors(config: Config, providers: readonly ProviderDefinition[]): readonly KnownAdvisor[] {
  const configured = config.advisors.map((entry): KnownAdvisor => {
    const provider = providers.find(({ id }) => id === entry.provider);
    if (!provider) throw unknownProvider('bad_config', entry.provider, providers);
    return { provider, settings: settingsOf(entry) };
  });
  const taken = new Set(configured.map(({ settings }) => settings.id));
  const plain = providers
    .filter(({ id }) => !taken.has(id))
    .map((provider): KnownAdvisor => ({ provider, settings: settingsOf({ provider: provider.id }) }));
  return [...configured, ...plain];
}

/** The settings of one advisor; throws `usage` for a name that nobody has, with those that there are. */
export function advisorOf(advisors: readonly KnownAdvisor[], id: string): KnownAdvisor {
  const found = advisors.find(({ settings }) => settings.id === id);
  if (found) return found;
  const known = advisors.map(({ settings }) => settings.id).join(', ');
  throw new MaestroError('usage', `there is no provider '${id}'`, `choose among: ${known}`);
}

const FORMS = ['cli', 'http', 'embedded'] as const;

/**
 * Whom to ask, best first, each once: `named`, then the configured order; without one the command line programs, HTTP
 * providers that have a model, and what needs neither. Throws as `advisorOf` for a name that nobody has.
 */
export function orderOf(
  config: Config,
  advisors: readonly KnownAdvisor[],
  named: readonly string[] = [],
): readonly KnownAdvisor[] {
  const usual =
    config.order ??
    FORMS.flatMap((form) =>
      advisors
        .filter(({ provider, settings }) => provider.form === form && (form !== 'http' || settings.model !== null))
        .map(({ settings }) => settings.id),
    );
  return [...new Set([...named, ...usual])].map((id) => advisorOf(advisors, id));
}

/** What a provider works with here; `signal` and `progress` are the run's. */
export function adviceSurroundings(
  { settings, provider }: KnownAdvisor,
  config: Config,
  env: Readonly<Record<string, string | undefined>>,
  signal: AbortSignal,
  progress: (message: string) => void,
): AdviceSurroundings {
  return {
    signal,
    env,
    settings,
    limits: config.advice,
    cacheFolder: join(statePath(env), 'providers', provider.id),
    propose: createEmbeddedAdvisor().propose,
    progress,
  };
}

/** What can be said of an advisor without spending anything; what it throws against its contract is said too. */
export async function availabilityOf(advisor: KnownAdvisor, surroundings: AdviceSurroundings): Promise<Availability> {
  try {
    return await advisor.provider.available(surroundings);
  } catch (error) {
    return {
      ready: false,
      reason: 'crashed',
      detail: `looking for it failed: ${error instanceof Error ? error.message : String(error)}`,
      remedy: 'report it',
      version: null,
      path: null,
      loggedIn: null,
      heldBy: 'not known',
    };
  }
}

function settingsOf(entry: AdvisorEntry): AdvisorSettings {
  return {
    id: entry.id ?? entry.provider,
    provider: entry.provider,
    model: entry.model ?? null,
    effort: entry.effort ?? null,
    baseUrl: entry.base_url ?? null,
    apiKeyEnv: entry.api_key_env ?? null,
    binary: entry.binary ?? null,
    allowUnheld: entry.allow_unheld ?? false,
  };
}

function unknownProvider(
  code: 'usage' | 'bad_config',
  name: string,
  providers: readonly ProviderDefinition[],
): MaestroError {
  const known = providers.map(({ id }) => id).join(', ');
  return new MaestroError(code, `there is no provider '${name}'`, `choose among: ${known}`);
}
