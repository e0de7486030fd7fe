import { describe } from 'vitest';
import { KafkaLog } from '../../../runtime/log/kafka/kafka-log.ts';
import { logContract } from '../../support/contracts/log.ts';
import { logOverPort } from '../../support/log-over-port.ts';
import { brokers, freshPrefix, kafkaMissing } from '../support/kafka.ts';

const topics = { raw: 1, rows: 2 };

describe.skipIf(kafkaMissing !== undefined)('the log in Kafka over a port', () => {
  logContract(async () => {
    const prefix = freshPrefix();
    return {
      open: async (options = {}) =>
        logOverPort(
          await KafkaLog.open({
            brokers,
            prefix,
            topics,
            time: 'recorded',
            patienceMs: 15_000,
            note: (line) => console.warn(line),
            ...options,
          }),
          topics,
        ),
    };
  });
});
