// Ids of tests: `file::suite > name`, ` #2` for the second of its name.
import { join, relative, sep } from 'node:path';

export function relativePath(root, path) {
  return relative(root, path).split(sep).join('/');
}

/** Ids of all tests of a file's suite. */
export function idsOf(root, path, suite) {
  const taken = new Set();
  const file = relativePath(root, path);
  return new Map([...suite.tests()].map((test) => [test, unique(`${file}::${test.path.join(' > ')}`, taken)]));
}

export function fileOf(root, id) {
  return join(root, id.slice(0, id.indexOf('::')));
}

function unique(id, taken) {
  let number = 1;
  let name = id;
  while (taken.has(name)) name = `${id} #${++number}`;
  taken.add(name);
  return name;
}
