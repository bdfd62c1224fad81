import { delimiter, dirname } from 'node:path';
import { defineConfig } from 'vitest/config';

/** The Node that runs the tests is also the `node` of the projects they try, whatever the machine has. */
const PATH = [dirname(process.execPath), process.env.PATH].join(delimiter);

export default defineConfig({
  test: {
    include: ['test/**/*.test.ts'],
    exclude: ['test/fixtures/**', '**/node_modules/**'],
    env: { PATH },
    pool: 'forks',
    maxWorkers: 2,
    testTimeout: 60_000,
    hookTimeout: 60_000,
  },
});
