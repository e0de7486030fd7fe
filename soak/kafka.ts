import type { Part } from './part.ts';
import { runTests } from './random-runs.ts';

/** All that is tested on a real broker, also what CI has no time for. */
export const kafka: Part = {
  name: 'kafka',
  about:
    'the log in Kafka: contract, zombies, a broker that is killed, a line that is killed, a line of two to five processes (prepared by .ci/kafka)',
  run: (print) =>
    runTests('test/kafka/', { FOREWARN_KAFKA_LONG: '1' }, print, ['--config', 'vitest.kafka.config.ts']),
};
