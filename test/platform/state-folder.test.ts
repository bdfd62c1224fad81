import { existsSync, mkdirSync, mkdtempSync, rmSync, statSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { stateFolder, statePath } from '../../src/platform/state-folder.ts';

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

  it.each([
    ['a file is in its place', 'file', 'file'],
    ['a file is where one above it should be', 'file/a/b', 'file'],
    ['a link that leads nowhere is in its place', 'dangling', 'dangling'],
  ])('cannot be created where %s, and says what is in the way', (_, path, way) => {
    writeFileSync(join(home, 'file'), '');
    symlinkSync(join(home, 'nowhere'), join(home, 'dangling'));
    expect(() => stateFolder({ MAESTRO_HOME: join(home, path) })).toThrow(
      expect.objectContaining({
        code: 'store_unwritable',
        message: expect.stringMatching(
          `${join(home, path)} cannot be created: a file is in the way at ${join(home, way)}`,
        ),
        remedy: expect.stringContaining('MAESTRO_HOME'),
      }),
    );
  });

  it('may be a link to a folder', () => {
    mkdirSync(join(home, 'real'));
    symlinkSync(join(home, 'real'), join(home, 'link'));
    expect(stateFolder({ MAESTRO_HOME: join(home, 'link') })).toBe(join(home, 'link'));
  });

  it.each(['state', './state', '~/state', '../state'])(
    'is not the relative %s, which would be another one in each folder',
    (given) => {
      expect(() => stateFolder({ HOME: home, MAESTRO_HOME: given })).toThrow(
        expect.objectContaining({
          code: 'bad_config',
          message: `MAESTRO_HOME is '${given}', which is no absolute path`,
        }),
      );
      expect(existsSync(resolve(given))).toBe(false);
    },
  );

  it('has a path that can be asked for without making it', () => {
    expect(statePath({ MAESTRO_HOME: join(home, 'later') })).toBe(join(home, 'later'));
    expect(existsSync(join(home, 'later'))).toBe(false);
  });
});
