import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { redact } from '../../src/domain/redaction.ts';
import { REDACTION_RULES } from '../../src/domain/redaction-rules.ts';

/** Strings that look random, made here: no scanner should take this file for a leak. */
function strange(length: number, alphabet = 'aZ3kQ9xB7mT2vR8nW5pL4jH6gF1dS0cY'): string {
  let state = 7;
  let text = '';
  for (let i = 0; i < length; i++) {
    state = (Math.imul(state, 1103515245) + 12345) >>> 0;
    text += alphabet[(state >>> 16) % alphabet.length];
  }
  return text;
}
const hex = (length: number): string => strange(length, '0123456789abcdef');
const upper = (length: number): string => strange(length, 'ABCDEFGHIJKLMNOPQRSTUVWXYZ234567');

/** rule → text with the secret between « and ». */
const SECRETS: ReadonlyArray<readonly [rule: string, text: string]> = [
  ['anthropic-key', `key: «sk-ant-api03-${strange(40)}»`],
  ['openai-key', `OPENAI=«sk-proj-${strange(48)}»`],
  ['openai-key', `client = OpenAI("«sk-${strange(48)}»")`],
  ['google-api-key', `maps?key=«AIza${strange(35)}»&x=1`],
  ['google-oauth-token', `«ya29.${strange(60)}»`],
  ['google-oauth-secret', `"«GOCSPX-${strange(28)}»"`],
  ['groq-key', `«gsk_${strange(52)}»`],
  ['xai-key', `«xai-${strange(80)}»`],
  ['huggingface-token', `login("«hf_${strange(34)}»")`],
  ['perplexity-key', `«pplx-${strange(48)}»`],
  ['replicate-token', `«r8_${strange(37)}»`],
  ['github-token', `git clone https://«ghp_${strange(36)}»@github.com/a/b`],
  ['github-token', `x «ghs_${strange(36)}» y`],
  ['github-fine-grained-token', `«github_pat_${strange(22)}_${strange(59)}»`],
  ['gitlab-token', `«glpat-${strange(20)}»`],
  ['slack-token', `«xoxb-123456789012-123456789012-${strange(24)}»`],
  ['slack-app-token', `«xapp-1-A0123456789-1234567890123-${hex(64)}»`],
  ['slack-webhook', `https://«hooks.slack.com/services/T00000000/B00000000/${strange(24)}»`],
  ['discord-webhook', `https://«discord.com/api/webhooks/123456789012345678/${strange(68)}»`],
  ['telegram-bot-token', `bot «123456789:AA${strange(33)}»`],
  ['aws-access-key-id', `aws_access_key_id = «AKIA${upper(16)}»`],
  ['aws-secret-key', `aws_secret_access_key = «${strange(40)}»`],
  ['stripe-key', `stripe.api_key = "«sk_live_${strange(24)}»"`],
  ['stripe-key', `«whsec_${strange(32)}»`],
  ['twilio-key', `«SK${hex(32)}»`],
  ['sendgrid-key', `«SG.${strange(22)}.${strange(43)}»`],
  ['mailgun-key', `«key-${hex(32)}»`],
  ['mailchimp-key', `«${hex(32)}-us12»`],
  ['npm-token', `«npm_${strange(36)}»`],
  ['pypi-token', `«pypi-AgEIcHlwaS5vcmc${strange(60)}»`],
  ['rubygems-key', `«rubygems_${hex(48)}»`],
  ['docker-token', `«dckr_pat_${strange(27)}»`],
  ['digitalocean-token', `«dop_v1_${hex(64)}»`],
  ['shopify-token', `«shpat_${hex(32)}»`],
  ['square-token', `«sq0csp-${strange(43)}»`],
  ['databricks-token', `«dapi${hex(32)}»`],
  ['linear-key', `«lin_api_${strange(40)}»`],
  ['notion-token', `«ntn_${strange(46)}»`],
  ['atlassian-token', `«ATATT3${strange(80)}»`],
  ['grafana-token', `«glsa_${strange(32)}_${hex(8)}»`],
  ['sentry-token', `«sntrys_${strange(80)}»`],
  ['new-relic-key', `«NRAK-${upper(27)}»`],
  ['vault-token', `«hvs.${strange(90)}»`],
  ['terraform-token', `«${strange(14)}.atlasv1.${strange(67)}»`],
  ['age-key', `«AGE-SECRET-KEY-1${upper(58)}»`],
  ['postman-key', `«PMAK-${hex(24)}-${hex(34)}»`],
  ['supabase-key', `«sbp_${hex(40)}»`],
  ['jwt', `id: «eyJ${strange(20)}.eyJ${strange(40)}.${strange(43)}»`],
  ['azure-storage-key', `AccountName=a;AccountKey=«${strange(86)}==»;EndpointSuffix=core`],
  ['azure-sas', `?sv=2021&sig=«${strange(44)}%3D»`],
  ['azure-client-secret', `x «abc8Q~${strange(34)}» y`],
  ['password-in-url', 'postgres://app:«s3cr3t-pa55»@db.internal:5432/app'],
  ['password-in-url', `redis://:«${strange(12)}»@cache:6379`],
  ['connection-string-password', 'Server=db;User Id=sa;Password=«Tr0ub4dor»;Encrypt=yes'],
  ['authorization-header', `Authorization: Bearer «${strange(40)}»`],
  ['authorization-header', 'headers["Authorization"] = "Basic «dXNlcjpwNHNzdzByZDEyMw==»"'],
  ['api-key-header', `-H 'X-Api-Key: «${strange(32)}»'`],
  ['npmrc-auth', `//registry.example.org/:_authToken=«${strange(30)}»`],
  ['netrc-password', 'machine api.example.org login me password «h9-grX»'],
  ['curl-user', 'curl -s -u admin:«gX93kd!a» https://x.org'],
  ['command-line-password', `mysql --password=«${strange(12)}» -u x`],
  ['assigned-secret', `password = "«${strange(12)}!»"`],
  ['assigned-secret', `  client_secret: «${strange(24)}»`],
  ['assigned-secret', `DB_PASSWORD=«${strange(16)}»`],
  ['assigned-secret', `"apiKey": "«${strange(24)}»",`],
  ['assigned-secret', `const API_TOKEN = '«${strange(24)}»';`],
];

