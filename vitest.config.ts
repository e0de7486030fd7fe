import { defineConfig } from 'vitest/config';

/** Tests of functions and tables alone: they change nothing that another file could see, so they share a process. */
const pure = ['domain', 'rules', 'pipelines', 'sources/decoders'].map(
  (folder) => `test/${folder}/**/*.test.ts`,
);

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
    projects: [
      { extends: true, test: { name: 'pure', include: pure, exclude: never, isolate: false } },
      {
        extends: true,
        test: { name: 'whole', include: ['test/**/*.test.ts'], exclude: [...never, ...pure] },
      },
    ],
  },
});
