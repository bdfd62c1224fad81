import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { rolldown } from 'rolldown';

const QUESTION = 'the session cookie is lost when a request is redirected to another host';

interface Alone {
  readonly files: number;
  readonly megabytes: number;
  readonly cpu: number;
}

/** One fresh process that packs `times` times; prints CPU of each and the peak of its memory. */
function packsInOneProcess(
  root: string,
  indexes: string,
  times: number,
): { cpu: number[]; ms: number[]; megabytes: number } {
  const script = fileURLToPath(new URL('./pack-worker.ts', import.meta.url));
  const output = execFileSync(process.execPath, [script, root, indexes, String(times), QUESTION], {
    encoding: 'utf8',
    timeout: 600_000,
  });
  return JSON.parse(output) as { cpu: number[]; ms: number[]; megabytes: number };
}

/** The same for reading and tokenising alone, bundled as the pack is. */
async function aloneInOneProcess(root: string, folder: string): Promise<Alone> {
  const input = fileURLToPath(new URL('./pack-baseline.ts', import.meta.url));
  const script = join(folder, 'pack-baseline.mjs');
  const bundle = await rolldown({ input, platform: 'node' });
  await bundle.write({ file: script, codeSplitting: false });
  await bundle.close();
  return JSON.parse(execFileSync(process.execPath, [script, root], { encoding: 'utf8', timeout: 600_000 })) as Alone;
}

/** Cold and warm times of one workspace beside the time that reading and tokenising alone takes. */
export async function timeOf(name: string, root: string): Promise<Record<string, string | number>> {
  const indexes = mkdtempSync(join(tmpdir(), 'maestro-bench-'));
  try {
    const alone = await aloneInOneProcess(root, indexes);
    const cold = packsInOneProcess(root, indexes, 3);
    const warm = packsInOneProcess(root, indexes, 3);
    const round = (seconds: number): number => Math.round(seconds * 100) / 100;
    return {
      workspace: name,
      files: alone.files,
      MB: round(alone.megabytes),
      'read+tokenise s': round(alone.cpu),
      'cold s': round(cold.cpu[0]!),
      ratio: round(cold.cpu[0]! / alone.cpu),
      'warm, new process s': round(warm.cpu[0]!),
      'the same, by the clock s': round(warm.ms[0]! / 1_000),
      'warm, same process s': round(Math.min(...warm.cpu.slice(1))),
      'cold MB': Math.round(cold.megabytes),
      'warm MB': Math.round(warm.megabytes),
    };
  } finally {
    rmSync(indexes, { recursive: true, force: true });
  }
}

const WORDS =
  'session cookie request redirect parser stream buffer widget render cache token index query schema field model router header upload timer'.split(
    ' ',
  );

/** A repository of `files` small modules in packages that import each other. */
export function makeMonorepo(folder: string, files: number): void {
  const word = (n: number): string => WORDS[n % WORDS.length]!;
  for (let i = 0; i < files; i++) {
    const home = join(folder, 'packages', `${word(i)}-${Math.floor(i / 500)}`, 'src');
    if (i % 500 < WORDS.length) mkdirSync(home, { recursive: true });
    const name = `${word(i)}${word(i * 7 + 3).replace(/^./, (c) => c.toUpperCase())}${i}`;
    const functions = Array.from({ length: 12 }, (_, k) => {
      const [a, b] = [word(i + k * 3), word(i * 3 + k)];
      return `export function ${a}${b.replace(/^./, (c) => c.toUpperCase())}${k}(${a}: string, ${b}: number) {\n  const ${a}Of${b} = ${a}.length + ${b};\n  return ${a}Of${b} * ${i + k};\n}\n`;
    });
    mkdirSync(home, { recursive: true });
    writeFileSync(
      join(home, `${name}.ts`),
      `import { ${word(i + 1)} } from '../${word(i + 1)}.ts';\n\n${functions.join('\n')}`,
    );
  }
  execFileSync('git', ['init', '-q', folder]);
  execFileSync('git', ['-C', folder, 'add', '-A']);
}

export async function timeOfMonorepo(files: number): Promise<Record<string, string | number>> {
  const folder = mkdtempSync(join(tmpdir(), 'maestro-bench-'));
  try {
    makeMonorepo(folder, files);
    return await timeOf(`synthetic ${files}`, folder);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}
