import type { Part } from './part.ts';
import { runTests } from './random-runs.ts';

/** All that is tested on a real broker, also what CI has no time for. */
export const kafka: Part = {
  name: 'kafka',
  about:
    'the log in Kafka, processes that share it, and topics of others: contract, zombies, brokers killed, gone, slow or full (prepared by .ci/kafka)',
  run: (print) =>
    runTests('test/kafka/', { FOREWARN_SOAK: '1' }, print, ['--config', 'vitest.kafka.config.ts']),
};
