import type { AdviceRequest, AdviceSurroundings, ProviderDefinition } from '../../domain/advice.ts';
import { ask } from './ask.ts';
import { available } from './available.ts';
import type { Wire } from './wire.ts';

/** A provider that asks over HTTP, from what its API is like. */
export function httpProvider(wire: Wire): ProviderDefinition {
  return {
    id: wire.id,
    description: wire.description,
    form: 'http',
    network: true,
    available: (surroundings: AdviceSurroundings) => available(wire, surroundings),
    ask: (request: AdviceRequest, surroundings: AdviceSurroundings) => ask(wire, request, surroundings),
  };
}
