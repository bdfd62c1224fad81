import { execFileSync } from 'node:child_process';
import { cpSync, mkdirSync, readdirSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { contents, example, folder, maestro, project } from './maestro.ts';

const NODE_TEST = ['node', '--test'];
const git = (cwd: string, ...args: string[]) =>
  execFileSync('git', ['-c', 'user.name=t', '-c', 'user.email=t@t', '-c', 'protocol.file.allow=always', ...args], {
    cwd,
    stdio: 'pipe',
  });

/** A module in a file of this name and with these line ends, one wrong comparison, and a test for it. */
function limitsIn(name: string, newline = '\n', last = newline) {
  const code = ['exports.within = (value, limit) => {', '  return value < limit;', '};'].join(newline) + last;
  const tests = `const { within } = require('./' + ${JSON.stringify(name)});
const test = require('node:test');
const assert = require('node:assert');
test('below', () => assert.equal(within(1, 2), true));
test('at', () => assert.equal(within(2, 2), true));
test('above', () => assert.equal(within(3, 2), false));
`;
  return project({ [name]: code, 'limits.test.js': tests });
}

/** Applies the patch to a clean copy by hand and runs the tests there. */
function provenByHand(root: string, patch: unknown): void {
  const clean = join(folder(), 'clean');
  cpSync(root, clean, { recursive: true, verbatimSymlinks: true });
  execFileSync('git', ['apply', '-'], { cwd: clean, input: String(patch) });
  execFileSync('node', ['--test'], { cwd: clean, stdio: 'pipe' });
}

describe('maestro fix on trees that are not as usual', () => {
  it.each([
    { title: 'a name with spaces', root: () => limitsIn('lower limit.js') },
    { title: 'a name beyond ASCII', root: () => limitsIn('grenze-ä-日本.js') },
    { title: 'a name with a line break', root: () => limitsIn('two\nlines.js') },
    { title: 'CRLF line ends', root: () => limitsIn('limits.js', '\r\n') },
    { title: 'no line end at the end', root: () => limitsIn('limits.js', '\n', '') },
  ])('hands over a patch that applies by hand: $title', async ({ root: make }) => {
    const root = make();
    const before = contents(root);
    const { json, status } = await maestro(['fix', '--json', '--', ...NODE_TEST], root);
    expect(json).toMatchObject({ status: 'fixed' });
    expect(status).toBe(0);
    provenByHand(root, json.patch);
    expect(contents(root)).toEqual(before);
  });

  it('sees uncommitted and untracked files, and leaves index and tree as they were', async () => {
    const root = example('bookings');
    git(root, 'init', '-q');
    git(root, 'add', 'package.json', 'src');
    git(root, 'commit', '-qm', 'first');
    writeFileSync(join(root, 'src', 'unused.js'), 'export const unused = 1;\n');
    const before = [contents(root), String(git(root, 'status', '--porcelain=v2'))];
    const { json } = await maestro(['fix', '--json', '--', ...NODE_TEST], root);
    expect(json).toMatchObject({ status: 'fixed', files: ['src/interval.js'] });
    expect([contents(root), String(git(root, 'status', '--porcelain=v2'))]).toEqual(before);
  });

  it('works in a sub-folder of a repository: the patch is for its root', async () => {
    const root = folder();
    git(root, 'init', '-q');
    cpSync(example('bookings'), join(root, 'packages', 'bookings'), { recursive: true });
    const { json } = await maestro(['fix', '--json', '--', ...NODE_TEST], join(root, 'packages', 'bookings'));
    expect(json).toMatchObject({ status: 'fixed', files: ['packages/bookings/src/interval.js'] });
    execFileSync('git', ['apply', '-'], { cwd: root, input: String(json.patch) });
    execFileSync('node', ['--test'], { cwd: join(root, 'packages', 'bookings'), stdio: 'pipe' });
  });

  it('sees the files of a submodule', async () => {
    const library = example('bookings');
    git(library, 'init', '-q');
    git(library, 'add', '.');
    git(library, 'commit', '-qm', 'first');
    const root = folder();
    git(root, 'init', '-q');
    git(root, 'submodule', '--quiet', 'add', library, 'bookings');
    const { json } = await maestro(
      ['fix', '--json', '--', 'node', '--test', 'bookings/test/interval.test.js', 'bookings/test/room.test.js'],
      root,
    );
    expect(json).toMatchObject({ status: 'fixed', files: ['bookings/src/interval.js'] });
  });

  it('is not led astray by links: loops, and one that leads out', async () => {
    const root = example('bookings');
    const outside = folder();
    writeFileSync(join(outside, 'secret.js'), 'exports.secret = 1 < 2;\n');
    symlinkSync('.', join(root, 'loop'));
    symlinkSync(outside, join(root, 'out'));
    const before = contents(outside);
    const { json } = await maestro(
      ['fix', '--json', '--', 'node', '--test', 'test/interval.test.js', 'test/room.test.js'],
      root,
    );
    expect(json).toMatchObject({ status: 'fixed', files: ['src/interval.js'] });
    expect(contents(outside)).toEqual(before);
  });

  it('is not held up by a binary file of 50 MB', async () => {
    const root = example('bookings');
    writeFileSync(join(root, 'big.bin'), Buffer.alloc(50 * 1024 * 1024, 7));
    expect((await maestro(['fix', '--json', '--', ...NODE_TEST], root)).json).toMatchObject({ status: 'fixed' });
  });

  it('refuses a bare repository', async () => {
    const root = folder();
    git(root, 'init', '-q', '--bare');
    const { status, stderr } = await maestro(['fix', '--', 'true'], root);
    expect(status).toBe(2);
    expect(stderr).toContain('bare');
  });

  it('survives a command that prints a gigabyte', async () => {
    const root = project({ 'a.js': 'exports.a = 1;\n' });
    const { status, json } = await maestro(
      [
        'fix',
        '--json',
        '--time-limit',
        '40s',
        '--max-candidates',
        '1',
        '--',
        'sh',
        '-c',
        'yes | head -c 1000000000; exit 1',
      ],
      root,
    );
    expect(status).toBe(1);
    expect(json).toMatchObject({ status: 'not_fixed', baseline: { failed: 1, total: 1 } });
  });

  it('leaves no temporary folder behind, whatever came of it', async () => {
    const temp = folder();
    const env = { TMPDIR: temp };
    const empty = join(folder(), 'empty');
    mkdirSync(empty);
    await maestro(['fix', '--', ...NODE_TEST], example('bookings'), { env });
    await maestro(['fix', '--', 'no-such-program'], example('bookings'), { env });
    await maestro(['fix', '--', 'true'], empty, { env });
    expect(readdirSync(temp).filter((name) => name.startsWith('maestro-'))).toEqual([]);
  });
});
