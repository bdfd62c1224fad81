import { existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterEach, describe, expect, it } from 'vitest';
import { serverCommand, startsMaestro, thisMaestro } from '../../../src/app/setup/server-command.ts';
import { VERSION } from '../../../src/app/version.ts';

const made: string[] = [];
afterEach(() => {
  for (const folder of made.splice(0)) rmSync(folder, { recursive: true, force: true });
});

/** A folder with these empty files in it. */
function folderWith(...files: string[]): string {
  const root = mkdtempSync(join(tmpdir(), 'command-'));
  made.push(root);
  for (const file of files) {
    mkdirSync(dirname(join(root, file)), { recursive: true });
    writeFileSync(join(root, file), '');
  }
  return root;
}

describe('the command that starts the server', () => {
  it('is this Node and this package, both by absolute paths that are there', () => {
    const { command, args } = serverCommand();
    expect(command).toBe(process.execPath);
    expect(args).toEqual([join(thisMaestro().packageRoot, 'bin', 'maestro.mjs'), 'mcp']);
    expect(existsSync(args[0]!)).toBe(true);
  });

  it('is the same for a global installation', () => {
    const packageRoot = '/usr/lib/node_modules/maestro-workflow';
    expect(serverCommand({ node: '/usr/bin/node', packageRoot })).toEqual({
      command: '/usr/bin/node',
      args: [`${packageRoot}/bin/maestro.mjs`, 'mcp'],
      fetches: false,
    });
  });

  it('is npx at this version when npx ran it, since its cache may be cleared', () => {
    const root = folderWith('bin/node', 'lib/node_modules/npm/bin/npx-cli.js');
    const packageRoot = '/home/x/.npm/_npx/0123/node_modules/maestro-workflow';
    expect(serverCommand({ node: join(root, 'bin', 'node'), packageRoot })).toEqual({
      command: join(root, 'bin', 'node'),
      args: [join(root, 'lib/node_modules/npm/bin/npx-cli.js'), '-y', `maestro-workflow@${VERSION}`, 'mcp'],
      fetches: true,
    });
  });

  it('is npx by name where its script is not beside the Node', () => {
    const packageRoot = '/home/x/.npm/_npx/0123/node_modules/maestro-workflow';
    expect(serverCommand({ node: '/nowhere/bin/node', packageRoot })).toMatchObject({ command: 'npx' });
  });

  it("uses Homebrew's lasting link instead of the folder of one version", () => {
    const root = folderWith('Cellar/node/24.1.0/bin/node', 'opt/node/bin/node', 'Cellar/node@22/22.12.0/bin/node');
    const packageRoot = '/p';
    const command = (node: string) => serverCommand({ node: join(root, node), packageRoot }).command;
    expect(command('Cellar/node/24.1.0/bin/node')).toBe(join(root, 'opt/node/bin/node'));
    expect(command('Cellar/node@22/22.12.0/bin/node')).toBe(join(root, 'Cellar/node@22/22.12.0/bin/node'));
  });
});

describe('an entry that is there already', () => {
  it.each([
    { command: '/usr/bin/node', args: ['/x/bin/maestro.mjs', 'mcp'] },
    { command: 'C:\\node.exe', args: ['C:\\m\\bin\\maestro.mjs', 'mcp'] },
    { command: 'npx', args: ['-y', 'maestro-workflow@0.0.1', 'mcp'] },
    { command: 'npx', args: ['maestro-workflow', 'mcp'] },
  ])('is ours when it starts %j', (entry) => {
    expect(startsMaestro(entry)).toBe(true);
  });

  it.each([
    { command: 'maestro', args: ['mcp'] },
    { command: 'npx', args: ['maestro-workflow-of-others'] },
    { url: 'https://example.org/maestro' },
    { command: '/x/not-maestro.mjs' },
    {},
  ])("is another program's when it is %j", (entry) => {
    expect(startsMaestro(entry)).toBe(false);
  });
});
