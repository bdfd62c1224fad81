import type { AdviceSurroundings, Availability, ProviderDefinition } from '../../domain/advice.ts';
import { ask } from './ask.ts';
import { prepare } from './prepare.ts';
import type { Program } from './program.ts';

/** The provider that drives a command-line program. */
export function programProvider(program: Program, description: string): ProviderDefinition {
  return {
    id: program.id,
    description,
    form: 'cli',
    network: true,
    available: (surroundings) => available(program, surroundings),
    ask: (request, surroundings) => ask(program, request, surroundings),
  };
}

async function available(program: Program, surroundings: AdviceSurroundings): Promise<Availability> {
  const found = await prepare(program, surroundings);
  if ('failure' in found) {
    const { reason, message, remedy } = found.failure;
    const heldBy = reason === 'not_held' ? 'nothing' : 'not looked at';
    return {
      ready: false,
      reason,
      detail: message,
      remedy,
      version: found.version,
      path: found.binary,
      loggedIn: found.loggedIn,
      heldBy,
    };
  }
  const { binary, version, login, hold } = found;
  return {
    ready: true,
    reason: null,
    detail: `${program.title} ${version}, logged in with ${login.from}`,
    remedy: null,
    version,
    path: binary,
    loggedIn: true,
    heldBy: hold.by,
  };
}
