import { mkdtempSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { stateFolder } from '../../src/platform/state-folder.ts';

let home: string;
beforeEach(() => {
  home = mkdtempSync(join(tmpdir(), 'maestro-state-test-'));
});
afterEach(() => rmSync(home, { recursive: true, force: true }));

describe('the state folder', () => {
  it.each([
    ['MAESTRO_HOME first', { MAESTRO_HOME: '<home>/mine', XDG_STATE_HOME: '<home>/xdg' }, 'linux', 'mine'],
    ['then XDG_STATE_HOME', { XDG_STATE_HOME: '<home>/xdg' }, 'linux', 'xdg/maestro'],
    ['XDG_STATE_HOME on macOS too, where it is set', { XDG_STATE_HOME: '<home>/xdg' }, 'darwin', 'xdg/maestro'],
    ['not a relative XDG_STATE_HOME', { XDG_STATE_HOME: 'xdg' }, 'linux', '.local/state/maestro'],
    ['not empty variables', { MAESTRO_HOME: '', XDG_STATE_HOME: '' }, 'linux', '.local/state/maestro'],
    ["else the user's state on Linux", {}, 'linux', '.local/state/maestro'],
    ['on macOS', {}, 'darwin', 'Library/Application Support/maestro'],
    ['on Windows', { LOCALAPPDATA: '<home>/Local' }, 'win32', 'Local/maestro'],
    ['on Windows without LOCALAPPDATA', {}, 'win32', 'AppData/Local/maestro'],
  ] as const)('is %s', (_, variables, platform, expected) => {
    const entries = Object.entries(variables).map(([name, value]) => [name, value.replace('<home>', home)]);
    const folder = stateFolder({ HOME: home, ...Object.fromEntries(entries) }, platform);
    expect(folder).toBe(join(home, expected));
    expect(statSync(folder).isDirectory()).toBe(true);
  });

  it('is for its user only, and is used as it is when it is there', () => {
    const env = { MAESTRO_HOME: join(home, 'a', 'b') };
    expect(statSync(stateFolder(env)).mode & 0o777).toBe(0o700);
    expect(stateFolder(env)).toBe(join(home, 'a', 'b'));
  });

  it('that cannot be created is an expected failure with a remedy', () => {
    writeFileSync(join(home, 'file'), '');
    expect(() => stateFolder({ MAESTRO_HOME: join(home, 'file', 'state') })).toThrow(
      expect.objectContaining({ code: 'workspace_unreadable', remedy: expect.stringContaining('MAESTRO_HOME') }),
    );
  });
});
