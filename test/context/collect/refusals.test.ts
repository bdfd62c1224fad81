import { describe, expect, it } from 'vitest';
import { secretByName } from '../../../src/context/collect/refusals.ts';

describe('a file that is refused by its name', () => {
  it.each([
    ['an environment file', ['.env', '.env.local', 'app/.env.production', 'prod.env', '.envrc', '.ENV', 'a/B.Env']],
    [
      'a key or a store of keys',
      [
        'a.pem',
        'b.key',
        'c.p12',
        'd.pfx',
        'e.jks',
        'f.keystore',
        'id_rsa',
        'x/id_ed25519',
        'id_rsa.bak',
        'ssh_host_rsa_key',
        'g.kdbx',
        'h.gpg',
        'i.ovpn',
        'KEY.PEM',
        'j.jwks',
      ],
    ],
    [
      'a credential file',
      [
        '.netrc',
        '.npmrc',
        '.pypirc',
        '.pgpass',
        '.git-credentials',
        'credentials',
        'credentials.json',
        'client_secret_1.json',
        'service-account.json',
        'secrets.yml',
        'a.tfstate',
        'b.tfvars',
        'kubeconfig',
        'auth.json',
        '.htpasswd',
        '.dockercfg',
      ],
    ],
    [
      'anything in a folder of credentials',
      ['.ssh/known_hosts', 'home/.aws/config', '.kube/config', '.config/gh/hosts.yml', '.docker/config.json'],
    ],
  ])('is %s', (_, paths) => {
    for (const path of paths) expect(secretByName(path), path).toMatch(/secret|key|credential/);
  });
});

describe('a file that may be sent', () => {
  it.each([
    [
      'an example of the same without values',
      ['.env.example', '.env.sample', '.env.template', 'config/.env.dist', 'credentials.example'],
    ],
    [
      'source that is about such things',
      [
        'env.ts',
        'src/environment.py',
        'keys.py',
        'src/credentials.ts',
        'lib/secret_santa.rb',
        'dotenv.js',
        'auth.ts',
        'ssh/config.go',
      ],
    ],
    [
      'a name that only begins or ends alike',
      ['my.environment', 'monkey.js', 'tokenizer.py', 'aws/config.py', 'id_rsa_parser.ts', 'keyboard.key.ts'],
    ],
  ])('is %s', (_, paths) => {
    for (const path of paths) expect(secretByName(path), path).toBeNull();
  });
});
