import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { readPatch, renderPatch } from '../../src/platform/patch.ts';

type Tree = Record<string, string>;

const FILE = 'one\ntwo\nthree\nfour\nfive\nsix\nseven\neight\nnine\nten\n';
const EDITED = FILE.replace('five', 'FIVE');
const DIFF = '--- a/src/x.js\n+++ b/src/x.js\n@@ -3,5 +3,5 @@\n three\n four\n-five\n+FIVE\n six\n seven\n';
const BLOCK = '<<<<<<< SEARCH\nfour\nfive\n=======\nfour\nFIVE\n>>>>>>> REPLACE\n';
const TREE: Tree = { 'src/x.js': FILE, 'b.py': 'def f():\n    return 1\n' };

const reader = (tree: Tree) => (path: string) => (Object.hasOwn(tree, path) ? tree[path]! : null);

/** What the text makes of the tree: the files it changes, or its problem. */
function read(text: string, tree: Tree = TREE): Record<string, string | null> | string {
  const parsed = readPatch(text, reader(tree));
  return parsed.ok ? Object.fromEntries(parsed.change.map(({ path, content }) => [path, content])) : parsed.problem;
}

const fenced = (content: string, info = '') => `\`\`\`${info}\n${content}\`\`\`\n`;

describe('a patch in an answer', () => {
  it.each([
    ['a bare diff', DIFF],
    ['a diff in a fence', `Here it is:\n\n${fenced(DIFF, 'diff')}\nIt changes five.\n`],
    ['a diff in a fence without a language', fenced(DIFF)],
    ['a diff in a fence that names the file', fenced(DIFF, 'diff path=src/x.js')],
    ['a diff without a/ and b/', DIFF.replace(/[ab]\/src/g, 'src')],
    ['a diff with wrong counts', DIFF.replace('-3,5 +3,5', '-4,2 +9,17')],
    ['a diff with CRLF', DIFF.replaceAll('\n', '\r\n')],
    ['a block below a bare path', `src/x.js\n${BLOCK}`],
    ['a block below a path, in a fence', `src/x.js\n${fenced(BLOCK, 'js')}`],
    ['a block in a fence, below its path', fenced(`src/x.js\n${BLOCK}`)],
    ['a block in a fence that names the file', fenced(BLOCK, 'js path=src/x.js')],
    ['a block in a fence that names the file as language', fenced(BLOCK, 'src/x.js')],
    ['a block below a heading', `### src/x.js\n\n${BLOCK}`],
    ['a block below a path in bold', `**src/x.js**\n${BLOCK}`],
    ['a block below a path in backticks', `\`src/x.js\`:\n\n${BLOCK}`],
    ['a block below a bold path in backticks', `1. **\`src/x.js\`**\n${BLOCK}`],
    ['a block below a file line', `File: src/x.js\n${BLOCK}`],
    ['a block below a comment', fenced(`// src/x.js\n${BLOCK}`, 'js')],
    ['a block with ./ before the path', `./src/x.js\n${BLOCK}`],
    ['a block with CRLF', `src/x.js\n${BLOCK}`.replaceAll('\n', '\r\n')],
    ['a block with fewer marks', `src/x.js\n${BLOCK.replace(/[<=>]{7}/g, (marks) => marks.slice(2))}`],
    ['a whole file whose fence names it', fenced(EDITED, 'js path=src/x.js')],
    ['a whole file whose fence names it in quotes', fenced(EDITED, 'js file="src/x.js"')],
    ['a whole file named after the language', fenced(EDITED, 'js:src/x.js')],
    ['a whole file below a heading', `## src/x.js\n\n${fenced(EDITED, 'js')}`],
    ['a whole file below a path in backticks', `The new \`src/x.js\` is:\n\n\`src/x.js\`\n${fenced(EDITED, 'js')}`],
    ['a whole file with tildes', `~~~js path=src/x.js\n${EDITED}~~~\n`],
    ['a whole file with CRLF', fenced(EDITED, 'js path=src/x.js').replaceAll('\n', '\r\n')],
  ])('is read from %s', (_, text) => {
    expect(read(text)).toEqual({ 'src/x.js': EDITED });
  });

  it.each([
    ['nothing', ''],
    ['prose', 'I would change five to FIVE in src/x.js.\n'],
    ['a fence without a file', `For example:\n\n${fenced('const five = 5;\n', 'js')}`],
    ['a fence of a shell', `Run this:\n\n${fenced('npm test\n', 'bash')}`],
    ['a language with a version', fenced('print(1)\n', 'python3.11')],
    ['two fences below one heading', `## src/x.js\n${fenced('five\n')}becomes\n${fenced('FIVE\n')}`],
  ])('is not found in %s', (_, text) => {
    expect(read(text)).toBe('there is no patch in the text: no unified diff, search/replace block or whole file');
  });

  it('may come in several forms and fences, each applied to what the ones before it left', () => {
    const text = [
      fenced(DIFF, 'diff'),
      'And the other file:\n',
      `b.py\n${fenced('<<<<<<< SEARCH\n    return 1\n=======\n    return 2\n>>>>>>> REPLACE\n', 'python')}`,
      fenced('new\n', 'text path=docs/new.txt'),
      fenced(DIFF.replace('-five\n+FIVE', '-FIVE\n+Five'), 'diff'),
    ].join('\n');
    expect(read(text)).toEqual({
      'b.py': 'def f():\n    return 2\n',
      'docs/new.txt': 'new\n',
      'src/x.js': FILE.replace('five', 'Five'),
    });
  });

  it('may change nothing', () => {
    expect(read(fenced(FILE, 'js path=src/x.js'))).toEqual({});
  });

  it('of which a part does not apply is refused as a whole', () => {
    const wrong = DIFF.replaceAll('five', 'fünf').replaceAll('src/x.js', 'b.py');
    expect(read(DIFF + wrong)).toContain('b.py: hunk 1 of 1 does not match');
  });
});

