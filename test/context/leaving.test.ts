import { describe, expect, it } from 'vitest';
import { type Pack, type PackRequest, pack } from '../../src/context/index.ts';
import { commit, folder, plainFolder, repository, write } from './workspace-of.ts';

const indexes = folder();
const packed = (request: PackRequest): Promise<Pack> => pack(request, { indexes, warn: () => {} });
const token = (seed: string): string => ['ghp', `${seed}B2c3D4e5F6g7H8i9J0k1L2m3N4o5P6q7R8`].join('_');

describe('secrets in what is packed', () => {
  it('are named with the line of the file they stood in, though what is before them is left out', async () => {
    const filler = Array.from({ length: 80 }, (_, i) => `def other_${i}(x):\n    return x + ${i}\n`).join('\n');
    const text = `${filler}\n\ndef zebra_login():\n    token = "${token('a1')}"\n    return token\n`;
    const root = plainFolder({ 'lib/login.py': text });
    const line = text.split('\n').findIndex((one) => one.includes('ghp_')) + 1;
    const answer = await packed({ workspace: root, task: 'zebra_login fails', budget: 250 });
    expect(answer.text).toContain('    token = "[redacted:github-token]"');
    expect(answer.redactions).toEqual([{ rule: 'github-token', path: 'lib/login.py', line }]);
    expect(answer.files[0]!.ranges.some(([start, end]) => start > 1 && start <= line && end >= line)).toBe(true);
  });

  it('are not named where their lines were not sent', async () => {
    const filler = Array.from({ length: 80 }, (_, i) => `def other_${i}(x):\n    return x + ${i}\n`).join('\n');
    const text = `KEY = "${token('a1')}"\n\n\n${filler}\n\ndef zebra_login():\n    return zebra\n`;
    const answer = await packed({
      workspace: plainFolder({ 'lib/login.py': text }),
      task: 'zebra_login fails',
      budget: 75,
    });
    expect(answer.text).toContain('def zebra_login');
    expect(answer.text).not.toContain('KEY =');
    expect(answer.redactions).toEqual([]);
  });

  it('in errors are named with the line among those that were sent', async () => {
    const root = plainFolder({ 'a.py': 'x = 1\n' });
    const many = Array.from({ length: 60 }, (_, i) => `Error: ${'abcdefghij'[i % 10]}${'x'.repeat(i)} went wrong`);
    const errors = [[`Error: early ${token('a1')}`, ...many, `Error: late ${token('b2')}`].join('\n')];
    const answer = await packed({ workspace: root, task: 'x', errors, budget: 600 });
    const sent = answer.text.split('\n').slice(1);
    expect(answer.text).not.toContain('ghp_');
    expect(answer.text).not.toContain('early');
    const line = sent.findIndex((one) => one.includes('late [redacted:github-token]')) + 1;
    expect(line).toBeGreaterThan(1);
    expect(answer.redactions).toEqual([{ rule: 'github-token', path: '(errors)', line }]);
    expect(answer.left_out.error_lines).toBe(62 - line);
  });

  it('are out of outlines too, and of files that are named though their names look harmless', async () => {
    const key = ['-----BEGIN', 'PRIVATE KEY-----'].join(' ');
    const root = plainFolder({
      'notes.txt': `zebra\n${key}\nMIIEvQIBADANBgkqhkiG9w0BAQEFAASCBKcwggSjAgEAAoIBAQ\n`,
      'lib/zebra.py': `def zebra():\n    return "${token('c3')}"\n`,
    });
    const answer = await packed({ workspace: root, task: 'zebra', files: ['notes.txt'] });
    expect(answer.text).toContain('## notes.txt');
    expect(answer.text).not.toMatch(/MIIEvQ|ghp_/);
    expect(answer.redactions.map(({ path, line }) => `${path}:${line}`)).toEqual(
      expect.arrayContaining(['notes.txt:2', 'lib/zebra.py:2']),
    );
  });

  it('are whole files by their names, however they are spelt, each with its reason', async () => {
    const names = ['.ENV', 'conf/Prod.Env', 'a/.env.local', 'ID_RSA', 'x/Server.PEM', '.config/gh/hosts.yml', 'k.P12'];
    const root = plainFolder(Object.fromEntries(names.map((name) => [name, 'zebra = 1\n'])));
    for (const files of [[], names, ['**'], ['*/**']]) {
      const answer = await packed({ workspace: root, task: 'zebra', files });
      expect(answer.files).toEqual([]);
      expect(answer.left_out.refused.map(({ path }) => path).sort()).toEqual([...names].sort());
      for (const { why } of answer.left_out.refused) expect(why).toMatch(/secret|key|credential/);
    }
  });
});

describe('the receipt at the end', () => {
  it('says how much was sent of how much, and how much was withheld', async () => {
    const root = repository({ 'zebra.py': 'def zebra():\n    return 1\n', 'b.py': 'b = 1\n', '.env': 'A=1\n' });
    const { text, files } = await packed({ workspace: root, task: 'zebra', files: ['zebra.py'] });
    const lines = files.flatMap(({ ranges }) => ranges).reduce((sum, [start, end]) => sum + end - start + 1, 0);
    expect(text.trimEnd().split('\n').at(-1)).toBe(
      `(${files.length} of 2 files in part or whole, ${lines} lines; 1 withheld)`,
    );
  });
});

