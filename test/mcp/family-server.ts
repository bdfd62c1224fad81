// A server over stdio whose consult starts a child with a grandchild and waits for them; their ids are said as progress.

import { serveOverStdio } from '../../src/mcp/stdio.ts';
import { runProcess } from '../../src/platform/process.ts';
import { makeTempDir } from '../../src/platform/temp.ts';
import { answerOf, scripted } from './scripted.ts';

/** Starts a grandchild in a session of its own; both ignore a polite request to end. */
const CHILD = `
const { spawn } = require('node:child_process');
process.on('SIGTERM', () => {});
const stubborn = "process.on('SIGTERM', () => {}); setInterval(() => {}, 1000)";
const grandchild = spawn(process.execPath, ['-e', stubborn], { detached: true, stdio: 'inherit' });
require('node:fs').writeFileSync(process.argv[1], process.pid + ' ' + grandchild.pid);
setInterval(() => {}, 1000);
`;

await serveOverStdio({ cwd: process.cwd(), env: process.env }, async () =>
  scripted({
    consult: async ({ prompt }, { signal }) => {
      makeTempDir('family');
      console.log('this must not reach the protocol');
      await runProcess(
        { argv: [process.execPath, '-e', CHILD, String(prompt)], cwd: '/', env: { PATH: process.env.PATH! } },
        { signal, timeLimitMs: 60_000, outputCapBytes: 1_000 },
      );
      return answerOf('consult');
    },
  }),
);
