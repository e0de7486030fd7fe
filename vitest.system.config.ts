import { defineConfig } from 'vitest/config';

/** Tests of the real process, from its command line to its tables: minutes, not seconds, so they run by themselves. */
export default defineConfig({
  test: {
    include: ['test/system/**/*.test.ts'],
    pool: 'forks',
    // The embedded ClickHouse that reads the tables afterwards loads TypeScript as the tests do.
    execArgv: ['--import', '@oxc-node/core/register'],
    env: { FOREWARN_SYSTEM_TESTS: '1' },
    // Each has its own folders and ports, and waits for the other's share of the machine.
    maxWorkers: 2,
    testTimeout: 300_000,
    // A day is played twice or thrice before the tests of it, which takes minutes on two busy cores.
    hookTimeout: 900_000,
  },
});
