import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { loadDefinitions } from '../../src/platform/load-definitions.ts';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'maestro-definitions-test-'));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

const write = (name: string, text: string) => writeFileSync(join(folder, name), text);
const load = () => loadDefinitions<{ id: string }>(pathToFileURL(folder), 'thing');

describe('the definitions of a folder', () => {
  it('are what its modules export under the name, by file name', async () => {
    write('b.js', "export const thing = { id: 'b' };");
    write('a.ts', "export const thing: { id: string } = { id: 'a' };");
    write('c.js', "export const thing = { id: 'c' }; export const other = 1;");
    expect((await load()).map(({ id }) => id)).toEqual(['a', 'b', 'c']);
  });

  it('do not come from declarations, source maps, notes and folders', async () => {
    write('a.js', "export const thing = { id: 'a' };");
    write('a.d.ts', 'export declare const thing: { id: string };');
    write('a.js.map', '{}');
    write('README.md', '# notes');
    mkdirSync(join(folder, 'deeper'));
    expect(await load()).toEqual([{ id: 'a' }]);
  });

  it('are none in an empty folder', async () => {
    expect(await load()).toEqual([]);
  });

  it('are missed loudly where a module does not export the name', async () => {
    write('broken.js', 'export const wrong = 1;');
    await expect(load()).rejects.toThrow(/broken\.js must export a 'thing'/);
  });

  it('are listed once in a process: what is added later is for the next one', async () => {
    write('a.js', "export const thing = { id: 'a' };");
    const first = await load();
    write('b.js', "export const thing = { id: 'b' };");
    expect(await load()).toEqual([{ id: 'a' }]);
    expect((await load())[0]).toBe(first[0]);
  });

  it('are a list of the caller own, and by the name that is asked for', async () => {
    write('a.js', "export const thing = { id: 'a' }; export const other = { id: 'o' };");
    (await load()).pop();
    expect(await load()).toHaveLength(1);
    expect(await loadDefinitions(pathToFileURL(folder), 'other')).toEqual([{ id: 'o' }]);
  });

  it('are looked for again where they could not be had', async () => {
    rmSync(folder, { recursive: true });
    await expect(load()).rejects.toThrow('ENOENT');
    mkdirSync(folder);
    write('a.js', "export const thing = { id: 'a' };");
    expect(await load()).toEqual([{ id: 'a' }]);
  });

  it('are not there where the folder is not', async () => {
    await expect(loadDefinitions(pathToFileURL(join(folder, 'nowhere')), 'thing')).rejects.toThrow('ENOENT');
  });
});
