import type { Part } from './part.ts';
import { runTests } from './random-runs.ts';

/** Three processes of one line in Kafka, by a seed of its own each time: `FOREWARN_SEED=7` repeats one. */
export const chaos: Part = {
  name: 'chaos',
  about:
    'three processes share a line while 20 things happen to them and their broker in ten minutes: the same rows, each webhook once (prepared by .ci/kafka)',
  run: (print) => {
    const seed = process.env['FOREWARN_SEED'] ?? String(Date.now() % 1_000_000);
    print(`FOREWARN_SEED=${seed} repeats it`);
    return runTests('test/kafka/line-shared.test.ts', { FOREWARN_SEED: seed, FOREWARN_CHAOS: '1' }, print, [
      '--config',
      'vitest.kafka.config.ts',
    ]);
  },
};
