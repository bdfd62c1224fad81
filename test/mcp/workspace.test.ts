import { homedir } from 'node:os';
import { describe, expect, it } from 'vitest';
import { MaestroError } from '../../src/domain/errors.ts';
import { workspaceOf } from '../../src/mcp/workspace.ts';

const env = { HOME: '/home/me' };

describe('the workspace of a call', () => {
  it.each(['/', '//', 'file:///', '/a/..'])('is not the root of the file system, named as %s', (named) => {
    expect(() => workspaceOf(named, { cwd: '/p', env })).toThrow('/ is the root of the file system, not a project');
  });

  it('is the one it names', () => {
    expect(workspaceOf('/a/b', { cwd: '/p', env })).toBe('/a/b');
    expect(workspaceOf('file:///a/b%20c', { cwd: '/p', env })).toBe('/a/b c');
    expect(workspaceOf('~/x', { cwd: '/p', env })).toBe(`${homedir()}/x`);
  });

  it.each(['file://server/share', 'file:///a%2fb'])('is not %s: no folder of this machine', (named) => {
    expect(() => workspaceOf(named, { cwd: '/p', env })).toThrow(
      expect.objectContaining({ code: 'workspace_missing', message: expect.stringContaining(named) }),
    );
  });

  it("named by a relative path is in the host's project, else in the folder of the server", () => {
    expect(workspaceOf('packages/a', { cwd: '/p', env: { ...env, CLAUDE_PROJECT_DIR: '/host' } })).toBe(
      '/host/packages/a',
    );
    expect(workspaceOf('packages/a', { cwd: '/p', env })).toBe('/p/packages/a');
  });

  it("is the host's project, else the folder of the server", () => {
    expect(workspaceOf(undefined, { cwd: '/p', env: { ...env, CLAUDE_PROJECT_DIR: '/host' } })).toBe('/host');
    expect(workspaceOf(undefined, { cwd: '/p', env: { ...env, CLAUDE_PROJECT_DIR: '' } })).toBe('/p');
    expect(workspaceOf(undefined, { cwd: '/home/me/project', env })).toBe('/home/me/project');
  });

  it.each([
    ['/', {}, 'the root folder'],
    ['/home/me', {}, 'the home folder'],
    ['/home/me/.codex/plugins/cache/maestro/0.1.0', {}, "a plugin's folder"],
    ['/home/me/.claude/plugins/maestro', {}, "a plugin's folder"],
    ['/home/me/.gemini/extensions/maestro', {}, "a plugin's folder"],
    ['/opt/anywhere/maestro/inner', { CLAUDE_PLUGIN_ROOT: '/opt/anywhere/maestro' }, "a plugin's folder"],
  ])('is asked for where the server runs in %s', (cwd, more, why) => {
    const refused = () => workspaceOf(undefined, { cwd, env: { ...env, ...more } });
    expect(refused).toThrow(MaestroError);
    expect(refused).toThrow(`this server runs in ${why}`);
    expect(() => workspaceOf('relative', { cwd, env: { ...env, ...more } })).toThrow('not an absolute path');
    expect(workspaceOf('/named', { cwd, env: { ...env, ...more } })).toBe('/named');
  });

  it.each(['/home/me/plugins', '/home/me/my-plugins/x', '/srv/extensions', '/opt/anywhere/maestro-2'])(
    'may be %s, which only looks like one',
    (cwd) => {
      const named = { ...env, CLAUDE_PLUGIN_ROOT: '/opt/anywhere/maestro' };
      expect(workspaceOf(undefined, { cwd, env: named })).toBe(cwd);
    },
  );
});
