import { chmodSync, existsSync, mkdirSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { folder, maestro, project } from './maestro.ts';

const TREE = { 'a.js': 'export const a = 1;\n', 'a.test.js': "throw new Error('kaputt');\n", 'c.json': '[]' };

/** Everything that keeps something. */
const KEEPING: ReadonlyArray<readonly string[]> = [
  ['status'],
  ['metrics'],
  ['consult', 'why?'],
  ['ensemble', 'why?'],
  ['workflow', 'begin'],
  ['workflow', 'end'],
  ['fix', '--', 'node', '--test'],
  ['select', '--mode', 'llm_judge', '--candidates', 'c.json'],
];

/** One line of what is wrong, one of what to do, and nothing of how the program looks inside. */
function expectOneLine(stderr: string, says: RegExp, remedy = /MAESTRO_HOME/): void {
  const lines = stderr.trimEnd().split('\n');
  expect(lines).toHaveLength(2);
  expect(lines[0]).toMatch(says);
  expect(lines[1]).toMatch(/^ {2}→ /);
  expect(lines[1]).toMatch(remedy);
}

const PLACES = [
  [
    'a file is in its place',
    (at: string) => writeFileSync(join(at, 'state'), ''),
    'state',
    /a file is in the way at .*state/,
  ],
  [
    'a file is above it',
    (at: string) => writeFileSync(join(at, 'file'), ''),
    'file/state',
    /a file is in the way at .*file/,
  ],
  ['a link leads nowhere', (at: string) => symlinkSync('/nowhere/x', join(at, 'state')), 'state', /in the way/],
  [
    'the system takes no folder there',
    () => undefined,
    '/proc/maestro',
    /the state folder \/proc\/maestro cannot be created/,
  ],
] as const;

describe.each(PLACES)('where the state folder cannot be made because %s', (_, arrange, name, says) => {
  const place = (): string => {
    const at = folder();
    arrange(at);
    return name.startsWith('/') ? name : join(at, name);
  };

  it('every command that keeps something says so in a line with the remedy, and ends with 3', async () => {
    const [root, state] = [project(TREE), place()];
    for (const args of KEEPING) {
      const { status, stdout, stderr } = await maestro(args, root, { state });
      expect([args, status, stdout]).toEqual([args, 3, '']);
      expectOneLine(stderr, says);
    }
  });

  it('the doctor looks at everything else, and ends with 3', async () => {
    const { status, stdout, stderr } = await maestro(['doctor'], project(TREE), { state: place() });
    expect([status, stderr]).toEqual([3, '']);
    expect(stdout).toMatch(/✘ state +the state folder .* cannot be created.*\n {2}→ Set MAESTRO_HOME/);
    expect(stdout).toMatch(/✔ advisor embedded/);
  });

  it('what keeps nothing does its work', async () => {
    const [root, state] = [project(TREE), place()];
    const packed = await maestro(['pack', '--task', 'what is a?'], root, { state });
    expect([packed.status, packed.stdout]).toEqual([0, expect.stringContaining('export const a')]);
    expect(packed.stderr).toContain('it is built for this once');
    expect((await maestro(['setup'], root, { state })).status).toBe(0);
  });
});

describe('a MAESTRO_HOME', () => {
  it.each(['state', '~/state'])('that is %s is refused before anything is made', async (state) => {
    const root = project(TREE);
    for (const args of [...KEEPING, ['pack', '--task', 'a'], ['doctor']]) {
      const { status, stderr } = await maestro(args, root, { state });
      expect([args, status]).toEqual([args, 2]);
      expectOneLine(stderr, /MAESTRO_HOME is '.*', which is no absolute path/, /absolute path of a folder/);
    }
    expect(existsSync(join(root, 'state')) || existsSync(join(root, '~'))).toBe(false);
  });

  it('that is empty counts as none', async () => {
    const home = folder();
    const { status } = await maestro(['metrics'], project(TREE), { state: '', env: { HOME: home } });
    expect(status).toBe(0);
    expect(existsSync(join(home, '.local', 'state', 'maestro', 'maestro.db'))).toBe(true);
  });

  it.skipIf(process.getuid?.() === 0)(
    'that may not be written to is told in a line (left out for root, who may write everywhere)',
    async () => {
      const at = folder();
      mkdirSync(join(at, 'closed'), { mode: 0o500 });
      const { status, stderr } = await maestro(['status'], project(TREE), { state: join(at, 'closed', 'state') });
      expect(status).toBe(3);
      expectOneLine(stderr, /you may not write there/);
      const inside = await maestro(['status'], project(TREE), { state: join(at, 'closed') });
      expect(inside.status).toBe(3);
      expectOneLine(inside.stderr, /cannot be written/);
      chmodSync(join(at, 'closed'), 0o700);
    },
  );
});
