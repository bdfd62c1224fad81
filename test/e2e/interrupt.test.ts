import { spawn } from 'node:child_process';
import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { folder, maestro, project } from './maestro.ts';

const MAESTRO = fileURLToPath(new URL('../../bin/maestro.mjs', import.meta.url));

/** A suite that takes a while and can never pass, so that there is time to interrupt. */
const hopeless = () =>
  project({
    'sum.js': 'exports.sum = (a, b) => a + b;\n',
    'sum.test.js':
      "const { sum } = require('./sum.js');\nrequire('node:test')('never', async () => { await new Promise((r) => setTimeout(r, 100)); if (sum(1, 2) !== 'x') throw new Error('no'); });\n",
  });

/** Starts a fix, sends the signal once the search is on, and waits for the end. */
async function interrupted(root: string, state: string, temp: string, signal: NodeJS.Signals) {
  const env = { ...process.env, MAESTRO_HOME: state, TMPDIR: temp };
  const child = spawn(process.execPath, [MAESTRO, 'fix', '--time-limit', '15s', '--', 'node', '--test'], {
    cwd: root,
    env,
  });
  let stderr = '';
  let sent = false;
  child.stderr.on('data', (chunk) => {
    stderr += chunk;
    if (!sent && stderr.includes('implement')) {
      sent = true;
      setTimeout(() => child.kill(signal), 800);
    }
  });
  const status = await new Promise<number | null>((resolve) => child.on('exit', resolve));
  return { status, stderr };
}

const left = (temp: string) => readdirSync(temp).filter((name) => name.startsWith('maestro-'));

describe('interrupted, maestro fix', () => {
  it.each([
    ['SIGINT', 130],
    ['SIGTERM', 143],
  ] as const)('%s: ends with %d, leaves no temporary folder and says how to resume', async (signal, expected) => {
    const [root, state, temp] = [hopeless(), join(folder(), 'state'), folder()];
    const { status, stderr } = await interrupted(root, state, temp, signal);
    expect(status).toBe(expected);
    expect(stderr).toContain('resume');
    expect(left(temp)).toEqual([]);
  });

  it('killed with SIGKILL: the same command resumes, and nothing of the first is left', async () => {
    const [root, state, temp] = [hopeless(), join(folder(), 'state'), folder()];
    await interrupted(root, state, temp, 'SIGKILL');
    expect(left(temp)).not.toEqual([]);
    const { json, status } = await maestro(['fix', '--json', '--time-limit', '15s', '--', 'node', '--test'], root, {
      state,
      env: { TMPDIR: temp },
    });
    expect(status).toBe(1);
    expect(json).toMatchObject({ status: 'not_fixed', resumed: true });
    expect(left(temp)).toEqual([]);
  });
});

describe('two at once', () => {
  it('on one tree with one command: the second is refused and names the first', async () => {
    const [root, state] = [hopeless(), join(folder(), 'state')];
    const args = ['fix', '--json', '--time-limit', '6s', '--', 'node', '--test'];
    const first = maestro(args, root, { state });
    await new Promise((resolve) => setTimeout(resolve, 2_500));
    const second = await maestro(args, root, { state });
    expect(second.status).toBe(3);
    expect(second.json).toMatchObject({ status: 'error', error: { code: 'already_running' } });
    expect((await first).json).toMatchObject({ status: 'not_fixed' });
  });
});
