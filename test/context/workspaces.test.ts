import { spawn } from 'node:child_process';
import { mkdirSync, readdirSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { type Pack, type PackRequest, pack } from '../../src/context/index.ts';
import { commit, folder, git, plainFolder, repository, write } from './workspace-of.ts';

const indexes = folder();
const packed = (request: PackRequest, at = indexes, warnings: string[] = []): Promise<Pack> =>
  pack(request, { indexes: at, warn: (line) => void warnings.push(line) });
const pathsOf = ({ files }: Pack): string[] => files.map(({ path }) => path);
const whyNot = ({ left_out }: Pack): Record<string, string> =>
  Object.fromEntries(left_out.refused.map(({ path, why }) => [path, why]));

const ZEBRA = 'def zebra_stripes(zebra):\n    return zebra.stripes - 1\n';
const TASK = 'zebra_stripes is one too low';
const SMALL = { 'zoo/zebra.py': ZEBRA, 'zoo/lion.py': 'def lion_mane(lion):\n    return lion.mane\n' };

describe('a workspace that is packed from', () => {
  it('may be a shallow clone', async () => {
    const origin = repository(SMALL);
    commit(origin, 'second');
    const clone = join(folder(), 'clone');
    git(origin, 'clone', '-q', '--depth', '1', `file://${origin}`, clone);
    for (const stage of [undefined, 'debug', 'improve'] as const) {
      const answer = await packed({ workspace: clone, task: TASK, ...(stage && { stage }) });
      expect(pathsOf(answer)[0], stage).toBe('zoo/zebra.py');
    }
  });

  it('may have submodules: their files are packed, and their secrets are not', async () => {
    const inner = repository({ 'lib/zebra.py': ZEBRA, '.env': 'A=zebra\n' });
    const outer = repository({ 'main.py': 'import lib.zebra\n' });
    git(outer, 'submodule', 'add', '-q', inner, 'deps/inner');
    commit(outer, 'add it');
    const answer = await packed({ workspace: outer, task: TASK });
    expect(pathsOf(answer)[0]).toBe('deps/inner/lib/zebra.py');
    expect(whyNot(answer)).toHaveProperty(['deps/inner/.env']);
  });

  it('may be a submodule itself', async () => {
    const inner = repository(SMALL);
    const outer = repository({ 'main.py': 'x = 1\n' });
    git(outer, 'submodule', 'add', '-q', inner, 'deps/inner');
    const answer = await packed({ workspace: join(outer, 'deps/inner'), task: TASK, stage: 'debug' });
    expect(pathsOf(answer)[0]).toBe('zoo/zebra.py');
  });

  it('may be a sparse checkout: what is not on disk is counted, not missed', async () => {
    const origin = repository({ ...SMALL, 'park/bear.py': ZEBRA.replaceAll('zebra', 'bear') });
    const clone = join(folder(), 'clone');
    git(origin, 'clone', '-q', `file://${origin}`, clone);
    git(clone, 'sparse-checkout', 'set', 'zoo');
    const answer = await packed({ workspace: clone, task: TASK });
    expect(pathsOf(answer)).toEqual(expect.arrayContaining(['zoo/zebra.py']));
    expect(answer.text).not.toContain('bear');
    expect(answer.left_out.absent).toBe(1);
  });

  it('may have a repository without a commit, and one whose HEAD is detached', async () => {
    const fresh = plainFolder(SMALL);
    git(fresh, 'init', '-q');
    expect(pathsOf(await packed({ workspace: fresh, task: TASK, stage: 'debug' }))[0]).toBe('zoo/zebra.py');
    commit(fresh, 'first');
    git(fresh, 'checkout', '-q', '--detach');
    expect(pathsOf(await packed({ workspace: fresh, task: TASK, stage: 'debug' }))[0]).toBe('zoo/zebra.py');
  });

  it('may have a .git that is broken: it is walked then', async () => {
    const root = plainFolder({ ...SMALL, '.git/HEAD': 'garbage', '.env': 'A=zebra\n' });
    const answer = await packed({ workspace: root, task: TASK });
    expect(pathsOf(answer)[0]).toBe('zoo/zebra.py');
    expect(whyNot(answer)).toHaveProperty(['.env']);
  });

  it('may have thousands of files: one is found, and a second pack reads none of them again', async () => {
    const many = Object.fromEntries(
      Array.from({ length: 5_000 }, (_, i) => [
        `pkg_${i % 70}/mod_${i}.py`,
        `def make_${i}(value):\n    return value * ${i}\n`,
      ]),
    );
    const root = repository({ ...many, 'pkg_7/zebra.py': ZEBRA });
    const first = await packed({ workspace: root, task: TASK });
    expect(pathsOf(first)[0]).toBe('pkg_7/zebra.py');
    expect(first.index).toMatchObject({ files: 5_001, reused: 0 });
    // Files changed in the moment before they are indexed are looked at once more.
    await new Promise((resolve) => setTimeout(resolve, 2_100));
    await packed({ workspace: root, task: TASK });
    expect((await packed({ workspace: root, task: TASK })).index).toMatchObject({ reused: 5_001, bytes: 0 });
    const fresh = `${ZEBRA}\n\ndef zebra_hooves(zebra):\n    return 4\n`;
    write(root, { 'pkg_7/zebra.py': fresh });
    const after = await packed({ workspace: root, task: 'zebra_hooves are 4' });
    expect(after.index).toMatchObject({ reused: 5_000, bytes: fresh.length });
    expect(after.text).toContain('def zebra_hooves');
  }, 60_000);

  it('may have a folder where git knows a file, and a file where it knows a folder', async () => {
    const root = repository({ ...SMALL, 'thing/inner.py': 'zebra = 1\n', 'other.py': 'zebra = 2\n' });
    rmSync(join(root, 'thing'), { recursive: true });
    writeFileSync(join(root, 'thing'), 'no folder any more\n');
    rmSync(join(root, 'other.py'));
    mkdirSync(join(root, 'other.py'));
    const answer = await packed({ workspace: root, task: TASK });
    expect(pathsOf(answer)[0]).toBe('zoo/zebra.py');
    expect(answer.left_out.absent).toBe(1);
  });
});

describe('what lies behind links', () => {
  it('is not packed when a folder that git tracks became a link, wherever it leads', async () => {
    const outside = plainFolder({ 'stolen.py': 'def zebra_stripes(stolen):\n    return stolen\n' });
    const root = repository({ ...SMALL, 'part/stolen.py': 'x = 1\n', 'deep/er/stolen.py': 'x = 2\n' });
    rmSync(join(root, 'part'), { recursive: true });
    symlinkSync(outside, join(root, 'part'));
    rmSync(join(root, 'deep/er'), { recursive: true });
    symlinkSync(outside, join(root, 'deep/er'));
    const names = ['part/stolen.py', 'deep/er/stolen.py'];
    for (const files of [[], names, ['part/**'], ['**/*.py']]) {
      const answer = await packed({ workspace: root, task: TASK, files });
      expect(answer.text).not.toContain('return stolen');
      expect(whyNot(answer)).toMatchObject(
        Object.fromEntries(names.map((name) => [name, 'behind a folder that is a link'])),
      );
    }
  });

  it('is not what a name may bring in: secrets and what .maestroignore excludes stay, by whatever way', async () => {
    const root = repository({
      ...SMALL,
      '.maestroignore': '/hidden/\n',
      'hidden/zebra.py': 'hidden_zebra = 1\n',
      '.aws/config': 'aws_zebra = 1\n',
      '.gitignore': 'way\nto\n',
    });
    symlinkSync('hidden', join(root, 'way'));
    symlinkSync('.aws', join(root, 'to'));
    const answer = await packed({ workspace: root, task: TASK, files: ['way/zebra.py', 'to/config'] });
    expect(answer.text).not.toMatch(/hidden_zebra|aws_zebra/);
    expect(whyNot(answer)).toMatchObject({
      'way/zebra.py': 'excluded by .maestroignore',
      'to/config': 'credential file',
    });
  });

  it('is packed when the workspace itself is reached through one, also by absolute names', async () => {
    const root = repository(SMALL);
    const link = join(folder(), 'link');
    symlinkSync(root, link);
    const answer = await packed({ workspace: link, files: [join(link, 'zoo/lion.py')], budget: 300 });
    expect(pathsOf(answer)).toContain('zoo/lion.py');
    expect(answer.left_out).toMatchObject({ refused: [], not_found: [] });
  });
});

describe('names that are no names', () => {
  it('are not found or refused, and never the end of the pack', async () => {
    const root = repository({ ...SMALL, '.gitignore': 'dangling\nloop\n' });
    symlinkSync('nowhere', join(root, 'dangling'));
    symlinkSync('loop', join(root, 'loop'));
    const names = [
      'zoo/zebra.py/x',
      'a\0b',
      'x'.repeat(5_000),
      'dangling',
      'loop',
      'loop/x.py',
      '[',
      '\\',
      '!zoo/zebra.py',
      '',
      '.',
      '/',
      '../..',
      '~/.ssh/id_rsa',
    ];
    const answer = await packed({ workspace: root, task: TASK, files: names });
    expect(pathsOf(answer)).toContain('zoo/zebra.py');
    const said = [...answer.left_out.not_found, ...answer.left_out.refused.map(({ path }) => path)];
    for (const name of ['zoo/zebra.py/x', 'a\0b', 'dangling', 'loop', '/', '../..']) expect(said).toContain(name);
  });

  it('that mean more files than can be taken are cut, and that is said', async () => {
    const root = plainFolder(
      Object.fromEntries(Array.from({ length: 650 }, (_, i) => [`${'abc'[i % 3]}/f${i}.py`, `x = ${i}\n`] as const)),
    );
    const answer = await packed({ workspace: root, files: ['a/**', 'b/**', 'c/**'], budget: 500 });
    expect(answer.tokens).toBeLessThanOrEqual(500);
    const cut = new Map(answer.left_out.cut.map(({ path, why }) => [path, why]));
    expect(cut.get('a/**')).toBe('200 of 217 files taken');
    expect([...cut.values()].filter((why) => why === 'more than 400 files are named')).toHaveLength(200);
    for (const { path } of answer.files) expect(path).toMatch(/^[ab]\//);
  });
});

describe('the folder of indexes', () => {
  it('may be one where nothing can be kept: the pack is made all the same, and that is said in one line', async () => {
    const root = repository(SMALL);
    const blocked = join(folder(), 'file');
    writeFileSync(blocked, 'no folder');
    const warnings: string[] = [];
    const answer = await packed({ workspace: root, task: TASK }, blocked, warnings);
    expect(pathsOf(answer)[0]).toBe('zoo/zebra.py');
    expect(warnings).toEqual([expect.stringMatching(/^the index cannot be kept in .*; it is built for this once$/)]);
  });

  it('may be deleted between packs, and holds whatever was broken anew, with one line', async () => {
    const root = repository(SMALL);
    const at = join(folder(), 'indexes');
    const first = await packed({ workspace: root, task: TASK }, at);
    for (const breakIt of [
      (path: string) => writeFileSync(path, 'garbage'),
      (path: string) => writeFileSync(path, ''),
      (path: string) => writeFileSync(path, '{"version":0,"paths":[]}'),
    ]) {
      const [key] = readdirSync(at, { withFileTypes: true }).filter((entry) => entry.isDirectory());
      breakIt(join(at, key!.name, 'manifest'));
      const warnings: string[] = [];
      expect((await packed({ workspace: root, task: TASK }, at, warnings)).text).toBe(first.text);
      expect(warnings).toEqual([expect.stringContaining('is built again')]);
    }
    rmSync(at, { recursive: true });
    const warnings: string[] = [];
    expect((await packed({ workspace: root, task: TASK }, at, warnings)).text).toBe(first.text);
    expect(warnings).toEqual([]);
  });

  it('is shared by processes that pack at the same moment: all get the same', async () => {
    const root = repository(
      Object.fromEntries([
        ['zebra.py', ZEBRA],
        ...Array.from({ length: 200 }, (_, i) => [`f${i}.py`, `def f${i}(zebra):\n    return zebra\n`] as const),
      ]),
    );
    const at = folder();
    const module = fileURLToPath(new URL('../../src/context/index.ts', import.meta.url));
    const script = join(folder(), 'pack.mjs');
    writeFileSync(
      script,
      `import { pack } from ${JSON.stringify(module)};
       const [workspace, indexes, task] = process.argv.slice(2);
       for (let i = 0; i < 2; i++) process.stdout.write((await pack({ workspace, task, budget: 600 }, { indexes })).text);`,
    );
    const outputs = await Promise.all(
      [1, 2, 3].map(
        () =>
          new Promise<string>((resolve) => {
            const child = spawn(process.execPath, [script, root, at, TASK], { stdio: ['ignore', 'pipe', 'pipe'] });
            let text = '';
            for (const stream of [child.stdout, child.stderr]) stream.on('data', (chunk: Buffer) => (text += chunk));
            child.on('close', (code) => resolve(`${text}${code}`));
          }),
      ),
    );
    const { text } = await packed({ workspace: root, task: TASK, budget: 600 }, at);
    expect(text).toContain('def zebra_stripes');
    expect(outputs).toEqual([1, 2, 3].map(() => `${text}${text}0`));
  }, 60_000);
});

describe('what a process knows from the pack before', () => {
  /** Packed until everything is known by heart, which takes until nothing is younger than two seconds. */
  async function known(root: string): Promise<Pack> {
    await new Promise((resolve) => setTimeout(resolve, 2_100));
    await packed({ workspace: root, task: TASK });
    return packed({ workspace: root, task: TASK });
  }

  it('never serves what is since then ignored, secret, a link, gone, or changed', async () => {
    const stolen = plainFolder({ 'stolen.py': ZEBRA.replace('stripes - 1', 'stolen') });
    const names = ['ignored', 'hidden', 'secret', 'linked', 'gone', 'moved/deep', 'changed'];
    const root = repository({
      ...SMALL,
      '.gitignore': '*.tmp\n',
      ...Object.fromEntries(names.map((name) => [`${name}.py`, `${ZEBRA}# of ${name}\n`])),
    });
    const loose = `${ZEBRA}# of loose\n`;
    write(root, { 'loose.py': loose });
    const before = await known(root);
    expect(before.index).toMatchObject({ bytes: 0, reused: before.index.files });
    for (const name of [...names, 'loose']) expect(before.text, name).toContain(`# of ${name}`);

    git(root, 'rm', '-q', '--cached', 'ignored.py');
    write(root, { '.gitignore': '*.tmp\nignored.py\nloose.py\n', '.maestroignore': 'hidden.py\n' });
    write(root, { '.env': `${ZEBRA}# of secret\n`, 'changed.py': `${ZEBRA}# of another\n` });
    for (const name of ['secret', 'linked', 'gone']) rmSync(join(root, `${name}.py`));
    rmSync(join(root, 'moved'), { recursive: true });
    symlinkSync(stolen, join(root, 'moved'));
    symlinkSync(join(stolen, 'stolen.py'), join(root, 'linked.py'));

    const after = await packed({ workspace: root, task: TASK });
    for (const name of [...names, 'loose']) expect(after.text, name).not.toContain(`# of ${name}`);
    expect(after.text).not.toContain('stolen');
    expect(after.text).toContain('# of another');
    const anew = await packed({ workspace: root, task: TASK }, folder());
    expect(after.text).toBe(anew.text);
    expect(whyNot(after)).toEqual(whyNot(anew));
  }, 30_000);

  it('is enough for many packs at once, which all get the same', async () => {
    const root = repository(SMALL);
    const first = await known(root);
    const all = await Promise.all(Array.from({ length: 12 }, () => packed({ workspace: root, task: TASK })));
    for (const one of all) expect(one.text).toBe(first.text);
    write(root, { 'zoo/okapi.py': ZEBRA });
    const grown = await Promise.all(Array.from({ length: 6 }, () => packed({ workspace: root, task: TASK })));
    for (const one of grown) expect(pathsOf(one)).toContain('zoo/okapi.py');
  }, 30_000);

  it('is followed by the last commit: what it says of files counts from the next pack on', async () => {
    const root = repository({ 'a/one.py': 'x = 1\n', 'b/two.py': 'y = 1\n' });
    await known(root);
    write(root, { 'b/two.py': 'y = 2\n' });
    commit(root, 'Mend the ocelot');
    const answer = await packed({ workspace: root, task: 'the ocelot is lost' });
    expect(answer.files.find(({ path }) => path === 'b/two.py')!.why).toContain(
      'commits with such messages changed it',
    );
  }, 30_000);
});
