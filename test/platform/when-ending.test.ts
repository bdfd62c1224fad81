import { spawn } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { isGone } from '../../src/platform/process-identity.ts';

const SRC = new URL('../../src/platform/', import.meta.url).href;

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'when-ending-'));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

/** What a program prints that has the platform's modules by name, as JSON. */
async function told(code: string): Promise<unknown> {
  const program = `
    const load = (name) => import(${JSON.stringify(SRC)} + name + '.ts');
    const { leaveNothing, whenEnding } = await load('when-ending');
    const say = (value) => console.log(JSON.stringify(value));
    ${code}`;
  const child = spawn(process.execPath, ['--input-type=module', '-e', program], {
    stdio: ['ignore', 'pipe', 'inherit'],
    env: { ...process.env, TMPDIR: folder },
  });
  let output = '';
  child.stdout.on('data', (chunk) => {
    output += chunk;
  });
  await new Promise((resolve) => child.once('close', resolve));
  return JSON.parse(output);
}

describe('leaving nothing behind', () => {
  it('has nothing to do, and loads nothing, where nothing was started', async () => {
    const found = await told(`
      const before = process.moduleLoadList.length;
      await leaveNothing();
      say(process.moduleLoadList.slice(before));`);
    expect(found).toEqual([]);
  });

  it('ends what runs before it removes the folders that this may write to, however they came up', async () => {
    const found = await told(`
      const order = [];
      whenEnding('folders', async () => { order.push('folders'); });
      whenEnding('processes', async () => { await 0; order.push('processes'); });
      await leaveNothing();
      await leaveNothing();
      say(order);`);
    expect(found).toEqual(['processes', 'folders', 'processes', 'folders']);
  });

  it('goes on to the rest where something cannot be undone, and does not throw', async () => {
    const found = await told(`
      const order = [];
      whenEnding('processes', async () => { throw new Error('it will not end'); });
      whenEnding('folders', async () => { order.push('folders'); throw new Error('EBUSY'); });
      await leaveNothing();
      say(order);`);
    expect(found).toEqual(['folders']);
  });

  it('ends a process and removes a folder that were made', async () => {
    const found = (await told(`
      const { makeTempDir } = await load('temp');
      const { startProcess } = await load('process');
      const { identityOf } = await load('process-identity');
      const made = makeTempDir('test');
      const { pid } = startProcess({ argv: ['sleep', '60'], cwd: made, env: { PATH: process.env.PATH } });
      const child = identityOf(pid);
      const { existsSync } = await import('node:fs');
      const before = existsSync(made);
      await leaveNothing();
      say({ before, made, child, after: existsSync(made) });`)) as Record<string, string>;
    expect(found).toMatchObject({ before: true, after: false });
    expect(existsSync(found.made!)).toBe(false);
    expect(isGone(found.child!)).toBe(true);
  });

  it('is all that the two faces do about it: neither names a module that makes such things', () => {
    for (const file of ['../cli/interrupt.ts', '../mcp/endings.ts']) {
      const text = readFileSync(new URL(file, SRC), 'utf8');
      expect([...text.matchAll(/from '\.\.\/platform\/(.*?)'/g)].map((found) => found[1])).toEqual(['when-ending.ts']);
    }
  });
});
