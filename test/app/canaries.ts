import { createHash } from 'node:crypto';

/** Characters that look random and are the same each time. */
function noise(seed: string, length: number, alphabet: string): string {
  let text = '';
  for (let block = 0; text.length < length; block++)
    for (const byte of createHash('sha512').update(`${seed}/${block}`).digest())
      if (text.length < length) text += alphabet[byte % alphabet.length];
  return text;
}

const LETTERS = 'abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789';
const HEX = '0123456789abcdef';
const CAPITALS = 'ABCDEFGHIJKLMNOPQRSTUVWXYZ234567';
const letters = (seed: string, length: number): string => noise(seed, length, LETTERS);

/** A planted secret: `core` is what must not be found anywhere, `text` how it stands where it is planted. */
export interface Canary {
  readonly name: string;
  readonly core: string;
  readonly text: string;
}

type Shape = (core: string) => string;

function canary(name: string, core: string, shape: Shape = (secret) => secret): Canary {
  return { name, core, text: shape(core) };
}

/** In the environment of the process that asks. */
export const IN_ENVIRONMENT: readonly Canary[] = [
  canary('OPENAI_KEY_OF_ANOTHER', `sk-proj-${letters('env1', 48)}`),
  canary('AWS_SECRET_ACCESS_KEY', letters('env2', 40)),
  canary('GITHUB_TOKEN', `ghp_${letters('env3', 36)}`),
  canary('DATABASE_URL', letters('env4', 20), (core) => `postgres://app:${core}@db.internal:5432/app`),
  canary('NPM_TOKEN', `npm_${letters('env5', 36)}`),
];

const key = (kind: string, seed: string): Canary => {
  const lines = Array.from({ length: 4 }, (_, line) => letters(`${seed}${line}`, 64));
  return canary(`${kind} key`, lines[1]!, () => `-----BEGIN ${kind}-----\n${lines.join('\n')}\n-----END ${kind}-----`);
};

/** In files that hold secrets: path → what is planted there. */
export const IN_FILES: Readonly<Record<string, readonly Canary[]>> = {
  '.env': [
    canary('password', letters('file1', 24), (core) => `DB_PASSWORD=${core}`),
    canary('stripe', `sk_live_${letters('file2', 32)}`, (core) => `STRIPE=${core}`),
    canary('sendgrid', `SG.${letters('file3', 22)}.${letters('file3b', 43)}`, (core) => `MAIL_KEY=${core}`),
  ],
  '.env.local': [canary('jwt secret', letters('file4', 40), (core) => `JWT_SECRET="${core}"`)],
  '.npmrc': [canary('npm', `npm_${letters('file5', 36)}`, (core) => `//registry.example.org/:_authToken=${core}`)],
  '.netrc': [canary('netrc', letters('file6', 20), (core) => `machine example.org login me password ${core}`)],
  'deploy/id_rsa': [key('RSA PRIVATE KEY', 'file7')],
  'deploy/ec.pem': [key('EC PRIVATE KEY', 'file8')],
  'deploy/openssh': [key('OPENSSH PRIVATE KEY', 'file9')],
  '.aws/credentials': [canary('aws', letters('file10', 40), (core) => `aws_secret_access_key = ${core}`)],
  'config/settings.json': [canary('json', letters('file11', 32), (core) => `{ "apiKey": "${core}" }`)],
  'config/settings.yaml': [canary('yaml', letters('file12', 32), (core) => `client_secret: ${core}`)],
};

/** In the code that is at fault, as JavaScript. */
export const IN_CODE: readonly Canary[] = [
  canary('openai', `sk-proj-${letters('code1', 48)}`, (core) => `const openai = '${core}';`),
  canary('anthropic', `sk-ant-api03-${letters('code2', 60)}`, (core) => `const anthropic = '${core}';`),
  canary('google', `AIza${letters('code3', 35)}`, (core) => `const google = '${core}';`),
  canary('aws id', `AKIA${noise('code4', 16, CAPITALS)}`, (core) => `const awsId = '${core}';`),
  canary('github', `github_pat_${letters('code5', 60)}`, (core) => `const github = '${core}';`),
  canary('gitlab', `glpat-${letters('code6', 20)}`, (core) => `const gitlab = '${core}';`),
  canary(
    'slack',
    `xoxb-${noise('code7', 12, '0123456789')}-${letters('code7', 24)}`,
    (core) => `const slack = '${core}';`,
  ),
  canary('url', letters('code8', 18), (core) => `const url = 'https://admin:${core}@internal.example.org/';`),
  canary('assigned', letters('code9', 30), (core) => `const password = '${core}';`),
  canary('huggingface', `hf_${letters('code10', 34)}`, (core) => `const hub = '${core}';`),
];

const part = (value: unknown): string => Buffer.from(JSON.stringify(value)).toString('base64url');
const jwt = (seed: string): string =>
  `${part({ alg: 'HS256', typ: 'JWT' })}.${part({ sub: seed })}.${letters(seed, 43)}`;

/** In what the tests print when they fail. */
export const IN_OUTPUT: readonly Canary[] = [
  canary('bearer', letters('out1', 40), (core) => `Authorization: Bearer ${core}`),
  canary('jwt', jwt('out2'), (core) => `token ${core}`),
  canary('header', letters('out3', 32), (core) => `x-api-key: ${core}`),
  canary('connection', letters('out4', 20), (core) => `mongodb+srv://root:${core}@cluster0.example.net/db`),
  canary('twilio', `SK${noise('out5', 32, HEX)}`),
  canary('assignment', letters('out6', 28), (core) => `SECRET_KEY=${core}`),
  canary('curl', letters('out7', 22), (core) => `curl -u deploy:${core} https://example.org/`),
  canary('cookie', letters('out8', 40), (core) => `"access_token": "${core}"`),
  canary('digitalocean', `dop_v1_${noise('out9', 64, HEX)}`),
];

/** In what the caller says. */
export const IN_CALLS: readonly Canary[] = [
  canary('prompt', `sk-proj-${letters('call1', 48)}`),
  canary('error output', `ghp_${letters('call2', 36)}`),
  canary('criteria', `xoxb-${noise('call3', 12, '0123456789')}-${letters('call3', 24)}`),
  canary('candidate', `hf_${letters('call4', 34)}`),
  canary('task', `glpat-${letters('call5', 20)}`),
];

export const ALL: readonly Canary[] = [
  ...IN_ENVIRONMENT,
  ...Object.values(IN_FILES).flat(),
  ...IN_CODE,
  ...IN_OUTPUT,
  ...IN_CALLS,
];