describe('a unified diff whose surroundings changed', () => {
  const edit = (context: string) => `--- a/src/x.js\n+++ b/src/x.js\n@@ -2,7 +2,7 @@\n${context}`;

  it.each([
    ['blanks at the ends of lines', ' two\n three \n four\t\n-five  \n+FIVE\n six\n seven\n eight\n'],
    ['one line of context before it', ' TWO\n three\n four\n-five\n+FIVE\n six\n seven\n eight\n'],
    ['two lines of context around it', ' TWO\n THREE\n four\n-five\n+FIVE\n six\n SEVEN\n EIGHT\n'],
    ['context that ended up before the file', ' zero\n half\n one\n two\n three\n four\n-five\n+FIVE\n six\n'],
  ])('applies in spite of %s', (_, context) => {
    expect(read(edit(context))).toEqual({ 'src/x.js': EDITED });
  });

  it('applies in spite of blanks at the end of the only line it shows', () => {
    expect(read('--- a/src/x.js\n+++ b/src/x.js\n@@ -5 +5 @@\n-five \t\n+FIVE\n')).toEqual({ 'src/x.js': EDITED });
  });

  it('goes by where its header says that what is left of it belongs', () => {
    const tree = { 'src/x.js': 'k\na\nk\n' };
    expect(read('--- a/src/x.js\n+++ b/src/x.js\n@@ -2,2 +2,2 @@\n A\n-k\n+K\n', tree)).toEqual({
      'src/x.js': 'k\na\nK\n',
    });
  });

  it('keeps the context as the file has it, not as the patch does', () => {
    const tree = { 'src/x.js': 'a  \nb\nc\n' };
    expect(read('--- a/src/x.js\n+++ b/src/x.js\n@@ -1,3 +1,3 @@\n a\n-b\n+B\n c\n', tree)).toEqual({
      'src/x.js': 'a  \nB\nc\n',
    });
  });

  it.each([
    ['a line it removes differs', ' three\n four\n-fünf\n+FIVE\n six\n', 'line 5 is "five", it expects "fünf"'],
    ['three lines of context differ', ' A\n B\n C\n-five\n+FIVE\n D\n E\n F\n', 'line 2 is "two", it expects "A"'],
    ['only one line of context would be left', ' A\n B\n five\n+5.5\n C\n D\n', 'line 2 is "two", it expects "A"'],
  ])('is refused when %s', (_, context, why) => {
    expect(read(edit(context))).toBe(`src/x.js: hunk 1 of 1 does not match: ${why}`);
  });

  it('says where most of it matches, wherever its header said it is', () => {
    expect(read('--- a/src/x.js\n+++ b/src/x.js\n@@ -1,4 +1,4 @@\n six\n seven\n-acht\n+8\n nine\n')).toBe(
      'src/x.js: hunk 1 of 1 does not match: line 8 is "eight", it expects "acht"',
    );
  });

  it('says so too when its header has no line numbers', () => {
    expect(read('--- a/src/x.js\n+++ b/src/x.js\n@@\n six\n seven\n-acht\n+8\n nine\n')).toBe(
      'src/x.js: hunk 1 of 1 matches nowhere: line 8 is "eight", it expects "acht"',
    );
  });
});

