import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { plainBuiltins } from '../../scripts/bundle/builtins.ts';
import { bundle, printed, tree } from './bundled.ts';

async function built(files: Record<string, string>): Promise<{ readonly code: string; readonly said: unknown }> {
  const root = tree(files);
  const file = await bundle(`${root}main.ts`, `${root}out`, [plainBuiltins(root)]);
  return { code: readFileSync(file, 'utf8'), said: await printed(file) };
}

describe("Node's own modules in a bundle", () => {
  it('give the same under each way to import them, with and without their prefix', async () => {
    const { code, said } = await built({
      'main.ts': `import { createHash as digest } from 'node:crypto';
        import * as path from 'node:path';
        import os, { EOL } from 'os';
        import { readFile } from 'fs/promises';
        import { other } from './other.ts';
        const text = await readFile(new URL(import.meta.url), 'utf8');
        console.log(JSON.stringify([
          digest('sha256').update('').digest('hex').slice(0, 8), path.join('a', 'b'), os.EOL === EOL, text.length > 0, other,
        ]));`,
      'other.ts': `import path from 'node:path'; export const other = path.basename('/x/y');`,
    });
    expect(said).toEqual(['e3b0c442', 'a/b', true, true, 'y']);
    expect(code).not.toMatch(/^import/m);
  });

  it('are not loaded for one module when only another uses them', async () => {
    const { code } = await built({
      'main.ts': `import { sep } from 'node:path'; console.log(JSON.stringify(sep));
        export const later = () => import('./later.ts');`,
      'later.ts': `import { createServer } from 'node:http'; import { sep } from 'node:path'; export { createServer, sep };`,
    });
    expect(code).not.toContain('node:http');
  });

  it('are loaded at the first use where a library takes a slow one as a whole', async () => {
    const { said } = await built({
      'main.ts': `import childProcess from 'node:child_process';
        const loaded = () => process.moduleLoadList.some((name) => name === 'NativeModule child_process');
        const before = loaded();
        const { status } = childProcess.spawnSync(process.execPath, ['-e', '0']);
        console.log(JSON.stringify([before, status, loaded()]));`,
    });
    expect(said).toEqual([false, 0, true]);
  });

  it('are named with the module that uses them, as seen from the root', async () => {
    const { code } = await built({
      'main.ts': `import { sep } from 'node:path'; console.log(JSON.stringify(sep));`,
    });
    expect(code).toMatch(/builtin:node:path in main\.ts$/m);
  });
});