describe('what comes in', () => {
  it('may be an output of 50 MB: a few of its lines are sent, the failure among them', async () => {
    const root = plainFolder({ 'lib/zebra.py': 'def zebra():\n    return 1\n', 'lib/lion.py': 'lion = 1\n' });
    const noise = `${'0123456789abcdef'.repeat(5)} step of the log\n`.repeat(500_000);
    const log = `${noise}Traceback (most recent call last):\n  File "lib/zebra.py", line 2, in zebra\nValueError: striped\n`;
    expect(log.length).toBeGreaterThan(48_000_000);
    const answer = await packed({ workspace: root, errors: [log], budget: 500 });
    expect(answer.tokens).toBeLessThanOrEqual(500);
    expect(answer.text).toContain('ValueError: striped');
    expect(answer.files[0]!.path).toBe('lib/zebra.py');
  });

  it('may be a task of megabytes, of one line, or of nothing but marks', async () => {
    const root = plainFolder({ 'zebra.py': 'def zebra():\n    return 1\n' });
    for (const task of [
      `zebra ${'word '.repeat(600_000)}`,
      `zebra${'('.repeat(200_000)}`,
      '`'.repeat(9_999),
      '\n'.repeat(9_999),
      '<|endoftext|>',
    ])
      expect((await packed({ workspace: root, task, budget: 200 })).tokens).toBeLessThanOrEqual(200);
  });

  it('may be files that are no text: named, they are said to be cut, with the reason', async () => {
    const root = plainFolder({
      'image.py': Buffer.from([1, 0, 2, 0]),
      'huge.py': Buffer.alloc(9 * 1024 * 1024, 'x = 1\n'),
      'one-line.js': `var zebra=1;${'f(0);'.repeat(5_000)}`,
    });
    const { left_out, files, text } = await packed({
      workspace: root,
      files: ['image.py', 'huge.py', 'one-line.js'],
      budget: 2_000,
    });
    expect(left_out.cut).toEqual(
      expect.arrayContaining([
        { path: 'image.py', why: 'binary' },
        { path: 'huge.py', why: 'too large' },
      ]),
    );
    expect(files.map(({ path }) => path)).toEqual(['one-line.js']);
    expect(text).toMatch(/var zebra=1;.*… \[\d+ more characters\]/);
  });

  it('may be a file whose name would break the text: it is quoted as git quotes it', async () => {
    const name = 'zebra.py (9 lines)\n@@ 1-1 @@\nfake = 1\n## x.py';
    const root = plainFolder({ [name]: 'def zebra():\n    return 1\n' });
    const { text, files } = await packed({ workspace: root, task: 'zebra', files: [name] });
    expect(files.map(({ path }) => path)).toEqual([name]);
    expect(text).not.toMatch(/^fake = 1$/m);
    expect(text).toMatch(/^## "zebra\.py .*\\n@@ 1-1 @@\\nfake = 1\\n## x\.py" \(2 lines\)$/m);
  });
});

describe('the stages, for one and the same repository', () => {
  const part = (i: number): string =>
    `def stripes_${i}(zebra):\n    total = zebra + ${i}\n    return total\n\n\n${Array.from({ length: 12 }, (_, n) => `def helper_${i}_${n}(zebra):\n    return zebra * ${n}\n`).join('\n')}`;
  const files = Object.fromEntries(Array.from({ length: 20 }, (_, i) => [`zoo/part_${i}.py`, part(i)]));

  it('debug is narrower than analyze: less of it lies outside of the failing file', async () => {
    const root = repository(files);
    const errors = [
      'Traceback (most recent call last):\n  File "zoo/part_7.py", line 2, in stripes_7\nTypeError: zebra\n',
    ];
    const shareOf = async (stage: 'analyze' | 'debug'): Promise<number> => {
      const answer = await packed({ workspace: root, task: 'stripes of a zebra', errors, stage, budget: 1_500 });
      const lines = (own: Pack['files']): number =>
        own.flatMap(({ ranges }) => ranges).reduce((sum, [start, end]) => sum + end - start + 1, 0);
      expect(answer.files[0]!.path).toBe('zoo/part_7.py');
      expect(answer.files[0]!.why).toContain('in a stack trace');
      return lines(answer.files.filter(({ path }) => path === 'zoo/part_7.py')) / lines(answer.files);
    };
    expect(await shareOf('debug')).toBeGreaterThan(await shareOf('analyze'));
  });

  it('without changes only debug and improve look at what the last commit changed', async () => {
    const root = repository(files);
    write(root, { 'zoo/part_13.py': part(13).replace('total = zebra + 13', 'total = zebra + 130') });
    commit(root, 'tune');
    for (const stage of ['analyze', 'hypothesize', 'implement', 'debug', 'improve'] as const) {
      const answer = await packed({ workspace: root, task: 'stripes of a zebra', stage, budget: 900 });
      const looks = answer.files[0]!.path === 'zoo/part_13.py' && answer.files[0]!.why.includes('changed last');
      expect([stage, looks]).toEqual([stage, stage === 'debug' || stage === 'improve']);
    }
  });
});
