import { spawn } from 'node:child_process';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { packageRoot } from '../runtime/package-root.ts';
import type { Part } from './part.ts';

const RUNS = 2_000;

/** The random runs of the tests, with other seeds than theirs and many more of them. */
export const randomRuns: Part = {
  name: 'random',
  about: `random input, cuts, restarts and checkpoints against naive oracles, ${RUNS} runs each`,
  run: async (print) => {
    const vitest = dirname(createRequire(import.meta.url).resolve('vitest/package.json'));
    const child = spawn(
      process.execPath,
      [
        join(vitest, 'vitest.mjs'),
        'run',
        'test/runtime/random-runs.test.ts',
        '--reporter=json',
        '--testTimeout=3600000',
      ],
      {
        cwd: packageRoot,
        env: { ...process.env, FOREWARN_RANDOM_RUNS: String(RUNS) },
        stdio: ['ignore', 'pipe', 'inherit'],
      },
    );
    let printed = '';
    child.stdout.setEncoding('utf8').on('data', (text: string) => (printed += text));
    await new Promise((resolve) => child.once('close', resolve));
    const report = JSON.parse(printed.slice(printed.indexOf('{'))) as Report;
    for (const { assertionResults } of report.testResults)
      for (const { fullName, status, failureMessages } of assertionResults)
        if (status === 'failed') print(`${fullName}: ${failureMessages.join('\n')}`);
    return {
      passed: report.numPassedTests,
      failed: report.numFailedTests,
      skipped: report.numPendingTests,
    };
  },
};

/** As vitest's reporter writes it. */
interface Report {
  readonly numPassedTests: number;
  readonly numFailedTests: number;
  readonly numPendingTests: number;
  readonly testResults: readonly {
    readonly assertionResults: readonly {
      readonly fullName: string;
      readonly status: string;
      readonly failureMessages: readonly string[];
    }[];
  }[];
}
