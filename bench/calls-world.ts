import { execFileSync, spawn } from 'node:child_process';
import { mkdirSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

/** A model behind a chat completions API on loopback that answers at once. */
export async function startAdvisor(): Promise<{ readonly url: string; readonly close: () => void }> {
  const usage = { prompt_tokens: 1, completion_tokens: 1, total_tokens: 2 };
  const chunk = (delta: object, more: object = {}) =>
    `data: ${JSON.stringify({ id: 'x', object: 'chat.completion.chunk', model: 'fake', choices: [{ index: 0, delta, finish_reason: null, ...more }] })}\n\n`;
  const server = createServer((request, response) => {
    request.resume().on('end', () => {
      response.writeHead(200, { 'content-type': 'text/event-stream' });
      response.write(chunk({ role: 'assistant', content: 'The sign is wrong.' }));
      response.write(chunk({}, { finish_reason: 'stop' }));
      response.end(`data: ${JSON.stringify({ id: 'x', choices: [], usage })}\n\ndata: [DONE]\n\n`);
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  return { url: `http://127.0.0.1:${port}/v1`, close: () => server.close() };
}

/** A repository of so many committed files, the first of which has a bug. */
export function makeRepository(root: string, files: number): string {
  write(join(root, 'src/add.js'), 'export function add(a, b) {\n  return a - b;\n}\n');
  for (let n = 1; n < files; n++) write(join(root, `src/part${n % 40}/module${n}.js`), moduleText(n));
  const git = (...args: string[]) =>
    execFileSync('git', ['-c', 'user.name=bench', '-c', 'user.email=bench@example.org', ...args], { cwd: root });
  git('init', '-q');
  git('add', '-A');
  git('commit', '-q', '-m', 'start');
  return root;
}

function moduleText(n: number): string {
  const before = n > 40 ? `import { step${n - 40} } from './module${n - 40}.js';\n\n` : '';
  const functions = Array.from(
    { length: 5 },
    (_, k) =>
      `/** Part ${k} of step ${n}. */\nexport function part${n}of${k}(values, limit) {\n  const kept = values.filter((value) => value < limit + ${k});\n  return kept.reduce((sum, value) => sum + value * ${n}, 0);\n}\n`,
  );
  const step = `export function step${n}(values) {\n  return ${n > 40 ? `step${n - 40}(values)` : 'values.length'} + part${n}of0(values, ${n});\n}\n`;
  return `${before}${functions.join('\n')}\n${step}`;
}

function write(path: string, text: string): void {
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(path, text);
}

export interface Host {
  readonly pid: number;
  readonly request: <T>(method: string, params: object) => Promise<T>;
  readonly close: () => Promise<void>;
}

/** The built program over standard input and output, spoken to line by line, with its state in a folder. */
export function startHost(folder: string, cwd: string, config: object): Host {
  const file = join(folder, 'maestro.config.jsonc');
  writeFileSync(file, JSON.stringify(config));
  const program = fileURLToPath(new URL('../bin/maestro.mjs', import.meta.url));
  const child = spawn(process.execPath, [program, 'mcp'], {
    cwd,
    stdio: ['pipe', 'pipe', 'inherit'],
    env: { ...process.env, MAESTRO_HOME: join(folder, 'state'), MAESTRO_CONFIG: file },
  });
  const waiting = new Map<number, (message: { result?: unknown; error?: { message: string } }) => void>();
  let rest = '';
  let id = 0;
  child.stdout.setEncoding('utf8').on('data', (text: string) => {
    const lines = (rest + text).split('\n');
    rest = lines.pop()!;
    for (const line of lines) {
      const message = JSON.parse(line) as { id?: number; result?: unknown };
      if (message.id !== undefined) waiting.get(message.id)?.(message);
    }
  });
  return {
    pid: child.pid!,
    request: <T>(method: string, params: object): Promise<T> =>
      new Promise((resolve, reject) => {
        id += 1;
        waiting.set(id, ({ result, error }) => (error ? reject(new Error(error.message)) : resolve(result as T)));
        child.stdin.write(`${JSON.stringify({ jsonrpc: '2.0', id, method, params })}\n`);
      }),
    close: async () => {
      child.stdin.end();
      await new Promise((resolve) => child.once('exit', resolve));
    },
  };
}