describe('secrets', () => {
  for (const [rule, marked] of SECRETS) {
    it(`of the kind ${rule} are taken out of: ${marked.replace(/«.*»/, '…')}`, () => {
      const secret = /«(.*)»/.exec(marked)![1]!;
      const { text, found } = redact(`first\n${marked.replace(/[«»]/g, '')}\nlast`);
      expect(text).not.toContain(secret);
      expect(text.split('\n')).toEqual(['first', expect.stringContaining('[redacted:'), 'last']);
      expect(found.map((one) => one.rule)).toContain(rule);
      expect(found.every(({ line }) => line === 2)).toBe(true);
    });
  }

  it('are known in at least 40 forms, each rule named once', () => {
    const ids = REDACTION_RULES.map(({ id }) => id);
    expect(new Set(ids).size).toBe(ids.length);
    expect(ids.length).toBeGreaterThanOrEqual(40);
  });

  it('are replaced alone: the text around them stays as it was', () => {
    const url = 'db = connect("postgres://app:s3cr3t-pa55@db:5432/app", timeout=3)';
    expect(redact(url).text).toBe('db = connect("postgres://app:[redacted:password-in-url]@db:5432/app", timeout=3)');
  });

  it('are found several times in one line and in one text', () => {
    const one = `ghp_${strange(36)}`;
    const { text, found } = redact(`${one} ${one}\n\n${one}`);
    expect(text).not.toContain(one);
    expect(found.map(({ line }) => line)).toEqual([1, 1, 3]);
  });

  it('are found again to be gone: redacting twice changes nothing', () => {
    const all = SECRETS.map(([, marked]) => marked.replace(/[«»]/g, '')).join('\n');
    const once = redact(all).text;
    expect(redact(once)).toEqual({ text: once, found: [] });
  });
});

