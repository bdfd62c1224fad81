import { randomBytes } from 'node:crypto';
import { fileURLToPath } from 'node:url';
import type { Launch, ScreenKind, ScreenSetting } from '../kind.ts';

const SCREEN = fileURLToPath(new URL('../../../../runtime/javascript/screen.mjs', import.meta.url));
const FLAGS = [
  '--experimental-vm-modules',
  '--experimental-import-meta-resolve',
  '--no-force-async-hooks-checks',
  '--no-warnings',
  '--max-old-space-size=1024',
];
/** Module mocks are hoisted by a transform that only the library itself has. */
const MODULE_MOCKS =
  /\b(?:vi|jest)\s*\.\s*(?:mock|doMock|unmock|hoisted|unstable_mockModule|isolateModules)\b|\bmock\.module\(/;

/** node:test, mocha, jest and vitest in our own Node, with a stand-in for the test library. */
export const kind: ScreenKind = {
  runners: ['node-test', 'mocha', 'jest', 'vitest'],
  replaces: /\.(?:[cm]?[jt]s|jsx|tsx|json)$/,
  leastCpu: 0.1,
  launch: async ({ program, dir, read }: ScreenSetting): Promise<Launch | null> => {
    if (program.testFiles.length === 0) return null;
    for (const file of program.testFiles) if (MODULE_MOCKS.test((await read(file)) ?? '')) return null;
    const mark = `${randomBytes(8).toString('hex')}:`;
    return {
      argv: [process.execPath, ...FLAGS, SCREEN, mark],
      env: { ...program.env, NODE_ENV: program.env.NODE_ENV ?? 'test' },
      mark,
      open: {
        op: 'open',
        root: dir,
        folder: program.folder,
        runner: program.runner,
        files: program.testFiles,
        env: {},
      },
    };
  },
};
