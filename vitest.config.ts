import { defineConfig } from 'vitest/config';

export default defineConfig({
  test: {
    include: ['test/**/*.test.ts'],
    // Minutes, not seconds: they run by vitest.system.config.ts.
    exclude: ['**/node_modules/**', 'test/system/**'],
    pool: 'forks',
    // Piscina's workers load TypeScript as the tests do; forks, because some native packages allow one thread.
    execArgv: ['--import', '@oxc-node/core/register'],
    maxWorkers: 2,
    testTimeout: 120_000,
    hookTimeout: 60_000,
  },
});
