import type { AdviceFailure, AdviceSurroundings } from '../../domain/advice.ts';
import { addressOf, isLoopback } from './address.ts';
import type { Wire } from './wire.ts';

/** Why a provider cannot be asked as it is set up. */
export interface Unready {
  readonly reason: AdviceFailure;
  readonly detail: string;
  readonly remedy: string;
}

/** All that a request needs beside the question. */
export interface Setup {
  readonly base: URL;
  readonly model: string;
  /** Null: none is needed. */
  readonly key: string | null;
  /** Where the key came from. */
  readonly keyName: string | null;
}

/** Address, model and key from configuration and environment; nothing is asked of anyone. */
export function setupOf(
  wire: Wire,
  { settings, env }: Pick<AdviceSurroundings, 'settings' | 'env'>,
  asked: string | null,
): Setup | Unready {
  const base = addressOf(settings, wire.baseUrl);
  if (!(base instanceof URL)) return base;
  const model = (asked ?? settings.model ?? '').trim();
  if (model === '')
    return {
      reason: 'not_installed',
      detail: `no model is configured for ${settings.id}`,
      remedy: `Set "model" for the advisor ${settings.id} in maestro.config.jsonc; there is no default, which would age.`,
    };
  const names = settings.apiKeyEnv === null ? wire.keyNames : [settings.apiKeyEnv];
  const keyName = names.find((name) => (env[name] ?? '').trim() !== '') ?? null;
  if (keyName === null) {
    const needsNone = names.length === 0 && (isLoopback(base) || settings.allowUnheld);
    return needsNone ? { base, model, key: null, keyName: null } : noKey(settings.id, names);
  }
  const key = env[keyName]!.trim();
  return /^[\x21-\x7e]+$/.test(key) ? { base, model, key, keyName } : badKey(keyName);
}

function noKey(id: string, names: readonly string[]): Unready {
  if (names.length === 0)
    return {
      reason: 'not_logged_in',
      detail: `no key is configured for ${id}, which is not on this machine`,
      remedy: 'Set its api_key_env in maestro.config.jsonc to the name of the environment variable that holds the key.',
    };
  return {
    reason: 'not_logged_in',
    detail: `no key: ${names.join(' or ')} is not set`,
    remedy: `Set ${names[0]} to a key of that API, where Maestro is started.`,
  };
}

function badKey(name: string): Unready {
  return {
    reason: 'not_logged_in',
    detail: `the value of ${name} has characters that no key has`,
    remedy: `Set ${name} again, to the key alone: no spaces, line ends or quotation marks of a text editor.`,
  };
}
