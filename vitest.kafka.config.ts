import { defineConfig } from 'vitest/config';

/** Tests against a real Kafka broker, which needs Java, Maven and the optional client: `.ci/kafka` brings them. */
export default defineConfig({
  test: {
    include: ['test/kafka/**/*.test.ts'],
    globalSetup: ['test/kafka/support/shared-broker.ts'],
    // The client loads in one thread of a process only.
    pool: 'forks',
    execArgv: ['--import', '@oxc-node/core/register'],
    // Topics and groups have prefixes of their own; most of the time a test waits for the broker.
    maxWorkers: 2,
    testTimeout: 120_000,
    hookTimeout: 120_000,
  },
});
