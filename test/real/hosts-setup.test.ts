import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it, vi } from 'vitest';
import { startAppServer } from './app-server.ts';
import { argvOf, configureAdvisor, makeHome, missing, modelServer } from './home.ts';
import { gemini } from './host-models.ts';

vi.setConfig({ testTimeout: 180_000 });

/** A server that writes down the names of the variables it was given, then speaks no MCP. */
const WITNESS = `require('node:fs').writeFileSync(process.argv[1], Object.keys(process.env).join('\\n')); setTimeout(() => {}, 500);`;

describe('after maestro setup', () => {
  it.skipIf(missing('claude'))('Claude Code lists the server as connected, and no longer after --remove', async () => {
    const home = makeHome();
    expect((await home.maestro('setup', 'claude')).exitCode).toBe(0);
    const listed = await home.run([...argvOf('claude'), 'mcp', 'list']);
    expect(listed.stdout).toMatch(/maestro: .*maestro\.mjs mcp .*✔ Connected/);
    await home.maestro('setup', 'claude', '--remove');
    expect((await home.run([...argvOf('claude'), 'mcp', 'list'])).stdout).not.toMatch(/maestro:/);
  });

  it.skipIf(missing('claude'))('Claude Code knows the server of the project', async () => {
    const home = makeHome();
    expect((await home.maestro('setup', 'claude', '--scope', 'project')).exitCode).toBe(0);
    const got = await home.run([...argvOf('claude'), 'mcp', 'get', 'maestro']);
    expect(got.stdout).toMatch(/Scope: Project config/);
    expect(got.stdout).toMatch(/maestro\.mjs mcp/);
  });

  it.skipIf(missing('claude'))(
    'Claude Code keeps the entry when it writes its file itself, and it can still be taken out',
    async () => {
      const home = makeHome();
      await home.maestro('setup', 'claude');
      await home.run([...argvOf('claude'), 'mcp', 'add', '--scope', 'user', 'other', '--', 'node', 'other.js']);
      const file = join(home.path, '.claude.json');
      expect(Object.keys((JSON.parse(readFileSync(file, 'utf8')) as { mcpServers: object }).mcpServers)).toEqual([
        'maestro',
        'other',
      ]);
      expect((await home.maestro('setup', 'claude', '--remove')).stdout).toMatch(/taken out/);
      expect(Object.keys((JSON.parse(readFileSync(file, 'utf8')) as { mcpServers: object }).mcpServers)).toEqual([
        'other',
      ]);
    },
  );

  it.skipIf(missing('codex'))('Codex lists the server, and no longer after --remove', async () => {
    const home = makeHome();
    mkdirSync(join(home.path, '.codex'));
    const before = '# mine\nmodel = "gpt-5.2-codex"\n\n[tui]\nnotifications = true\n';
    const file = join(home.path, '.codex', 'config.toml');
    writeFileSync(file, before);
    expect((await home.maestro('setup', 'codex')).exitCode).toBe(0);
    const listed = await home.run([...argvOf('codex'), 'mcp', 'get', 'maestro', '--json']);
    expect(JSON.parse(listed.stdout)).toMatchObject({
      name: 'maestro',
      enabled: true,
      transport: { type: 'stdio', args: [expect.stringMatching(/maestro\.mjs$/), 'mcp'] },
    });
    expect((await home.run([...argvOf('codex'), 'mcp', 'list'])).stdout).toMatch(/^maestro /m);
    await home.maestro('setup', 'codex', '--remove');
    expect((await home.run([...argvOf('codex'), 'mcp', 'list'])).stdout).not.toMatch(/^maestro /m);
    expect(readFileSync(file, 'utf8')).toBe(before);
  });

  it.skipIf(missing('codex'))(
    'codex app-server lists the seven tools and calls them, with the state and the keys of its user',
    async () => {
      const home = makeHome();
      configureAdvisor(home, await modelServer(() => ({ text: 'It is the comparison.' })));
      expect((await home.maestro('setup', 'codex')).exitCode).toBe(0);
      await using server = await startAppServer(home);
      const { data } = (await server.request('mcpServerStatus/list', {})) as {
        data: ReadonlyArray<{ name: string; tools: object }>;
      };
      expect(Object.keys(data.find(({ name }) => name === 'maestro')!.tools)).toHaveLength(7);
      const { thread } = (await server.request('thread/start', { cwd: home.project })) as { thread: { id: string } };
      const call = async (tool: string, args: Record<string, unknown>) => {
        const params = {
          threadId: thread.id,
          server: 'maestro',
          tool,
          arguments: { workspace: home.project, ...args },
        };
        return (await server.request('mcpServer/tool/call', params)).structuredContent;
      };
      expect(await call('maestro_consult', { prompt: 'Why?', provider: 'local' })).toMatchObject({
        status: 'answered',
        text: 'It is the comparison.',
      });
      expect(
        await call('maestro_ensemble_generate', {
          task: 'Why?',
          kind: 'answer',
          providers: ['local', 'embedded'],
          n: 2,
          confidence: 0.2,
        }),
      ).toMatchObject({ status: 'generated', candidates: [{}, {}] });
      const source = readFileSync(join(home.project, 'src', 'interval.js'), 'utf8');
      const candidates = [
        { id: 'same', files: { 'src/interval.js': `${source}\n` } },
        { id: 'mended', files: { 'src/interval.js': source.replace('a.start <= b.end', 'a.start < b.end') } },
      ];
      expect(await call('maestro_select_best', { candidates, test_command: 'node --test' })).toMatchObject({
        winner: 'mended',
      });
      expect(existsSync(join(home.path, 'state', 'maestro.db'))).toBe(true);
      expect(readFileSync(join(home.project, 'src', 'interval.js'), 'utf8')).toBe(source);
    },
  );

  it.skipIf(missing('gemini'))('Gemini CLI lists the server as connected, and no longer after --remove', async () => {
    const home = makeHome();
    mkdirSync(join(home.path, '.gemini'));
    gemini.prepare!(home);
    const file = join(home.path, '.gemini', 'settings.json');
    const before = readFileSync(file, 'utf8');
    expect((await home.maestro('setup', 'gemini')).exitCode).toBe(0);
    const listed = await home.run([...argvOf('gemini'), 'mcp', 'list']);
    expect(listed.output).toMatch(/✓ maestro: .*maestro\.mjs mcp .*Connected/);
    await home.maestro('setup', 'gemini', '--remove');
    expect((await home.run([...argvOf('gemini'), 'mcp', 'list'])).output).not.toMatch(/maestro:/);
    expect(readFileSync(file, 'utf8')).toBe(before);
  });

  it.skipIf(missing('codex'))('Codex takes the server of a project that it trusts, and of no other', async () => {
    const home = makeHome();
    mkdirSync(join(home.path, '.codex'));
    const config = join(home.path, '.codex', 'config.toml');
    expect((await home.maestro('setup', 'codex', '--scope', 'project')).exitCode).toBe(0);
    const list = async () => (await home.run([...argvOf('codex'), 'mcp', 'list'])).stdout;
    expect(await list()).not.toMatch(/^maestro /m);
    writeFileSync(config, `[projects.${JSON.stringify(home.project)}]\ntrust_level = "trusted"\n`);
    expect(await list()).toMatch(/^maestro /m);
  });

  it.skipIf(missing('gemini'))('Gemini CLI knows the server of the project', async () => {
    const home = makeHome();
    mkdirSync(join(home.path, '.gemini'));
    gemini.prepare!(home);
    expect((await home.maestro('setup', 'gemini', '--scope', 'project')).exitCode).toBe(0);
    const listed = await home.run([...argvOf('gemini'), 'mcp', 'list']);
    expect(listed.output).toMatch(/✓ maestro: .*Connected/);
  });

  it.skipIf(missing('gemini') || missing('codex'))(
    'Codex and Gemini CLI, which keep keys back, hand the server those that advisors need',
    async () => {
      const home = makeHome();
      mkdirSync(join(home.path, '.gemini'));
      gemini.prepare!(home);
      const keys = { OPENAI_API_KEY: 'sk-test', ANTHROPIC_API_KEY: 'sk-ant-test' };
      const secret = { ...keys, OTHER_SECRET_TOKEN: 'x' };
      const seenBy: Record<string, string[]> = {};
      for (const name of ['gemini', 'codex'] as const) {
        expect((await home.maestro('setup', name)).exitCode).toBe(0);
        const config = join(home.path, name === 'gemini' ? '.gemini/settings.json' : '.codex/config.toml');
        const out = join(home.path, `${name}.txt`);
        writeFileSync(
          config,
          readFileSync(config, 'utf8').replace(
            /"[^"]*maestro\.mjs",\s*"mcp"/,
            `"-e", ${JSON.stringify(WITNESS)}, ${JSON.stringify(out)}`,
          ),
        );
        if (name === 'gemini') await home.run([...argvOf('gemini'), 'mcp', 'list'], secret);
        else {
          await using server = await startAppServer({ ...home, env: { ...home.env, ...secret } });
          await server.request('mcpServerStatus/list', {});
        }
        seenBy[name] = readFileSync(out, 'utf8').split('\n');
      }
      for (const names of Object.values(seenBy)) {
        expect(names).toEqual(expect.arrayContaining(Object.keys(keys)));
        expect(names).not.toContain('OTHER_SECRET_TOKEN');
      }
    },
  );
});
