import type { AdviceSurroundings, Availability } from '../../domain/advice.ts';
import { endpoint, isLoopback } from './address.ts';
import { type Setup, setupOf, type Unready } from './setup.ts';
import type { Wire } from './wire.ts';

const LONGEST_LOOK_MS = 1_000;
const HELD_BY = 'no tools in the request; nothing it says runs here';

/**
 * Whether a provider is set up: address, model and key. No vendor is asked. A server on this machine is: whether it
 * runs at all, by its list of models, within a second.
 */
export async function available(wire: Wire, surroundings: AdviceSurroundings): Promise<Availability> {
  const setup = setupOf(wire, surroundings, null);
  if ('reason' in setup) return unready(setup);
  const answers = isLoopback(setup.base) ? await look(wire, setup, surroundings.signal) : 'unasked';
  if (answers === 'refused')
    return unready({
      reason: 'not_logged_in',
      detail: `${setup.base.origin} does not take the key`,
      remedy: 'Set its api_key_env in maestro.config.jsonc to the variable that holds the key, and check its value.',
    });
  if (answers === 'nothing')
    return unready({
      reason: 'network',
      detail: `nothing answers at ${setup.base.origin}`,
      remedy: 'Start that server, or correct its base_url in maestro.config.jsonc.',
    });
  const key = setup.keyName === null ? 'no key' : `the key in ${setup.keyName}`;
  return {
    ready: true,
    reason: null,
    detail: `${setup.model} at ${setup.base.host}, with ${key}`,
    remedy: null,
    version: null,
    path: endpoint(setup.base, '').href.replace(/\/$/, ''),
    loggedIn: setup.keyName === null ? true : null,
    heldBy: HELD_BY,
  };
}

/** Whether a server of this machine answers, and takes the key; without following it anywhere. */
async function look(wire: Wire, { base, key }: Setup, caller: AbortSignal): Promise<'answers' | 'refused' | 'nothing'> {
  const signal = AbortSignal.any([caller, AbortSignal.timeout(LONGEST_LOOK_MS)]);
  try {
    const headers = key === null ? {} : wire.keyHeaders(key);
    const response = await fetch(endpoint(base, 'models'), { headers, redirect: 'manual', signal });
    await response.body?.cancel();
    return response.status === 401 || response.status === 403 ? 'refused' : 'answers';
  } catch {
    return 'nothing';
  }
}

function unready({ reason, detail, remedy }: Unready): Availability {
  const loggedIn = reason === 'not_logged_in' ? false : null;
  return { ready: false, reason, detail, remedy, version: null, path: null, loggedIn, heldBy: HELD_BY };
}
