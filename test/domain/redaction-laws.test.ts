import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { redact } from '../../src/domain/redaction.ts';
import { REDACTION_RULES } from '../../src/domain/redaction-rules.ts';
import { holdsRedactions, restored } from '../../src/domain/restore.ts';
import { SECRETS, strange } from './secrets.ts';

const plain = (marked: string) => marked.replace(/[«»]/g, '');
const secretIn = (marked: string) => /«(.*)»/.exec(marked)![1]!;

/** Tokens told by their form, with the part of the rule's pattern that is the secret. */
const FORMS = REDACTION_RULES.flatMap(({ id, pattern }) => {
  const form = /^\(\?<!\[A-Za-z0-9_-\]\)\(\?<secret>(.*)\)\(\?!\[A-Za-z0-9_\]\)$/.exec(pattern.source)?.[1];
  return form === undefined ? [] : [{ id, form: new RegExp(`^(?:${form})$`) }];
});
const ofForm = new Set(FORMS.map(({ id }) => id));

const secretLines = fc.constantFrom(...SECRETS.map(([, marked]) => plain(marked)));
const ordinaryLines = fc.constantFrom(
  '',
  'x = 1',
  '  return total / count;',
  'password: str',
  '}',
  'été 🙂',
  '# token',
);
const lines = fc.array(fc.oneof(secretLines, ordinaryLines), { minLength: 1, maxLength: 12 });

describe('every rule', () => {
  it.each(FORMS)('takes out whatever has the form of $id', ({ form }) => {
    fc.assert(
      fc.property(fc.stringMatching(form), (secret) => {
        expect(redact(`see ${secret} there`).text).toMatch(/^see \[redacted:[a-z-]+\] there$/);
      }),
      { numRuns: 10 },
    );
  });

  it.each(SECRETS.filter(([id]) => ofForm.has(id)))(
    '%s is left where it is only begun, or a part of a longer word: %s',
    (_, marked) => {
      const secret = secretIn(marked);
      for (const near of [secret.slice(0, 13), `x${secret}`, `_${secret}`])
        expect(redact(`see ${near} there`)).toEqual({ text: `see ${near} there`, found: [] });
    },
  );

  it.each(SECRETS)('%s is found at the beginning and at the end of a text, with LF and with CRLF: %s', (_, marked) => {
    const secret = secretIn(marked);
    for (const text of [plain(marked), `\n${plain(marked)}`, `${plain(marked)}\n`, `${plain(marked)}\r\nnext`]) {
      expect(redact(text).text).not.toContain(secret);
      expect(redact(text).text.replace(/\[redacted:[^\]]*\]/, secret)).toBe(text);
    }
  });

  it.each([
    ['--password «gX93kd!aQ2»', 'command-line-password'],
    ['--token=«gX93kd7aQ2bb»', 'command-line-password'],
    ['password=«gX93kd!aQ2»', 'assigned-secret'],
  ])('is found in the first line as in any other: %s', (marked, rule) => {
    for (const before of ['', 'first\n', '# '])
      expect(redact(`${before}${plain(marked)}`).found).toEqual([{ rule, line: before === 'first\n' ? 2 : 1 }]);
  });
});

/** Beginnings that a vendor gives to tokens of one form, and what follows them: the forms that vendors publish. */
const BEGINNINGS: ReadonlyArray<readonly [rule: string, beginnings: readonly string[], rest: string]> = [
  ['openai-key', ['sk-', 'sk-proj-', 'sk-svcacct-', 'sk-admin-'], `${strange(20)}_-${strange(20)}`],
  ['google-api-key', ['AIza'], `Sy-_${strange(31)}`],
  ['google-oauth-token', ['ya29.'], `a0-_${strange(40)}`],
  ['github-token', ['ghp_', 'gho_', 'ghu_', 'ghs_', 'ghr_'], strange(36)],
  [
    'gitlab-token',
    ['glpat-', 'gldt-', 'glrt-', 'gloas-', 'glcbt-', 'glptt-', 'glft-', 'glimt-', 'glagent-'],
    `t1_${strange(10)}-${strange(10)}.01.${strange(9)}`,
  ],
  ['slack-token', ['xoxb-', 'xoxp-', 'xoxa-', 'xoxe-', 'xoxo-', 'xoxr-', 'xoxs-'], `2-1234567890-${strange(24)}`],
  ['aws-access-key-id', ['AKIA', 'ASIA', 'ABIA', 'ACCA'], 'QK3T7ZP2MXW5RB6D'],
  ['stripe-key', ['sk_live_', 'sk_test_', 'rk_live_', 'rk_test_', 'pk_live_', 'pk_test_'], strange(24)],
  ['twilio-key', ['SK', 'AC'], '0123456789abcdef0123456789abcdef'],
  ['docker-token', ['dckr_pat_', 'dckr_oat_'], `${strange(15)}_-${strange(12)}`],
  ['digitalocean-token', ['dop_v1_', 'doo_v1_', 'dor_v1_'], '0123456789abcdef'.repeat(4)],
  ['shopify-token', ['shpat_', 'shpca_', 'shppa_', 'shpss_'], '0123456789abcdefABCDEF0123456789'],
  ['square-token', ['sq0atp-', 'sq0csp-', 'sq0idp-'], `${strange(20)}_-`],
  ['linear-key', ['lin_api_', 'lin_oauth_'], strange(40)],
  ['notion-token', ['ntn_'], strange(46)],
  ['notion-token', ['secret_'], strange(43)],
  ['grafana-token', ['glsa_', 'glc_'], `${strange(32)}_0123abcd`],
  ['sentry-token', ['sntrys_', 'sntryu_'], strange(64)],
  ['new-relic-key', ['NRAK-', 'NRJS-', 'NRAA-', 'NRII-'], strange(27)],
  ['vault-token', ['hvs.', 'hvb.', 'hvr.'], `${strange(40)}_-${strange(40)}`],
  ['planetscale-token', ['pscale_tkn_', 'pscale_pw_', 'pscale_oauth_'], `${strange(20)}-_.${strange(20)}`],
];

