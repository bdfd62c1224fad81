import { cpSync, existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, realpathSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Client } from '@modelcontextprotocol/client';
import { StdioClientTransport } from '@modelcontextprotocol/client/stdio';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { buildPlugin } from '../../scripts/plugin.ts';
import { startAppServer } from './app-server.ts';
import { argvOf, makeHome, missing } from './home.ts';
import { claude, converse, gemini, objectIn } from './host-models.ts';

vi.setConfig({ testTimeout: 180_000, hookTimeout: 180_000 });

const out = realpathSync(mkdtempSync(join(tmpdir(), 'plugin-')));
const plugin = join(out, 'maestro');
beforeAll(async () => {
  await buildPlugin(out);
});
afterAll(() => rmSync(out, { recursive: true, force: true }));

describe('the plugin, without any install step', () => {
  it('holds nothing but what is needed: no types, no maps, and every native library', () => {
    const files = readdirSync(plugin, { recursive: true }).map(String);
    expect(files.filter((file) => /\.d\.[cm]?ts$|\.map$|(^|\/)test\//.test(file))).toEqual([]);
    const natives = files.filter((file) => file.endsWith('.node')).map((file) => file.split('/').at(-1));
    expect(natives.sort()).toEqual([
      'darwin-arm64.node',
      'darwin-x64.node',
      'linux-arm64.node',
      'linux-x64.node',
      'linuxmusl-arm64.node',
      'linuxmusl-x64.node',
      'win32-arm64.node',
      'win32-x64.node',
    ]);
    expect(existsSync(join(plugin, 'skills', 'maestro-workflow', 'SKILL.md'))).toBe(true);
  });

  it('has a licence for every package in it, those in the bundle and those beside it', () => {
    const modules = join(plugin, 'node_modules');
    const folders = readdirSync(modules).flatMap((name) =>
      name.startsWith('@') ? readdirSync(join(modules, name)).map((inner) => join(name, inner)) : [name],
    );
    const without = folders.filter(
      (name) => !readdirSync(join(modules, name)).some((file) => /^licen[cs]e/i.test(file)),
    );
    expect(folders).toContain('better-sqlite3');
    expect(without).toEqual([]);
    const bundled = readFileSync(join(plugin, 'dist', 'LICENCES.txt'), 'utf8');
    for (const name of ['@modelcontextprotocol/server', 'commander', 'kysely', 'zod'])
      expect(bundled).toMatch(new RegExp(`^${name} \\d`, 'm'));
  });

  it('serves from any folder: packs, asks the templates, gathers and selects', async () => {
    const home = makeHome();
    const moved = join(home.path, 'a folder', 'of its own');
    cpSync(plugin, moved, { recursive: true });
    const transport = new StdioClientTransport({
      command: process.execPath,
      args: [join(moved, 'bin', 'maestro.mjs'), 'mcp'],
      env: { ...home.env },
      cwd: home.path,
    });
    const client = new Client({ name: 'test', version: '1' });
    await client.connect(transport);
    try {
      expect((await client.listTools()).tools).toHaveLength(7);
      const call = async (name: string, args: Record<string, unknown>) => {
        const answer = await client.callTool({ name, arguments: { workspace: home.project, ...args } });
        expect(answer.isError, JSON.stringify(answer.content)).toBeFalsy();
        return answer.structuredContent as Record<string, unknown>;
      };
      expect((await call('maestro_pack_context', { task: 'overlaps' })).tokens).toBeGreaterThan(0);
      expect(await call('maestro_consult', { prompt: 'Why?', provider: 'embedded' })).toMatchObject({
        status: 'answered',
      });
      const source = readFileSync(join(home.project, 'src', 'interval.js'), 'utf8');
      const files = { 'src/interval.js': source.replace('a.start <= b.end', 'a.start < b.end') };
      expect(
        await call('maestro_select_best', { candidates: [{ id: 'a', files }], test_command: 'node --test' }),
      ).toMatchObject({
        winner: 'a',
      });
      expect(await call('maestro_get_metrics', { scope: 'all' })).toHaveProperty('metrics');
    } finally {
      await client.close();
    }
  });

  it('is a whole command line too', async () => {
    const home = makeHome();
    const moved = join(home.path, 'maestro');
    cpSync(plugin, moved, { recursive: true });
    const fixed = await home.run([
      process.execPath,
      join(moved, 'bin', 'maestro.mjs'),
      'fix',
      '--json',
      '--',
      'node',
      '--test',
    ]);
    expect(JSON.parse(fixed.stdout.trimEnd().split('\n').at(-1)!)).toMatchObject({
      status: 'fixed',
      files: ['src/interval.js'],
    });
  });
});

describe('the plugin in real hosts', () => {
  it.skipIf(missing('claude'))('passes the strict validation of Claude Code, and so does its marketplace', async () => {
    const home = makeHome();
    for (const path of [plugin, out]) {
      const { exitCode, output } = await home.run([...argvOf('claude'), 'plugin', 'validate', path, '--strict']);
      expect({ exitCode, output }).toMatchObject({ exitCode: 0 });
      expect(output).toMatch(/Validation passed/);
    }
  });

  it.skipIf(missing('claude'))(
    'is installed in Claude Code from its marketplace: the server connects, the skill is there',
    async () => {
      const home = makeHome();
      const run = (...args: string[]) => home.run([...argvOf('claude'), ...args]);
      expect((await run('plugin', 'marketplace', 'add', out)).exitCode).toBe(0);
      expect((await run('plugin', 'install', 'maestro@maestro-local')).exitCode).toBe(0);
      expect((await run('mcp', 'list')).stdout).toMatch(/plugin:maestro:maestro: .*✔ Connected/);
      const asPlugin = {
        ...claude,
        maestro: (tool: string, args: Record<string, unknown>) => ({
          tools: [{ name: `mcp__plugin_maestro_maestro__${tool}`, args }],
        }),
      };
      let told = '';
      const { answers } = await converse(
        {
          ...asPlugin,
          offered: (asked) => {
            told = JSON.stringify(asked.body);
            return [];
          },
        },
        home,
        [() => asPlugin.maestro('maestro_workflow_state', { workspace: home.project })],
        { text: '' },
        () => {},
      );
      expect(told).toContain('maestro:maestro-workflow');
      expect(told).toContain('mcp__plugin_maestro_maestro__maestro_select_best');
      expect(answers).toHaveLength(1);
    },
  );

  it.skipIf(missing('codex'))('is installed in Codex as an Agent Plugin and serves the seven tools', async () => {
    const home = makeHome();
    expect((await home.run([...argvOf('codex'), 'plugin', 'marketplace', 'add', out])).exitCode).toBe(0);
    expect((await home.run([...argvOf('codex'), 'plugin', 'add', 'maestro@maestro-local'])).exitCode).toBe(0);
    await using server = await startAppServer(home);
    const { thread } = (await server.request('thread/start', { cwd: home.project })) as { thread: { id: string } };
    const { data } = (await server.request('mcpServerStatus/list', {})) as {
      data: ReadonlyArray<{ name: string; tools: object }>;
    };
    const found = data.find(({ tools }) => 'maestro_consult' in tools)!;
    expect(Object.keys(found.tools)).toHaveLength(7);
    const called = await server.request('mcpServer/tool/call', {
      threadId: thread.id,
      server: found.name,
      tool: 'maestro_consult',
      arguments: { workspace: home.project, prompt: 'Why?', provider: 'embedded' },
    });
    expect(called.structuredContent).toMatchObject({ status: 'answered' });
  });

  it.skipIf(missing('gemini'))('is a valid extension of Gemini CLI, whose server its model can call', async () => {
    const home = makeHome();
    mkdirSync(join(home.path, '.gemini'));
    gemini.prepare!(home);
    const run = (...args: string[]) => home.run([...argvOf('gemini'), 'extensions', ...args]);
    const valid = await run('validate', plugin);
    expect({ exitCode: valid.exitCode, output: valid.output }).toMatchObject({ exitCode: 0 });
    const linked = await run('link', plugin, '--consent');
    expect({ exitCode: linked.exitCode, output: linked.output }).toMatchObject({ exitCode: 0 });
    const turns = [
      () => gemini.maestro('maestro_consult', { workspace: home.project, prompt: 'Why?', provider: 'embedded' }),
    ];
    const { offered, answers } = await converse(gemini, home, turns, { text: '' }, () => {});
    expect(offered).toHaveLength(7);
    expect(objectIn(answers[0]!)).toMatchObject({ status: 'answered' });
  });

  it.skipIf(missing('mcpb'))('has a valid MCPB manifest and packs into one file', async () => {
    const home = makeHome();
    const valid = await home.run([...argvOf('mcpb'), 'validate', join(plugin, 'manifest.json')]);
    expect({ exitCode: valid.exitCode, output: valid.output }).toMatchObject({ exitCode: 0 });
    const file = join(home.path, 'maestro.mcpb');
    const packed = await home.run([...argvOf('mcpb'), 'pack', plugin, file]);
    expect({ exitCode: packed.exitCode, output: packed.output.slice(-500) }).toMatchObject({ exitCode: 0 });
    expect(readFileSync(file).subarray(0, 2).toString()).toBe('PK');
  });
});
