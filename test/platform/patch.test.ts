import { execFileSync, spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join, relative } from 'node:path';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type ChangeSet, changeSet } from '../../src/domain/change.ts';
import { parsePatch, renderPatch } from '../../src/platform/patch.ts';

type Tree = Record<string, string>;

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'maestro-patch-test-'));
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const reader = (tree: Tree) => (path: string) => (Object.hasOwn(tree, path) ? tree[path]! : null);

function changesBetween(before: Tree, after: Tree): ChangeSet {
  const paths = new Set([...Object.keys(before), ...Object.keys(after)]);
  return changeSet([...paths].map((path) => ({ path, content: after[path] ?? null }))).filter(
    ({ path, content }) => content !== (before[path] ?? null),
  );
}

function apply(before: Tree, change: ChangeSet): Tree {
  const after = { ...before };
  for (const { path, content } of change) {
    if (content === null) delete after[path];
    else after[path] = content;
  }
  return after;
}

/** What a real program makes of a tree and a patch. */
function applyWith(argv: readonly string[], before: Tree, patch: string): Tree {
  const dir = mkdtempSync(join(folder, 'tree-'));
  try {
    for (const [path, text] of Object.entries(before)) {
      mkdirSync(dirname(join(dir, path)), { recursive: true });
      writeFileSync(join(dir, path), text);
    }
    const [program, ...args] = argv;
    const ended = spawnSync(program!, args, { cwd: dir, input: patch, encoding: 'utf8', timeout: 20_000 });
    if (ended.status !== 0) throw new Error(`${argv.join(' ')}: ${ended.stdout}${ended.stderr}\n${patch}`);
    const files = readdirSync(dir, { recursive: true, withFileTypes: true }).filter((entry) => entry.isFile());
    return Object.fromEntries(
      files.map((entry) => {
        const file = join(entry.parentPath, entry.name);
        return [relative(dir, file), readFileSync(file, 'utf8')];
      }),
    );
  } finally {
    rmSync(dir, { recursive: true, force: true });
  }
}

const GIT_APPLY = ['git', 'apply', '--whitespace=nowarn', '-'];
const GNU_PATCH = ['patch', '-p1', '--binary', '--no-backup-if-mismatch', '-s', '-f'];
const hasPatch = spawnSync(GNU_PATCH[0]!, ['--version']).status === 0;

const line = fc.constantFrom(
  'a',
  'b',
  '',
  '  c',
  '-- d',
  '++ e',
  '@@ -1 +1 @@',
  'diff --git a/x b/x',
  '\\',
  'grüße',
  '\t',
  '```',
);
const lineEnd = fc.constantFrom('\n', '\n', '\n', '\r\n');
const text = fc.tuple(fc.array(fc.tuple(line, lineEnd), { maxLength: 25 }), fc.boolean()).map(([lines, ends]) => {
  const whole = lines.map((parts) => parts.join('')).join('');
  return ends ? whole : whole.replace(/\r?\n$/, '');
});
const name = fc.constantFrom(
  'a.js',
  'b/c.py',
  'b/a b.txt',
  'ü.md',
  'two\nlines',
  'tab\tname',
  'q"uote',
  'back\\slash',
  'a/a',
  'dev/null',
  ' lead',
  'trail ',
);
const tree = fc.dictionary(name, text, { maxKeys: 4 });

/** The same text with some lines replaced, dropped or added: what a patch looks like. */
const editedTree = tree.chain((before) =>
  fc
    .tuple(
      fc.dictionary(name, text, { maxKeys: 2 }),
      fc.array(fc.tuple(fc.nat(20), fc.constantFrom('drop', 'add', 'replace'), line), { maxLength: 4 }),
      fc.array(name, { maxLength: 1 }),
    )
    .map(([added, edits, removed]) => {
      const after: Tree = { ...before, ...added };
      for (const path of Object.keys(before)) {
        const lines = after[path]!.split('\n');
        for (const [at, kind, newLine] of edits) {
          if (at < lines.length) lines.splice(at, kind === 'add' ? 0 : 1, ...(kind === 'drop' ? [] : [newLine]));
        }
        after[path] = lines.join('\n');
      }
      for (const path of removed) delete after[path];
      return { before, after };
    }),
);

