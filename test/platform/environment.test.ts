import { delimiter, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { checkEnvironment, looksSecret, shellPath } from '../../src/platform/environment.ts';

const ROOT = fileURLToPath(new URL('../..', import.meta.url)).replace(/\/$/, '');
const path = (...entries: string[]) => entries.join(delimiter);

describe('the environment of checks', () => {
  it('holds what tools need to be found and to work', () => {
    const source = {
      PATH: '/usr/bin',
      HOME: '/home/me',
      LANG: 'de_DE.UTF-8',
      LC_ALL: 'C',
      TZ: 'Europe/Berlin',
      TMPDIR: '/tmp',
      CI: '1',
      VIRTUAL_ENV: '/v',
      PYTHONPATH: 'lib',
      PYENV_VERSION: '3.12',
      NVM_DIR: '/n',
      GOPATH: '/go',
      GOFLAGS: '-mod=mod',
      CARGO_HOME: '/c',
      JAVA_HOME: '/j',
      XDG_CACHE_HOME: '/x',
      NODE_PATH: '/m',
    };
    expect(checkEnvironment(source)).toEqual(source);
  });

  it.each([
    ['OPENAI_API_KEY', 'x'],
    ['GITHUB_TOKEN', 'x'],
    ['AWS_SECRET_ACCESS_KEY', 'x'],
    ['PGPASSWORD', 'x'],
    ['SSH_AUTH_SOCK', '/run/agent'],
    ['GOOGLE_APPLICATION_CREDENTIALS', '/key.json'],
    ['NODE_OPTIONS', '--require ./evil.js'],
    ['LD_PRELOAD', '/evil.so'],
    ['BASH_ENV', '/evil.sh'],
    ['PYTHONSTARTUP', '/evil.py'],
    ['GIT_DIR', '/elsewhere/.git'],
    ['XDG_RUNTIME_DIR', '/run/user/1000'],
    ['DATABASE_URL', 'postgres://db'],
    ['npm_config_registry', 'https://registry'],
    ['MAESTRO_GROUP', 'x'],
    ['FAVOURITE_COLOUR', 'green'],
    ['MISE_GITHUB_TOKEN', 'x'],
    ['NVM_AUTH_HEADER', 'x'],
    ['NIX_SECRET', 'x'],
    ['ASDF_PASSWORD', 'x'],
    ['RBENV_PRIVATE', 'x'],
  ])('does not hold %s', (name, value) => {
    expect(checkEnvironment({ PATH: '/bin', [name]: value })).toEqual({ PATH: '/bin' });
  });

  it('does not hold a password inside a URL, whatever the name is', () => {
    expect(checkEnvironment({ NVM_MIRROR: 'https://me:pass@mirror/x', NVM_DIR: '/n' })).toEqual({ NVM_DIR: '/n' });
  });

  it('holds exactly what the user names beside that, and no variable that is not set', () => {
    const source = { DATABASE_PASSWORD: 'test', DATABASE_TOKEN: 'no', NOT_SET: undefined };
    expect(checkEnvironment(source, ['DATABASE_PASSWORD', 'NOT_SET'])).toEqual({ DATABASE_PASSWORD: 'test' });
  });

  it('takes a name for a secret by its words, not for any resemblance', () => {
    expect(
      ['API_KEY', 'apikey', 'MY_PASS', 'DB_PW', 'HTTP_COOKIE', 'SIGNING_PASSPHRASE'].filter(looksSecret),
    ).toHaveLength(6);
    expect(['COMPASS_HOME', 'PATH', 'BYPASS', 'LANG', 'PYTHONPATH'].filter(looksSecret)).toEqual([]);
  });
});

describe('the PATH of checks', () => {
  const own = { npm_package_json: join(ROOT, 'package.json') };
  const npmPath = path(
    join(ROOT, 'node_modules/.bin'),
    join(ROOT, '../node_modules/.bin'),
    '/node_modules/.bin',
    '/usr/lib/node_modules/npm/node_modules/@npmcli/run-script/lib/node-gyp-bin',
  );

  it('loses what npm put in front of it to run a script of this very package', () => {
    const source = { ...own, PATH: path(npmPath, '/usr/local/bin', '/usr/bin') };
    expect(checkEnvironment(source).PATH).toBe(path('/usr/local/bin', '/usr/bin'));
  });

  it('loses it also when one npm script has run another', () => {
    const source = { ...own, PATH: path(npmPath, npmPath, '/usr/bin') };
    expect(checkEnvironment(source).PATH).toBe('/usr/bin');
  });

  it('keeps what comes after: the user put it there', () => {
    const kept = path('/usr/bin', join(ROOT, 'node_modules/.bin'));
    expect(shellPath(path(npmPath, kept), own)).toBe(kept);
  });

  it("keeps the same folders when npm does not run us: then they are the shell's own", () => {
    const shells = path(join(ROOT, 'node_modules/.bin'), '/usr/bin');
    expect(shellPath(shells, {})).toBe(shells);
  });

  it('keeps the binaries of the project whose script starts us: its commands expect them', () => {
    const source = { npm_package_json: '/home/me/shop/package.json' };
    const projects = path('/home/me/shop/node_modules/.bin', '/home/me/node_modules/.bin', '/usr/bin');
    expect(shellPath(projects, source, '/home/me/shop/node_modules/maestro-workflow')).toBe(projects);
  });

  it('loses the cache from which npx runs us, and keeps the project after it', () => {
    const rest = path('/home/me/shop/node_modules/.bin', '/usr/bin');
    const source = { npm_package_json: '/home/me/shop/package.json' };
    expect(shellPath(path('/home/me/.npm/_npx/0a1b2c/node_modules/.bin', rest), source)).toBe(rest);
  });

  it('is left as it is when nothing would remain', () => {
    expect(shellPath(npmPath, own)).toBe(npmPath);
  });
});
