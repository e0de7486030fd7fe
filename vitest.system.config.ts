import { defineConfig } from 'vitest/config';

/** Tests of the real process, from its command line to its tables: minutes, not seconds, so they run by themselves. */
export default defineConfig({
  test: {
    include: ['test/system/**/*.test.ts'],
    pool: 'forks',
    // The embedded ClickHouse that reads the tables afterwards loads TypeScript as the tests do.
    execArgv: ['--import', '@oxc-node/core/register'],
    env: { FOREWARN_SYSTEM_TESTS: '1' },
    fileParallelism: false,
    // The replay of Cargo 2000 alone takes about five minutes on two busy cores.
    testTimeout: 900_000,
    hookTimeout: 900_000,
  },
});
