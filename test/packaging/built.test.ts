import { spawn } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, sep } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { o200kTables } from '../../src/context/fit/o200k-tables.ts';
import * as library from '../../src/index.ts';
import { runProcess } from '../../src/platform/process.ts';

const ROOT = fileURLToPath(new URL('../../', import.meta.url));
const DIST = join(ROOT, 'dist') + sep;
const MAESTRO = join(ROOT, 'bin', 'maestro.mjs');
const parts = readdirSync(DIST).filter((name) => name.endsWith('.js'));
const code = (name: string): string => readFileSync(DIST + name, 'utf8');

/** What a part imports, by name; dynamically too. */
const imported = (name: string): string[] =>
  [...code(name).matchAll(/^(?:import|export) (?:[^'"]* from )?"([^"]+)";$|\bimport\("([^"]+)"\)/gm)].map(
    ([, fixed, dynamic]) => (fixed ?? dynamic)!,
  );

let home: string;
let reports: string;
beforeAll(() => {
  home = mkdtempSync(join(tmpdir(), 'built-'));
  reports = join(home, 'reports.cjs');
  writeFileSync(reports, REPORTS);
});
afterAll(() => rmSync(home, { recursive: true, force: true }));

describe('what is built', () => {
  it('has an entry for each way to start or import it', () => {
    expect(parts).toEqual(expect.arrayContaining(['cli.js', 'context.js', 'index.js', 'mcp.js']));
  });

  it('needs no package at run time but those with native code and data of their own', () => {
    const needed = parts.flatMap(imported).filter((name) => !name.startsWith('.'));
    expect([...new Set(needed)]).toEqual(['better-sqlite3']);
  });

  it('imports only parts that are there', () => {
    const missing = parts.flatMap(imported).filter((name) => name.startsWith('.') && !parts.includes(name.slice(2)));
    expect(missing).toEqual([]);
  });

  it('does not say where it was built', () => {
    expect(parts.filter((name) => code(name).includes(ROOT))).toEqual([]);
  });

  it('says where each line comes from, and keeps the names of functions', () => {
    const own = parts.map(code).join('\n');
    expect(own).toContain('// src/flows/fix.ts');
    expect(own).toContain('// node_modules/kysely/dist/kysely.js');
    expect(own).toMatch(/^async function serveOverStdio\(/m);
  });

  it('comes with the licence of every package that is in it', () => {
    const licences = readFileSync(`${DIST}LICENCES.txt`, 'utf8');
    const packages = parts.flatMap((name) =>
      [...code(name).matchAll(/^\/\/ node_modules\/((?:@[^/\n]+\/)?[^/\n]+)\//gm)].map((found) => found[1]!),
    );
    const names = [...new Set(packages)];
    expect(names).toEqual(expect.arrayContaining(['commander', 'kysely', 'zod', '@modelcontextprotocol/server']));
    expect(names.filter((name) => !new RegExp(`^${name} \\d+\\.\\d+`, 'm').test(licences))).toEqual([]);
  });

  it('gives the library with the same exports as its source', async () => {
    const built = (await import(`${DIST}index.js`)) as Record<string, unknown>;
    expect(Object.keys(built).sort()).toEqual(Object.keys(library).sort());
    expect(built.EXIT).toEqual(library.EXIT);
  });

  it('counts tokens with the very tables that the vocabulary gives, read from a file beside it', () => {
    const { buffer } = o200kTables();
    expect(readFileSync(`${DIST}o200k.tables`).equals(new Uint8Array(buffer))).toBe(true);
    const readers = parts.filter((name) => code(name).includes('new URL("o200k.tables", import.meta.url)'));
    expect(readers).toHaveLength(1);
    expect(parts.filter((name) => code(name).includes('.tiktoken'))).toEqual([]);
  });

  it('declares the types of the library, and nothing that the library does not lead to', () => {
    expect(readFileSync(`${DIST}index.d.ts`, 'utf8')).toContain('MaestroError');
    expect(readdirSync(DIST)).not.toContain('mcp');
  });
});

/** Reports what of Node was loaded when the process ends; on a stream of its own. */
const REPORTS = `process.on('exit', () => require('node:fs').writeSync(2, 'LOADED ' + JSON.stringify(
  process.moduleLoadList.filter((name) => /^NativeModule [^/]*$/.test(name)).map((name) => name.slice(13)))));`;

const loadedIn = (stderr: string): string[] => JSON.parse(/LOADED (\[.*\])/.exec(stderr)![1]!) as string[];

const environment = () => ({ PATH: process.env.PATH!, HOME: home, MAESTRO_HOME: join(home, 'state') });

function run(preload: string, args: readonly string[]) {
  return runProcess(
    { argv: [process.execPath, '--require', preload, MAESTRO, ...args], cwd: home, env: environment() },
    { timeLimitMs: 60_000, outputCapBytes: 1_000_000, signal: new AbortController().signal },
  );
}

/** Each takes milliseconds to load, and none of them is needed before something is asked for. */
const SLOW = [
  'child_process',
  'crypto',
  'dns',
  'http',
  'http2',
  'https',
  'readline',
  'sqlite',
  'tls',
  'worker_threads',
  'zlib',
];

describe('a start', () => {
  const opening = [
    {
      id: 1,
      method: 'initialize',
      params: { protocolVersion: '2025-06-18', capabilities: {}, clientInfo: { name: 'test', version: '1' } },
    },
    { method: 'notifications/initialized' },
    { id: 2, method: 'tools/list' },
  ];

  it('of the server, up to its list of tools and its end, loads no slow part of Node', async () => {
    const child = spawn(process.execPath, ['--require', reports, MAESTRO, 'mcp'], { cwd: home, env: environment() });
    let [stdout, stderr] = ['', ''];
    child.stderr.on('data', (chunk) => {
      stderr += chunk;
    });
    child.stdout.on('data', (chunk) => {
      stdout += chunk;
      if (stdout.includes('"id":2')) child.stdin.end();
    });
    for (const message of opening) child.stdin.write(`${JSON.stringify({ jsonrpc: '2.0', ...message })}\n`);
    const status = await new Promise((resolve) => child.once('close', resolve));
    expect(status).toBe(0);
    expect(stdout).toContain('maestro_run_stage');
    expect(loadedIn(stderr).filter((name) => SLOW.includes(name))).toEqual([]);
  });

  it.each(['--version', '--help', 'fix --help'])('of maestro %s loads no slow part of Node', async (words) => {
    const { exitCode, stderr } = await run(reports, words.split(' '));
    expect(exitCode).toBe(0);
    expect(loadedIn(stderr).filter((name) => SLOW.includes(name))).toEqual([]);
  });

  it('is seen to load a slow part where one is needed', async () => {
    const { stderr } = await run(reports, ['doctor']);
    expect(loadedIn(stderr)).toEqual(expect.arrayContaining(['child_process']));
  });
});

describe('a defect', () => {
  it('is shown with its function, in a file that is there', async () => {
    const broken = join(home, 'broken.cjs');
    writeFileSync(broken, "process.getBuiltinModule('node:fs').existsSync = () => { throw new TypeError('boom') };");
    const { stderr, exitCode } = await run(broken, ['fix', '--', 'true']);
    expect(exitCode).not.toBe(0);
    const [, name, file] = /at (?:async )?(\S+) \(file:.*\/dist\/([\w-]+\.js):\d+:\d+\)/.exec(stderr)!;
    expect(name).toMatch(/^[A-Za-z_.]{4,}$/);
    expect(parts).toContain(file);
  });
});
