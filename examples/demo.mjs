// Runs `maestro fix` on a copy of the bookings example in a temporary folder, then removes the copy.
import { spawnSync } from 'node:child_process';
import { cpSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const here = fileURLToPath(new URL('.', import.meta.url));
const folder = mkdtempSync(join(tmpdir(), 'maestro-demo-'));
const project = join(folder, 'bookings');
const maestro = join(here, '..', 'bin', 'maestro.mjs');
const testCommand = ['node', '--test'];

try {
  cpSync(join(here, 'bookings'), project, { recursive: true });
  console.log(`A copy of examples/bookings is in ${project}\n$ maestro fix -- ${testCommand.join(' ')}\n`);
  const { status } = spawnSync(process.execPath, [maestro, 'fix', '--', ...testCommand], {
    cwd: project,
    env: { ...process.env, MAESTRO_HOME: join(folder, 'state') },
    stdio: 'inherit',
  });
  process.exitCode = status ?? 1;
} finally {
  rmSync(folder, { recursive: true, force: true });
}