describe('search/replace blocks', () => {
  const block = (search: string, replace: string) => `<<<<<<< SEARCH\n${search}=======\n${replace}>>>>>>> REPLACE\n`;

  it('belong to the file of the block before when they name none', () => {
    expect(read(`src/x.js\n${block('one\n', 'ONE\n')}${block('ten\n', 'TEN\n')}`)).toEqual({
      'src/x.js': FILE.replace('one', 'ONE').replace('ten', 'TEN'),
    });
  });

  it('take lines away, and put lines in', () => {
    expect(read(`src/x.js\n${block('five\n', '')}`)).toEqual({ 'src/x.js': FILE.replace('five\n', '') });
    expect(read(`src/x.js\n${block('five\n', 'five\n5.5\n')}`)).toEqual({
      'src/x.js': FILE.replace('five\n', 'five\n5.5\n'),
    });
  });

  it('make a new file of what is put in the place of nothing', () => {
    expect(read(`src/new.js\n${block('', 'a\n\nb\n')}`)).toEqual({ 'src/new.js': 'a\n\nb\n' });
  });

  it('keep the line ends of the file, and the newline it has not at its end', () => {
    expect(read(`x.txt\n${block('b\n', 'B\n')}`, { 'x.txt': 'a\r\nb\r\nc\r\n' })).toEqual({
      'x.txt': 'a\r\nB\r\nc\r\n',
    });
    expect(read(`x.txt\n${block('a\nb\n', 'a\nB\n')}`, { 'x.txt': 'a\nb' })).toEqual({ 'x.txt': 'a\nB' });
  });

  it('find what they look for in spite of blanks at the ends of lines', () => {
    expect(read(`x.txt\n${block('a\nb  \n', 'a\nB\n')}`, { 'x.txt': 'a \nb\nc\n' })).toEqual({ 'x.txt': 'a \nB\nc\n' });
  });

  it.each([
    ['less', 'def g():\n    return 1\n', 'def g():\n\n    return 2\n'],
    ['more', '            def g():\n                return 1\n', '            def g():\n\n                return 2\n'],
  ])('that are indented %s than the file are indented as the file is', (_, search, replace) => {
    const tree = { 'c.py': 'class C:\n    def g():\n        return 1\n\nx = 1\n' };
    expect(read(`c.py\n${block(search, replace)}`, tree)).toEqual({
      'c.py': 'class C:\n    def g():\n\n        return 2\n\nx = 1\n',
    });
  });

  it('may hold lines that look like their own marks', () => {
    const tree = { 'doc.rst': 'Title\n=======\n\ntext\n' };
    expect(read(`doc.rst\n${block('Title\n=======\n', 'Better\n=======\n')}`, tree)).toEqual({
      'doc.rst': 'Better\n=======\n\ntext\n',
    });
  });

  it('may hold a diff, which stays what it is', () => {
    const tree = { 'fixture.patch': 'old\n' };
    expect(read(`fixture.patch\n${block('old\n', DIFF)}`, tree)).toEqual({ 'fixture.patch': DIFF });
  });

  it.each([
    ['no path', block('five\n', 'FIVE\n'), 'block 1 has no path on a line above it'],
    ['no end', 'src/x.js\n<<<<<<< SEARCH\nfive\n=======\nFIVE\n', 'block 1 is cut off: it has no REPLACE line'],
    [
      'an end that is the next one’s',
      `src/x.js\n<<<<<<< SEARCH\nfive\n${BLOCK}`,
      'block 1 is cut off: it has no REPLACE line',
    ],
    ['no divider', 'src/x.js\n<<<<<<< SEARCH\nfive\n>>>>>>> REPLACE\n', 'src/x.js: block 1 has no ======= line'],
    [
      'a line that differs',
      `src/x.js\n${block('four\nfünf\n', 'x\n')}`,
      'src/x.js: block 1 matches nowhere: line 5 is "five", it expects "fünf"',
    ],
    [
      'two places',
      `src/x.js\n${block('a\n', 'b\n')}`,
      'src/x.js: block 1 matches at 2 places',
      { 'src/x.js': 'a\na\n' },
    ],
    [
      'two places at other indents',
      `src/x.js\n${block('a\n', 'b\n')}`,
      'src/x.js: block 1 matches nowhere: line 1 is " a", it expects "a"',
      { 'src/x.js': ' a\n  a\n' },
    ],
    [
      'a file that is not there',
      `src/y.js\n${block('a\n', 'b\n')}`,
      'src/y.js: block 1 is for a file that is not there',
    ],
    [
      'nothing to look for in a file with text',
      `src/x.js\n${block('', 'b\n')}`,
      'src/x.js: block 1 looks for nothing, but the file exists and is not empty',
    ],
    ['a path outside', `../x.js\n${block('', 'b\n')}`, '../x.js: block 1 leads out of the workspace'],
    ['a path in .git', `.git/config\n${block('', 'b\n')}`, '.git/config: block 1 is inside .git'],
  ])('with %s are refused with the reason', (_, text, problem, tree: Tree = TREE) => {
    expect(read(text, tree)).toBe(problem);
  });
});

