import { spawn } from 'node:child_process';
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  realpathSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, dirname, join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { dropTempDir, makeTempDir, removeAllTempDirs, removeTempDir, sweepTempDirs } from '../../src/platform/temp.ts';

const MODULE = new URL('../../src/platform/temp.ts', import.meta.url).href;
let parent: string;
beforeEach(() => {
  parent = realpathSync(mkdtempSync(join(tmpdir(), 'maestro-temp-test-')));
});
afterEach(() => rmSync(parent, { recursive: true, force: true }));

/** Runs code in a process of its own whose temporary folder is `parent`; resolves when it prints a line. */
async function owner(code: string) {
  const program = `const temp = await import(${JSON.stringify(MODULE)}); ${code}`;
  const child = spawn(process.execPath, ['--input-type=module', '-e', program], {
    env: { ...process.env, TMPDIR: parent },
  });
  const ended = new Promise((resolve) => child.once('exit', resolve));
  const line = await new Promise<string>((resolve) =>
    child.stdout.once('data', (data) => resolve(String(data).trim())),
  );
  return { child, ended, line };
}

const STAY = `console.log(temp.makeTempDir('test')); setInterval(() => {}, 1000);`;

describe('a temporary folder', () => {
  it('is new, empty, ours alone, has its real path, and says what it is for', async () => {
    const [one, two] = [makeTempDir('snapshot'), makeTempDir('snapshot')];
    expect(one).not.toBe(two);
    expect([dirname(one), readdirSync(one), realpathSync(one)]).toEqual([realpathSync(tmpdir()), [], one]);
    expect(basename(one)).toMatch(/^maestro-snapshot\./);
    await removeTempDir(one);
    expect([existsSync(one), existsSync(two)]).toEqual([false, true]);
    await removeAllTempDirs();
    expect(existsSync(two)).toBe(false);
    await removeAllTempDirs();
  });

  it('that is dropped keeps nobody waiting, and whoever removes all waits for it', async () => {
    const folder = makeTempDir('test');
    for (let i = 0; i < 300; i++) writeFileSync(join(folder, `${i}.txt`), 'x');
    expect(dropTempDir(folder)).toBeUndefined();
    expect(existsSync(folder)).toBe(true);
    await removeAllTempDirs();
    expect(existsSync(folder)).toBe(false);
  });

  it('is removed once, however many ask for it at the same time', async () => {
    const folder = makeTempDir('test');
    const first = removeTempDir(folder);
    expect(removeTempDir(folder)).toBe(first);
    await first;
    expect(existsSync(folder)).toBe(false);
    await removeTempDir(folder);
  });

  it('that is dropped is gone when its process exits at once, and at the next start when it is killed', async () => {
    const drop = `
      const { writeFileSync } = await import('node:fs');
      const folder = temp.makeTempDir('test');
      for (let i = 0; i < 300; i++) writeFileSync(folder + '/' + i, 'x');
      temp.dropTempDir(folder);`;
    for (const end of ['process.exit(0)', "process.kill(process.pid, 'SIGKILL')"]) {
      const { ended } = await owner(`${drop} process.stdout.write('.\\n', () => ${end});`);
      await ended;
      await sweepTempDirs(parent);
      expect(readdirSync(parent)).toEqual([]);
    }
    const { ended } = await owner(`${drop} process.stdout.write('.\\n', () => process.exit(0));`);
    await ended;
    expect(readdirSync(parent)).toEqual([]);
  });

  it('does not take a purpose that is a path', () => {
    expect(() => makeTempDir('../x')).toThrow(TypeError);
  });

  it('is gone when its process exits, with all that is in it', async () => {
    const { ended, line } = await owner(`
      const { mkdirSync, chmodSync } = await import('node:fs');
      const folder = temp.makeTempDir('test');
      mkdirSync(folder + '/a/b', { recursive: true });
      chmodSync(folder + '/a', 0o555);
      console.log(folder);
      process.exit(3);`);
    expect(await ended).toBe(3);
    expect(line).toContain('maestro-test.');
    expect(readdirSync(parent)).toEqual([]);
  });
});

describe('sweeping', () => {
  it('removes the folders of a process that was killed with kill -9', async () => {
    const { child, ended, line } = await owner(STAY);
    mkdirSync(join(line, 'deep', 'er'), { recursive: true });
    child.kill('SIGKILL');
    await ended;
    expect(existsSync(line)).toBe(true);
    expect(await sweepTempDirs(parent)).toBe(1);
    expect(readdirSync(parent)).toEqual([]);
  });

  it('leaves the folders of a process that lives', async () => {
    const { child, ended, line } = await owner(STAY);
    expect(await sweepTempDirs(parent)).toBe(0);
    expect(existsSync(line)).toBe(true);
    child.kill('SIGKILL');
    await ended;
  });

  it('leaves its own folders and everything that is not a folder of ours', async () => {
    const own = makeTempDir('own');
    for (const name of ['maestro-', 'maestro-x', 'maestro-x.1-2.abcdef', 'other.1-2-0-0.abcdef'])
      mkdirSync(join(parent, name));
    expect(await sweepTempDirs(parent)).toBe(0);
    expect(readdirSync(parent)).toHaveLength(4);
    await sweepTempDirs();
    expect(existsSync(own)).toBe(true);
    await removeTempDir(own);
  });

  it('does not follow a link that is named like a folder of ours', async () => {
    mkdirSync(join(parent, 'precious'));
    writeFileSync(join(parent, 'precious', 'file'), '');
    symlinkSync('precious', join(parent, 'maestro-x.1-2-00000000-0.abcdef'));
    expect(await sweepTempDirs(parent)).toBe(1);
    expect([readdirSync(parent), readdirSync(join(parent, 'precious'))]).toEqual([['precious'], ['file']]);
  });

  it('of a folder that is not there is no error', async () => {
    expect(await sweepTempDirs(join(parent, 'nowhere'))).toBe(0);
  });
});
