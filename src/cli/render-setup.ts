import type { FoundHost, SetupOutcome } from '../app/setup.ts';
import { paint, printable } from './io.ts';

/** Longer lines of a diff are cut: a host's file may be one line as a whole. */
const MOST_COLUMNS = 200;

const DONE: Readonly<Record<SetupOutcome['change'], string>> = {
  added: 'added',
  updated: 'brought up to date',
  unchanged: 'is there already',
  removed: 'taken out',
  absent: 'is not there',
};

/** What was done to one host, for a person: the change, and what is left to do. */
export function renderOutcome(outcome: SetupOutcome, stream: NodeJS.WriteStream): string {
  const { title, file, change, written, afterwards } = outcome;
  const would = !written && outcome.diff !== '' ? ' (not written)' : '';
  const lines = [`${title}: Maestro ${DONE[change]}${would}, ${printable(file)}`, ...diffLines(outcome, stream)];
  if (written && change !== 'removed') lines.push(afterwards);
  return `${lines.join('\n')}\n`;
}

/** Which hosts are here, and what to type for each. */
export function renderHosts(hosts: readonly FoundHost[], stream: NodeJS.WriteStream): string {
  return `${hosts.map((found) => hostLine(found, stream)).join('\n')}\n`;
}

function hostLine({ host, title, installed, outcome, problem }: FoundHost, stream: NodeJS.WriteStream): string {
  const name = title.padEnd(12);
  if (!installed) return paint(stream, 'dim', `– ${name} not found here`);
  if (outcome === null) return `${paint(stream, 'yellow', '✘')} ${name} ${printable(problem ?? '')}`;
  if (outcome.change === 'unchanged')
    return `${paint(stream, 'green', '✔')} ${name} set up already, ${printable(outcome.file)}`;
  const verb = outcome.change === 'added' ? 'adds Maestro to' : 'brings up to date';
  return `→ ${name} maestro setup ${host}   ${verb} ${printable(outcome.file)}`;
}

function diffLines({ diff }: SetupOutcome, stream: NodeJS.WriteStream): string[] {
  const colours: Readonly<Record<string, 'green' | 'red'>> = { '+': 'green', '-': 'red' };
  return printable(diff)
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => (line.length > MOST_COLUMNS ? `${line.slice(0, MOST_COLUMNS)}…` : line))
    .map((line) => (colours[line[0]!] ? paint(stream, colours[line[0]!]!, line) : line));
}