describe('envelopes of *** Begin Patch', () => {
  const envelope = (...lines: string[]) => `*** Begin Patch\n${lines.join('\n')}\n*** End Patch\n`;

  it('are read in a fence or without one, with or without a header for each hunk', () => {
    const hunk = [' four', '-five', '+FIVE', ' six'];
    for (const text of [
      envelope('*** Update File: src/x.js', ...hunk),
      envelope('*** Update File: src/x.js', '@@', ...hunk, '*** End of File'),
      envelope('*** Update File: src/x.js', '@@ function x() {', ...hunk, '', '', '', ''),
      fenced(envelope('*** Update File: src/x.js', '@@', ...hunk)),
      envelope('*** Update File: src/x.js', '@@', ...hunk).replaceAll('\n', '\r\n'),
    ])
      expect(read(text)).toEqual({ 'src/x.js': EDITED });
  });

  it('make, delete and move files, and change several in several places', () => {
    const text = envelope(
      '*** Add File: b/new.txt',
      '+one',
      '+',
      '+two',
      '*** Delete File: b.py',
      '*** Update File: src/x.js',
      '*** Move to: src/y.js',
      '@@',
      '-one',
      '+ONE',
      '@@',
      ' nine',
      '-ten',
      '+TEN',
    );
    expect(read(text)).toEqual({
      'b/new.txt': 'one\n\ntwo\n',
      'b.py': null,
      'src/x.js': null,
      'src/y.js': FILE.replace('one', 'ONE').replace('ten', 'TEN'),
    });
  });

  it.each([
    ['no end', '*** Begin Patch\n*** Update File: src/x.js\n-five\n', 'the patch is cut off: it has no *** End Patch'],
    ['no file', envelope('-five'), 'the patch between *** Begin Patch and *** End Patch names no file'],
    [
      'a line that differs',
      envelope('*** Update File: src/x.js', ' four', '-fünf', '+FIVE'),
      'src/x.js: hunk 1 of 1 matches nowhere: line 5 is "five", it expects "fünf"',
    ],
    ['a file that is not there', envelope('*** Delete File: y'), 'y: there is no such text file'],
    ['a file that is there', envelope('*** Add File: b.py', '+x'), 'b.py: the patch creates it, but it exists'],
    ['a path outside', envelope('*** Delete File: ../y'), '"../y" leads out of the workspace'],
    ['a path in .git', envelope('*** Add File: .git/config', '+x'), '".git/config" is inside .git'],
  ])('with %s are refused with the reason', (_, text, problem) => {
    expect(read(text)).toBe(problem);
  });
});

