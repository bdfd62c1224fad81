import { describe, expect, it } from 'vitest';
import { type Pack, pack } from '../../src/context/index.ts';
import { folder, repository } from './workspace-of.ts';

const indexes = folder();

/** Method after method, so that a file is much larger than what is asked for. */
const many = (make: (i: number) => string, count = 40): string =>
  Array.from({ length: count }, (_, i) => make(i)).join('\n');

interface Place {
  readonly language: string;
  readonly files: Readonly<Record<string, string>>;
  readonly task: string;
  readonly errors: readonly string[];
  readonly path: string;
  /** A part of the line that is wrong. */
  readonly line: string;
  /** What the range that holds it stands in, as the text says it. */
  readonly within: RegExp;
}

const javaMethod = (i: number): string =>
  `    int step${i}(int value) {\n        int next = value + ${i};\n        return next;\n    }\n`;
const tsMethod = (i: number): string =>
  `  step${i}(value: number): number {\n    const next = value + ${i};\n    return next;\n  }\n`;

const PLACES: readonly Place[] = [
  {
    language: 'Java',
    files: {
      'core/src/main/java/com/acme/shop/PriceCalculator.java': `package com.acme.shop;\n\nimport com.acme.rates.RateTable;\n\npublic class PriceCalculator {\n${many(javaMethod)}\n    public double discountedPrice(double price, Customer customer) {\n        double rate = RateTable.rateFor(customer);\n        return price - price * rate / 10;\n    }\n\n${many((i) => javaMethod(i + 100))}}\n`,
      'core/src/main/java/com/acme/rates/RateTable.java': `package com.acme.rates;\n\npublic class RateTable {\n${many(javaMethod)}\n    public static double rateFor(Customer customer) {\n        return 5;\n    }\n}\n`,
      'core/src/main/java/com/acme/mail/Mailer.java': `package com.acme.mail;\n\npublic class Mailer {\n${many(javaMethod)}}\n`,
      'core/src/test/java/com/acme/shop/PriceCalculatorTest.java': `package com.acme.shop;\n\nclass PriceCalculatorTest {\n    @Test\n    void goldCustomersPayLess() {\n        assertEquals(95, new PriceCalculator().discountedPrice(100, GOLD));\n    }\n}\n`,
    },
    task: 'Gold customers get a wrong discount\n\nThe discounted price is 50 instead of 95.',
    errors: [
      'org.opentest4j.AssertionFailedError: expected: <95.0> but was: <50.0>\n\tat org.junit.jupiter.api.AssertionFailureBuilder.build(AssertionFailureBuilder.java:151)\n\tat com.acme.shop.PriceCalculatorTest.goldCustomersPayLess(PriceCalculatorTest.java:6)\n',
    ],
    path: 'core/src/main/java/com/acme/shop/PriceCalculator.java',
    line: 'price - price * rate / 10',
    within: /^@@ \d+-\d+ @@ in PriceCalculator/m,
  },
  {
    language: 'TypeScript',
    files: {
      'packages/session/src/cookie-jar.ts': `import { sameSite } from './same-site.js';\n\nexport class CookieJar {\n${many(tsMethod)}\n  /** Cookies to send after a redirect. */\n  cookiesAfterRedirect(from: URL, to: URL): Cookie[] {\n    if (from.host !== to.host) return [];\n    return this.all.filter((cookie) => sameSite(cookie, to));\n  }\n\n${many((i) => tsMethod(i + 100))}}\n`,
      'packages/session/src/same-site.ts': `export function sameSite(cookie: Cookie, to: URL): boolean {\n  return to.host.endsWith(cookie.domain);\n}\n`,
      'packages/session/src/types.ts': 'export interface Cookie {\n  readonly domain: string;\n}\n',
      'packages/render/src/view.tsx': `export function View() {\n  return <p>redirect</p>;\n}\n`,
      'packages/session/test/cookie-jar.test.ts':
        "import { CookieJar } from '../src/cookie-jar.js';\n\nit('sends cookies after a redirect', () => {\n  expect(new CookieJar().cookiesAfterRedirect(a, b)).toHaveLength(1);\n});\n",
    },
    task: 'The session cookie is lost when a request is redirected to another host',
    errors: [
      ' FAIL  packages/session/test/cookie-jar.test.ts > sends cookies after a redirect\nAssertionError: expected [] to have a length of 1 but got 0\n ❯ packages/session/test/cookie-jar.test.ts:4:50\n',
    ],
    path: 'packages/session/src/cookie-jar.ts',
    line: 'if (from.host !== to.host) return []',
    within: /^@@ \d+-\d+ @@ in CookieJar/m,
  },
  {
    language: 'Go',
    files: {
      'store/cache.go': `package store\n\n${many((i) => `func step${i}(v int) int {\n\tnext := v + ${i}\n\treturn next\n}\n`)}\nfunc (c *Cache) EvictExpired(now time.Time) int {\n\tevicted := 0\n\tfor key, entry := range c.entries {\n\t\tif entry.expires.After(now) {\n\t\t\tdelete(c.entries, key)\n\t\t\tevicted++\n\t\t}\n\t}\n\treturn evicted\n}\n`,
      'store/cache_test.go':
        'package store\n\nfunc TestEvictExpired(t *testing.T) {\n\tnewCache().EvictExpired(later)\n}\n',
      'http/server.go': 'package http\n\nfunc Serve() error {\n\treturn nil\n}\n',
    },
    task: 'Expired entries stay in the cache and fresh ones are evicted',
    errors: ['--- FAIL: TestEvictExpired (0.00s)\n    cache_test.go:4: got 0 evicted, want 3\nFAIL\n'],
    path: 'store/cache.go',
    line: 'entry.expires.After(now)',
    within: /^@@ \d+-\d+ @@/m,
  },
];

/** Whether a packed range of the file holds the line with this text. */
function holds({ files }: Pack, { files: sources, path, line }: Place): boolean {
  const number = sources[path]!.split('\n').findIndex((text) => text.includes(line)) + 1;
  return files.some(
    (file) => file.path === path && file.ranges.some(([start, end]) => start <= number && end >= number),
  );
}

for (const place of PLACES) {
  describe(`a pack of a ${place.language} repository`, () => {
    const root = repository(place.files);
    const packed = (budget: number, errors?: readonly string[]): Promise<Pack> =>
      pack({ workspace: root, task: place.task, budget, ...(errors && { errors }) }, { indexes });

    it('holds the line that is wrong, from the issue alone, in a small part of the file', async () => {
      const answer = await packed(700);
      expect(answer.files[0]!.path).toBe(place.path);
      expect(holds(answer, place)).toBe(true);
      expect(answer.tokens).toBeLessThanOrEqual(700);
    });

    it('says what its pieces stand in', async () => {
      expect((await packed(700)).text).toMatch(place.within);
    });

    it('holds it from failing output alone', async () => {
      const answer = await pack({ workspace: root, errors: place.errors, budget: 1_500 }, { indexes });
      expect(answer.files.map(({ path }) => path)).toContain(place.path);
    });

    it('puts the test of it behind it', async () => {
      const paths = (await packed(4_000, place.errors)).files.map(({ path }) => path);
      const tests = paths.filter((path) => /test/i.test(path.split('/').at(-1)!));
      for (const test of tests) expect(paths.indexOf(test)).toBeGreaterThan(paths.indexOf(place.path));
    });
  });
}
