import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { redact } from '../../src/domain/redaction.ts';
import { REDACTION_RULES } from '../../src/domain/redaction-rules.ts';
import { SECRETS, strange } from './secrets.ts';

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