describe('whole files', () => {
  it('are written as they are, new or old, several at once', () => {
    const text = `${fenced('a\n', 'js path=src/new.js')}${fenced('def f():\n    return 2\n', 'python path=b.py')}`;
    expect(read(text)).toEqual({ 'b.py': 'def f():\n    return 2\n', 'src/new.js': 'a\n' });
  });

  it('below headings are told from the prose between them', () => {
    const text = `# The fix\n\nTwo files change.\n\n### b.py\n${fenced('x = 1\n', 'python')}\n### src/new.js\n\n${fenced('a\n')}`;
    expect(read(text)).toEqual({ 'b.py': 'x = 1\n', 'src/new.js': 'a\n' });
  });

  it('may hold fences, in a longer fence', () => {
    const readme = 'Run:\n\n```sh\nnpm test\n```\n';
    expect(read(`\`\`\`\`md path=README.md\n${readme}\`\`\`\`\n`)).toEqual({ 'README.md': readme });
  });

  it('keep the line ends of the file, and the newline it has not at its end', () => {
    const tree = { 'x.txt': 'a\r\nb' };
    expect(read(fenced('a\nB\n', 'text path=x.txt'), tree)).toEqual({ 'x.txt': 'a\r\nB' });
  });

  it('may have blanks in their names where the workspace has them', () => {
    expect(read(`### my file.txt\n${fenced('b\n')}`, { 'my file.txt': 'a\n' })).toEqual({ 'my file.txt': 'b\n' });
  });

  it.each([
    [
      'a fence that is not closed',
      '```js path=src/x.js\none\ntwo\n',
      'src/x.js: the file is cut off: its fence is not closed',
    ],
    [
      'a part left out',
      fenced('one\n// ... existing code ...\nten\n', 'js path=src/x.js'),
      'src/x.js: the file is not whole: line 2 is "// ... existing code ..."',
    ],
    [
      'a part left out in Python',
      fenced('def f():\n    # ... rest of the function\n', 'python path=b.py'),
      'b.py: the file is not whole: line 2 is "# ... rest of the function"',
    ],
    ['nothing in the fence', fenced('', 'js path=src/x.js'), 'src/x.js: the fence that names it is empty'],
    ['a path outside', fenced('x\n', 'js path=/etc/passwd'), '/etc/passwd: is an absolute path'],
    ['a path in .git', fenced('x\n', 'js path=.git/hooks/post-commit'), '.git/hooks/post-commit: is inside .git'],
  ])('with %s are refused with the reason', (_, text, problem) => {
    expect(read(text)).toBe(problem);
  });

  it('are not taken for whole when they show less than half of a longer file', () => {
    const long = Array.from({ length: 50 }, (_, index) => `line ${index}\n`).join('');
    const tree = { 'src/long.js': long };
    expect(read(`## src/long.js\n${fenced('line 1\nline TWO\n')}`, tree)).toBe(
      'src/long.js: the fence below its name is too short to be the whole file',
    );
    expect(read(fenced('short\n', 'js path=src/long.js'), tree)).toEqual({ 'src/long.js': 'short\n' });
  });
});

