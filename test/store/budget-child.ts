import { createBudget } from '../../src/store/budget.ts';
import { openStore } from '../../src/store/open.ts';
import { putRun } from './held-run.ts';

/** Asks for budget of two scopes many times at once: `<file> <asks> <limit> <amount>`; prints how many were granted. */
const [file = '', asks, limit, amount] = process.argv.slice(2);
const run = `run-${process.pid}`;

await using store = await openStore(file);
await putRun(store, run);
const budget = createBudget(store);
const limits = [
  { scope: 'shared', limit: Number(limit) },
  { scope: `own-${process.pid}`, limit: Number(limit) },
];
const answers = await Promise.all(
  Array.from({ length: Number(asks) }, () => budget.reserve(run, limits, Number(amount))),
);
const granted = answers.filter((answer) => answer.granted);
await Promise.all(granted.slice(1).map(({ id }) => budget.settle(id, Number(amount))));
console.log(granted.length);