describe('private keys', () => {
  const body = Array.from({ length: 5 }, () => strange(64));
  const begin = ['-----BEGIN', 'RSA PRIVATE KEY-----'].join(' ');
  const end = ['-----END', 'RSA PRIVATE KEY-----'].join(' ');

  it('are taken out as a block, line by line, so that no line moves', () => {
    const { text, found } = redact(['a', begin, ...body, end, 'b'].join('\n'));
    const lines = text.split('\n');
    expect(lines).toHaveLength(9);
    expect(lines[0]).toBe('a');
    expect(lines[8]).toBe('b');
    expect(lines.slice(1, 8).every((line) => line === '[redacted:private-key]')).toBe(true);
    expect(found).toEqual([{ rule: 'private-key', line: 2 }]);
  });

  it('are taken out when they are cut off before their end', () => {
    const { text } = redact(['a', begin, ...body, 'the next line of prose'].join('\n'));
    for (const line of body) expect(text).not.toContain(line);
    expect(text).toContain('the next line of prose');
  });

  it('are taken out when they stand in one line of source', () => {
    const { text } = redact(`const key = "${begin}\\n${body.join('\\n')}\\n${end}";`);
    expect(text).toBe('const key = "[redacted:private-key]";');
  });

  it('of OpenSSH, EC and PGP form are known, public ones are left', () => {
    for (const kind of ['OPENSSH ', 'EC ', 'ENCRYPTED ', '', 'PGP ']) {
      const block = kind === 'PGP ' ? ' BLOCK' : '';
      const text = `-----BEGIN ${kind}${'PRIVATE'} KEY${block}-----\n${body[0]}\n-----END ${kind}${'PRIVATE'} KEY${block}-----`;
      expect(redact(text).text).not.toContain(body[0]!);
    }
    const open = `-----BEGIN PUBLIC KEY-----\n${body[0]}\n-----END PUBLIC KEY-----`;
    expect(redact(open)).toEqual({ text: open, found: [] });
  });
});

describe('ordinary source', () => {
  const ORDINARY = [
    'password = request.POST["password"]',
    'password: str',
    'const token = await getToken(user);',
    'def authenticate(self, username=None, password=None):',
    'secret_key = settings.SECRET_KEY',
    'let key = options.apiKey || process.env.API_KEY;',
    'token = lexer.next_token()',
    'PASSWORD = "password"',
    'api_key: YOUR_API_KEY',
    'access_token=<token>',
    ['password=$', '{DB_PASSWORD}'].join(''),
    'url = "https://user:password@example.com/"',
    'url = "http://localhost:8080/@scope/package"',
    'git@github.com:owner/name.git',
    'token: tokenTypes.EOF,',
    'keyword-spacing: ["error", { "before": true }]',
    'secret: process.env.SECRET',
    'self.assertEqual(token, "csrfmiddlewaretoken")',
    'password_field = "id_password_confirmation"',
    "raise ValueError('password must be at least 8 characters')",
    'Authorization: Bearer <token>',
    'sk-learn is not a key, nor is task-manager-with-a-rather-long-name',
    'basic authentication-middleware-configuration',
    'sha256: 9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08',
    'commit 82ef497a8c88f0f6e50d84520e7276bfbf65025d',
    'import { secretsManagerClient } from "./secretsManagerClient"',
    'public static final String TOKEN_TYPE = "urn:ietf:params:oauth:token-type:access_token";',
    'data:image/png;base64,iVBORw0KGgoAAAANSUhEUgAAAAUAAAAFCAYAAACNbyblAAAAHElEQVQI12P4',
  ];
  for (const line of ORDINARY) {
    it(`is left as it is: ${line.slice(0, 60)}`, () => {
      expect(redact(line)).toEqual({ text: line, found: [] });
    });
  }
});

describe('any text', () => {
  it('keeps its number of lines, and comes back unchanged when nothing is found', () => {
    fc.assert(
      fc.property(fc.string({ maxLength: 400, unit: 'binary' }), (text) => {
        const { text: clean, found } = redact(text);
        expect(clean.split('\n')).toHaveLength(text.split('\n').length);
        if (found.length === 0) expect(clean).toBe(text);
      }),
    );
  });

  it('made to be slow is read in time that grows with its length only', () => {
    for (const piece of [
      'eyJ-',
      'sk-',
      'password=',
      'a://b:',
      '-----BEGIN PRIVATE KEY-----',
      'aws secret ',
      'curl -u ',
      'a',
    ]) {
      const text = piece.repeat(1_000_000 / piece.length);
      expect(redact(text).text.split('\n')).toHaveLength(1);
    }
  });
});