describe('a form that a vendor publishes', () => {
  const rows = BEGINNINGS.flatMap(([rule, all, rest]) => all.map((beginning) => [rule, beginning, rest] as const));

  it.each(rows)('of %s that begins with %s is known, in quotes, in prose and in a URL', (rule, beginning, rest) => {
    const token = beginning + rest;
    for (const [before, after] of [
      ['"', '"'],
      ['use ', ' now'],
      ['https://x.org/?k=', '&a=1'],
      ['(', ')'],
    ])
      expect(redact(`${before}${token}${after}`)).toEqual({
        text: `${before}[redacted:${rule}]${after}`,
        found: [{ rule, line: 1 }],
      });
  });
});

describe('what is replaced', () => {
  it.each([
    ['password: "aB3dE9gH1kL"; // aB3dE9gH1kL?', 'password: "[redacted:assigned-secret]"; // aB3dE9gH1kL?'],
    ['postgres://aB3dE9g:aB3dE9g@db/x', 'postgres://aB3dE9g:[redacted:password-in-url]@db/x'],
    ['secret = "secret9Xk2Lq"', 'secret = "[redacted:assigned-secret]"'],
  ])('is the value and not what reads like it: %s', (text, wanted) => {
    expect(redact(text).text).toBe(wanted);
  });
});

describe('redaction', () => {
  it('reads each line by itself: what stands above or below changes nothing', () => {
    fc.assert(
      fc.property(lines, (all) => {
        const whole = redact(all.join('\n'));
        const single = all.map((line) => redact(line));
        expect(whole.text.split('\n')).toEqual(single.map(({ text }) => text));
        const found = single.flatMap(({ found: own }, at) => own.map(({ rule }) => ({ rule, line: at + 1 })));
        const order = (a: { rule: string; line: number }, b: { rule: string; line: number }) =>
          a.line - b.line || (a.rule < b.rule ? -1 : 1);
        expect([...whole.found].sort(order)).toEqual(found.sort(order));
      }),
    );
  });

  it('leaves no secret in any mix of lines, and finds nothing the second time', () => {
    fc.assert(
      fc.property(
        fc.shuffledSubarray(SECRETS.slice(), { minLength: 1, maxLength: 10 }),
        ordinaryLines,
        (some, between) => {
          const { text, found } = redact(some.map(([, marked]) => plain(marked)).join(`\n${between}\n`));
          for (const [, marked] of some) expect(text).not.toContain(secretIn(marked));
          expect(found.length).toBeGreaterThanOrEqual(some.length);
          expect(redact(text)).toEqual({ text, found: [] });
        },
      ),
    );
  });
});

type Change = { readonly at: number; readonly kind: 'insert' | 'remove' | 'replace'; readonly line: string };

const changes = fc.array(
  fc.record({
    at: fc.nat(12),
    kind: fc.constantFrom('insert' as const, 'remove' as const, 'replace' as const),
    line: fc.constantFrom('new = 1', '', 'return 2;'),
  }),
  { maxLength: 4 },
);

/** The lines with changes made where none of them touches a line with a secret. */
function changed(all: readonly string[], made: readonly Change[], isSecret: (at: number) => boolean): string[] {
  const result = all.map((line, at): string[] => {
    const own = made.filter((change) => change.at === at);
    const inserted = own.filter(({ kind }) => kind === 'insert').map(({ line: text }) => text);
    if (isSecret(at)) return [...inserted, line];
    const put = own.findLast(({ kind }) => kind !== 'insert');
    return [...inserted, ...(put === undefined ? [line] : put.kind === 'remove' ? [] : [put.line])];
  });
  return result.flat();
}

describe('a file changed without its secrets', () => {
  it('is the file with the same changes once they are back', () => {
    fc.assert(
      fc.property(lines, changes, (all, made) => {
        const shown = redact(all.join('\n')).text.split('\n');
        const isSecret = (at: number) => holdsRedactions(shown[at]!);
        expect(restored(all.join('\n'), changed(shown, made, isSecret).join('\n'))).toBe(
          changed(all, made, isSecret).join('\n'),
        );
      }),
    );
  });

  it('is refused when a line with a secret is written anew', () => {
    fc.assert(
      fc.property(lines, secretLines, fc.nat(11), (all, secret, at) => {
        const original = [...all, secret];
        const shown = redact(original.join('\n')).text.split('\n');
        const places = shown.flatMap((line, index) => (holdsRedactions(line) ? [index] : []));
        const place = places[at % places.length]!;
        const spoiled = shown.map((line, index) => (index === place ? `${line} // mine` : line));
        expect(restored(original.join('\n'), spoiled.join('\n'))).toBeNull();
      }),
    );
  });

  it('keeps what it was when nothing was changed, with any line ends', () => {
    const text = [`key = "${strange(40)}"`, `password = "${strange(24)}"`, 'x = 1'].join('\r\n');
    expect(restored(text, redact(text).text)).toBe(text);
  });
});
