import { basename } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Launch, ScreenKind, ScreenSetting } from '../kind.ts';

const SCREEN = fileURLToPath(new URL('../../../../runtime/python/screen.py', import.meta.url));
const WRAPPERS = /^(uv|poetry|pipenv|pdm|rye|hatch)$/;

/** unittest and pytest in the user's own interpreter, forked for each candidate. */
export const kind: ScreenKind = {
  runners: ['unittest', 'pytest'],
  replaces: /\.py$/,
  leastCpu: 0.12,
  launch: async ({ program, command, dir, original }: ScreenSetting): Promise<Launch | null> => {
    if (process.platform === 'win32') return null;
    const wrapped = WRAPPERS.test(command[0] ?? '') && command[1] === 'run' ? command.slice(0, 2) : [];
    const isBare = program.runner === 'pytest' && !command.includes('-m');
    const script =
      program.runner === 'unittest' && program.testFiles.length === 1 && scriptOf(command)
        ? program.testFiles[0]!
        : null;
    return {
      argv: [...wrapped, program.interpreter, ...program.interpreterArgs, SCREEN],
      env: { PYTHONHASHSEED: '0', ...program.env },
      mark: '',
      open: {
        op: 'open',
        root: dir,
        original,
        folder: program.folder,
        runner: program.runner,
        path: script ? [script.includes('/') ? script.slice(0, script.lastIndexOf('/')) : ''] : isBare ? [] : [''],
        args: script ? [basename(script, '.py')] : argumentsOf(program, command),
      },
    };
  },
};

/** The runner's arguments as given where the command shows them, else put together again. */
function argumentsOf(program: ScreenSetting['program'], command: readonly string[]): readonly string[] {
  const at = command.findIndex((word, index) =>
    program.runner === 'unittest'
      ? word === 'unittest' && command[index - 1] === '-m'
      : /^(py\.?test)(-?3)?$/.test(basename(word)),
  );
  if (at >= 0) return command.slice(at + 1);
  const files =
    program.folder === '' ? program.testFiles : program.testFiles.map((file) => file.slice(program.folder.length + 1));
  return [...program.args, ...(program.named.length > 0 ? program.named : files)];
}

/** `python test_x.py`, where the file runs its own tests. */
function scriptOf(command: readonly string[]): boolean {
  return !command.includes('-m') && command.some((word) => word.endsWith('.py'));
}