describe('a rendered patch', () => {
  it('is what git apply turns the one tree into the other with', () => {
    fc.assert(
      fc.property(editedTree, ({ before, after }) => {
        const patch = renderPatch(changesBetween(before, after), reader(before));
        expect(patch === '' ? before : applyWith(GIT_APPLY, before, patch)).toEqual(after);
      }),
      { numRuns: 150 },
    );
  });

  it.runIf(hasPatch)('is what patch -p1 turns the one tree into the other with', () => {
    // GNU patch unquotes no such names, and finds no name with a space where git's header stands alone.
    const plain = (tree: Tree) =>
      Object.entries(tree).every(
        ([path, content]) => !/[\n"\\]|^ | $/.test(path) && (content !== '' || !path.includes(' ')),
      );
    fc.assert(
      fc.property(editedTree, ({ before, after }) => {
        fc.pre(plain(before) && plain(after));
        const patch = renderPatch(changesBetween(before, after), reader(before));
        expect(patch === '' ? before : applyWith(GNU_PATCH, before, patch)).toEqual(after);
      }),
      { numRuns: 60 },
    );
  });

  it('is read back as the same change', () => {
    fc.assert(
      fc.property(editedTree, ({ before, after }) => {
        const change = changesBetween(before, after);
        fc.pre(change.length > 0);
        expect(parsePatch(renderPatch(change, reader(before)), reader(before))).toEqual({ ok: true, change });
      }),
      { numRuns: 1000 },
    );
  });

  it('is byte for byte what git itself writes, but for its index line', () => {
    const before = { 'a b.txt': 'one\ntwo\nthree\n', 'gone.txt': 'x', 'ü.txt': '1\n' };
    const after = { 'a b.txt': 'one\n2\nthree', 'new.txt': 'n\n', 'ü.txt': '1\r\n' };
    const dir = mkdtempSync(join(folder, 'git-'));
    const git = (...args: string[]) => execFileSync('git', args, { cwd: dir, encoding: 'utf8' });
    git('init', '-q');
    git('config', 'core.autocrlf', 'false');
    for (const [path, content] of Object.entries(before)) writeFileSync(join(dir, path), content);
    git('add', '.');
    for (const path of Object.keys(before)) rmSync(join(dir, path));
    for (const [path, content] of Object.entries(after)) writeFileSync(join(dir, path), content);
    git('add', '-N', 'new.txt');
    const theirs = git('-c', 'diff.noprefix=false', 'diff', '--no-renames').replace(/^index .*\n/gm, '');
    expect(renderPatch(changesBetween(before, after), reader(before))).toBe(theirs);
  });

  it('replaces a file as a whole where a minimal difference would take too long', () => {
    const before = { 'big.txt': Array.from({ length: 20_000 }, (_, i) => `old ${i}`).join('\n') };
    const after = { 'big.txt': Array.from({ length: 20_000 }, (_, i) => `new ${i}`).join('\n') };
    const patch = renderPatch(changesBetween(before, after), reader(before));
    expect(applyWith(GIT_APPLY, before, patch)).toEqual(after);
  });

  it('finds edits anywhere in a long file', () => {
    const lines = Array.from({ length: 2_000 }, (_, i) => `line ${i % 7}\n`);
    const edit = fc.tuple(
      fc.nat(lines.length),
      fc.nat(2),
      fc.array(fc.constantFrom('line 1\n', 'x\n'), { maxLength: 3 }),
    );
    fc.assert(
      fc.property(fc.array(edit, { minLength: 1, maxLength: 3 }), (edits) => {
        const edited = [...lines];
        for (const [at, removed, added] of edits) edited.splice(at, removed, ...added);
        const [before, after] = [{ x: lines.join('') }, { x: edited.join('') }];
        const patch = renderPatch(changesBetween(before, after), reader(before));
        expect(patch === '' ? before : applyWith(GIT_APPLY, before, patch)).toEqual(after);
      }),
      { numRuns: 60 },
    );
  });

  it('of nothing is empty', () => {
    expect(renderPatch([], () => null)).toBe('');
    expect(renderPatch([{ path: 'a', content: 'same' }], () => 'same')).toBe('');
    expect(renderPatch([{ path: 'a', content: null }], () => null)).toBe('');
  });
});

const FILE = 'one\ntwo\nthree\nfour\nfive\nsix\nseven\neight\nnine\nten\n';
const EDITED = FILE.replace('five', 'FIVE');
const HUNK = '@@ -3,5 +3,5 @@\n three\n four\n-five\n+FIVE\n six\n seven\n';
const DIFF = `--- a/src/x.js\n+++ b/src/x.js\n${HUNK}`;
const files = { 'src/x.js': FILE };

function parse(diff: string, before: Tree = files): Tree | string {
  const parsed = parsePatch(diff, reader(before));
  return parsed.ok ? apply(before, parsed.change) : parsed.problem;
}

describe('reading a patch', () => {
  it('takes what a person or a model wrote around it as prose', () => {
    const fenced = `Here is the fix:\n\n\`\`\`diff\n${DIFF}\`\`\`\n\n- it changes five\n+ nothing else\n`;
    expect(parse(fenced)).toEqual({ 'src/x.js': EDITED });
    expect(parse(`From 0123 Mon Sep 17\nSubject: fix\n---\n x.js | 2 +-\n\n${DIFF}-- \n2.39.5\n`)).toEqual({
      'src/x.js': EDITED,
    });
  });

  it.each([
    ['no a/ and b/', DIFF.replace(/[ab]\/src/g, 'src')],
    ['./ before the names', DIFF.replace(/[ab]\/src/g, './src')],
    ['other prefixes', DIFF.replace('a/', 'i/').replace('b/', 'w/')],
    ['dates after the names', DIFF.replace(/x\.js$/gm, 'x.js\t2026-01-01 00:00:00.000 +0000')],
    ['an original with another name', DIFF.replace('a/src/x.js', 'src/x.js.orig')],
    ['line counts that are too small', DIFF.replace('-3,5 +3,5', '-3,2 +3,2')],
    ['line counts that are too large', DIFF.replace('-3,5 +3,5', '-3,9 +3,11')],
    ['line counts that disagree', DIFF.replace('-3,5 +3,5', '-3,5 +3,6')],
    ['no line counts', DIFF.replace('-3,5 +3,5', '-3 +3')],
    ['no line numbers', DIFF.replace(/@@.*@@/, '@@ ... @@')],
    ['only @@', DIFF.replace(/@@.*@@/, '@@')],
    ['a function name in the header', DIFF.replace(/@@\n/, '@@ function x() {\n')],
    ['the hunk some lines off', DIFF.replace('-3,5 +3,5', '-7,5 +7,5')],
    ['the hunk far off', DIFF.replace('-3,5 +3,5', '-9000,5 +9000,5')],
    ['CRLF throughout', DIFF.replaceAll('\n', '\r\n')],
    ['no line end at its end', DIFF.replace(/\n$/, '')],
    ['a file that is named twice', `diff --git a/src/x.js b/src/x.js\nindex 1..2 100644\n${DIFF}`],
  ])('forgives %s', (_, diff) => {
    expect(parse(diff)).toEqual({ 'src/x.js': EDITED });
  });

  it('takes an empty line of a hunk as context whose space was cut off', () => {
    const before = { x: 'a\n\nb\n' };
    expect(parse('--- a/x\n+++ b/x\n@@ -1,3 +1,3 @@\n-a\n+A\n\n b\n', before)).toEqual({ x: 'A\n\nb\n' });
    expect(parse('--- a/x\n+++ b/x\n@@ -1,9 +1,9 @@\n-a\n+A\n\n b\n\n\n', before)).toEqual({ x: 'A\n\nb\n' });
  });

  it('keeps the line ends of the file when the patch has others', () => {
    const crlf = { 'src/x.js': FILE.replaceAll('\n', '\r\n') };
    expect(parse(DIFF, crlf)).toEqual({ 'src/x.js': EDITED.replaceAll('\n', '\r\n') });
    expect(parse(DIFF.replaceAll('\n', '\r\n'), crlf)).toEqual({ 'src/x.js': EDITED.replaceAll('\n', '\r\n') });
  });

  it('keeps the missing newline at the end of a file when the patch forgot it', () => {
    expect(parse('--- a/x\n+++ b/x\n@@ -1,2 +1,2 @@\n a\n-b\n+B\n', { x: 'a\nb' })).toEqual({ x: 'a\nB' });
    expect(parse('--- a/x\n+++ b/x\n@@ -1,2 +1,2 @@\n-a\n+A\n b\n', { x: 'a\nb' })).toEqual({ x: 'A\nb' });
    expect(parse('--- a/x\n+++ b/x\n@@ -2 +2,2 @@\n b\n+c\n', { x: 'a\nb' })).toEqual({ x: 'a\nb\nc' });
  });

  it('takes several hunks in order, later ones moved by as much as earlier ones', () => {
    const [first, second] = ['@@ -12,2 +12,3 @@\n one\n+1.5\n two\n', '@@ -19,2 +20,1 @@\n eight\n-nine\n'];
    expect(parse(`--- a/src/x.js\n+++ b/src/x.js\n${first}${second}`)).toEqual({
      'src/x.js': FILE.replace('one\n', 'one\n1.5\n').replace('nine\n', ''),
    });
  });

  it('takes the nearest place where the context occurs more than once', () => {
    const before = { x: 'a\nb\nc\na\nb\nc\na\nb\nc\n' };
    const diff = (start: number) => `--- a/x\n+++ b/x\n@@ -${start},2 +${start},2 @@\n a\n-b\n+B\n`;
    expect(parse(diff(4), before)).toEqual({ x: 'a\nb\nc\na\nB\nc\na\nb\nc\n' });
    expect(parse(diff(8), before)).toEqual({ x: 'a\nb\nc\na\nb\nc\na\nB\nc\n' });
  });

  it('takes several files, and several patches of one file one after the other', () => {
    const before = { a: '1\n', b: '2\n' };
    const diff = (path: string, from: string, to: string) =>
      `--- a/${path}\n+++ b/${path}\n@@ -1 +1 @@\n-${from}\n+${to}\n`;
    expect(parse(diff('a', '1', 'I') + diff('b', '2', 'II') + diff('a', 'I', 'i'), before)).toEqual({
      a: 'i\n',
      b: 'II\n',
    });
  });

  it('creates, deletes and renames', () => {
    const before = { old: 'text\n', 'b/x': 'other\n' };
    expect(parse('--- /dev/null\n+++ b/new\n@@ -0,0 +1 @@\n+n\n', before)).toEqual({ ...before, new: 'n\n' });
    expect(parse('--- /dev/null\n+++ b/x\n@@ -0,0 +1 @@\n+n\n', before)).toEqual({ ...before, x: 'n\n' });
    expect(parse('--- a/old\n+++ /dev/null\n@@ -1 +0,0 @@\n-text\n', before)).toEqual({ 'b/x': 'other\n' });
    const rename = 'diff --git a/old b/moved\nsimilarity index 90%\nrename from old\nrename to moved\n';
    expect(parse(rename, before)).toEqual({ moved: 'text\n', 'b/x': 'other\n' });
    const edited = `${rename}--- a/old\n+++ b/moved\n@@ -1 +1 @@\n-text\n+TEXT\n`;
    expect(parse(edited, before)).toEqual({ moved: 'TEXT\n', 'b/x': 'other\n' });
    expect(parse('diff --git a/e b/e\nnew file mode 100644\nindex 0000000..e69de29\n', before)).toEqual({
      ...before,
      e: '',
    });
  });

  it('leaves out what changes nothing', () => {
    expect(parsePatch('--- a/x\n+++ b/x\n@@ -1 +1 @@\n-a\n+a\n', reader({ x: 'a\n' }))).toEqual({
      ok: true,
      change: [],
    });
  });
});

describe('a patch that is refused', () => {
  it.each([
    ['/etc/passwd', '"/etc/passwd" is an absolute path'],
    ['C:\\windows\\x', 'is an absolute path'],
    ['../x', '"../x" leads out of the workspace'],
    ['src/../../x', 'leads out of the workspace'],
    ['src\\..\\..\\x', 'leads out of the workspace'],
    ['.git/config', '".git/config" is inside .git'],
    ['sub/.git/hooks/pre-commit', 'is inside .git'],
    ['.GIT/config', 'is inside .git'],
    ['.git./config', 'is inside .git'],
    ['.g\u200cit/config', 'is inside .git'],
    ['git~1/config', 'is inside .git'],
    ['c//b', 'is not a plain path'],
    ['c/./b', 'is not a plain path'],
  ])('for the path %j says why', (path, why) => {
    const prefixes = path.startsWith('/') || path.startsWith('C:') ? ['', ''] : ['b/', ''];
    for (const prefix of prefixes) {
      const quoted = JSON.stringify(prefix + path);
      for (const diff of [
        `--- /dev/null\n+++ ${quoted}\n@@ -0,0 +1 @@\n+x\n`,
        `--- ${quoted}\n+++ /dev/null\n@@ -1 +0,0 @@\n-x\n`,
        `diff --git a/x b/y\nrename from x\nrename to ${quoted.replace('"b/', '"')}\n`,
      ]) {
        const read = (name: string) => (name === 'x' || existsSync(name) ? 'x\n' : null);
        const parsed = parsePatch(diff, read);
        expect(parsed.ok ? parsed.change : parsed.problem).toContain(why);
      }
    }
  });

  it.each([
    ['text without a diff', 'just words\n', 'there is no unified diff in the text'],
    ['nothing', '', 'there is no unified diff in the text'],
    ['a hunk without a file', HUNK, 'there is no unified diff in the text'],
    ['a file that is not there', DIFF.replaceAll('x.js', 'y.js'), 'src/y.js: there is no such text file'],
    [
      'a new file that is there',
      DIFF.replace('a/src/x.js', '/dev/null'),
      'src/x.js: the patch creates it, but it exists',
    ],
    [
      'a deletion of another text',
      '--- a/src/x.js\n+++ /dev/null\n@@ -1 +0,0 @@\n-one\n',
      'src/x.js: the patch deletes it, but does not match all of it',
    ],
    [
      'a binary patch',
      'diff --git a/src/x.js b/src/x.js\nBinary files a/src/x.js and b/src/x.js differ\n',
      'src/x.js: binary patches are not supported',
    ],
    [
      'context that does not match',
      `${DIFF}@@ -8,2 +8,2 @@\n eight\n-neun\n+9\n`,
      'src/x.js: hunk 2 of 2 does not match: line 9 is "nine", it expects "neun"',
    ],
    [
      'context beyond the end',
      '--- a/src/x.js\n+++ b/src/x.js\n@@ -10,2 +10,1 @@\n ten\n-eleven\n',
      'src/x.js: hunk 1 of 1 does not match: it expects "eleven" after the end of the file',
    ],
  ])('is %s', (_, diff, problem) => {
    expect(parse(diff)).toBe(problem);
  });

  it('is a hunk without line numbers whose context occurs more than once', () => {
    expect(parse('--- a/x\n+++ b/x\n@@\n-a\n+b\n', { x: 'a\na\n' })).toBe(
      'x: hunk 1 of 1 says no line numbers and matches at 2 places',
    );
  });

  it('never makes the reader throw or loop, whatever the text is', () => {
    const piece = fc.constantFrom(
      '--- a/x',
      '+++ b/x',
      '@@ -1,2 +1,2 @@',
      '@@ -0,0 +1,9999999 @@',
      '@@',
      '+',
      '-',
      ' a',
      '\\',
      'diff --git a/x b/x',
      'rename from x',
      '',
      'a',
      '"',
      '--- "a\\',
      '+++ "',
    );
    fc.assert(
      fc.property(fc.array(fc.oneof(piece, fc.string()), { maxLength: 20 }), (lines) => {
        expect(parsePatch(lines.join('\n'), reader({ x: 'a\nb\n' }))).toHaveProperty('ok');
      }),
      { numRuns: 2000 },
    );
  });
});
