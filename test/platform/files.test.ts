import {
  chmodSync,
  existsSync,
  linkSync,
  lstatSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  realpathSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { atomicWrite, isInside, removeTree, removeTreeNow, writeTree } from '../../src/platform/files.ts';
import { runProcess } from '../../src/platform/process.ts';

let folder: string;
let tree: string;
beforeEach(() => {
  folder = realpathSync(mkdtempSync(join(tmpdir(), 'maestro-files-test-')));
  tree = join(folder, 'tree');
  mkdirSync(tree);
});
afterEach(() => removeTree(folder));

const read = (path: string) => readFileSync(join(folder, path), 'utf8');

describe('writing a file at once', () => {
  it('creates it, and replaces it keeping its mode', async () => {
    const file = join(folder, 'run.sh');
    await atomicWrite(file, 'one');
    expect(read('run.sh')).toBe('one');
    chmodSync(file, 0o751);
    await atomicWrite(file, Buffer.from('two'));
    expect([read('run.sh'), statSync(file).mode & 0o777]).toEqual(['two', 0o751]);
  });

  it('leaves another name of the same file with the old content', async () => {
    writeFileSync(join(folder, 'a'), 'old');
    linkSync(join(folder, 'a'), join(folder, 'b'));
    await atomicWrite(join(folder, 'a'), 'new');
    expect([read('a'), read('b')]).toEqual(['new', 'old']);
  });

  it('never shows a reader half of it', async () => {
    const file = join(folder, 'big');
    const contents = ['a', 'b'].map((letter) => letter.repeat(2_000_000));
    await atomicWrite(file, contents[0]!);
    let writing = true;
    const writes = (async () => {
      for (let i = 0; i < 20; i++) await atomicWrite(file, contents[i % 2]!);
      writing = false;
    })();
    while (writing) {
      expect(contents).toContain(readFileSync(file, 'utf8'));
      await new Promise((resolve) => setImmediate(resolve));
    }
    await writes;
  });

  it('leaves nothing behind when it fails', async () => {
    mkdirSync(join(folder, 'taken', 'full'), { recursive: true });
    await expect(atomicWrite(join(folder, 'taken'), 'x')).rejects.toThrow();
    await expect(atomicWrite(join(folder, 'nowhere', 'x'), 'x')).rejects.toThrow('ENOENT');
    expect(readdirSync(folder).sort()).toEqual(['taken', 'tree']);
  });
});

describe('writing changes into a tree', () => {
  it('writes, makes folders, replaces and deletes', async () => {
    writeFileSync(join(tree, 'old'), 'old');
    writeFileSync(join(tree, 'gone'), 'gone');
    await writeTree(tree, [
      { path: 'gone', content: null },
      { path: 'never/was', content: null },
      { path: 'new folder/deep/ü.txt', content: 'grüße\r\n' },
      { path: 'old', content: 'new' },
    ]);
    expect([read('tree/old'), read('tree/new folder/deep/ü.txt'), existsSync(join(tree, 'gone'))]).toEqual([
      'new',
      'grüße\r\n',
      false,
    ]);
  });

  it('works where the tree itself is reached through a link', async () => {
    symlinkSync(tree, join(folder, 'link'));
    await writeTree(join(folder, 'link'), [{ path: 'x', content: '1' }]);
    expect(read('tree/x')).toBe('1');
  });

  it('follows a link that stays inside', async () => {
    mkdirSync(join(tree, 'real'));
    symlinkSync('real', join(tree, 'alias'));
    await writeTree(tree, [{ path: 'alias/x', content: '1' }]);
    expect(read('tree/real/x')).toBe('1');
  });

  it('replaces a link in the place of a file and leaves what it pointed to', async () => {
    writeFileSync(join(folder, 'outside'), 'secret');
    symlinkSync(join(folder, 'outside'), join(tree, 'x'));
    await writeTree(tree, [{ path: 'x', content: 'mine' }]);
    expect([read('outside'), read('tree/x'), lstatSync(join(tree, 'x')).isSymbolicLink()]).toEqual([
      'secret',
      'mine',
      false,
    ]);
    symlinkSync(join(folder, 'outside'), join(tree, 'y'));
    await writeTree(tree, [{ path: 'y', content: null }]);
    expect([read('outside'), existsSync(join(tree, 'y'))]).toEqual(['secret', false]);
  });

  it.each(['../escaped', 'a/../../escaped', '/escaped', '', '.', 'out/escaped', 'out/new/escaped', 'dangling/escaped'])(
    'refuses %j and then writes nothing at all',
    async (path) => {
      const outside = join(folder, 'outside');
      mkdirSync(outside);
      symlinkSync(outside, join(tree, 'out'));
      symlinkSync(join(folder, 'not-there'), join(tree, 'dangling'));
      for (const content of ['x', null]) {
        const changes = [
          { path: 'first', content: '1' },
          { path, content },
        ];
        await expect(writeTree(tree, changes)).rejects.toMatchObject({ code: 'bad_candidates' });
      }
      expect(readdirSync(outside)).toEqual([]);
      expect(readdirSync(folder).sort()).toEqual(['outside', 'tree']);
      expect(readdirSync(tree).sort()).toEqual(['dangling', 'out']);
    },
  );
});

describe('being inside a folder', () => {
  it('is a matter of whole names', () => {
    expect(isInside('/a/b', '/a/b')).toBe(true);
    expect(isInside('/a/b', '/a/b/c')).toBe(true);
    expect(isInside('/a/b', '/a/b/..c')).toBe(true);
    expect(isInside('/a/b', '/a/bc')).toBe(false);
    expect(isInside('/a/b', '/a')).toBe(false);
    expect(isInside('/', '/a')).toBe(true);
  });
});

describe('removing a tree', () => {
  it('removes links without following them', async () => {
    mkdirSync(join(folder, 'outside'));
    writeFileSync(join(folder, 'outside', 'kept'), 'kept');
    symlinkSync(join(folder, 'outside'), join(tree, 'link'));
    symlinkSync('loop', join(tree, 'loop'));
    symlinkSync(join(folder, 'outside'), join(folder, 'root-link'));
    await removeTree(tree);
    await removeTree(join(folder, 'root-link'));
    expect([readdirSync(folder), read('outside/kept')]).toEqual([['outside'], 'kept']);
  });

  it('of nothing is no error', async () => {
    await removeTree(join(folder, 'never-was'));
    removeTreeNow(join(folder, 'never-was'));
    expect(readdirSync(folder)).toEqual(['tree']);
  });

  it.each(['removeTree', 'removeTreeNow'])('survives folders without write permission (%s)', async (name) => {
    mkdirSync(join(tree, 'a', 'b'), { recursive: true });
    writeFileSync(join(tree, 'a', 'b', 'file'), 'x');
    const script = `
      const { chmodSync, existsSync, writeFileSync, readdirSync } = await import('node:fs');
      const { ${name} } = await import(${JSON.stringify(new URL('../../src/platform/files.ts', import.meta.url).href)});
      if (process.getuid() === 0) { process.setgid(65534); process.setuid(65534); }
      const tree = ${JSON.stringify(tree)};
      for (const path of ['/a/b', '/a', '']) chmodSync(tree + path, 0o000);
      await ${name}(tree);
      console.log(existsSync(tree) ? 'still there' : 'gone');`;
    if (process.getuid?.() === 0) await run(['chown', '-R', '65534:65534', folder]);
    const { output } = await run([process.execPath, '--input-type=module', '-e', script]);
    expect(output).toBe('gone\n');
  });
});

function run(argv: readonly string[]) {
  return runProcess(
    { argv, cwd: '/', env: { PATH: process.env.PATH! } },
    { timeLimitMs: 20_000, outputCapBytes: 100_000, signal: new AbortController().signal },
  );
}
