import { chmodSync, mkdirSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { workspaceOf } from '../../src/app/workspace.ts';
import { folder, repository } from './world.ts';

describe('the workspace of a call', () => {
  it('is the real path of what is named, from the folder the process is in, with the project it belongs to', async () => {
    const root = repository();
    symlinkSync(join(root, 'src'), join(root, 'link'));
    expect(await workspaceOf('link', root)).toEqual({ folder: join(root, 'src'), project: root });
    expect(await workspaceOf(undefined, join(root, 'test'))).toEqual({ folder: join(root, 'test'), project: root });
  });

  const odd: ReadonlyArray<readonly [string, (at: string) => string]> = [
    ['nothing', (at) => join(at, 'gone')],
    ['a file', (at) => join(at, 'file')],
    ['something below a file', (at) => join(at, 'file', 'x')],
    ['a name with a NUL in it', (at) => `${at}\0x`],
    ['a name longer than any', (at) => join(at, 'a'.repeat(5_000))],
    ['a link that leads to itself', (at) => join(at, 'loop')],
    ['half a character', (at) => join(at, '\ud800')],
  ];
  it.each(odd)('is not %s: one line that fits a screen, with what to do', async (_, named) => {
    const at = folder();
    writeFileSync(join(at, 'file'), '');
    symlinkSync(join(at, 'loop'), join(at, 'loop'));
    const error = await workspaceOf(named(at), at).catch((caught: unknown) => caught as Error);
    expect(error).toMatchObject({
      code: 'workspace_missing',
      message: expect.stringMatching(/^there is no folder [^\n\0]{1,220}$/),
      remedy: expect.stringContaining('absolute path'),
    });
  });

  it.skipIf(process.getuid?.() === 0)(
    'that may not be looked at says so (left out for root, who may look at everything)',
    async () => {
      const at = folder();
      mkdirSync(join(at, 'closed', 'inner'), { recursive: true });
      chmodSync(join(at, 'closed'), 0o000);
      await expect(workspaceOf(join(at, 'closed', 'inner'), at)).rejects.toMatchObject({
        code: 'workspace_unreadable',
        message: expect.stringContaining('(EACCES)'),
      });
      chmodSync(join(at, 'closed'), 0o700);
    },
  );
});
