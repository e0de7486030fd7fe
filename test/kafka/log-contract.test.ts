import { describe } from 'vitest';
import { KafkaLog } from '../../runtime/log/kafka/kafka-log.ts';
import { logContract } from '../support/contracts/log.ts';
import { brokers, freshPrefix, kafkaMissing } from './support/kafka.ts';

describe.skipIf(kafkaMissing !== undefined)('the log in Kafka', () => {
  logContract(async () => {
    const prefix = freshPrefix();
    return {
      open: (options = {}) =>
        KafkaLog.open({
          brokers,
          prefix,
          topics: { raw: 1, rows: 2 },
          time: 'recorded',
          patienceMs: 15_000,
          note: (line) => console.warn(line),
          ...options,
        }),
    };
  });
});
