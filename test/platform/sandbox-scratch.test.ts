import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { homedir, tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { runProcess } from '../../src/platform/process.ts';
import { confineToScratch } from '../../src/platform/sandbox-scratch.ts';
import { workingBubblewrap } from './bubblewrap-here.ts';

const bwrap = workingBubblewrap();
const signal = new AbortController().signal;
let base: string;
let folder: string;
let path: string;

beforeEach(() => {
  base = mkdtempSync(join(tmpdir(), 'maestro-scratch-test-'));
  folder = join(base, 'own');
  mkdirSync(join(folder, 'cwd'), { recursive: true });
  mkdirSync(join(base, 'bin'));
  path = [join(base, 'bin'), '/usr/bin', '/bin'].join(delimiter);
});
afterEach(() => rmSync(base, { recursive: true }));

async function confined(script: string, readable: string[] = []) {
  symlinkSync(bwrap!, join(base, 'bin', 'bwrap'));
  const confine = await confineToScratch({ folder, program: '/bin/sh', readable }, path, signal);
  const argv = confine!(['/bin/sh', '-c', script]);
  return runProcess(
    { argv, cwd: folder, env: { PATH: path } },
    { timeLimitMs: 10_000, outputCapBytes: 10_000, signal },
  );
}

describe('a program confined to its own folder', () => {
  it.skipIf(bwrap === null)('writes there and starts there', async () => {
    const { stdout } = await confined('pwd; echo x > file');
    expect(stdout).toBe(`${join(folder, 'cwd')}\n`);
    expect(readFileSync(join(folder, 'cwd', 'file'), 'utf8')).toBe('x\n');
  });

  it.skipIf(bwrap === null)('sees no other file of the user, and cannot write any', async () => {
    writeFileSync(join(base, 'secret'), 'the secret');
    const { stdout } = await confined(
      `cat ${base}/secret; ls -A ${homedir()}; cat ${process.cwd()}/package.json; touch ${base}/hit /usr/hit /etc/hit; echo end`,
    );
    expect(stdout).toBe('end\n');
    expect(existsSync(join(base, 'hit'))).toBe(false);
    expect(existsSync('/etc/hit')).toBe(false);
  });

  it.skipIf(bwrap === null)('sees what it is shown, and cannot change it', async () => {
    const shown = join(base, 'shown');
    mkdirSync(shown);
    writeFileSync(join(shown, 'list'), 'models');
    const { stdout } = await confined(`cat ${shown}/list; echo changed > ${shown}/list`, [shown]);
    expect(stdout).toBe('models');
    expect(readFileSync(join(shown, 'list'), 'utf8')).toBe('models');
  });

  it.skipIf(bwrap === null)('runs the Node that runs this, wherever that lies', async () => {
    expect((await confined(`${process.execPath} -p 6*7`)).stdout).toBe('42\n');
  });

  it('cannot be had without bubblewrap, or with one that does not work', async () => {
    const view = { folder, program: '/bin/sh', readable: [] };
    expect(await confineToScratch(view, '/nowhere', signal)).toBeNull();
    writeFileSync(join(base, 'bin', 'bwrap'), '#!/bin/sh\nexit 1\n', { mode: 0o755 });
    expect(await confineToScratch(view, path, signal)).toBeNull();
  });
});
