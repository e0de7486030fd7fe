import { spawn } from 'node:child_process';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { packageRoot } from '../runtime/package-root.ts';
import type { Outcome, Part } from './part.ts';

const RUNS = 2_000;
const SEEDS = 150;
const SETTINGS = 20;
const ACT_RUNS = 3_000;
const FUZZ_RUNS = 10_000;

/** Runs a file of tests with other numbers than CI has. */
export const runTests = async (
  file: string,
  env: Readonly<Record<string, string>>,
  print: (line: string) => void,
  more: readonly string[] = [],
): Promise<Outcome> => {
  const vitest = dirname(createRequire(import.meta.url).resolve('vitest/package.json'));
  const child = spawn(
    process.execPath,
    [join(vitest, 'vitest.mjs'), 'run', file, '--reporter=json', '--testTimeout=3600000', ...more],
    { cwd: packageRoot, env: { ...process.env, ...env }, stdio: ['ignore', 'pipe', 'inherit'] },
  );
  let printed = '';
  child.stdout.setEncoding('utf8').on('data', (text: string) => (printed += text));
  await new Promise((resolve) => child.once('close', resolve));
  const report = JSON.parse(printed.slice(printed.indexOf('{'))) as Report;
  let broken = 0;
  for (const { name, status: all, message, assertionResults } of report.testResults) {
    const failed = assertionResults.filter(({ status }) => status === 'failed');
    for (const { fullName, failureMessages } of failed) print(`${fullName}: ${failureMessages.join('\n')}`);
    // What its tests needed could not be made, and they count as skipped.
    if (all !== 'failed' || failed.length > 0) continue;
    broken += 1;
    print(`${name}: ${message}`);
  }
  return {
    passed: report.numPassedTests,
    failed: report.numFailedTests + broken,
    skipped: report.numPendingTests,
  };
};

/** The random runs of the tests, with other seeds than theirs and many more of them. */
export const randomRuns: Part = {
  name: 'random',
  about: `random input, cuts, restarts and checkpoints against naive oracles, ${RUNS} runs each`,
  run: (print) => runTests('test/runtime/random-runs.test.ts', { FOREWARN_RANDOM_RUNS: String(RUNS) }, print),
};

/** The way from what was decided to what was delivered, against a model, with another seed and many more runs. */
export const actModel: Part = {
  name: 'act-model',
  about: `decisions, answers and kills by chance against a model of what may leave, ${ACT_RUNS} runs`,
  run: (print) =>
    runTests(
      'test/act/act-model.test.ts',
      { FOREWARN_ACT_RUNS: String(ACT_RUNS), FOREWARN_ACT_SEED: '1001' },
      print,
    ),
};

/** Documents of every format, cut, repeated and turned by chance: about 100,000 of them. */
export const fuzz: Part = {
  name: 'fuzz',
  about: `documents of every format damaged by chance, ${FUZZ_RUNS} of each`,
  run: (print) => runTests('test/sources/decoders', { FOREWARN_FUZZ_RUNS: String(FUZZ_RUNS) }, print),
};

/** Recorded shipments through the whole line, twice: the first run teaches the model that scores the second. */
export const cargo2000: Part = {
  name: 'cargo2000',
  about: 'Cargo 2000 through the whole line, against the reference results of its data set',
  run: (print) =>
    runTests('test/system/real-input.test.ts', { FOREWARN_LONG_TESTS: '1' }, print, [
      '--config',
      'vitest.system.config.ts',
    ]),
};

/** The same input under thousands of settings, cuts, orders and delays. */
export const determinism: Part = {
  name: 'determinism',
  about: `the same content under ${SEEDS * SETTINGS} settings, ${SEEDS} inputs`,
  run: (print) =>
    runTests(
      'test/runtime/determinism.test.ts',
      {
        FOREWARN_DETERMINISM_SEEDS: String(SEEDS),
        FOREWARN_DETERMINISM_RUNS: String(SETTINGS),
        FOREWARN_DETERMINISM_FIRST: '1000',
      },
      print,
    ),
};

/** As vitest's reporter writes it. */
interface Report {
  readonly numPassedTests: number;
  readonly numFailedTests: number;
  readonly numPendingTests: number;
  readonly testResults: readonly {
    readonly name: string;
    readonly status: string;
    readonly message: string;
    readonly assertionResults: readonly {
      readonly fullName: string;
      readonly status: string;
      readonly failureMessages: readonly string[];
    }[];
  }[];
}