const line = fc.constantFrom('a', 'b', 'c', '', '  d', 'e()', '-- f', '++ g', '@@ h', '\\', '#', 'grüße');
const lines = fc.array(line, { minLength: 1, maxLength: 30 });
const textOf = (all: readonly string[]) => all.map((one) => `${one}\n`).join('');
const edited = fc.tuple(lines, lines, fc.nat(30), fc.nat(30)).map(([before, put, at, drop]) => {
  const from = at % before.length;
  return { before: textOf(before), after: textOf(before.toSpliced(from, drop % 5, ...put.slice(0, 4))) };
});

describe('whatever the files are', () => {
  it('a rendered diff with mangled counts still says the same', () => {
    fc.assert(
      fc.property(edited, fc.array(fc.nat(40), { minLength: 8, maxLength: 8 }), ({ before, after }, counts) => {
        const tree = { 'src/x.js': before };
        const patch = renderPatch([{ path: 'src/x.js', content: after }], reader(tree));
        // Where lines of the file look like a file header inside the hunk, only counts can tell.
        fc.pre(patch !== '' && !/^--- .*\n\+\+\+ /m.test(patch.replace(/^--- .*\n\+\+\+ .*\n/m, '')));
        let at = 0;
        const next = () => counts[at++ % counts.length];
        const mangled = patch.replace(
          /^@@ -(\d+)(?:,\d+)? \+(\d+)(?:,\d+)? @@/gm,
          (_, from, to) => `@@ -${from},${next()} +${to},${next()} @@`,
        );
        expect(read(mangled, tree)).toEqual({ 'src/x.js': after });
      }),
      { numRuns: 500 },
    );
  });

  it('a whole file in a fence says the same as its diff', () => {
    fc.assert(
      fc.property(edited, ({ before, after }) => {
        const tree = { 'src/x.js': before };
        const diff = renderPatch([{ path: 'src/x.js', content: after }], reader(tree));
        fc.pre(diff !== '' && after.trim() !== '');
        expect(read(fenced(after, 'js path=src/x.js'), tree)).toEqual(read(fenced(diff, 'diff'), tree));
      }),
      { numRuns: 500 },
    );
  });

  it('a block made of the first and last changed line says the same as the whole file', () => {
    fc.assert(
      fc.property(lines, fc.nat(), line, (before, at, put) => {
        const from = at % before.length;
        const after = before.toSpliced(from, 1, put);
        const tree = { 'src/x.js': textOf(before) };
        const text = `src/x.js\n<<<<<<< SEARCH\n${textOf(before)}=======\n${textOf(after)}>>>>>>> REPLACE\n`;
        fc.pre(before.some((one) => one !== '') && textOf(before) !== textOf(after));
        expect(read(text, tree)).toEqual({ 'src/x.js': textOf(after) });
      }),
      { numRuns: 500 },
    );
  });

  it('the reader neither throws nor loops', () => {
    const piece = fc.constantFrom(
      '<<<<<<< SEARCH',
      '=======',
      '>>>>>>> REPLACE',
      '```',
      '```js path=src/x.js',
      '~~~~',
      '### src/x.js',
      'src/x.js',
      '--- a/src/x.js',
      '+++ b/src/x.js',
      '@@ -1 +1 @@',
      '@@',
      '*** Begin Patch',
      '*** Update File: src/x.js',
      '*** End Patch',
      ' one',
      '-two',
      '+',
    );
    fc.assert(
      fc.property(fc.array(fc.oneof(piece, fc.string()), { maxLength: 25 }), (parts) => {
        expect(readPatch(parts.join('\n'), reader(TREE))).toHaveProperty('ok');
      }),
      { numRuns: 2000 },
    );
  });

  it('a text of a megabyte with thousands of fences and blocks is read without going over it again and again', () => {
    let asked = 0;
    const text = `${fenced('x\n').repeat(20_000)}${'src/x.js\n<<<<<<< SEARCH\nno\n=======\n>>>>>>> REPLACE\n'.repeat(10_000)}`;
    const parsed = readPatch(text, (path) => {
      asked++;
      return reader(TREE)(path);
    });
    expect(parsed).toEqual({
      ok: false,
      problem: 'src/x.js: block 1 matches nowhere: line 1 is "one", it expects "no"',
    });
    expect(asked).toBeLessThan(10);
  });
});
