import { openMaestro } from '../../src/app/maestro.ts';
import { calling } from './calling.ts';

/** Asks many times at once: `<workspace> <name> <consults> <ensembles of two>`; prints how each ended. */
const [cwd = '', name = '', consults, ensembles] = process.argv.slice(2);
const env = process.env as Record<string, string>;

await using maestro = await openMaestro({ env, cwd, warn: () => undefined });
const results = await Promise.all([
  ...Array.from({ length: Number(consults) }, (_, n) =>
    maestro.consult({ prompt: `${name} asks ${n}`, provider: 'local' }, calling()),
  ),
  ...Array.from({ length: Number(ensembles) }, (_, n) =>
    maestro.ensemble({ task: `${name} wants ${n}`, kind: 'answer', providers: ['local'], n: 2 }, calling()),
  ),
]);
console.log(JSON.stringify(results.map((result) => ({ ...result, text: undefined }))));
