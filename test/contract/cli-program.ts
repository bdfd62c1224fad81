import { chmodSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import type {
  Advice,
  AdviceRequest,
  AdviceSurroundings,
  Answer,
  NoAnswer,
  ProviderDefinition,
} from '../../src/domain/advice.ts';
import type { CliDialect } from './cli-dialects.ts';

export const KEY = 'sk-live-0123456789abcdef';

/** A fake program in a folder of its own, what it noted of how it was started, and a way to ask the provider for it. */
export interface FakeProgram {
  readonly folder: string;
  readonly binary: string;
  surroundings(changes?: Changes): AdviceSurroundings;
  ask(changes?: Changes, request?: Partial<AdviceRequest>): Promise<Advice>;
  provider(): Promise<ProviderDefinition>;
  /** What the last start looked like; null when it was not started to answer. */
  started(): {
    argv: string[];
    env: Record<string, string>;
    cwd: string;
    stdin: string;
    pid: number;
    files: string[];
  } | null;
  remove(): void;
}

export interface Changes {
  readonly limits?: Partial<AdviceSurroundings['limits']>;
  readonly settings?: Partial<AdviceSurroundings['settings']>;
  readonly env?: Record<string, string | undefined>;
  readonly signal?: AbortSignal;
}

/** What every fake does before its own part: tells its version, notes how it was started, reads its question. */
const PRELUDE = `#!${process.execPath}
import { readdirSync, writeFileSync } from 'node:fs';
import { spawn } from 'node:child_process';
const out = (text) => process.stdout.write(text);
const argv = process.argv.slice(2);
if (argv.includes('--version')) { out('fake-cli ' + VERSION + '\\n'); process.exit(0); }
`;
const QUESTION = `
const other = aside(argv);
if (other !== null) { out(other); process.exit(0); }
let stdin = '';
for await (const chunk of process.stdin) stdin += chunk;
const files = readdirSync(process.cwd());
writeFileSync(NOTES, JSON.stringify({ argv, env: process.env, cwd: process.cwd(), stdin, pid: process.pid, files }));
`;

/** A fake of a dialect whose behaviour is the source of `body`; `out` prints, and the dialect's functions speak. */
export function fakeProgram(dialect: CliDialect, body: string, version: string = dialect.version): FakeProgram {
  const folder = mkdtempSync(join(tmpdir(), 'fake-cli-'));
  const binary = join(folder, 'bin', dialect.provider);
  const notes = join(folder, 'notes.json');
  mkdirSync(dirname(binary));
  writeFileSync(
    join(folder, 'bin', 'package.json'),
    JSON.stringify({ type: 'module', name: '@google/gemini-cli', version }),
  );
  const constants = `const VERSION = ${JSON.stringify(version)}; const NOTES = ${JSON.stringify(notes)};\n`;
  writeFileSync(binary, PRELUDE.replace('\nimport', `\n${constants}import`) + dialect.source + QUESTION + body);
  chmodSync(binary, 0o755);

  const surroundings = ({ limits, settings, env, signal }: Changes = {}): AdviceSurroundings => ({
    signal: signal ?? new AbortController().signal,
    env: { PATH: process.env.PATH, HOME: join(folder, 'home'), [dialect.keyVariable]: KEY, ...env },
    settings: {
      ...{ id: dialect.provider, provider: dialect.provider, model: 'm', effort: null, baseUrl: 'http://127.0.0.1:9' },
      ...{ apiKeyEnv: null, binary, allowUnheld: false, ...settings },
    },
    limits: { firstOutputMs: 15_000, silenceMs: 15_000, totalMs: 20_000, answerBytes: 100_000, ...limits },
    cacheFolder: join(folder, 'cache'),
    propose: async function* () {},
    progress: () => {},
  });
  const provider = async (): Promise<ProviderDefinition> =>
    ((await import(`../../src/providers/${dialect.provider}.ts`)) as { provider: ProviderDefinition }).provider;

  return {
    folder,
    binary,
    surroundings,
    provider,
    ask: async (changes, request) => (await provider()).ask({ ...QUESTION_ASKED, ...request }, surroundings(changes)),
    started: () => {
      try {
        return JSON.parse(readFileSync(notes, 'utf8'));
      } catch {
        return null;
      }
    },
    remove: () => rmSync(folder, { recursive: true, force: true }),
  };
}

const QUESTION_ASKED: AdviceRequest = {
  kind: 'answer',
  system: 'You are an advisor.',
  prompt: 'What is wrong?',
  model: null,
  effort: null,
  transcript: [],
  sample: 0,
  brief: null,
};

export function answered(advice: Advice): Answer {
  if (!advice.ok) throw new Error(`no answer: ${advice.reason}: ${advice.message}`);
  return advice;
}

export function failed(advice: Advice): NoAnswer {
  if (advice.ok) throw new Error(`an answer where none was expected: ${advice.text.slice(0, 200)}`);
  return advice;
}
