import { readFileSync, symlinkSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { countTokens as reference } from 'gpt-tokenizer/encoding/o200k_base';
import { describe, expect, it } from 'vitest';
import { type Pack, type PackRequest, pack } from '../../src/context/index.ts';
import { commit, folder, git, plainFolder, repository, write } from './workspace-of.ts';

const indexes = folder();
const quietly = { indexes, warn: () => {} };
const packed = (request: PackRequest): Promise<Pack> => pack(request, quietly);
const tokensOf = (text: string): number => reference(text, { disallowedSpecial: new Set() });

const filler = (name: string, count: number): string =>
  Array.from(
    { length: count },
    (_, i) =>
      `def ${name}_${i}(value):\n    """Does ${name} number ${i}."""\n    result = value + ${i}\n    return result\n`,
  ).join('\n');

/** A small shop: the discount is wrong in shop/pricing.py, line 7. */
const SHOP = {
  'shop/__init__.py': '',
  'shop/pricing.py': `from shop.rates import rate_for\n\n\ndef discounted_price(price, customer):\n    """The price less the discount of a customer."""\n    rate = rate_for(customer)\n    return price - price * rate / 10\n\n\n${filler('pricing', 30)}`,
  'shop/rates.py': `RATES = {'gold': 5}\n\n\ndef rate_for(customer):\n    return RATES.get(customer.kind, 0)\n\n\n${filler('rates', 30)}`,
  'shop/cart.py': `from shop.pricing import discounted_price\n\n\nclass Cart:\n    def total(self):\n        return sum(discounted_price(item.price, self.customer) for item in self.items)\n\n\n${filler('cart', 30)}`,
  'shop/mail.py': filler('mail', 60),
  'shop/stock.py': filler('stock', 60),
  'tests/test_pricing.py': `from shop.pricing import discounted_price\n\n\ndef test_gold_customers_pay_less():\n    assert discounted_price(100, gold) == 95\n`,
  'docs/pricing.md': '# Pricing\n\nThe discounted price of gold customers.\n',
};
const TASK = 'Gold customers get a wrong discount\n\nThe discounted price is 50 instead of 95.';

/** Every range of the answer, with the lines that stand under its header in the text. */
function rangesInText({ text }: Pack): Array<{ path: string; start: number; end: number; lines: string[] }> {
  const found: Array<{ path: string; start: number; end: number; lines: string[] }> = [];
  let path = '';
  const rows = text.split('\n');
  for (let i = 0; i < rows.length; i++) {
    const file = /^## (.*) \(\d+ lines\)$/.exec(rows[i]!);
    if (file) path = file[1]!;
    const range = /^@@ (\d+)-(\d+) @@/.exec(rows[i]!);
    if (!range) continue;
    const [start, end] = [Number(range[1]), Number(range[2])];
    found.push({ path, start, end, lines: rows.slice(i + 1, i + 2 + end - start) });
  }
  return found;
}

describe('a pack', () => {
  it('holds the place that the question is about, and says why', async () => {
    const root = repository(SHOP);
    const { files, text, tokens } = await packed({ workspace: root, task: TASK, budget: 800 });
    expect(files[0]!.path).toBe('shop/pricing.py');
    expect(files[0]!.ranges.some(([start, end]) => start <= 7 && end >= 7)).toBe(true);
    expect(files[0]!.why.length).toBeGreaterThan(0);
    expect(text).toContain('return price - price * rate / 10');
    expect(tokens).toBe(tokensOf(text));
    expect(tokens).toBeLessThanOrEqual(800);
  });

  it('puts sources before tests and documents, unless it is about those', async () => {
    const root = repository(SHOP);
    const about = async (task: string): Promise<string> =>
      (await packed({ workspace: root, task, budget: 600 })).files[0]!.path;
    expect(await about(TASK)).toBe('shop/pricing.py');
    expect(await about('Fix the documentation: the discounted price of gold customers in pricing')).toBe(
      'docs/pricing.md',
    );
    expect(await about('Fix the failing test test_gold_customers_pay_less')).toBe('tests/test_pricing.py');
  });

  it('has right line numbers, also after omissions', async () => {
    const root = repository(SHOP);
    const answer = await packed({ workspace: root, task: TASK, budget: 1500 });
    const ranges = rangesInText(answer);
    expect(ranges.length).toBeGreaterThan(3);
    for (const { path, start, end, lines } of ranges) {
      expect(lines).toEqual(
        readFileSync(join(root, path), 'utf8')
          .split('\n')
          .slice(start - 1, end),
      );
    }
    const listed = answer.files.flatMap(({ path, ranges: own }) =>
      own.map(([start, end]) => `${path}:${start}-${end}`),
    );
    expect(ranges.map(({ path, start, end }) => `${path}:${start}-${end}`)).toEqual(listed);
  });

  it('names the definitions around a range that begins inside them', async () => {
    const methods = Array.from(
      { length: 40 },
      (_, i) => `    def method_${i}(self):\n        first = ${i}\n        second = first\n        return second\n`,
    ).join('\n');
    const root = repository({
      'big.py': `class Outer:\n${methods}\n    def zebra_crossing(self):\n        stripes = 1\n        more = stripes\n        return more\n`,
    });
    const { text } = await packed({ workspace: root, task: 'zebra_crossing returns the wrong stripes', budget: 150 });
    expect(text).toMatch(/@@ \d+-\d+ @@ in Outer\n/);
  });

  it('lists outlines of the next best files, with the lines of what they define', async () => {
    const root = repository(SHOP);
    const { text, skeleton, files } = await packed({ workspace: root, task: TASK, budget: 1200 });
    expect(skeleton.length).toBeGreaterThan(0);
    for (const path of skeleton) {
      expect(text).toContain(`${path}: `);
      expect(files.map((file) => file.path)).not.toContain(path);
    }
    for (const [, path, name, line] of text.matchAll(/^(\S+\.py): (\w+):(\d+)/gm)) {
      expect(readFileSync(join(root, path!), 'utf8').split('\n')[Number(line) - 1]).toContain(name);
    }
  });

  it('is the same for the same question', async () => {
    const root = repository(SHOP);
    const [a, b] = [await packed({ workspace: root, task: TASK }), await packed({ workspace: root, task: TASK })];
    expect(b.text).toBe(a.text);
    expect(b.files).toEqual(a.files);
  });

  it('leaves out the inside of long docstrings, with the right lines before and after', async () => {
    const prose = Array.from({ length: 40 }, (_, i) => `    Sentence ${i} about the zebra.`).join('\n');
    const root = repository({
      'a.py': `def zebra(x):\n    """Counts the stripes of a zebra.\n\n${prose}\n    """\n    stripes = x\n    return stripes\n`,
    });
    const answer = await packed({ workspace: root, task: 'zebra counts stripes wrong' });
    expect(answer.text).toContain('return stripes');
    expect(answer.text).not.toContain('Sentence 20');
    for (const { start, end, lines } of rangesInText(answer)) {
      expect(lines).toEqual(
        readFileSync(join(root, 'a.py'), 'utf8')
          .split('\n')
          .slice(start - 1, end),
      );
    }
  });
});

describe('the budget', () => {
  it('is never exceeded, whatever it is, and counted exactly', async () => {
    const root = repository(SHOP);
    for (const budget of [0, 1, 2, 10, 30, 60, 100, 333, 1000, 8000, 50_000]) {
      const { text, tokens } = await packed({
        workspace: root,
        task: TASK,
        errors: ['Error: bad\n  File "shop/pricing.py", line 7, in x'],
        files: ['shop/mail.py'],
        budget,
      });
      expect(tokens).toBe(tokensOf(text));
      expect(tokens).toBeLessThanOrEqual(budget);
    }
  });

  it('is well used when there is enough to say', async () => {
    const root = repository(SHOP);
    const { tokens } = await packed({ workspace: root, task: TASK, budget: 3000 });
    expect(tokens).toBeGreaterThan(2400);
  });

  it('is 8000 unless given, and has to be a number', async () => {
    const root = repository({ 'a.py': `${filler('word', 2000)}` });
    expect((await packed({ workspace: root, task: 'word' })).tokens).toBeGreaterThan(6000);
    await expect(packed({ workspace: root, budget: Number.NaN })).rejects.toMatchObject({ code: 'usage' });
    await expect(packed({ workspace: root, budget: -1 })).rejects.toMatchObject({ code: 'usage' });
  });

  it('holds for files made to break it', async () => {
    const hostile: Record<string, string | Uint8Array> = {
      'equal.py': `zebra ${'a'.repeat(100_000)}`,
      'spaces.py': `zebra${' '.repeat(100_000)}`,
      'lines.py': `zebra${'\n'.repeat(20_000)}zebra`,
      'special.py': 'zebra = "<|endoftext|><|im_start|>"\n'.repeat(50),
      'invalid.py': Buffer.concat([
        Buffer.from('zebra = "'),
        Buffer.from(Array.from({ length: 5_000 }, (_, i) => 128 + (i % 128))),
        Buffer.from('"\n'),
      ]),
      'emoji.py': 'zebra 😀🏳️‍🌈👨‍👩‍👧‍👦\n'.repeat(300),
      'min.js': `var zebra=${'function(){return 1},'.repeat(2_000)}`,
      'crlf.py': 'zebra = 1\r\n'.repeat(500),
      'null.py': Buffer.from('zebra\0zebra'),
      'empty.py': '',
    };
    const root = repository(hostile);
    for (const budget of [1, 50, 500, 4_000]) {
      const { text, tokens } = await packed({ workspace: root, task: 'zebra', files: Object.keys(hostile), budget });
      expect(tokens).toBeLessThanOrEqual(budget);
      expect(tokens).toBeGreaterThanOrEqual(Math.min(1, text.length));
      expect(text.isWellFormed()).toBe(true);
    }
  });

  it('holds for any text as task, as errors and as file', async () => {
    const root = repository({ 'a.py': filler('alpha', 5) });
    const anyText = fc.string({ maxLength: 300, unit: 'binary' });
    await fc.assert(
      fc.asyncProperty(
        anyText,
        anyText,
        anyText,
        fc.integer({ min: 0, max: 400 }),
        async (task, errors, content, budget) => {
          write(root, { 'b.py': content });
          const { text, tokens } = await packed({ workspace: root, task, errors: [errors], files: ['b.py'], budget });
          expect(tokens).toBe(tokensOf(text));
          expect(tokens).toBeLessThanOrEqual(budget);
        },
      ),
      { numRuns: 40 },
    );
  });
});

describe('files the caller names', () => {
  it('are in whole where they fit, also when nothing else speaks for them', async () => {
    const root = repository(SHOP);
    const { files, left_out } = await packed({
      workspace: root,
      task: TASK,
      files: ['shop/__init__.py', 'docs/pricing.md', 'tests/test_pricing.py'],
    });
    const byPath = new Map(files.map((file) => [file.path, file]));
    expect(byPath.get('docs/pricing.md')!.ranges).toEqual([[1, 3]]);
    expect(byPath.get('tests/test_pricing.py')!.ranges).toEqual([[1, 5]]);
    expect(byPath.get('docs/pricing.md')!.why).toContain('named by the caller');
    expect(left_out.cut.filter(({ path }) => path !== 'shop/__init__.py')).toEqual([]);
  });

  it('are in with their best part where they do not fit, and what was cut is said', async () => {
    const root = repository({ ...SHOP, 'big.py': `${filler('other', 300)}\ndef needle_in_hay(x):\n    return x\n` });
    const { files, left_out, tokens } = await packed({
      workspace: root,
      task: 'needle_in_hay is wrong',
      files: ['big.py'],
      budget: 700,
    });
    expect(tokens).toBeLessThanOrEqual(700);
    expect(files.map(({ path }) => path)).toContain('big.py');
    expect(left_out.cut).toEqual([{ path: 'big.py', why: expect.stringMatching(/^\d+ of \d+ lines fit$/) }]);
  });

  it('are all in, many as they are, each with a part', async () => {
    const root = repository(SHOP);
    const { files } = await packed({ workspace: root, task: TASK, files: ['shop/*.py'], budget: 1500 });
    expect(files.map(({ path }) => path)).toEqual(
      expect.arrayContaining(['shop/cart.py', 'shop/mail.py', 'shop/pricing.py', 'shop/rates.py', 'shop/stock.py']),
    );
  });

  it('may be named by glob, by folder, by absolute path; what does not exist is said', async () => {
    const root = repository(SHOP);
    const names = async (...files: string[]) => packed({ workspace: root, files, budget: 4000 });
    expect((await names('tests/**')).files.map(({ path }) => path)).toContain('tests/test_pricing.py');
    expect((await names(join(root, 'docs'))).files.map(({ path }) => path)).toContain('docs/pricing.md');
    expect((await names('nowhere.py', 'no/*.ts')).left_out.not_found).toEqual(['nowhere.py', 'no/*.ts']);
  });

  it('may be ones that git ignores', async () => {
    const root = repository({ ...SHOP, '.gitignore': 'local.py\n' });
    write(root, { 'local.py': 'secret_sauce = 1\n' });
    expect((await packed({ workspace: root, task: 'secret_sauce' })).text).not.toContain('secret_sauce = 1');
    expect((await packed({ workspace: root, files: ['local.py'] })).text).toContain('secret_sauce = 1');
  });
});

describe('what must not leave', () => {
  it('does not, even when it is named, and the reason is given', async () => {
    const outside = plainFolder({ 'outside.py': 'stolen = 1\n' });
    const root = repository({
      ...SHOP,
      '.env': 'PASSWORD=zebra\n',
      'deploy.pem': 'zebra',
      '.maestroignore': 'private.py\n',
      'private.py': 'zebra',
    });
    symlinkSync(join(outside, 'outside.py'), join(root, 'link.py'));
    symlinkSync(outside, join(root, 'door'));
    symlinkSync('.env', join(root, 'innocent.py'));
    const names = [
      '.env',
      'deploy.pem',
      'private.py',
      'link.py',
      'door/outside.py',
      '../x.py',
      join(outside, 'outside.py'),
      'innocent.py',
    ];
    const { text, files, left_out } = await packed({ workspace: root, task: 'zebra stolen password', files: names });
    expect(text).not.toMatch(/stolen = 1|PASSWORD=|^zebra$/m);
    expect(files.map(({ path }) => path).filter((path) => names.includes(path))).toEqual([]);
    const reasons = new Map(left_out.refused.map(({ path, why }) => [path, why]));
    for (const name of names) expect(reasons.has(name), name).toBe(true);
    expect(left_out.refused_total).toBe(left_out.refused.length);
  });

  it('is taken out of what leaves: files and errors, with rule, path and line', async () => {
    const secret = ['ghp', 'a1B2c3D4e5F6g7H8i9J0k1L2m3N4o5P6q7R8'].join('_');
    const root = repository({ 'zebra.py': `def zebra():\n    token = "${secret}"\n    return token\n` });
    const { text, redactions } = await packed({
      workspace: root,
      task: 'zebra',
      errors: [`Error: bad token ${secret}`],
    });
    expect(text).not.toContain(secret);
    expect(redactions).toEqual(
      expect.arrayContaining([
        { rule: 'github-token', path: 'zebra.py', line: 2 },
        { rule: 'github-token', path: '(errors)', line: 1 },
      ]),
    );
  });
});

describe('failing output', () => {
  it('leads to the frame and to what the failing test tests, and is in distilled', async () => {
    const root = repository(SHOP);
    const log = `${'tests/test_x.py ....... [ 10%]\n'.repeat(500)}Traceback (most recent call last):\n  File "${root}/tests/test_pricing.py", line 5, in test_gold_customers_pay_less\n    assert discounted_price(100, gold) == 95\n  File "${root}/shop/stock.py", line 58, in stock_11\n    result = value + 11\nValueError: odd\n`;
    const { text, files, left_out, tokens } = await packed({ workspace: root, errors: [log], budget: 2000 });
    expect(
      files
        .slice(0, 2)
        .map(({ path }) => path)
        .sort(),
    ).toEqual(['shop/pricing.py', 'shop/stock.py']);
    expect(
      files.find(({ path }) => path === 'shop/stock.py')!.ranges.some(([start, end]) => start <= 58 && end >= 58),
    ).toBe(true);
    expect(text).toContain('ValueError: odd');
    expect(text).not.toContain('[ 10%]');
    expect(left_out.error_lines).toBeGreaterThan(490);
    expect(tokens).toBeLessThanOrEqual(2000);
  });

  it('is never taken whole: a log of megabytes is a few lines', async () => {
    const root = repository(SHOP);
    const log = Array.from({ length: 60_000 }, (_, i) => `line ${i} of a log: ${'z'.repeat(i % 50)}`).join('\n');
    const { text } = await packed({ workspace: root, task: TASK, errors: [log], budget: 4000 });
    const failing = text.slice(0, text.indexOf('\n## '));
    expect(tokensOf(failing)).toBeLessThanOrEqual(4000 * 0.12);
  });
});

describe('the stages', () => {
  it('differ: analyze spreads over more files than debug and outlines more', async () => {
    const more = Object.fromEntries(
      Array.from({ length: 25 }, (_, i) => [`shop/part_${i}.py`, filler(`gold_${i}`, 12)]),
    );
    const root = repository({ ...SHOP, ...more });
    const reach = async (stage: 'analyze' | 'debug'): Promise<[number, number]> => {
      const { files, skeleton } = await packed({ workspace: root, task: TASK, stage, budget: 2000 });
      return [files.length, skeleton.length];
    };
    const [analyze, debug] = [await reach('analyze'), await reach('debug')];
    expect(analyze[0]).toBeGreaterThanOrEqual(debug[0]);
    expect(analyze[1]).toBeGreaterThan(debug[1]);
  });

  it('debug looks at the last change, improve at the change and at what calls it', async () => {
    const root = repository(SHOP);
    const changed = SHOP['shop/mail.py'].replace('result = value + 7\n', 'result = value + 700\n');
    write(root, {
      'shop/mail.py': changed,
      'shop/caller.py': 'from shop.mail import mail_7\n\n\ndef caller():\n    return mail_7(1)\n',
    });
    git(root, 'add', 'shop/caller.py');
    const line = changed.split('\n').findIndex((text) => text.includes('+ 700')) + 1;
    for (const stage of ['debug', 'improve'] as const) {
      const { files } = await packed({ workspace: root, stage, budget: 1000 });
      const mail = files.find(({ path }) => path === 'shop/mail.py');
      expect(
        mail?.ranges.some(([start, end]) => start <= line && end >= line),
        stage,
      ).toBe(true);
      expect(mail!.why).toContain('changed last');
    }
    commit(root, 'change it');
    const { files } = await packed({ workspace: root, stage: 'improve', budget: 1500 });
    expect(files.map(({ path }) => path)).toEqual(expect.arrayContaining(['shop/mail.py', 'shop/caller.py']));
  });
});

describe('places told from elsewhere', () => {
  it('are in: coverage of failing tests', async () => {
    const root = repository(SHOP);
    const { files } = await packed({
      workspace: root,
      suspects: [{ path: 'shop/stock.py', line: 58, score: 1 }],
      budget: 500,
    });
    expect(files[0]).toMatchObject({
      path: 'shop/stock.py',
      why: expect.arrayContaining(['executed by failing tests']),
    });
    expect(files[0]!.ranges.some(([start, end]) => start <= 58 && end >= 58)).toBe(true);
  });
});

describe('workspaces', () => {
  it('may be folders that are no repository, or empty', async () => {
    expect((await packed({ workspace: plainFolder(SHOP), task: TASK })).files[0]!.path).toBe('shop/pricing.py');
    const empty = await packed({ workspace: folder(), task: TASK });
    expect(empty.files).toEqual([]);
    expect(empty.tokens).toBeLessThan(60);
  });

  it('may be reached through a link', async () => {
    const root = repository(SHOP);
    const link = join(folder(), 'link');
    symlinkSync(root, link);
    expect((await packed({ workspace: link, task: TASK })).files[0]!.path).toBe('shop/pricing.py');
  });

  it('must exist and be folders', async () => {
    const root = plainFolder({ 'a.py': '' });
    await expect(packed({ workspace: join(root, 'missing') })).rejects.toMatchObject({ code: 'workspace_missing' });
    await expect(packed({ workspace: join(root, 'a.py') })).rejects.toMatchObject({ code: 'workspace_missing' });
  });

  it('of past commits are known by their messages', async () => {
    const root = repository({ ...SHOP, 'shop/quirk.py': filler('quirk', 3) });
    write(root, { 'shop/quirk.py': filler('quirk', 4) });
    commit(root, 'Repair the flux capacitor of the delorean');
    const { files } = await packed({
      workspace: root,
      task: 'the flux capacitor of the delorean is broken',
      budget: 600,
    });
    expect(files[0]!.path).toBe('shop/quirk.py');
    expect(files[0]!.why.join()).toContain('commits');
  });
});
