import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { type FixInvocation, type FixReport, fix, type Progress } from '../../src/app/fix.ts';
import { openState } from '../../src/app/state.ts';
import type { LedgerEvent } from '../../src/domain/event.ts';
import { readEvents } from '../../src/store/events.ts';

/** No template mends this: the right answer needs a rounding that nothing in the file has. */
export const FILES: Record<string, string> = {
  'src/pages.js': `export function pages(items, size) {
  if (size <= 0) throw new RangeError('size');
  return Number.parseInt(String(items / size).replace('.', ''), 10);
}
`,
  'test/pages.test.js': `import assert from 'node:assert/strict';
import { test } from 'node:test';
import { pages } from '../src/pages.js';

test('a full page', () => assert.equal(pages(10, 5), 2));
test('a page that is not full', () => assert.equal(pages(11, 5), 3));
test('one more than the second', () => assert.equal(pages(21, 10), 3));
`,
  'package.json': '{ "type": "module" }\n',
};

const OLD = "  return Number.parseInt(String(items / size).replace('.', ''), 10);";

/** A patch of the function's last line, as a model writes it. */
function patchTo(line: string): string {
  return `The division is turned into text.\n\n\`\`\`diff
--- a/src/pages.js
+++ b/src/pages.js
@@ -1,4 +1,4 @@
 export function pages(items, size) {
   if (size <= 0) throw new RangeError('size');
-${OLD}
+  ${line}
 }
\`\`\`
`;
}

export const RIGHT = patchTo('return Math.ceil(items / size);');
export const WRONG = patchTo('return Math.round(items / size);');

export function hypotheses(...claims: readonly string[]): string {
  const list = claims.map((claim, index) => ({
    id: `h${index + 1}`,
    claim,
    verification_test: 'a page that is not full',
    confidence: 0.5,
  }));
  return JSON.stringify({ hypotheses: list });
}

/** A project in a folder of its own, with a configuration of its advisors and a state folder. */
export class AskedProject {
  readonly root: string;
  readonly env: NodeJS.ProcessEnv;
  readonly progress: Progress[] = [];
  readonly #home: string;

  constructor(files: Record<string, string>, config: Record<string, unknown>, env: Record<string, string> = {}) {
    this.#home = mkdtempSync(join(tmpdir(), 'asked-'));
    this.root = join(this.#home, 'project');
    for (const [path, content] of Object.entries(files)) {
      mkdirSync(dirname(join(this.root, path)), { recursive: true });
      writeFileSync(join(this.root, path), content);
    }
    const file = join(this.#home, 'maestro.config.jsonc');
    writeFileSync(file, JSON.stringify(config));
    const { PATH, HOME } = process.env;
    this.env = { PATH, HOME, MAESTRO_HOME: join(this.#home, 'state'), MAESTRO_CONFIG: file, ...env };
  }

  get database(): string {
    return join(this.#home, 'state', 'maestro.db');
  }

  fix(changes: Partial<FixInvocation> = {}, signal = new AbortController().signal): Promise<FixReport> {
    return fix(
      {
        cwd: this.root,
        command: ['node', '--test', 'test/pages.test.js'],
        providers: ['one'],
        task: null,
        timeLimitMs: 60_000,
        maxCandidates: 2_000,
        maxIterations: 5,
        protect: [],
        apply: false,
        ...changes,
      },
      { signal, env: this.env, progress: (progress) => this.progress.push(progress) },
    );
  }

  async events<T extends LedgerEvent['type']>(type: T): Promise<Array<Extract<LedgerEvent, { type: T }>['payload']>> {
    await using store = await openState(this.env);
    const events = await readEvents(store.queries);
    return events.filter((event) => event.type === type).map(({ payload }) => payload as never);
  }

  [Symbol.dispose](): void {
    rmSync(this.#home, { recursive: true, force: true });
  }
}

/** Advisors of these names, each asking for the model of its own name at that address. */
export function advisors(baseUrl: string, ...names: readonly string[]): Record<string, unknown> {
  return {
    advisors: names.map((id) => ({ id, provider: 'openai-compatible', model: `model-${id}`, base_url: baseUrl })),
    order: names,
  };
}
