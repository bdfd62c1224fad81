import { existsSync, mkdtempSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, it } from 'vitest';
import { makeFolder } from '../../src/platform/make-folder.ts';

const home = mkdtempSync(join(tmpdir(), 'make-folder-'));
afterAll(() => rmSync(home, { recursive: true, force: true }));

it('creates what is missing, for this user only, and leaves what is there', () => {
  makeFolder(join(home, 'a', 'b', 'c'));
  makeFolder(join(home, 'a', 'b', 'c'));
  expect(statSync(join(home, 'a', 'b', 'c')).mode & 0o777).toBe(0o700);
});

it('fails where a file is in the way', () => {
  writeFileSync(join(home, 'file'), '');
  expect(() => makeFolder(join(home, 'file', 'x'))).toThrow('ENOTDIR');
});

it.skipIf(!existsSync('/proc/self'))('fails, and ends, where the system takes no folders', () => {
  expect(() => makeFolder('/proc/maestro/processes')).toThrow('ENOENT');
});
