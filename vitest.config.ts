import { defineConfig } from 'vitest/config';

// Those of test/system, which take minutes, and of test/kafka, which need a broker, have configurations of their own.
const never = ['**/node_modules/**', 'test/system/**', 'test/kafka/**'];

export default defineConfig({
  test: {
    pool: 'forks',
    // Piscina's workers load TypeScript as the tests do; forks, because some native packages allow one thread.
    execArgv: ['--import', '@oxc-node/core/register'],
    maxWorkers: 2,
    testTimeout: 120_000,
    hookTimeout: 60_000,
    include: ['test/**/*.test.ts'],
    exclude: never,
    // No file changes what another could see, so all share two processes, which load the code once.
    isolate: false,
  },
});
