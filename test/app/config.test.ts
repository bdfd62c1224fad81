import { execFileSync } from 'node:child_process';
import { mkdirSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { loadConfig, userConfigFile } from '../../src/app/config.ts';
import { DEFAULT_CONFIG } from '../../src/domain/config.ts';
import type { MaestroError } from '../../src/domain/errors.ts';
import { folder } from './world.ts';

/** A user's file and a project's, as far as they are given. */
function files({ user, project }: { user?: string; project?: string }) {
  const root = folder();
  const config = folder();
  mkdirSync(join(config, 'maestro'));
  const own = join(config, 'maestro', 'maestro.config.jsonc');
  const theirs = join(root, 'maestro.config.jsonc');
  if (user !== undefined) writeFileSync(own, user);
  if (project !== undefined) writeFileSync(theirs, project);
  return { root, env: { XDG_CONFIG_HOME: config }, own, theirs };
}

async function refusal(given: {
  user?: string;
  project?: string;
}): Promise<MaestroError & { own: string; theirs: string }> {
  const { root, env, own, theirs } = files(given);
  const error = await loadConfig(root, env).then(
    () => expect.fail('it was taken'),
    (thrown: unknown) => thrown,
  );
  return Object.assign(error as MaestroError, { own, theirs });
}

describe('the configuration files', () => {
  it('need not be there', async () => {
    const { root, env } = files({});
    expect(await loadConfig(root, env)).toEqual(DEFAULT_CONFIG);
  });

  it('are JSON with comments and trailing commas, with or without a byte order mark', async () => {
    const { root, env } = files({ user: '\uFEFF// mine\n{ "approval": "stage", /* so */ "limits": {}, }\n' });
    expect(await loadConfig(root, env)).toMatchObject({ approval: 'stage' });
  });

  it('are read every time: a change counts from the next call on, also one back', async () => {
    const { root, env, own } = files({ user: '{ "pack_budget": 5000 }' });
    for (const budget of [5000, 6000, 5000]) {
      writeFileSync(own, `{ "pack_budget": ${budget} }`);
      expect(await loadConfig(root, env)).toMatchObject({ packBudget: budget });
    }
    writeFileSync(own, '{ "pack_budget": "5000" }');
    await expect(loadConfig(root, env)).rejects.toThrow(/pack_budget/);
  });

  it('are held to what each may say, whatever the same text was taken for elsewhere', async () => {
    const { root, env, own, theirs } = files({ user: '{ "advisors": [] }' });
    await loadConfig(root, env);
    writeFileSync(theirs, '{ "advisors": [] }');
    await expect(loadConfig(root, env)).rejects.toThrow(/advisors/);
    await expect(loadConfig(folder(), { MAESTRO_CONFIG: theirs })).resolves.toBeDefined();
    await expect(loadConfig(root, { MAESTRO_CONFIG: own })).rejects.toThrow(/advisors/);
  });

  it('give each caller a value of its own', async () => {
    const { root, env } = files({ user: '{ "advisors": [{ "provider": "claude" }] }' });
    (await loadConfig(root, env)).advisors.map((entry) => Object.assign(entry, { provider: 'other' }));
    expect((await loadConfig(root, env)).advisors).toMatchObject([{ provider: 'claude' }]);
  });

  it('of a project tighten those of the user', async () => {
    const { root, env } = files({ user: '{ "pack_budget": 5000 }', project: '{ "pack_budget": 100 }' });
    expect(await loadConfig(root, env)).toMatchObject({ packBudget: 100 });
  });

  it('of a project hold in each of its folders, and each may tighten more', async () => {
    const { root, env } = files({ project: '{ "approval": "stage", "pack_budget": 100 }' });
    const inner = join(root, 'packages', 'a');
    mkdirSync(inner, { recursive: true });
    writeFileSync(join(inner, 'maestro.config.jsonc'), '{ "pack_budget": 5000, "limits": { "debug_iterations": 2 } }');
    expect(await loadConfig(inner, env)).toMatchObject({ approval: 'none', packBudget: 5000, debugIterations: 2 });
    execFileSync('git', ['init', '-q'], { cwd: root });
    expect(await loadConfig(inner, env)).toMatchObject({ approval: 'stage', packBudget: 100, debugIterations: 2 });
  });

  it('above the root of a repository are of another project', async () => {
    const { root, env } = files({ project: '{ "approval": "stage" }' });
    const inner = join(root, 'vendored');
    for (const cwd of [inner, root]) execFileSync('git', ['init', '-q', cwd]);
    expect(await loadConfig(inner, env)).toMatchObject({ approval: 'none' });
  });

  it.each([
    ['MAESTRO_CONFIG', { MAESTRO_CONFIG: '/x/mine.jsonc', XDG_CONFIG_HOME: '/c' }, '/x/mine.jsonc'],
    ['XDG_CONFIG_HOME', { XDG_CONFIG_HOME: '/c', HOME: '/h' }, '/c/maestro/maestro.config.jsonc'],
    [
      '~/.config, where XDG_CONFIG_HOME is not absolute',
      { XDG_CONFIG_HOME: 'c', HOME: '/h' },
      '/h/.config/maestro/maestro.config.jsonc',
    ],
  ])('of the user is found by %s', (_, env, file) => {
    expect(userConfigFile(env)).toBe(file);
  });

  it('must be there where MAESTRO_CONFIG names one', async () => {
    const missing = loadConfig(folder(), { MAESTRO_CONFIG: '/nowhere/maestro.jsonc' });
    await expect(missing).rejects.toMatchObject({ code: 'bad_config', message: '/nowhere/maestro.jsonc is not there' });
  });
});

describe('a mistake in a configuration file', () => {
  it('is told with file, line, column and key', async () => {
    const { code, message, own } = await refusal({ user: '{\n  "limits": {\n    "total": "soon"\n  }\n}' });
    expect(code).toBe('bad_config');
    expect(message).toBe(`${own}:3:14: limits.total: give a length of time such as "90s" or "5m"`);
  });

  it('in a list is told with its place in the list', async () => {
    const user = '{ "advisors": [{ "provider": "codex" },\n { "provider": "openai", "base_url": "nowhere" }] }';
    const { message, own } = await refusal({ user });
    expect(message).toMatch(new RegExp(`^${own}:2:38: advisors\\[1\\]\\.base_url: `));
  });

  it('of syntax is told where it is', async () => {
    const { message, own } = await refusal({ user: '{\n  "approval": stage\n}' });
    expect(message).toBe(`${own}:2:15: invalid symbol`);
  });

  it.each([
    ['an unknown key', '{ "aproval": "stage" }', "1:3: 'aproval' is not a key that may be set here"],
    ['an unknown key further in', '{ "limits": { "x": 1 } }', "1:15: 'limits.x' is not a key that may be set here"],
    ['a key that is there twice', '{ "order": [],\n "order": ["a"] }', "2:2: 'order' is there twice"],
    ['an empty file', '', '1:1: '],
    ['a list in the place of the object', '[]', '1:1: the file: '],
    ['a key called __proto__', '{ "__proto__": {} }', "1:3: '__proto__' is not a key that may be set here"],
  ])('is found: %s', async (_, user, words) => {
    const { message, own } = await refusal({ user });
    expect(message.startsWith(`${own}:${words}`), message).toBe(true);
  });

  it('of two advisors under one name is told', async () => {
    const { message } = await refusal({
      user: '{ "advisors": [{ "provider": "codex" }, { "id": "codex", "provider": "openai" }] }',
    });
    expect(message).toContain("two advisors are called 'codex'");
  });

  it.each([
    ['an advisor', '{ "advisors": [{ "provider": "codex", "binary": "./evil" }] }', 'advisors'],
    ['an order', '{ "order": ["local"] }', 'order'],
  ])('is %s in a project: one clear line that says what belongs where', async (_, project, key) => {
    const { code, message, remedy, theirs } = await refusal({ project });
    expect(code).toBe('bad_config');
    expect(message).toBe(`${theirs}:1:3: '${key}' is not a key that may be set here`);
    expect(remedy).toContain('a project may only tighten');
  });

  it('is a file that cannot be read', async () => {
    const { root, env, own } = files({});
    mkdirSync(own);
    await expect(loadConfig(root, env)).rejects.toMatchObject({
      code: 'bad_config',
      message: `${own} cannot be read (EISDIR)`,
    });
  });

  it('is not that both are the same file', async () => {
    const root = folder();
    writeFileSync(join(root, 'maestro.config.jsonc'), '{ "order": ["embedded"] }');
    const env = { MAESTRO_CONFIG: join(root, 'maestro.config.jsonc') };
    expect(await loadConfig(root, env)).toMatchObject({ order: ['embedded'] });
    const linked = folder();
    symlinkSync(join(root, 'maestro.config.jsonc'), join(linked, 'maestro.config.jsonc'));
    await expect(loadConfig(linked, env)).rejects.toMatchObject({ code: 'bad_config' });
  });
});
