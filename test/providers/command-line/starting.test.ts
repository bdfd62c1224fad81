import { existsSync, mkdirSync, readFileSync, statSync, symlinkSync, writeFileSync } from 'node:fs';
import { delimiter, dirname, join } from 'node:path';
import { beforeEach, describe, expect, it, onTestFinished } from 'vitest';
import { removeTempDir } from '../../../src/platform/temp.ts';
import { dialect as claude } from '../../../src/providers/claude.ts';
import { dialect as codex } from '../../../src/providers/codex.ts';
import { homeFolder, jsonFile, keyFrom, readable } from '../../../src/providers/command-line/credentials.ts';
import type { Dialect } from '../../../src/providers/command-line/dialect.ts';
import { programEnvironment } from '../../../src/providers/command-line/environment.ts';
import { compareVersions, findProgram, versionOf } from '../../../src/providers/command-line/locate.ts';
import { makePrivateFolders } from '../../../src/providers/command-line/private-folder.ts';
import { dialect as gemini } from '../../../src/providers/gemini.ts';
import { folder } from '../../app/world.ts';
import { LIMITS, settingsFor, surroundingsFor } from '../../contract/cli-asking.ts';

let root: string;
beforeEach(() => {
  root = folder();
});

function put(path: string, text: string, mode = 0o644): string {
  const file = join(root, path);
  mkdirSync(dirname(file), { recursive: true });
  writeFileSync(file, text, { mode });
  return file;
}

const SIGNAL = new AbortController().signal;
const surroundings = (env: Record<string, string>, settings: object = {}) =>
  surroundingsFor(settingsFor('codex', settings), { env, cacheFolder: join(root, 'cache') });

describe('the environment of an advisor program', () => {
  it('has what finds its parts, the language and the proxy, and nothing that opens a door', () => {
    const env = {
      ...{ PATH: '/usr/bin', LANG: 'de_DE.UTF-8', LC_ALL: 'C', TZ: 'UTC', HTTPS_PROXY: 'http://p:1', no_proxy: 'x' },
      ...{ NODE_EXTRA_CA_CERTS: '/ca.pem', SSL_CERT_FILE: '/c.pem', HOME: '/home/me', SSH_AUTH_SOCK: '/s' },
      ...{
        OPENAI_API_KEY: 'k',
        AWS_SECRET_ACCESS_KEY: 'k',
        NODE_OPTIONS: '--require x',
        LD_PRELOAD: 'x',
        PYTHONPATH: 'x',
      },
      EDITOR: undefined,
    };
    const given = programEnvironment(env);
    expect(Object.keys(given).sort()).toEqual(
      [
        'HTTPS_PROXY',
        'LANG',
        'LC_ALL',
        'NODE_EXTRA_CA_CERTS',
        'NO_COLOR',
        'PATH',
        'SSL_CERT_FILE',
        'TZ',
        'no_proxy',
      ].sort(),
    );
  });

  it('always has this node at the end of its PATH, whatever the PATH was', () => {
    const own = dirname(process.execPath);
    expect(programEnvironment({ PATH: '/a' }).PATH).toBe(`/a${delimiter}${own}`);
    expect(programEnvironment({}).PATH).toBe(own);
  });
});

describe('a key', () => {
  it('is the first that is set of those it may be in, or the one that the configuration names and no other', () => {
    const names = ['A_KEY', 'B_KEY'];
    expect(keyFrom(surroundings({ B_KEY: 'b' }), names)).toEqual({ name: 'B_KEY', value: 'b' });
    expect(keyFrom(surroundings({ A_KEY: 'a', B_KEY: 'b' }), names)).toEqual({ name: 'A_KEY', value: 'a' });
    expect(keyFrom(surroundings({ A_KEY: '' }), names)).toBeNull();
    const named = { apiKeyEnv: 'MY_KEY' };
    expect(keyFrom(surroundings({ A_KEY: 'a', MY_KEY: 'm' }, named), names)).toEqual({ name: 'MY_KEY', value: 'm' });
    expect(keyFrom(surroundings({ A_KEY: 'a' }, named), names)).toBeNull();
  });

  it('may lie in a file of the home, which is read without complaint or not at all', () => {
    expect(homeFolder(surroundings({ HOME: root }), '.x', 'y')).toBe(join(root, '.x', 'y'));
    expect(homeFolder(surroundings({ USERPROFILE: root }), '.x')).toBe(join(root, '.x'));
    const file = put('a.json', '{"a":1}');
    expect([readable(file), readable(join(root, 'none'))]).toEqual([true, false]);
    expect([jsonFile(file), jsonFile(put('b.json', '{')), jsonFile(join(root, 'none')), jsonFile(root)]).toEqual([
      { a: 1 },
      null,
      null,
      null,
    ]);
  });
});

