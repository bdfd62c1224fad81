import {
  chmodSync,
  existsSync,
  lstatSync,
  mkdirSync,
  readdirSync,
  readlinkSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { dirname, join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { variablesFor } from '../../../src/app/setup/variables.ts';
import { findHosts } from '../../../src/app/setup.ts';
import { MaestroError } from '../../../src/domain/errors.ts';
import { HOSTS, home, MOVED, read, SERVER, set, write } from './configured.ts';
import { FILES } from './fixtures.ts';

const ids = HOSTS.map(({ id }) => id);
const hostOf = (id: string) => HOSTS.find((host) => host.id === id)!;

describe('the hosts', () => {
  it('are found by listing their folder', () => {
    expect(ids).toEqual(['claude', 'codex', 'cursor', 'gemini', 'vscode']);
  });

  it.each(ids)('%s has a file of its own in the home and one in the project', (id) => {
    const at = home();
    const [user, project] = [hostOf(id).file('user', at), hostOf(id).file('project', at)];
    expect(user.startsWith(at.home)).toBe(true);
    expect(user.startsWith(at.cwd)).toBe(false);
    expect(project.startsWith(at.cwd)).toBe(true);
  });

  it('follow the variables that move their folders', () => {
    const at = home({ CODEX_HOME: '/elsewhere/codex', CLAUDE_CONFIG_DIR: '/elsewhere/claude' });
    expect(hostOf('codex').file('user', at)).toBe('/elsewhere/codex/config.toml');
    expect(hostOf('claude').file('user', at)).toBe('/elsewhere/claude/.claude.json');
  });

  it('keep VS Code where each system has it', () => {
    const at = home();
    const file = (platform: NodeJS.Platform) => hostOf('vscode').file('user', { ...at, home: '/h', platform });
    expect(file('linux')).toBe('/h/.config/Code/User/mcp.json');
    expect(file('darwin')).toBe('/h/Library/Application Support/Code/User/mcp.json');
  });
});

describe.each(ids)('setting up %s', (id) => {
  const host = hostOf(id);
  const files = Object.entries({ ...FILES.claude, ...FILES[id] });
  const fixtures = host.id === 'codex' ? Object.entries(FILES.codex!) : files;

  it.each(fixtures)('adds one entry to a file %s, and taking it out leaves every byte as it was', async (_, text) => {
    const at = home();
    const file = write(host.file('user', at), text);
    const added = await set(id, at);
    expect(added).toMatchObject({ change: 'added', written: true, file });
    expect(host.format.read(read(file), host.path)).toEqual(host.entry(SERVER, { keys: KEYS, plain: PLAIN }));
    expect(await set(id, at, { remove: true })).toMatchObject({ change: 'removed', written: true });
    expect(read(file)).toBe(text);
  });

  it.each(fixtures)('changes nothing the second time in a file %s', async (_, text) => {
    const at = home();
    const file = write(host.file('user', at), text);
    await set(id, at);
    const once = read(file);
    expect(await set(id, at)).toMatchObject({ change: 'unchanged', written: false, diff: '' });
    expect(read(file)).toBe(once);
  });

  it.each(fixtures)('only adds to a file %s', async (_, text) => {
    const at = home();
    const file = write(host.file('user', at), text);
    await set(id, at);
    expect(isSpreadOver(text.replace(/\s/g, ''), read(file))).toBe(true);
  });

  it.each(fixtures)('brings an older entry up to date and still restores a file %s', async (_, text) => {
    const at = home();
    const file = write(host.file('user', at), text);
    await set(id, at);
    expect(await set(id, at, {}, MOVED)).toMatchObject({ change: 'updated', written: true });
    expect(host.format.read(read(file), host.path)).toMatchObject({ args: MOVED.args });
    await set(id, at, { remove: true });
    expect(read(file)).toBe(text);
  });

  it('makes the file and its folders where there are none, and takes them away again', async () => {
    const at = home();
    const file = host.file('user', at);
    expect(await set(id, at)).toMatchObject({ change: 'added', written: true });
    expect(host.format.read(read(file), host.path)).toMatchObject({ command: SERVER.command });
    await set(id, at, { remove: true });
    expect(existsSync(file)).toBe(false);
    expect(readdirSync(at.home).sort()).toEqual(['.local', 'project']);
  });

  it('writes the file of the project when asked', async () => {
    const at = home();
    const outcome = await set(id, at, { scope: 'project' });
    expect(outcome.file).toBe(host.file('project', at));
    expect(existsSync(host.file('user', at))).toBe(false);
    await set(id, at, { scope: 'project', remove: true });
    expect(readdirSync(at.cwd)).toEqual([]);
  });

  it('shows what it would do and writes nothing on a dry run', async () => {
    const at = home();
    const outcome = await set(id, at, { dryRun: true });
    expect(outcome).toMatchObject({ change: 'added', written: false });
    expect(outcome.diff).toContain('+');
    expect(outcome.diff).toContain(SERVER.args[0]);
    expect(existsSync(host.file('user', at))).toBe(false);
  });

  it('says so when there is nothing to take out', async () => {
    const at = home();
    expect(await set(id, at, { remove: true })).toMatchObject({ change: 'absent', written: false });
    const text = id === 'codex' ? 'model = "x"\n' : '{"a": 1}\n';
    const file = write(host.file('user', at), text);
    expect(await set(id, at, { remove: true })).toMatchObject({ change: 'absent', written: false });
    expect(read(file)).toBe(text);
  });

  it('keeps the mode of the file, and writes through a link to it', async () => {
    const at = home();
    const file = host.file('user', at);
    const real = write(join(at.home, 'dotfiles', 'settings'), id === 'codex' ? 'model = "x"\n' : '{"a": 1}\n');
    chmodSync(real, 0o640);
    mkdirSync(dirname(file), { recursive: true });
    symlinkSync(real, file);
    await set(id, at);
    expect(readlinkSync(file)).toBe(real);
    expect(statSync(real).mode & 0o777).toBe(0o640);
    expect(read(real)).toContain('maestro.mjs');
    await set(id, at, { remove: true });
    expect(lstatSync(file).isSymbolicLink()).toBe(true);
    expect(read(real)).not.toContain('maestro');
  });

  it('leaves no temporary file behind', async () => {
    const at = home();
    const file = write(host.file('user', at), id === 'codex' ? '' : '{}');
    const before = readdirSync(dirname(file));
    await set(id, at);
    await set(id, at, { remove: true });
    expect(readdirSync(dirname(file)).filter((name) => name !== '.local')).toEqual(before);
  });

  it.each<[string, string]>([
    ['does not parse', id === 'codex' ? 'model = \n' : '{ "a": 1,, }\n'],
    ['is cut off', id === 'codex' ? '[mcp_servers.x\ncommand = "y"\n' : '{ "a": { "b": 1 '],
    ['is something else', id === 'codex' ? '{"a": 1}\n' : '[1, 2]\n'],
    [
      'says a thing twice',
      id === 'codex' ? '[a]\nx = 1\n[a]\ny = 2\n' : `{"${host.path[0]}": {}, "${host.path[0]}": {}}`,
    ],
  ])('refuses a file that %s with one line, and leaves it alone', async (_, text) => {
    const at = home();
    const file = write(host.file('user', at), text);
    for (const remove of [false, true]) {
      const error = await set(id, at, { remove }).catch((thrown: unknown) => thrown);
      expect(error).toBeInstanceOf(MaestroError);
      expect(error).toMatchObject({ code: 'bad_host_config' });
      const { message, remedy } = error as MaestroError;
      expect(message).toMatch(/^\/.+: [^\n]+$/);
      expect(message.startsWith(`${file}: `)).toBe(true);
      expect(remedy).not.toBe('');
    }
    expect(read(file)).toBe(text);
  });

  it.each<[string, (file: string) => void, RegExp]>([
    ['is read-only', (file) => chmodSync(file, 0o444), /read-only/],
    [
      'is a folder',
      (file) => {
        rmSync(file);
        mkdirSync(file);
      },
      /not a file/,
    ],
    [
      'is a link to nothing',
      (file) => {
        rmSync(file);
        symlinkSync(`${file}.gone`, file);
      },
      /link to nothing/,
    ],
    ['is not text', (file) => writeFileSync(file, Buffer.from([0x22, 0xff, 0xfe, 0x22])), /not UTF-8/],
  ])('refuses a file that %s', async (_, spoil, why) => {
    const at = home();
    spoil(write(host.file('user', at), id === 'codex' ? '' : '{}'));
    await expect(set(id, at)).rejects.toThrow(why);
  });

  it("leaves another program's server of the same name alone", async () => {
    const at = home();
    const text =
      id === 'codex'
        ? '[mcp_servers.maestro]\ncommand = "maestro"\nargs = ["mcp"]\n'
        : `{"${host.path[0]}": {"maestro": {"command": "maestro", "args": ["mcp"]}}}`;
    const file = write(host.file('user', at), text);
    await expect(set(id, at)).rejects.toThrow(/starts something else/);
    await expect(set(id, at, { remove: true })).rejects.toThrow(/starts something else/);
    expect(read(file)).toBe(text);
  });

  it('keeps what the user added to the entry, and takes the entry out all the same', async () => {
    const at = home();
    const file = host.file('user', at);
    await set(id, at);
    const own = id === 'codex' ? { tool_timeout_sec: 100 } : { timeout: 100 };
    writeFileSync(file, host.format.put(read(file), host.path, own));
    expect(await set(id, at, {}, MOVED)).toMatchObject({ change: 'updated' });
    expect(host.format.read(read(file), host.path)).toMatchObject({ ...own, args: MOVED.args });
    await set(id, at, { remove: true });
    expect(read(file)).not.toContain('maestro');
  });

  it('takes out its entry also where the file has changed since and its receipt is lost', async () => {
    const at = home();
    const text = id === 'codex' ? 'a = 1\n\n[b]\nc = 2\n' : '{\n  "a": 1,\n  "b": { "c": 2 }\n}\n';
    const file = write(host.file('user', at), text);
    await set(id, at);
    writeFileSync(file, read(file).replace('2', '3'));
    rmSync(join(at.home, '.local'), { recursive: true });
    expect(await set(id, at, { remove: true })).toMatchObject({ change: 'removed' });
    expect(read(file)).not.toContain('maestro');
    expect(read(file)).toContain(id === 'codex' ? 'c = 3' : '"c": 3');
  });
});

describe('setup', () => {
  it('does not print secrets that stand beside its entry', async () => {
    const at = home();
    const key = `sk-proj-${'a1B2c3D4e5F6'.repeat(4)}`;
    write(
      hostOf('gemini').file('user', at),
      `{\n  "mcpServers": {\n    "x": { "env": { "OPENAI_API_KEY": "${key}" } }\n  }\n}\n`,
    );
    const { diff } = await set('gemini', at, { dryRun: true });
    expect(diff).toContain('[redacted:');
    expect(diff).not.toContain(key);
  });

  it('keeps no part of a file beyond what it changed', async () => {
    const at = home();
    write(hostOf('claude').file('user', at), '{\n  "secret": "hunter2",\n  "a": 1\n}\n');
    await set('claude', at);
    const folder = join(at.home, '.local', 'state', 'maestro', 'setup');
    expect(
      readdirSync(folder)
        .map((name) => read(join(folder, name)))
        .join(),
    ).not.toContain('hunter2');
  });

  it('names the hosts there are when asked for another', async () => {
    await expect(set('emacs', home())).rejects.toMatchObject({
      code: 'usage',
      remedy: expect.stringContaining('codex'),
    });
  });

  it('hands Codex the names of all keys that advisors need, those of the configuration too', async () => {
    const at = home();
    write(
      join(at.home, '.config', 'maestro', 'maestro.config.jsonc'),
      '{ "advisors": [{ "provider": "openai-compatible", "api_key_env": "ROUTER_KEY" }] }',
    );
    await set('codex', at);
    const names = hostOf('codex').format.read(read(hostOf('codex').file('user', at)), ['mcp_servers', 'maestro']);
    expect(names!.env_vars).toEqual(
      expect.arrayContaining(['OPENAI_API_KEY', 'ANTHROPIC_API_KEY', 'ROUTER_KEY', 'MAESTRO_HOME']),
    );
  });

  it('says which hosts are here and what it would do, and writes nothing', async () => {
    const at = home();
    write(join(at.home, 'bin', 'claude'), '');
    write(hostOf('cursor').file('user', at), '{}');
    write(hostOf('gemini').file('user', at), '{ broken');
    await set('codex', at);
    const found = await findHosts({ ...at, env: { ...at.env, PATH: join(at.home, 'bin') } }, SERVER);
    const told = found.map(({ host, installed, outcome, problem }) => [
      host,
      installed,
      outcome?.change ?? null,
      problem !== null,
    ]);
    expect(told).toEqual([
      ['claude', true, 'added', false],
      ['codex', true, 'unchanged', false],
      ['cursor', true, 'added', false],
      ['gemini', true, null, true],
      ['vscode', false, null, false],
    ]);
    expect(existsSync(hostOf('claude').file('user', at))).toBe(false);
  });
});

const { keys: KEYS, plain: PLAIN } = variablesFor({ advisors: [] });

/** Whether all characters of a text stand in another in the same order. */
function isSpreadOver(text: string, over: string): boolean {
  let from = 0;
  return [...text].every((char) => {
    const found = over.indexOf(char, from);
    from = found + 1;
    return found >= 0;
  });
}
