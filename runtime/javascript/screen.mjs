// A warm process that tries candidate changes: one JSON request a line in, one JSON answer a line out.
// Each answer starts with the mark given as first argument: whatever else is printed here is not one.
import { createInterface } from 'node:readline';
import { drive } from './guard.mjs';
import { Resident } from './resident.mjs';

const [mark] = process.argv.splice(2);
const write = process.stdout.write.bind(process.stdout);
const send = (message) => write(`\n${mark}${JSON.stringify(message)}\n`);
const resident = new Resident();
const requests = [];
let busy = false;

function next() {
  const message = busy ? undefined : requests.shift();
  if (!message) return;
  busy = true;
  const work = resident.answer(message, (ms) => send({ id: message.id, waiting: ms }));
  drive(work, (error, answer) => {
    busy = false;
    send(error ? { id: message.id, problem: String(error?.stack ?? error) } : { ...answer, id: message.id });
    setImmediate(next);
  });
}

const input = createInterface({ input: process.stdin });
input.on('line', (line) => {
  requests.push(JSON.parse(line));
  setImmediate(next);
});
input.on('close', resident.exit);
