import type { AdvisorSettings } from '../../domain/advice.ts';
import type { Unready } from './setup.ts';

/**
 * Where to send requests, or why not: https anywhere, plain http to this machine only, unless the user allowed this
 * advisor by name. No passwords in the address, and no fragment.
 */
export function addressOf(settings: AdvisorSettings, vendors: string | null): URL | Unready {
  const given = settings.baseUrl ?? vendors;
  if (given === null)
    return {
      reason: 'not_installed',
      detail: `no base URL is configured for ${settings.id}`,
      remedy: 'Set its base_url in maestro.config.jsonc, such as http://127.0.0.1:11434/v1 for Ollama.',
    };
  const url = URL.parse(given);
  if (!url || !/^https?:$/.test(url.protocol) || url.username !== '' || url.password !== '' || url.hash !== '')
    return {
      reason: 'not_installed',
      detail: `the base URL of ${settings.id} is not an http(s) address without name, password and fragment`,
      remedy: 'Correct its base_url in maestro.config.jsonc; a key belongs in the variable that api_key_env names.',
    };
  if (url.protocol === 'http:' && !isLoopback(url) && !settings.allowUnheld)
    return {
      reason: 'not_held',
      detail: `${url.origin} is not on this machine, and plain http would show your code and key to the network`,
      remedy: 'Use https, or set allow_unheld for this advisor in maestro.config.jsonc if you trust the network.',
    };
  return url;
}

/** Whether an address can only be this machine. */
export function isLoopback({ hostname }: URL): boolean {
  return /^(localhost|(.+\.)?localhost|127(\.\d{1,3}){3}|\[::1\])$/i.test(hostname);
}

/** The address of one path of the API, with the base's own query kept. */
export function endpoint(base: URL, path: string, search: Readonly<Record<string, string>> = {}): URL {
  const url = new URL(base);
  url.pathname = `${base.pathname.replace(/\/+$/, '')}/${path}`;
  for (const [name, value] of Object.entries(search)) url.searchParams.set(name, value);
  return url;
}
