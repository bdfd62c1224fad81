import { chmodSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { onTestFinished } from 'vitest';
import type {
  Advice,
  AdviceRequest,
  AdviceSurroundings,
  AdvisorSettings,
  Availability,
} from '../../src/domain/advice.ts';
import { LIMITS, REQUEST, settingsFor, surroundingsFor } from './cli-asking.ts';
import type { Speech } from './cli-dialects.ts';

/** A fake program on a PATH of its own, with what it noted of how it was called. */
export interface FakeProgram {
  readonly folder: string;
  ask(request?: Partial<AdviceRequest>, rest?: Rest): Promise<Advice>;
  available(rest?: Rest): Promise<Availability>;
  /** What a script wrote into `$NOTES/<name>`; empty where it wrote nothing. */
  note(name: string): string;
}

type Rest = Partial<Omit<AdviceSurroundings, 'settings'>> & { readonly settings?: Partial<AdvisorSettings> };

/** Quotes a text for sh. */
export function quoted(text: string): string {
  return `'${text.replaceAll("'", "'\\''")}'`;
}

/** sh that prints the lines. */
export function print(lines: readonly string[]): string {
  return lines.map((line) => `printf '%s\\n' ${quoted(line)}`).join('\n');
}

/** Writes a program that answers `--version` (and Codex's list of models) and otherwise runs the script. */
export function fakeProgram(speech: Speech, script: string, version = speech.testedVersion): FakeProgram {
  const folder = mkdtempSync(join(tmpdir(), 'maestro-fake-cli-'));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  const bin = join(folder, 'bin');
  mkdirSync(bin);
  const path = join(bin, speech.id);
  writeFileSync(
    path,
    `#!/bin/sh
NOTES=${quoted(folder)}
[ "$1" = --version ] && echo "${version} (fake)" && exit 0
[ "$1" = debug ] && echo '{"models":[]}' && exit 0
${script}
`,
  );
  chmodSync(path, 0o755);
  // Whatever this machine has installed: the flags alone are tried here.
  writeFileSync(join(bin, 'bwrap'), '#!/bin/sh\nexit 1\n', { mode: 0o755 });
  const surroundings = ({ settings, env, ...rest }: Rest = {}) =>
    surroundingsFor(settingsFor(speech.id, settings), {
      env: { PATH: `${bin}:/usr/bin:/bin`, HOME: folder, [speech.keyName]: 'key-of-the-user', ...env },
      cacheFolder: join(folder, 'cache'),
      limits: LIMITS,
      ...rest,
    });
  return {
    folder,
    ask: (request = {}, rest = {}) => speech.provider.ask({ ...REQUEST, ...request }, surroundings(rest)),
    available: (rest = {}) => speech.provider.available(surroundings(rest)),
    note: (name) => (existsSync(join(folder, name)) ? readFileSync(join(folder, name), 'utf8') : ''),
  };
}

/** Limits for a program that is not going to answer. */
export const SHORT = { ...LIMITS, firstOutputMs: 400, silenceMs: 400, totalMs: 4_000 };