describe('a program', () => {
  const script = '#!/bin/sh\necho "codex-cli 1.2.3-beta.4 (x)"\n';

  it('is the first on the PATH that can be run: no folder, no other file, no relative entry', () => {
    const wanted = put('c/codex', script, 0o755);
    mkdirSync(join(root, 'a/codex'), { recursive: true });
    put('b/codex', script, 0o644);
    put('d/codex', script, 0o755);
    const PATH = ['.', 'relative', ...['a', 'b', 'none', 'c', 'd'].map((name) => join(root, name))].join(delimiter);
    expect(findProgram(codex, surroundings({ PATH }))).toBe(wanted);
    expect(findProgram(codex, surroundings({ PATH: join(root, 'none') }))).toBeNull();
    expect(findProgram(codex, surroundings({}))).toBeNull();
  });

  it('is the one that the settings name, or none', () => {
    const binary = put('own/thing', script, 0o755);
    const PATH = dirname(put('c/codex', script, 0o755));
    expect(findProgram(codex, surroundings({ PATH }, { binary }))).toBe(binary);
    expect(findProgram(codex, surroundings({ PATH }, { binary: join(root, 'none') }))).toBeNull();
  });

  it('has the version of its package, without being started', async () => {
    put('pkg/package.json', JSON.stringify({ name: '@openai/codex', version: '7.8.9' }));
    const started = join(root, 'started');
    const file = put('pkg/bin/codex.js', `#!/bin/sh\ntouch ${started}\n`, 0o755);
    const link = join(root, 'codex');
    symlinkSync(file, link);
    expect(await versionOf(codex, link, surroundings({}))).toBe('7.8.9');
    expect(existsSync(started)).toBe(false);
  });

  it('has the version that it says where it lies in no package of its own, asked once while the file is the same', async () => {
    put('pkg/package.json', JSON.stringify({ name: 'another', version: '7.8.9' }));
    const file = put(
      'pkg/bin/codex',
      `#!/bin/sh\necho x >> ${join(root, 'count')}\necho "codex-cli 1.2.3-beta.4 (x)"\n`,
      0o755,
    );
    expect(await versionOf(codex, file, surroundings({ PATH: process.env.PATH! }))).toBe('1.2.3-beta.4');
    expect(await versionOf(codex, file, surroundings({ PATH: process.env.PATH! }))).toBe('1.2.3-beta.4');
    expect(readFileSync(join(root, 'count'), 'utf8')).toBe('x\n');
  });

  it.each(['exit 1', 'echo no version', 'echo 1.2'])('that says %j has none', async (line) => {
    const file = put('odd', `#!/bin/sh\n${line}\n`, 0o755);
    expect(await versionOf(codex, file, surroundings({ PATH: process.env.PATH! }))).toBeNull();
  });

  it.each([
    ['1.0.0', '1.0.0', 0],
    ['1.0.1', '1.0.0', 1],
    ['0.9.10', '0.9.9', 1],
    ['0.10.0', '0.9.9', 1],
    ['1.9.9', '2.0.0', -1],
    ['2.0.0-rc.1', '2.0.0', 0],
  ])('of version %s is %s or newer, or older: %i', (a, b, order) => {
    expect(Math.sign(compareVersions(a, b))).toBe(order);
    expect(Math.sign(compareVersions(b, a))).toBe(order === 0 ? 0 : -order);
  });
});

describe('what a program is started with', () => {
  const prepared = async (dialect: Dialect, model: string | null = null) => {
    const folders = await makePrivateFolders(dialect.id, 'You review.');
    onTestFinished(() => removeTempDir(folders.root));
    const cacheFolder = join(root, 'cache');
    put(`cache/models-${dialect.testedVersion}.json`, '{"models":[]}');
    const login = dialect.fakeLogin('http://127.0.0.1:9/v1');
    const program = { path: '/nowhere', version: dialect.testedVersion };
    const call = { program, login, folders, model, effort: null, limits: LIMITS, cacheFolder, env: {}, signal: SIGNAL };
    return { folders, ...(await dialect.prepare(call)) };
  };
  const DIALECTS: ReadonlyArray<readonly [string, Dialect, readonly string[]]> = [
    [
      'claude',
      claude,
      ['--tools ', '--strict-mcp-config', '--setting-sources ', '--permission-mode dontAsk', '--max-turns 1'],
    ],
    [
      'codex',
      codex,
      [
        '--sandbox read-only',
        '--ignore-user-config',
        '--ignore-rules',
        '--disable shell_tool',
        'approval_policy="never"',
      ],
    ],
    ['gemini', gemini, ['--admin-policy', '-e none', '--allowed-mcp-server-names none', '--approval-mode default']],
  ];

  it.each(DIALECTS)('leaves %s no tool, and names the model that is wanted', async (_, dialect, flags) => {
    const { args } = await prepared(dialect, 'a-model');
    for (const flag of flags) expect(args.join(' ')).toContain(flag);
    expect(args[args.findIndex((arg) => arg === '-m' || arg === '--model') + 1]).toBe('a-model');
    expect(args.join(' ')).not.toMatch(/yolo|dangerous|full-auto|bypass/i);
  });

  it.each(DIALECTS)(
    'keeps the words of %s in files that are for the user alone, not among its arguments',
    async (_, dialect) => {
      const { args, env, folders } = await prepared(dialect);
      expect(readFileSync(folders.system, 'utf8')).toBe('You review.');
      expect(statSync(folders.system).mode & 0o077).toBe(0);
      for (const path of [folders.home, folders.cwd, folders.tmp]) expect(statSync(path).mode & 0o077).toBe(0);
      expect([...args, ...Object.values(env)].join('\n')).not.toContain('You review.');
      expect([...args, ...Object.values(env)].join('\n')).toContain(folders.system);
    },
  );

  it('denies gemini every tool by a policy of its own, and its settings turn off what else could act', async () => {
    const { args, folders } = await prepared(gemini);
    const policy = readFileSync(args[args.indexOf('--admin-policy') + 1]!, 'utf8');
    expect(policy).toMatch(/toolName = "\*"\ndecision = "deny"/);
    const settings = jsonFile(join(folders.home, '.gemini', 'settings.json'));
    expect(settings).toMatchObject({
      tools: { core: [] },
      mcpServers: {},
      security: { disableYoloMode: true },
      model: { maxSessionTurns: 1 },
    });
  });
});
